"""Contact sheets of everything the studio can draw, to be looked at."""
