"""``scanly run``: from settings to a served product, and a clean end."""

import asyncio
import contextlib
import errno
import gc
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import uvicorn
import uvloop

from scanly import __version__
from scanly.app import installation, registry
from scanly.app.gate import Gate
from scanly.app.product import Product
from scanly.app.wire import Lane, Wire
from scanly.kernel.config import LoadedSettings, Settings
from scanly.kernel.db.migrate import DatabaseUnreachable, migrate, pending
from scanly.kernel.manifest import Manifest
from scanly.kernel.startup import StartupError
from scanly.kernel.telemetry import OpsApp, configure_logging, configure_traces, get_logger

log = get_logger(__name__)

_GRACE = 10
_FULL_COLLECTIONS = 200
"""Collections of the middle generation for one of the oldest, rather than Python's 10."""
_LOOPBACK = "127.0.0.1"


class _Server(uvicorn.Server):
    """A server whose signals are ours: one signal ends all servers of the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(
    loaded: LoadedSettings, *, services: list[str], roles: list[str], announce: Callable[[Product], Awaitable[None]]
) -> None:
    """Serve until a signal; ``StartupError`` says what is in the way."""
    settings = loaded.get(Settings)
    manifests = registry.choose(services)
    split = len(manifests) < len(registry.SERVICES)
    _check_split(settings, split=split)
    configure_logging(settings.log_format, settings.log_level)
    for warning in loaded.warnings:
        log.warning(warning)
    listener = _listen(settings.host, settings.port, "SCANLY_PORT")
    ops = _listen(_LOOPBACK, settings.ops_port, "SCANLY_OPS_PORT") if settings.ops_port else None
    installation.prepare_data_dir(settings)
    secret = installation.secret_key(settings)
    database = installation.open_database(settings, attach=False)
    try:
        if not split:
            migrate(database.dsn, registry.schemas())
        start = _Start(
            loaded=loaded,
            dsn=database.dsn,
            secret=secret,
            manifests=manifests,
            roles=roles,
            name=f"{socket.gethostname()}-{settings.port}",
            split=split,
            listener=listener,
            ops=ops,
            announce=announce,
        )
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(start))
    finally:
        database.close()
        gc.unfreeze()  # libraries say at the end what was not freed


def _check_split(settings: Settings, *, split: bool) -> None:
    if not split:
        return
    if settings.database_url is None:
        raise StartupError("A process with some of the services needs SCANLY_DATABASE_URL: they share a database.")
    if settings.secret_key is None:
        raise StartupError("A process with some of the services needs SCANLY_SECRET_KEY, the same in all of them.")


def _listen(host: str, port: int, setting: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise StartupError(
                f"{host} is no address of this machine ({error.strerror}). "
                "Set SCANLY_HOST to one it has, or to 0.0.0.0 for the whole network."
            ) from error
        raise StartupError(
            f"Port {port} on {host} cannot be used ({error.strerror}). "
            f"Stop what runs there, or choose another port with {setting}."
        ) from error
    listener.setblocking(False)  # noqa: FBT003 - the socket module
    return listener


@dataclass(frozen=True)
class _Start:
    loaded: LoadedSettings
    dsn: str
    secret: bytes
    manifests: list[Manifest]
    roles: list[str]
    name: str
    split: bool
    listener: socket.socket
    ops: socket.socket | None
    announce: Callable[[Product], Awaitable[None]]


async def _serve(start: _Start) -> None:
    stop_traces = configure_traces(start.name, __version__)
    product = Product(
        start.loaded,
        start.dsn,
        start.secret,
        start.manifests,
        roles=start.roles or registry.ROLES,
        process=start.name,
    )
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    gate, lane = Gate(product.application), Lane()
    servers = [(_server(gate, lane), [start.listener])]
    if start.ops is not None:
        servers.append((_server(OpsApp(gate.ready(product.ready)), Lane()), [start.ops]))
    try:
        await _until(stopping, servers, _opening(product, gate, lane, start), product.closing)
    finally:
        await product.stop()
        if stop_traces is not None:
            stop_traces()


async def _opening(product: Product, gate: Gate, lane: Lane, start: _Start) -> None:
    if start.split:
        await _wait_for_schema(start.dsn, gate)
    await product.start()
    gate.open()
    lane.express = product.express
    # What the start made stays: looking through it for garbage again and again would hold visitors up.
    gc.collect()
    gc.freeze()
    # The oldest generation holds what a batch of counting needs for its seconds; each look takes 50 ms.
    gc.set_threshold(*gc.get_threshold()[:2], _FULL_COLLECTIONS)
    await start.announce(product)


def _server(application: Any, lane: Lane) -> _Server:  # noqa: ANN401 - ASGI
    return _Server(
        uvicorn.Config(
            application,
            loop="none",
            http=cast("Any", partial(Wire, lane=lane)),  # uvicorn calls it, whatever its type says
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE,
        )
    )


async def _until(
    stopping: asyncio.Event,
    servers: list[tuple[_Server, list[socket.socket]]],
    opening: Coroutine[Any, Any, None],
    closing: asyncio.Event,
) -> None:
    serving = [asyncio.create_task(server.serve(sockets)) for server, sockets in servers]
    opener = asyncio.create_task(opening)
    waiter = asyncio.create_task(stopping.wait())
    await asyncio.wait([waiter, opener, *serving], return_when=asyncio.FIRST_COMPLETED)
    if opener.done() and opener.exception() is None:
        await asyncio.wait([waiter, *serving], return_when=asyncio.FIRST_COMPLETED)
    waiter.cancel()
    if not opener.done():
        opener.cancel()
    closing.set()
    for server, _ in servers:
        server.should_exit = True
    await asyncio.gather(*serving)
    with contextlib.suppress(asyncio.CancelledError):
        await opener


async def _wait_for_schema(dsn: str, gate: Gate) -> None:
    while (reason := await asyncio.to_thread(_not_yet, dsn)) is not None:
        if gate.waiting_for != reason:
            log.warning(reason)
            gate.waiting_for = reason
        await asyncio.sleep(1)


def _not_yet(dsn: str) -> str | None:
    try:
        behind = pending(dsn, registry.schemas())
    except DatabaseUnreachable as error:
        return str(error)
    return f"The database is not migrated ({', '.join(behind)}): run scanly migrate." if behind else None


def say(text: str) -> None:
    """Write a line for the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
