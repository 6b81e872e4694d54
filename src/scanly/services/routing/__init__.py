"""routing: links, their addresses, the redirect and its spool. Not here: judging a hit (analytics), pictures (qr)."""
