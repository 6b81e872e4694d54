"""Addresses of digital money against the examples of BIP-173, BIP-350, BIP-21, BOLT 11, LUD-01, EIP-55 and EIP-681."""

import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import bitcoin

from scanly.services.qr.content.checksums import BECH32, bech32, bech32_text, bytes_of, keccak256
from tests.services.qr.contents import faults, parsed

LNURL = (
    "LNURL1DP68GURN8GHJ7UM9WFMXJCM99E3K7MF0V9CXJ0M385EKVCENXC6R2C35XVUKXEFCV5MKVV34X5EKZD3EV56NYD3HXQURZEPEXEJXXEPNXSC"
    "RVWFNV9NXZCN9XQ6XYEFHVGCXXCMYXYMNSERXFQ5FNS"
)
INVOICE = (
    "lnbc1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpl2pkx2ctnv5sxxmmwwd5kgetjypeh2ursdae8g6twvus8"
    "g6rfwvs8qun0dfjkxaq8rkx3yf5tcsyz3d73gafnh3cax9rn449d9p5uxz9ezhhypd0elx87sjle52x86fux2ypatgddc6k63n7erqz25le42c4u4"
    "ecky03ylcqca784w"
)


@given(st.binary(max_size=600))
def test_keccak_is_sha3_but_for_its_suffix(data: bytes) -> None:
    assert keccak256(data, suffix=0x06) == hashlib.sha3_256(data).digest()


def test_keccak_as_ethereum_has_it() -> None:
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"


@given(st.binary(min_size=1, max_size=60))
def test_bech32_gives_back_what_it_was_given(data: bytes) -> None:
    found = bech32(bech32_text("ab", data))
    assert found is not None
    assert (found[0], bytes_of(found[1]), found[2]) == ("ab", data, BECH32)


@pytest.mark.parametrize(
    "address",
    [
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3",
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
        "BC1SW50QGDZ25J",
        "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    ],
)
def test_addresses_of_bitcoin(address: str) -> None:
    wanted = address.upper() if address[:2].lower() == "bc" else address
    assert parsed(type="bitcoin", address=address).payload() == f"bitcoin:{wanted}"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7Div0Na",
        "1111",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
        "bc1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
        "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
        "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",
        "bc1pw5dgrnzv",
        "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
        "bc1gmk9yu",
        "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
    ],
)
def test_addresses_that_are_none(address: str) -> None:
    """Those of bc1 are the invalid examples of BIP-173 and BIP-350."""
    assert faults(type="bitcoin", address=address) == {"/content/address": "address_invalid"}


@given(st.integers(0, 41), st.characters(codec="ascii", categories=["Ll", "Nd"]))
def test_one_wrong_character_is_always_found(position: int, wrong: str) -> None:
    right = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    text = right[:position] + wrong + right[position + 1 :]
    if text != right:
        assert faults(type="bitcoin", address=text) == {"/content/address": "address_invalid"}


def test_a_wish_for_bitcoin_follows_bip_21() -> None:
    content = parsed(
        type="bitcoin", address="1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", amount="50.00", label="Luke-Jr", message="for xyz"
    )
    address = urlsplit(content.payload())
    assert (address.scheme, address.path) == ("bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")
    assert parse_qs(address.query) == {"amount": ["50"], "label": ["Luke-Jr"], "message": ["for xyz"]}
    assert "+" not in address.query
    for amount in ("0", "0.000000001", "21000001", "x"):
        assert set(faults(type="bitcoin", address="1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", amount=amount)) == {
            "/content/amount"
        }


@pytest.mark.parametrize("request_", [LNURL, LNURL.lower(), f"lightning:{LNURL}", INVOICE, INVOICE.upper()])
def test_lightning_in_upper_case(request_: str) -> None:
    payload = parsed(type="lightning", request=request_).payload()
    assert payload == f"lightning:{request_.removeprefix('lightning:').upper()}"


def test_a_lightning_address_stands_for_an_address_on_the_web() -> None:
    payload = parsed(type="lightning", request="Ravi@chai.example").payload()
    prefix, _, data = payload.removeprefix("lightning:").lower().rpartition("1")
    assert prefix == "lnurl"
    groups = [bitcoin._bech32_alphabet.index(character) for character in data]
    assert bitcoin.bech32_checksum(bitcoin._expand_hrp(prefix) + groups) == 1
    assert bitcoin.b32decode(groups[:-6]) == b"https://chai.example/.well-known/lnurlp/ravi"


@pytest.mark.parametrize(
    "wrong",
    ["", "ravi", "ravi@", "@x.y", "ravi@chai", LNURL[:-1] + "Q", INVOICE[:-1] + "q", "lnbc1", "lnurl1dp68gurn8ghj7",
     bech32_text("lnurl", b"javascript:alert(1)"), bech32_text("lntb", bytes(80)), bech32_text("lnbc", bytes(10)),
     "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"],
)  # fmt: skip
def test_what_lightning_cannot_pay(wrong: str) -> None:
    assert faults(type="lightning", request=wrong) == {"/content/request": "lightning_invalid"}


@pytest.mark.parametrize(
    "address",
    [
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ],
)
def test_addresses_of_ethereum(address: str) -> None:
    """The examples of EIP-55."""
    for text in (address, address.lower(), "0x" + address[2:].upper()):
        assert parsed(type="ethereum", address=text).payload() == f"ethereum:{address}@1"


def test_a_wish_for_ether_follows_eip_681() -> None:
    address = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"
    content = parsed(type="ethereum", address=address, amount="2.014", chain="137")
    assert content.payload() == f"ethereum:{address}@137?value=2014000000000000000"
    least = parsed(type="ethereum", address=address, amount="0.000000000000000001")
    assert least.payload().endswith("?value=1")
    assert parsed(**least.model_dump(mode="json")) == least
    most = parsed(type="ethereum", address=address, amount="123456789.123456789123456789")
    assert most.payload().endswith("?value=123456789123456789123456789")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "0x12",
        "fB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xFB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "vitalik.eth",
    ],
)
def test_addresses_that_ethereum_does_not_know(address: str) -> None:
    assert faults(type="ethereum", address=address) == {"/content/address": "address_invalid"}
