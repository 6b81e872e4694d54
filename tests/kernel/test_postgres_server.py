"""The embedded server in ordinary life."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil
import psycopg
import pytest

from scanly.kernel.postgres import EmbeddedPostgres
from scanly.kernel.postgres.layout import Layout
from scanly.kernel.postgres.leftovers import servers_on
from scanly.kernel.startup import StartupError


@pytest.fixture
def server(used_data_dir: Path) -> Iterator[EmbeddedPostgres]:
    embedded = EmbeddedPostgres(used_data_dir, fsync=False)
    yield embedded
    embedded.stop()


@pytest.mark.slow
async def test_both_drivers_accept_the_address(server: EmbeddedPostgres) -> None:
    dsn = server.start()
    connection = await asyncpg.connect(dsn)
    assert await connection.fetchval("SELECT current_database()") == "scanly"
    await connection.close()
    with psycopg.connect(dsn) as session:
        assert session.execute("SHOW server_version_num").fetchone()[0].startswith("18")


def test_its_user_owns_the_database_and_is_no_superuser(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start(), autocommit=True) as session:
        assert session.execute("SHOW is_superuser").fetchone() == ("off",)
        session.execute("CREATE SCHEMA one")
        session.execute("CREATE EXTENSION pg_trgm")
        session.execute("CREATE ROLE svc_one NOLOGIN")
        session.execute("GRANT svc_one TO CURRENT_USER")
        session.execute("SET ROLE svc_one")
        session.execute("RESET ROLE")
        session.execute("CREATE DATABASE two")


def test_nothing_listens_on_the_network(server: EmbeddedPostgres, used_data_dir: Path) -> None:
    server.start()
    for process in servers_on(Layout(used_data_dir).cluster):
        assert process.net_connections("inet") == []


def test_data_and_address_survive_a_restart(server: EmbeddedPostgres) -> None:
    first = server.start()
    with psycopg.connect(first) as session:
        session.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    server.stop()
    server.stop()
    second = server.start()
    assert second == first
    with psycopg.connect(second) as session:
        assert session.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_a_clean_stop_leaves_no_process_and_rolls_back(server: EmbeddedPostgres, used_data_dir: Path) -> None:
    with psycopg.connect(server.start()) as session:
        session.execute("CREATE TABLE half_done (x int)")
        server.stop()
        assert servers_on(Layout(used_data_dir).cluster) == []
        assert not Layout(used_data_dir).pid_file.exists()
        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT 1")
    with psycopg.connect(server.start()) as session:
        assert session.execute("SELECT to_regclass('half_done')").fetchone() == (None,)


def test_settings_of_the_caller_win(used_data_dir: Path) -> None:
    server = EmbeddedPostgres(
        used_data_dir, fsync=False, settings={"max_connections": "17", "application_name": "it's"}
    )
    try:
        with psycopg.connect(server.start()) as session:
            assert session.execute("SHOW max_connections").fetchone() == ("17",)
            assert session.execute("SHOW fsync").fetchone() == ("off",)
    finally:
        server.stop()


def test_a_refused_setting_is_told_in_one_sentence(used_data_dir: Path) -> None:
    server = EmbeddedPostgres(used_data_dir, fsync=False, settings={"max_connections": "many"})
    with pytest.raises(StartupError, match=r"PostgreSQL does not start: .*configuration file.*contains errors"):
        server.start()
    assert servers_on(Layout(used_data_dir).cluster) == []


def test_the_password_is_for_its_owner_only(server: EmbeddedPostgres, used_data_dir: Path) -> None:
    dsn = server.start()
    password = used_data_dir / "postgres" / "password"
    assert password.stat().st_mode & 0o777 == 0o600
    wrong = dsn.replace(password.read_text().strip(), "guessed")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_a_lost_password_file_is_replaced(server: EmbeddedPostgres, used_data_dir: Path) -> None:
    first = server.start()
    server.stop()
    (used_data_dir / "postgres" / "password").unlink()
    second = server.start()
    assert second != first
    psycopg.connect(second).close()


@pytest.mark.slow
def test_a_long_path_gets_its_socket_elsewhere(data_dir: Path) -> None:
    deep = data_dir / ("ä long" * 8) / ("näme+" * 8)
    deep.mkdir(parents=True)
    server = EmbeddedPostgres(deep, fsync=False)
    try:
        with psycopg.connect(server.start()) as session:
            assert session.execute("SELECT 1").fetchone() == (1,)
        socket_dir = Layout(deep).socket_dir
        assert deep not in socket_dir.parents
        assert socket_dir.stat().st_mode & 0o777 == 0o700
        assert EmbeddedPostgres.attach(deep) is not None
    finally:
        server.stop()
    socket_dir.rmdir()


@pytest.mark.slow
async def test_asyncpg_accepts_an_odd_path(data_dir: Path) -> None:
    odd = data_dir / "50% of + ä"
    odd.mkdir()
    server = EmbeddedPostgres(odd, fsync=False)
    try:
        connection = await asyncpg.connect(server.start())
        await connection.close()
    finally:
        server.stop()


@pytest.mark.slow
def test_an_interrupted_first_start_is_repeated(data_dir: Path) -> None:
    partial = data_dir / "postgres" / "cluster-partial"
    partial.mkdir(parents=True)
    (data_dir / "postgres").chmod(0o711)
    (partial / "PG_VERSION").write_text("18\n")
    server = EmbeddedPostgres(data_dir, fsync=False)
    try:
        psycopg.connect(server.start()).close()
        assert not partial.exists()
    finally:
        server.stop()


def test_data_of_another_version_is_left_alone(server: EmbeddedPostgres, used_data_dir: Path) -> None:
    server.start()
    server.stop()
    version = Layout(used_data_dir).cluster / "PG_VERSION"
    version.write_text("14\n")
    with pytest.raises(StartupError, match="was written by PostgreSQL 14 and this Scanly brings 18"):
        server.start()
    version.write_text("18\n")
    psycopg.connect(server.start()).close()


def test_the_log_tells_nothing_of_people(server: EmbeddedPostgres, used_data_dir: Path) -> None:
    with psycopg.connect(server.start(), autocommit=True) as session:
        session.execute("CREATE TABLE people (email text PRIMARY KEY)")
        session.execute("INSERT INTO people VALUES ('asha@example.com')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            session.execute("INSERT INTO people VALUES ('asha@example.com')")
    server.stop()  # ends the process that writes the log, too
    written = "".join(path.read_text() for path in Layout(used_data_dir).log_dir.iterdir())
    assert "people_pkey" in written
    assert "asha" not in written


def test_the_server_sees_no_secret_of_ours(
    server: EmbeddedPostgres, used_data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCANLY_SECRET", "not for PostgreSQL")
    monkeypatch.setenv("PGPORT", "1")
    server.start()
    for process in servers_on(Layout(used_data_dir).cluster):
        assert set(process.environ()) & {"SCANLY_SECRET", "PGPORT"} == set()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs PostgreSQL as itself")
class TestAsRoot:
    def test_an_unprivileged_account_runs_it(self, server: EmbeddedPostgres, used_data_dir: Path) -> None:
        server.start()
        processes = servers_on(Layout(used_data_dir).cluster)
        assert processes
        assert all(process.uids().real != 0 and process.gids().real != 0 for process in processes)

    def test_a_closed_parent_is_named_and_left_closed(self, data_dir: Path) -> None:
        closed = data_dir / "closed"
        closed.mkdir(mode=0o700)
        with pytest.raises(StartupError, match=f"may not enter {closed}: choose another data folder"):
            EmbeddedPostgres(closed / "data", fsync=False).start()
        assert closed.stat().st_mode & 0o777 == 0o700

    def test_unreadable_programs_are_copied_once(
        self, server: EmbeddedPostgres, used_data_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from scanly.kernel.postgres import account

        readable = account.Account.may_read
        monkeypatch.setattr(
            account.Account,
            "may_read",
            lambda self, *paths: used_data_dir in paths[0].parents and readable(self, *paths),
        )
        with psycopg.connect(server.start()) as session:
            session.execute("CREATE EXTENSION pg_trgm")
        programs = set()
        for process in servers_on(Layout(used_data_dir).cluster):
            with suppress(psutil.NoSuchProcess):  # that of the session ends just now
                programs.add(Path(process.exe()))
        assert programs
        assert all(used_data_dir in program.parents for program in programs)
        made = next((used_data_dir / "postgres").glob("program-*")).stat().st_mtime_ns
        server.stop()
        server.start()
        assert next((used_data_dir / "postgres").glob("program-*")).stat().st_mtime_ns == made

    def test_root_continues_what_an_ordinary_user_began(self, server: EmbeddedPostgres, used_data_dir: Path) -> None:
        server.start()
        server.stop()
        nobody = 65534
        for path in [Layout(used_data_dir).cluster, *Layout(used_data_dir).cluster.rglob("*")]:
            os.chown(path, nobody, nobody)
        for folder in (Layout(used_data_dir).log_dir, Layout(used_data_dir).socket_dir):
            os.chown(folder, nobody, nobody)
            for path in folder.iterdir():
                os.chown(path, nobody, nobody)
        psycopg.connect(server.start()).close()
        assert {process.uids().real for process in servers_on(Layout(used_data_dir).cluster)} == {nobody}
