"""What visitors feel of others' work: redirect p99 while codes are rendered and people sign in, against idle."""
