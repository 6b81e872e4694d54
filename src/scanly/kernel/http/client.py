"""Whose address a request comes from, when proxies stand in between."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from socket import AF_INET, inet_pton

Network = IPv4Network | IPv6Network


def client_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Return ``client_ip`` as text; empty for ``None``."""
    address = client_ip(peer, forwarded, trusted)
    return "" if address is None else str(address)


def client_ip(peer: str, forwarded: str, trusted: Sequence[Network]) -> IPv4Address | IPv6Address | None:
    """Return the nearest address that is not one of our own proxies.

    ``peer`` is the other end of the connection, ``forwarded`` the whole ``X-Forwarded-For``. The header is read from
    its end, as long as each address is in ``trusted``: everything before that can be forged. An unusable ``peer``
    (a unix socket) gives ``None``.
    """
    address = _parse(peer)
    if address is None or not trusted or not forwarded or not _within(address, trusted):
        return address
    for part in reversed(forwarded.split(",")):
        nearer = _parse(part.strip())
        if nearer is None:
            break
        address = nearer
        if not _within(address, trusted):
            break
    return address


def rate_key(address: str) -> str:
    """Return what limits count by: an IPv4 address, or the /64 that one IPv6 customer has."""
    parsed = _parse(address)
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return IPv4Address(inet_pton(AF_INET, text))  # nearly every address, in a fifth of the time of what follows
    except (OSError, ValueError):
        pass
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _within(address: IPv4Address | IPv6Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)
