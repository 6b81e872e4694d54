"""A made-up service with one table of tenants' goods and one of the house, for tests of the kernel."""

from pathlib import Path

from scanly.kernel.db.migrate import Schema

SHOP = Schema("shop", Path(__file__).parent / "migrations")
TILL = Schema("till", Path(__file__).parents[1] / "till" / "migrations")
