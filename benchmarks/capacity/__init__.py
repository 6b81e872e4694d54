"""How many machines, and how much money, so many scans a second take."""
