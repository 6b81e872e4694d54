"""Rules of auth without I/O: addresses, names and zones, passwords, tokens."""
