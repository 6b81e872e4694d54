"""Databases for tests: one server per test process, one migrated template per set of schemas, a copy for each test."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg

from scanly.kernel.db.migrate import Schema, migrate
from scanly.kernel.postgres import EmbeddedPostgres
from tests.support.folders import reachable_folder


class TestServer:
    """A running server; ``copy`` hands out databases with the given schemas, migrated once."""

    __test__ = False

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._templates: dict[tuple[str, ...], str] = {}
        self._numbers = count(1)

    @contextmanager
    def copy(self, schemas: tuple[Schema, ...] = ()) -> Iterator[str]:
        """The address of a database of its own with the kernel's schema and ``schemas``, dropped afterwards."""
        template = self._template(schemas)
        name = f"test_{next(self._numbers)}"
        self._execute(f"create database {name} template {template} strategy file_copy")
        try:
            yield self.address(name)
        finally:
            self._execute(f"drop database {name} with (force)")

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database in which nothing is yet, dropped afterwards."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"create database {name}")
        try:
            yield self.address(name)
        finally:
            self._execute(f"drop database {name} with (force)")

    def close_to_connections(self, dsn: str) -> None:
        """Cut every connection to a database and refuse new ones, as when its server is away."""
        name = dsn.partition("?")[0].rpartition("/")[2]
        self._execute(f"alter database {name} allow_connections false")
        self._execute(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")

    def open_to_connections(self, dsn: str) -> None:
        """Undo `close_to_connections`."""
        self._execute(f"alter database {dsn.partition('?')[0].rpartition('/')[2]} allow_connections true")

    def address(self, name: str) -> str:
        """The address of the database ``name``."""
        head, _, query = self._dsn.partition("?")
        return f"{head.rpartition('/')[0]}/{name}?{query}"

    def _template(self, schemas: tuple[Schema, ...]) -> str:
        key = tuple(sorted(schema.name for schema in schemas))
        if key not in self._templates:
            name = "template_" + "_".join(key or ("kernel",))
            self._execute(f"create database {name}")
            migrate(self.address(name), schemas)
            self._templates[key] = name
        return self._templates[key]

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_server() -> Iterator[TestServer]:
    """A server in memory, without fsync."""
    with reachable_folder() as folder:
        # Autovacuum may sit in a database that is to be dropped, and only a superuser could turn it out.
        embedded = EmbeddedPostgres(folder, fsync=False, settings={"autovacuum": "off", "max_connections": "200"})
        try:
            yield TestServer(embedded.start())
        finally:
            embedded.stop()
