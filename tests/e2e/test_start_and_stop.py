"""`scanly run` as operators meet it: starts, stops, and everything that can be in the way."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support.folders import reachable_folder
from tests.support.product import PASSWORD, InProcess
from tests.support.running import Running, running, scanly

pytestmark = pytest.mark.slow


def refused(process: Running) -> str:
    """The one sentence with which a start is refused."""
    process.start(wait=False)
    assert process.process is not None
    code = process.process.wait(30)
    process.process = None
    sentences = [line for line in process.output().splitlines() if line.startswith("scanly: ")]
    assert code == 2, process.output()
    assert len(sentences) == 1, process.output()
    assert "Traceback" not in process.output()
    return sentences[0]


def sign_up(product: Running, email: str) -> httpx.Response:
    return httpx.post(f"{product.url}/api/v1/auth/sign-up", json={"email": email, "password": PASSWORD})


def test_what_was_saved_is_there_after_a_restart(running_product: Running) -> None:
    assert sign_up(running_product, "asha@example.com").status_code == 201
    assert running_product.stop() == 0
    running_product.start()
    answer = httpx.post(
        f"{running_product.url}/api/v1/auth/log-in", json={"email": "asha@example.com", "password": PASSWORD}
    )
    assert answer.status_code == 200


def test_the_address_and_the_next_step_are_printed(running_product: Running) -> None:
    said = running_product.output()
    assert f"Scanly is ready: {running_product.url}" in said
    assert "Ctrl-C stops" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_every_process_cleanly(running_product: Running, number: signal.Signals) -> None:
    assert running_product.process is not None
    family = psutil.Process(running_product.process.pid).children(recursive=True)
    assert any(one.name().startswith("postgres") for one in family)
    running_product.process.send_signal(number)
    assert running_product.process.wait(30) == 0
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    assert not (running_product.data_dir / "postgres/cluster/postmaster.pid").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_the_first_start_leaves_nothing_running(data_dir: Path, number: signal.Signals) -> None:
    product = Running(data_dir).start(wait=False)
    assert product.process is not None
    try:
        family: list[psutil.Process] = []
        while not any(_is_postgres(one) for one in family):  # the database runs, migrations begin
            assert product.process.poll() is None, product.output()
            family = psutil.Process(product.process.pid).children(recursive=True)
        product.process.send_signal(number)
        product.process.wait(30)
        _, alive = psutil.wait_procs(family, timeout=10)
        assert alive == []
        assert "Traceback" not in product.output()
    finally:
        product.stop()
    assert product.start().stop() == 0


def _is_postgres(process: psutil.Process) -> bool:
    try:
        return process.name().startswith("postgres")
    except psutil.NoSuchProcess:  # initdb starts many that end at once
        return False


def test_signals_are_settled_before_anything_is_loaded() -> None:
    told = "import sys, scanly.app.cli; print({'pydantic', 'sqlalchemy', 'typer', 'uvicorn'} & {*sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert loaded.stdout == "set()\n"


def test_a_killed_product_starts_again_and_has_everything(running_product: Running) -> None:
    for number in range(2):
        assert sign_up(running_product, f"person{number}@example.com").status_code == 201
        running_product.kill()
        running_product.start()
    for number in range(2):
        assert sign_up(running_product, f"person{number}@example.com").status_code in {200, 201, 409}
        answer = httpx.post(
            f"{running_product.url}/api/v1/auth/log-in",
            json={"email": f"person{number}@example.com", "password": PASSWORD},
        )
        assert answer.status_code == 200


def test_a_port_in_use_is_told_in_one_sentence(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        sentence = refused(Running(data_dir, port=port))
    assert f"Port {port}" in sentence
    assert "SCANLY_PORT" in sentence


def test_a_second_product_on_the_folder_is_told_in_one_sentence(running_product: Running) -> None:
    sentence = refused(Running(running_product.data_dir))
    assert "Another Scanly" in sentence
    assert "SCANLY_DATA_DIR" in sentence
    assert httpx.get(f"{running_product.url}/readyz").status_code == 200


def test_an_unwritable_folder_is_told_in_one_sentence(data_dir: Path) -> None:
    (data_dir / "file").write_text("")
    sentence = refused(Running(data_dir, SCANLY_DATA_DIR=str(data_dir / "file")))
    assert "SCANLY_DATA_DIR" in sentence


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the database to another account")
def test_a_folder_closed_to_the_database_is_told_in_one_sentence(data_dir: Path) -> None:
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    sentence = refused(Running(data_dir, SCANLY_DATA_DIR=str(closed / "data")))
    assert f"may not enter {closed}" in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [("SCANLY_PORT", "eighty"), ("SCANLY_PORT", "70000"), ("SCANLY_LOG_LEVEL", "loud"), ("SCANLY_SECRET_KEY", "short")],
)
def test_a_wrong_setting_is_told_in_one_sentence(data_dir: Path, name: str, value: str) -> None:
    assert name in refused(Running(data_dir, **{name: value}))


@pytest.mark.parametrize("host", ["not.a.host.invalid", "192.0.2.1"])
def test_an_address_of_another_machine_is_told_in_one_sentence(data_dir: Path, host: str) -> None:
    sentence = refused(Running(data_dir, SCANLY_HOST=host))
    assert host in sentence
    assert "SCANLY_HOST" in sentence


def test_an_unknown_key_in_the_file_stops_the_start(data_dir: Path) -> None:
    (data_dir / "scanly.toml").write_text("prot = 8000\n")
    sentence = refused(Running(data_dir))
    assert "prot" in sentence
    assert "port" in sentence


def test_code_below_the_schema_does_not_start_and_damages_nothing(running_product: Running) -> None:
    import psycopg

    from scanly.kernel.postgres import EmbeddedPostgres

    dsn = EmbeddedPostgres.attach(running_product.data_dir)
    assert dsn is not None
    with psycopg.connect(dsn) as session:
        session.execute("UPDATE scanly.meta SET value = '999' WHERE key = 'min_code_version'")
    assert running_product.stop() == 0
    assert "too old for its database" in refused(running_product)


def test_commands_work_beside_a_running_product(running_product: Running) -> None:
    folder = running_product.data_dir
    assert "up to date" in scanly(folder, "migrate").stdout
    made = scanly(folder, "user", "create", "ravi@example.com", "--password", PASSWORD)
    assert made.returncode == 0, made.stderr
    answer = httpx.post(
        f"{running_product.url}/api/v1/auth/log-in", json={"email": "ravi@example.com", "password": PASSWORD}
    )
    assert answer.status_code == 200
    promoted = scanly(folder, "user", "operator", "ravi@example.com")
    assert promoted.returncode == 0, promoted.stderr


def test_commands_work_without_a_running_product(data_dir: Path) -> None:
    assert scanly(data_dir, "version").stdout.strip()
    made = scanly(data_dir, "user", "create", "ravi@example.com", "--password", PASSWORD)
    assert made.returncode == 0, made.stderr
    assert "up to date" in scanly(data_dir, "migrate").stdout
    shown = scanly(data_dir, "config", SCANLY_SECRET_KEY="x" * 40)
    assert shown.returncode == 0, shown.stderr
    assert "x" * 40 not in shown.stdout


def test_doctor_finds_nothing_on_a_sound_machine(data_dir: Path) -> None:
    fresh = scanly(data_dir, "doctor")
    assert fresh.returncode == 0, fresh.stdout + fresh.stderr
    assert "database schema: not started yet" in fresh.stdout
    assert scanly(data_dir, "migrate").returncode == 0
    examined = scanly(data_dir, "doctor")
    assert examined.returncode == 0, examined.stdout + examined.stderr
    assert "not started" not in examined.stdout


def test_the_systems_own_postgresql_will_do(system_postgres_dsn: str) -> None:
    with reachable_folder() as folder, running(folder, SCANLY_DATABASE_URL=system_postgres_dsn) as product:
        assert sign_up(product, "asha@example.com").status_code == 201
        assert not (folder / "postgres").exists()


async def test_the_product_in_this_process(product: InProcess) -> None:
    client = await product.sign_up()
    assert (await client.get("/api/v1/me")).status_code == 200
    assert (await (await product.client()).get("/api/v1/me")).status_code == 401


def test_control_c_through_make_stops_cleanly(data_dir: Path) -> None:
    """As in a terminal: the signal goes to make and to the product at once."""
    from tests.support.running import ROOT, environment
    from tools.services.server import free_port

    port = free_port()
    process = subprocess.Popen(
        ["make", "run"],
        cwd=ROOT,
        env=environment(data_dir, {"SCANLY_PORT": str(port)}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said = ""
    while "Scanly is ready" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    os.killpg(process.pid, signal.SIGINT)
    said += process.communicate(timeout=60)[0]
    assert not (data_dir / "postgres/cluster/postmaster.pid").exists()
    assert "Traceback" not in said
    assert "Error" not in said
