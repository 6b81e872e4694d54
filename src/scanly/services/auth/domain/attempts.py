"""How often a password may be tried: per account and network, so that nobody can lock somebody else out."""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final

TRIES: Final = 10
WINDOW: Final = timedelta(minutes=15)


def network_of(address: str) -> str:
    """Return what counts as one address: an IPv4 address, an IPv6 /64, or the text itself when it is neither."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)
