"""How long the studio waits for its picture."""
