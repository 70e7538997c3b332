"""What a component asks of the API server: how a request is judged, and what it writes."""
