"""CPU time of a redirect with one process, with two, and of nginx for context."""
