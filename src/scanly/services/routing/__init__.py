"""routing: links, their addresses, and the redirect with its spool. Not here: judging a hit (analytics), pictures (qr)."""
