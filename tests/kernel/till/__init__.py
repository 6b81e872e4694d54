"""Another made-up service, next door to the shop."""
