"""The embedded server when processes are killed, and when two want the same folder."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from scanly.kernel.postgres import EmbeddedPostgres
from scanly.kernel.postgres.account import choose_account
from scanly.kernel.postgres.cluster import environment
from scanly.kernel.postgres.layout import Layout
from scanly.kernel.postgres.leftovers import servers_on
from scanly.kernel.postgres.programs import find_programs
from scanly.kernel.startup import StartupError
from tests.support.waiting import until

pytestmark = pytest.mark.slow

_SUPERVISOR = """
import sys, time
from pathlib import Path
from scanly.kernel.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
print(server.start(), flush=True)
sys.stdin.read()
server.stop()
"""


@contextmanager
def supervisor(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A supervisor in a process of its own, with fsync as in production; ends cleanly when its input closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SUPERVISOR, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(30)


@pytest.fixture
def server(used_data_dir: Path) -> Iterator[EmbeddedPostgres]:
    embedded = EmbeddedPostgres(used_data_dir)
    yield embedded
    embedded.stop()


def postmaster_of(data_dir: Path) -> psutil.Process:
    pid = int(Layout(data_dir).pid_file.read_text().split("\n")[0])
    return next(process for process in servers_on(Layout(data_dir).cluster) if process.pid == pid)


def write(dsn: str, number: int) -> None:
    with psycopg.connect(dsn) as session:
        session.execute("CREATE TABLE IF NOT EXISTS written (number int)")
        session.execute("INSERT INTO written VALUES (%s)", (number,))


def written(dsn: str) -> list[int]:
    with psycopg.connect(dsn) as session:
        return [row[0] for row in session.execute("SELECT number FROM written ORDER BY number")]


def answers(dsn: str) -> bool:
    try:
        psycopg.connect(dsn).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_killed_supervisor_loses_nothing(server: EmbeddedPostgres, used_data_dir: Path) -> None:
    for number in range(3):
        with supervisor(used_data_dir) as (process, dsn):
            write(dsn, number)
            process.kill()
            process.wait()
    assert written(server.start()) == [0, 1, 2]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child's life to its parent's")
def test_a_killed_supervisor_leaves_no_server(used_data_dir: Path) -> None:
    with supervisor(used_data_dir) as (process, dsn), psycopg.connect(dsn):
        process.kill()
        until(lambda: servers_on(Layout(used_data_dir).cluster) == [])


def test_a_killed_postmaster_is_started_again(server: EmbeddedPostgres, used_data_dir: Path) -> None:
    dsn = server.start()
    for number in range(2):
        write(dsn, number)
        killed = postmaster_of(used_data_dir)
        with psycopg.connect(dsn):
            killed.kill()
            until(lambda: EmbeddedPostgres.attach(used_data_dir) is not None and answers(dsn))
        assert postmaster_of(used_data_dir).pid != killed.pid
    assert written(dsn) == [0, 1]


def test_supervisor_and_postmaster_killed_together(server: EmbeddedPostgres, used_data_dir: Path) -> None:
    with supervisor(used_data_dir) as (process, dsn):
        write(dsn, 7)
        postmaster = postmaster_of(used_data_dir)
        postmaster.suspend()  # else it may end cleanly as soon as its supervisor is gone
        process.kill()
        postmaster.kill()
        process.wait()
    assert Layout(used_data_dir).pid_file.exists()
    assert written(server.start()) == [7]


def test_a_server_without_supervisor_is_taken_over(server: EmbeddedPostgres, used_data_dir: Path) -> None:
    dsn = server.start()
    write(dsn, 1)
    server.stop()
    layout = Layout(used_data_dir)
    account = choose_account(layout.cluster)
    programs = find_programs(layout.home, account)
    with (layout.home / "said").open("wb") as said:
        orphan = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(layout.cluster)],
            **account.popen(),
            cwd="/",
            env=environment(),
            stdout=said,
            stderr=said,
        )
    until(lambda: answers(dsn))
    write(dsn, 2)
    assert server.start() == dsn
    assert orphan.wait(5) == 0
    assert written(dsn) == [1, 2]


def test_a_recycled_process_id_does_not_block_the_start(server: EmbeddedPostgres, used_data_dir: Path) -> None:
    dsn = server.start()
    write(dsn, 1)
    server.stop()
    layout = Layout(used_data_dir)
    account = choose_account(layout.cluster)
    bystander = subprocess.Popen(["/bin/sleep", "60"], **account.popen(), cwd="/")
    try:
        layout.pid_file.write_text(f"{bystander.pid}\n{layout.cluster}\n1\n5432\n{layout.socket_dir}\n\n1 1\nready\n")
        account.own(layout.pid_file)
        assert written(server.start()) == [1]
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_second_supervisor_is_refused(server: EmbeddedPostgres, used_data_dir: Path) -> None:
    with supervisor(used_data_dir) as (process, dsn):
        expected = f"Another Scanly \\(process {process.pid}\\) already runs on {used_data_dir}: stop it"
        with pytest.raises(StartupError, match=expected):
            server.start()
        assert answers(dsn)
    assert answers(server.start())
    with pytest.raises(StartupError, match=f"process {os.getpid()}"):
        EmbeddedPostgres(used_data_dir).start()


def test_commands_attach_to_the_running_server(used_data_dir: Path) -> None:
    assert EmbeddedPostgres.attach(used_data_dir) is None
    with supervisor(used_data_dir) as (_, dsn):
        assert EmbeddedPostgres.attach(used_data_dir) == dsn
    assert EmbeddedPostgres.attach(used_data_dir) is None


def test_attaching_waits_for_a_server_that_is_starting(data_dir: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _SUPERVISOR, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    try:
        until((data_dir / "postgres" / "lock").exists)
        until(lambda: EmbeddedPostgres.attach(data_dir) is not None)
    finally:
        process.communicate(timeout=30)


def test_control_c_at_the_terminal_does_not_reach_the_server(server: EmbeddedPostgres, used_data_dir: Path) -> None:
    server.start()
    assert os.getpgid(postmaster_of(used_data_dir).pid) != os.getpgid(0)


def test_an_unwritable_folder_is_told_in_one_sentence(data_dir: Path) -> None:
    in_the_way = data_dir / "file"
    in_the_way.write_text("")
    with pytest.raises(StartupError, match=f"The data folder {in_the_way} cannot be used .*SCANLY_DATA_DIR"):
        EmbeddedPostgres(in_the_way).start()


def test_a_stop_asked_for_during_a_restart_holds(server: EmbeddedPostgres, used_data_dir: Path) -> None:
    server.start()
    postmaster_of(used_data_dir).send_signal(signal.SIGKILL)
    server.stop()
    assert servers_on(Layout(used_data_dir).cluster) == []
