"""What it costs to make the codes of a sheet, and what visitors feel of it."""
