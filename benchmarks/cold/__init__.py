"""A redirect whose link is not in memory, against one indexed PostgreSQL read on the same connection."""
