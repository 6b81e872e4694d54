import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
import structlog

from scanly.kernel.telemetry import (
    Check,
    Grade,
    OpsApp,
    configure_logging,
    configure_traces,
    counter,
    current_request_id,
    gauge,
    get_logger,
    histogram,
    inject_trace,
    metrics_page,
    request_context,
    span,
)
from scanly.kernel.telemetry.traces import ENDPOINT

NASTY = "a\nb\x1b[31m\x7f\x9b\u2028\u202egpj.exe"


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_json_lines_carry_the_request_and_the_facts(stream: io.StringIO) -> None:
    configure_logging("auto", "info", stream)
    log = get_logger("scanly.some.module")
    with request_context("req-1"):
        assert current_request_id() == "req-1"
        log.info("link_paused", link="नमस्ते", n=3)
    assert current_request_id() is None
    logging.getLogger("some.library").warning("it %s", "happened")
    log.debug("not shown")
    first, second = lines(stream)
    assert first["event"] == "link_paused"
    assert (first["request_id"], first["link"], first["n"], first["level"]) == ("req-1", "नमस्ते", 3, "info")
    assert first["logger"] == "scanly.some.module"
    assert first["timestamp"].endswith("Z")
    assert "नमस्ते" in stream.getvalue()
    assert second["event"] == "it happened"
    assert "request_id" not in second


@pytest.mark.parametrize("style", ["json", "console"])
def test_control_characters_reach_no_terminal(stream: io.StringIO, style: Any) -> None:
    configure_logging(style, "info", stream)
    get_logger("x").info(NASTY, agent=NASTY, nested={"deep": [NASTY]}, **{f"key{NASTY}": 1})
    logging.getLogger("lib").error(NASTY)
    get_logger("x").error("failed", exc_info=ValueError(NASTY))
    written = stream.getvalue()
    assert not set(written) & set("\x1b\x7f\x9b\u2028\u202e")
    assert "gpj.exe" in written
    if style == "json":
        assert len(written.splitlines()) == 3
        assert lines(stream)[0]["agent"] == NASTY


def test_people_read_one_line_per_event(stream: io.StringIO) -> None:
    configure_logging("console", "info", stream)
    get_logger("x").info("link_paused", agent="a\nb")
    assert len(stream.getvalue().splitlines()) == 1


def test_secrets_are_hidden(stream: io.StringIO) -> None:
    configure_logging("json", "info", stream)
    get_logger("x").info("signed_in", password="p", refresh_token="t", user="u")
    [line] = lines(stream)
    assert (line["password"], line["refresh_token"], line["user"]) == ("(hidden)", "(hidden)", "u")


def test_errors_carry_their_trace(stream: io.StringIO) -> None:
    configure_logging("json", "info", stream)
    get_logger("x").error("failed", exc_info=LookupError("gone"))
    [line] = lines(stream)
    assert "LookupError: gone" in line["exception"]


def test_metrics_are_on_the_page() -> None:
    counter("scanly_test_things_total", "Things", ["kind"]).labels("a").inc(2)
    gauge("scanly_test_level", "Level").set(1.5)
    histogram("scanly_test_wait_seconds", "Wait").observe(0.003)
    page = metrics_page().decode()
    assert 'scanly_test_things_total{kind="a"} 2.0' in page
    assert "scanly_test_level 1.5" in page
    assert 'scanly_test_wait_seconds_bucket{le="0.005"} 1.0' in page
    assert "process_resident_memory_bytes" in page


@pytest.mark.parametrize("name", ["things_total", "scanly_things", "scanly_Things_total", "scanly_x-y_total"])
def test_a_metric_outside_the_rule_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        counter(name, "Things")


@pytest.mark.parametrize(
    ("checks", "status", "word"),
    [
        ({"database": Check()}, 200, "ready"),
        ({"database": Check(Grade.DEGRADED, "slow"), "disk": Check()}, 200, "degraded"),
        ({"database": Check(Grade.FAILING, "away"), "disk": Check(Grade.DEGRADED, "full")}, 503, "waiting"),
    ],
)
async def test_the_operators_port(checks: Mapping[str, Check], status: int, word: str) -> None:
    async def ready() -> Mapping[str, Check]:
        return checks

    transport = httpx.ASGITransport(app=OpsApp(ready))
    async with httpx.AsyncClient(transport=transport, base_url="http://ops") as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        metrics = await client.get("/metrics")
        assert metrics.headers["content-type"].startswith("text/plain; version=")
        assert "process_cpu_seconds_total" in metrics.text
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (status, word)
        database = checks["database"]
        assert f'scanly_check_grade{{check="database"}} {float(database.grade)}' in metrics.text
        assert answer.json()["checks"]["database"] == (
            {"ok": True}
            if word == "ready"
            else {"ok": False, "degraded": word == "degraded", "detail": database.detail}
        )
        assert (await client.get("/else")).status_code == 404
        assert (await client.head("/healthz")).content == b""


def test_without_an_endpoint_there_are_no_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENDPOINT, raising=False)
    assert configure_traces("p", "1") is None
    headers: dict[str, str] = {}
    with span("redirect", {}, code="x"):
        inject_trace(headers)
    assert headers == {}


def test_without_an_endpoint_opentelemetry_is_not_even_imported() -> None:
    program = (
        "import sys, scanly.kernel.telemetry as t; t.configure_traces('p', '1'); t.configure_logging('json')\n"
        "with t.span('x'): t.get_logger('x').info('y')\n"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0


def test_with_an_endpoint_spans_are_joined_and_sent(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO) -> None:
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    received: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{server.server_port}")
    configure_logging("json", "info", stream)
    stop = configure_traces("p", "1")
    assert stop is not None
    parent = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    headers: dict[str, str] = {}
    with span("redirect", parent, code="x"):
        inject_trace(headers)
        get_logger("x").info("inside")
    stop()
    server.shutdown()
    server.server_close()
    assert headers["traceparent"].startswith("00-0af7651916cd43dd8448eb211c80319c-")
    assert lines(stream)[0]["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
    assert any(b"redirect" in body for body in received)
