"""What development needs and the product does not: set-up, checks of our own, real services for tests."""
