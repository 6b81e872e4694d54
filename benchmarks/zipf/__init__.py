"""Redirects per second over a million links of which few are popular, against one warm link."""
