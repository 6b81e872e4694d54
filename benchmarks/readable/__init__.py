"""How many designs of the studio pass the judge, and which decoders read those that do."""
