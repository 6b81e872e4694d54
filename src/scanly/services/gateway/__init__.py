"""gateway: the one door. Identity, limits, host routing, request ids, security headers. It owns no business rule."""
