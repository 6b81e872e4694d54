"""How many programs the judge finds, and how many browsers it takes for programs, on lists it was not built from."""
