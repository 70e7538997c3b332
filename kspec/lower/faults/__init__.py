"""What happens to components without their doing: deliveries, lost events, disconnection, crashes."""
