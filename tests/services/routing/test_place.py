from collections.abc import Iterator
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanly.services.routing.place import _SPECIAL_FIRST, UNKNOWN, Places, network_kind
from tests.support.running import PLACES
from tests.support.services import unavailable

pytestmark = pytest.mark.slow


@pytest.fixture
def places() -> Iterator[Places]:
    """The real database, as `make place` installs it."""
    if not PLACES.is_dir():
        unavailable("the place database is not installed: make place")
    places = Places(PLACES)
    yield places
    places.close()


@pytest.mark.parametrize(
    ("address", "country"),
    [("8.8.8.8", "US"), ("49.36.1.1", "IN"), ("2405:201:1::1", "IN"), ("2a00:1450:4001::1", "DE")],
)
def test_places_of_both_kinds_of_address(places: Places, address: str, country: str) -> None:
    place = places.find(ip_address(address))
    assert place.country == country
    assert place.region
    assert place.city


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "fe80::1"])
def test_addresses_without_a_place(places: Places, address: str) -> None:
    assert places.find(ip_address(address)) == UNKNOWN


def test_without_a_database_every_place_is_unknown(tmp_path: Path) -> None:
    places = Places(tmp_path / "nothing")
    assert not places.is_known
    assert places.find(ip_address("8.8.8.8")) == UNKNOWN


def test_a_file_that_is_no_database_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.mmdb").write_bytes(b"not a database")
    places = Places(tmp_path)
    assert not places.is_known


@given(st.integers(0, 2**32 - 1))
def test_the_short_cut_for_most_addresses_says_the_same(number: int) -> None:
    address = IPv4Address(number)
    expected = "loopback" if address.is_loopback else "public" if address.is_global else "private"
    assert network_kind(address) == expected


def test_no_special_network_begins_with_a_byte_of_the_short_cut() -> None:
    for first in range(256):
        networks = [IPv4Address(first << 24 | offset) for offset in range(0, 1 << 24, 4096)]
        if first not in _SPECIAL_FIRST:
            assert all(address.is_global for address in networks)
