"""Composition root: which services exist, how they are wired, the command line and the ASGI entry."""
