"""The guard that keeps tests on this machine."""

import asyncio
import socket

import pytest

from tests.support.network import NetworkForbidden


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("10.0.0.1", 80), ("example.org", 80)])
def test_other_machines_cannot_be_reached(address: tuple[str, int]) -> None:
    with pytest.raises(NetworkForbidden), socket.socket() as one:
        one.connect(address)
    with pytest.raises(NetworkForbidden):
        socket.getaddrinfo(*address)


async def test_nor_from_the_event_loop() -> None:
    with pytest.raises(NetworkForbidden):
        await asyncio.open_connection("192.0.2.1", 80)


async def test_this_machine_can() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection("localhost", server.sockets[0].getsockname()[1])
        assert await reader.read() == b""
        writer.close()
