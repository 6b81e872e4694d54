"""Makes a cluster and writes its configuration."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from scanly.kernel.postgres.account import Account
from scanly.kernel.postgres.layout import DATABASE, PORT, USER, Layout
from scanly.kernel.startup import StartupError

# Lean: one small server shared by one application. What is on no line keeps PostgreSQL's default: of its 128 MB of
# buffers only used ones take memory; packing whole pages for the log (by pglz, the wheel's only way) takes 100 µs each.
SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "max_connections": "60",
    "effective_cache_size": "256MB",
    "maintenance_work_mem": "32MB",
    "min_wal_size": "32MB",
    "random_page_cost": "1.1",
    "io_method": "sync",  # the default starts three processes more
    "max_worker_processes": "2",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "1",
    "max_wal_senders": "2",
    "max_logical_replication_workers": "0",
    "log_checkpoints": "off",
    "jit": "off",
    "timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "idle_in_transaction_session_timeout": "60s",
    "lock_timeout": "10s",
    "client_connection_check_interval": "10s",
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "postgresql-%a.log",  # one per weekday, overwritten after a week
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",  # the details of an error quote rows, and with them people
    "log_min_error_statement": "panic",
}
_UNSAFE_BUT_FAST: Final[Mapping[str, str]] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def make_cluster(layout: Layout, programs: Path, account: Account, *, fsync: bool) -> None:
    """Create the cluster with its database and user, whole or not at all.

    The user may create databases and roles but is no superuser, as on any managed server; the superuser cannot log in.
    """
    partial = layout.home / "cluster-partial"
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(mode=0o700)
    account.own(partial)
    options = [] if fsync else ["--no-sync"]
    _run(
        [
            *(
                str(programs / "initdb"),
                f"--pgdata={partial}",
                "--username=postgres",
                "--auth=trust",
                "--encoding=utf8",
            ),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", *options),
        ],
        account,
    )
    (partial / "pg_hba.conf").write_text(
        "local all all scram-sha-256\nlocal replication all scram-sha-256\n", encoding="ascii"
    )
    _run_sql(
        partial,
        programs,
        account,
        f"CREATE ROLE {USER} LOGIN CREATEDB CREATEROLE REPLICATION PASSWORD '{layout.make_password()}'",
        f"GRANT pg_monitor TO {USER}",
        f"CREATE DATABASE {DATABASE} OWNER {USER}",
    )
    partial.rename(layout.cluster)


def renew_password(layout: Layout, programs: Path, account: Account) -> None:
    """Give the user of a stopped cluster a new password, for a data folder whose password file was lost."""
    _run_sql(layout.cluster, programs, account, f"ALTER ROLE {USER} PASSWORD '{layout.make_password()}'")


def check_version(layout: Layout, programs: Path) -> None:
    """Raise `StartupError` when the cluster was made by another major version than `programs`."""
    made_by = (layout.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    shown = subprocess.run([str(programs / "postgres"), "--version"], capture_output=True, text=True, check=True).stdout
    ours = shown.split()[2].split(".")[0]
    if made_by != ours:
        raise StartupError(
            f"The data in {layout.cluster} was written by PostgreSQL {made_by} and this Scanly brings {ours}: "
            "use the Scanly that wrote it to export a backup, and restore that here."
        )


def write_settings(layout: Layout, account: Account, *, fsync: bool, settings: Mapping[str, str]) -> None:
    """Write `postgresql.conf` anew: ours, then for tests the fast ones, then the caller's."""
    merged = {
        **SETTINGS,
        "unix_socket_directories": str(layout.socket_dir),
        **({} if fsync else _UNSAFE_BUT_FAST),
        **settings,
    }
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in merged.items()]
    text = "# Written by Scanly at each start; changes made here are lost.\n" + "\n".join(lines) + "\n"
    partial = layout.cluster / "postgresql.conf.new"
    partial.write_text(text, encoding="utf-8")
    partial.chmod(0o600)
    account.own(partial)
    partial.rename(layout.cluster / "postgresql.conf")


def environment() -> dict[str, str]:
    """What the programs see: nothing of ours, since secrets may stand there, and no PG… variable."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _run_sql(cluster: Path, programs: Path, account: Account, *statements: str) -> None:
    """Run statements as superuser in single-user mode, which no password and no network guards but the file system."""
    command = [
        str(programs / "postgres"),
        "--single",
        "-j",
        "-D",
        str(cluster),
        "-c",
        "log_min_messages=warning",
        "postgres",
    ]
    # With -j a statement ends with a semicolon, a newline and an empty line.
    _run(command, account, text="".join(f"{one};\n\n" for one in statements))


def _run(command: list[str], account: Account, *, text: str = "") -> None:
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, check=False, cwd="/", env=environment(), **account.popen()
    )
    said = done.stderr.strip()
    # Single-user mode goes on after an error and exits with 0.
    if done.returncode != 0 or "ERROR:" in said or "FATAL:" in said:
        last = said.splitlines()[-1] if said else f"it ended with code {done.returncode}"
        raise StartupError(
            f"PostgreSQL's data could not be prepared by {Path(command[0]).name} on {sys.platform}: {last}"
        )
