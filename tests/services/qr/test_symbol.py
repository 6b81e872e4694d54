"""Symbols against ISO/IEC 18004 and against two other encoders."""

import random

import pytest
import qrcode
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode.util import QRData

from scanly.services.qr.rendering.symbol import Symbol, encode
from tests.services.qr import iso_18004

ALPHABETS = {
    "numeric": (1, "0123456789"),
    "alphanumeric": (2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"),
    "byte": (4, "abcdefghijklmnopqrstuvwxyz?=&_"),
}
LEVELS = {"L": 1, "M": 0, "Q": 3, "H": 2}


def rows(symbol: Symbol) -> list[str]:
    return ["".join(map(str, symbol.row(y))) for y in range(symbol.size)]


def read(symbol: Symbol) -> zxingcpp.Barcode:
    image = Image.frombytes("L", (symbol.size,) * 2, symbol.modules.translate(bytes([255, 0]) + bytes(254)))
    framed = Image.new("L", (symbol.size + 8,) * 2, 255)
    framed.paste(image, (4, 4))
    side = framed.width * 4
    return zxingcpp.read_barcodes(framed.resize((side, side), Image.Resampling.NEAREST))[0]


def test_the_worked_example_of_the_standard() -> None:
    """Annex I: 01234567 in version 1-M."""
    symbol = encode("01234567", "M")
    assert symbol.version == 1
    found = rows(symbol)
    assert iso_18004.mask_of(found) == 0b010
    assert iso_18004.format_bits(found) == 0b101111001111100
    assert iso_18004.codewords(found).hex(" ") == (
        "10 20 0c 56 61 80 ec 11 ec 11 ec 11 ec 11 ec 11 a5 24 d4 c1 ed 36 c7 87 2c 55"
    )


def payloads(number: int, *, seed: int, longest: int) -> list[tuple[str, str, str]]:
    """Texts of one mode each, with the mode and a level."""
    source = random.Random(seed)
    made = []
    for _ in range(number):
        mode = source.choice(list(ALPHABETS))
        length = source.randint(1, longest)
        text = "".join(source.choice(ALPHABETS[mode][1]) for _ in range(length))
        made.append((mode, text, source.choice("LMQH")))
    return made


def by_qrcode(mode: str, text: str, level: str, version: int, mask: int) -> list[str]:
    code = qrcode.QRCode(version=version, error_correction=LEVELS[level], border=0, mask_pattern=mask)
    code.add_data(QRData(text.encode(), mode=ALPHABETS[mode][0]), optimize=0)
    code.make(fit=False)
    return ["".join("1" if dark else "0" for dark in row) for row in code.modules]


def by_segno(text: str, level: str, version: int, mask: int) -> list[str]:
    code = segno.make(text, error=level, version=version, mask=mask, boost_error=False, micro=False)
    return ["".join(map(str, row)) for row in code.matrix]


def is_padded_alike(mode: str, text: str) -> bool:
    """Segno adds an empty byte where data and terminator end on a whole one; the standard (§7.4.10) does not."""
    used = {"numeric": 14 + -(-10 * len(text) // 3), "alphanumeric": 13 + -(-11 * len(text) // 2)}
    return used.get(mode, 12 + 8 * len(text)) % 8 != 4


@pytest.mark.parametrize(
    "seed", [pytest.param(0), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 9))]
)
def test_symbols_are_those_of_two_other_encoders(seed: int) -> None:
    small = seed == 0
    compared = 0
    for mode, text, level in payloads(12 if small else 250, seed=seed, longest=40 if small else 150):
        symbol = encode(text, level)  # type: ignore[arg-type]
        found = rows(symbol)
        mask = iso_18004.mask_of(found)
        assert found == by_qrcode(mode, text, level, symbol.version, mask), (text, level)
        if symbol.version <= 9 and is_padded_alike(mode, text):
            compared += 1
            assert found == by_segno(text, level, symbol.version, mask), (text, level)
    assert compared


def test_the_mask_has_the_lowest_penalty() -> None:
    for _, text, level in payloads(12, seed=5, longest=120):
        found = rows(encode(text, level))  # type: ignore[arg-type]
        assert iso_18004.masked(found, iso_18004.mask_of(found)) == found
        penalties = [iso_18004.penalty(iso_18004.masked(found, mask)) for mask in range(8)]
        assert iso_18004.mask_of(found) == penalties.index(min(penalties)), (text, level)


mixed = st.lists(
    st.one_of(
        st.text("0123456789", min_size=1, max_size=40),
        st.text("ABCDEFGHIJ0123456789 $%*+-./:", min_size=1, max_size=25),
        st.text("abcdefgh?=&", min_size=1, max_size=25),
        st.text("0123456789abcdefABC", min_size=1, max_size=40),
        st.text("éचा", min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=7,
).map("".join)


@settings(deadline=None)
@given(text=mixed, level=st.sampled_from("LMQH"))
def test_no_splitting_into_segments_is_smaller(text: str, level: str) -> None:
    assert encode(text, level).version == iso_18004.smallest_version(text, level)  # type: ignore[arg-type]


@settings(deadline=None)
@given(text=mixed)
def test_auto_is_the_best_level_that_costs_no_room(text: str) -> None:
    best = encode(text, "auto")
    assert best == encode(text, best.level)  # type: ignore[arg-type]
    sizes = {level: encode(text, level).size for level in "LMQH"}  # type: ignore[arg-type]
    assert best.level == max((level for level in "LMQH" if sizes[level] == sizes["L"]), key="LMQH".index)


def test_where_mixing_pays() -> None:
    for text in ("abc" + "0123456789" * 8, "lightning:" + "LNURL1DP68GURN8GHJ7UM9" * 8):
        assert encode(text, "L").size < encode("x" * len(text), "L").size


@settings(deadline=None)
@given(text=st.text("今日は東京ЖдёΩéच😀abc\\~019", min_size=1, max_size=60))
def test_any_text_is_utf_8_without_eci(text: str) -> None:
    found = read(encode(text, "auto"))
    assert bytes(found.bytes) == text.encode()
    assert found.symbology_identifier == "]Q1"
