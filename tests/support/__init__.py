"""What tests of every service share: databases, the running product, real services, browsers."""
