"""What the idle product costs: memory of all its processes, database included, and the time until it is ready."""
