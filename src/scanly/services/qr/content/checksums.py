"""Check sums of addresses of digital money: Base58Check, Bech32 and Bech32m (BIP-173, BIP-350), Keccak-256 (EIP-55)."""

import hashlib
from collections.abc import Iterable

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)

BECH32, BECH32M = 1, 0x2BC830A3
"""What the check sum of each form comes to."""


def base58check(text: str) -> bytes | None:
    """Return the bytes in ``text`` without its check sum; ``None`` when that does not fit."""
    number = 0
    for character in text:
        digit = _BASE58.find(character)
        if digit < 0:
            return None
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    data = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    body, checksum = data[:-4], data[-4:]
    twice = hashlib.sha256(hashlib.sha256(body).digest()).digest()
    return body if len(data) > 4 and twice[:4] == checksum else None


def bech32(text: str) -> tuple[str, list[int], int] | None:
    """Return prefix, groups of five bits and what the check sum comes to; ``None`` when ``text`` has another form.

    Its length is for the caller to judge: addresses have at most 90 characters, invoices have no bound.
    """
    if text.lower() != text and text.upper() != text:
        return None
    prefix, separator, data = text.lower().rpartition("1")
    if not separator or not prefix or len(data) < 6:
        return None
    groups = [_BECH32.find(character) for character in data]
    if -1 in groups or not all(33 <= ord(character) <= 126 for character in prefix):
        return None
    return prefix, groups[:-6], _polymod([*_expanded(prefix), *groups])


def bech32_text(prefix: str, data: bytes) -> str:
    """Return ``data`` in Bech32."""
    groups = _regroup(data, 8, 5)
    padding = -len(data) * 8 % 5
    if padding:
        groups[-1] <<= padding
    checksum = _polymod([*_expanded(prefix), *groups, *(0,) * 6]) ^ BECH32
    groups += [checksum >> 5 * (5 - position) & 31 for position in range(6)]
    return f"{prefix}1{''.join(_BECH32[group] for group in groups)}"


def bytes_of(groups: list[int]) -> bytes | None:
    """Return the bytes in groups of five bits; ``None`` when what is left over is not empty padding."""
    rest = len(groups) * 5 % 8
    if rest >= 5 or (rest and groups[-1] & ((1 << rest) - 1)):
        return None
    octets = _regroup(groups, 5, 8)
    return bytes(octets[:-1] if rest else octets)


def _regroup(values: Iterable[int], size: int, wanted: int) -> list[int]:
    """Return the bits of ``values`` in groups of ``wanted``; the last one may be smaller."""
    groups, number, bits = [], 0, 0
    for value in values:
        number, bits = number << size | value, bits + size
        while bits >= wanted:
            bits -= wanted
            groups.append(number >> bits)
            number &= (1 << bits) - 1
    return [*groups, number] if bits else groups


def _expanded(prefix: str) -> list[int]:
    return [*(ord(character) >> 5 for character in prefix), 0, *(ord(character) & 31 for character in prefix)]


def _polymod(values: Iterable[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            if top >> bit & 1:
                checksum ^= generator
    return checksum


def keccak256(data: bytes, *, suffix: int = 0x01) -> bytes:
    """Return Keccak-256 as Ethereum has it. FIPS 202's SHA3-256 differs only in its ``suffix``, 0x06."""
    rate = 136
    padded = bytearray(data) + bytes([suffix]) + bytes(-(len(data) + 1) % rate)
    padded[-1] |= 0x80
    lanes = [[0] * 5 for _ in range(5)]
    for start in range(0, len(padded), rate):
        for lane in range(rate // 8):
            offset = start + 8 * lane
            lanes[lane % 5][lane // 5] ^= int.from_bytes(padded[offset : offset + 8], "little")
        _keccak_f(lanes)
    return b"".join(lanes[lane % 5][lane // 5].to_bytes(8, "little") for lane in range(4))


def _keccak_f(a: list[list[int]]) -> None:
    """Permute the state ``a[x][y]`` in place (FIPS 202 §3.2: theta, rho and pi, chi, iota, in 24 rounds)."""
    lfsr = 1
    for _ in range(24):
        parity = [a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4] for x in range(5)]
        for x in range(5):
            mixed = parity[x - 1] ^ _rotated(parity[(x + 1) % 5], 1)
            for y in range(5):
                a[x][y] ^= mixed
        x, y, current = 1, 0, a[1][0]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            current, a[x][y] = a[x][y], _rotated(current, (step + 1) * (step + 2) // 2 % 64)
        for y in range(5):
            row = [a[x][y] for x in range(5)]
            for x in range(5):
                a[x][y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5])
        for power in range(7):
            if lfsr & 1:
                a[0][0] ^= 1 << (1 << power) - 1
            lfsr = lfsr << 1 ^ (0x171 if lfsr & 0x80 else 0)


def _rotated(lane: int, by: int) -> int:
    return (lane << by | lane >> (64 - by)) & 0xFFFFFFFFFFFFFFFF
