"""Addresses that do not exist, as fast as they can be sent: memory stays bounded, known links do not notice."""
