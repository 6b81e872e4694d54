"""How soon a scan is counted."""
