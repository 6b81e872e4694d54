"""Both shapes as the campaign sees them: an address, a database to count in, and parts that can be made to fail."""
