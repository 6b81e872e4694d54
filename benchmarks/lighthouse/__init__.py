"""How fast the dashboard and the first page are there, as Lighthouse judges it."""
