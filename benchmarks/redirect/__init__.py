"""Redirects per second of `scanly run` against a bare ASGI constant 302 on the same server and core."""
