"""Views: what a component has seen of the store. Plain state and transitions; see docs/decisions."""
