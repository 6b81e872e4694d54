"""Symbols against ISO/IEC 18004 and against two other encoders."""

import random
import subprocess
from pathlib import Path

import pytest
import qrcode
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode.util import QRData

from scanly.services.qr.rendering import segments
from scanly.services.qr.rendering.symbol import PayloadTooLong, Symbol, encode
from tests.services.qr import iso_18004

ALPHABETS = {
    "numeric": (1, "0123456789"),
    "alphanumeric": (2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"),
    "byte": (4, "abcdefghijklmnopqrstuvwxyz?=&_"),
}
LEVELS = {"L": 1, "M": 0, "Q": 3, "H": 2}


def rows(symbol: Symbol) -> list[str]:
    return ["".join(map(str, symbol.row(y))) for y in range(symbol.size)]


def picture(symbol: Symbol) -> Image.Image:
    image = Image.frombytes("L", (symbol.size,) * 2, symbol.modules.translate(bytes([255, 0]) + bytes(254)))
    framed = Image.new("L", (symbol.size + 8,) * 2, 255)
    framed.paste(image, (4, 4))
    side = framed.width * 4
    return framed.resize((side, side), Image.Resampling.NEAREST)


def read(symbol: Symbol) -> zxingcpp.Barcode:
    return zxingcpp.read_barcodes(picture(symbol))[0]


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


japanese = st.lists(
    st.one_of(
        st.text("0123456789-", min_size=1, max_size=20),
        st.text("ABCDEFGHIJ $%*+-./:", min_size=1, max_size=12),
        st.text("abcdefgh?=&\n", min_size=1, max_size=12),
        st.text("東京都港区芝公園四丁目これはテスト。、「」ー", min_size=1, max_size=25),
    ),
    min_size=1,
    max_size=8,
).map("".join)


@settings(deadline=None, max_examples=30)
@given(text=japanese, level=st.sampled_from("LMQH"))
def test_japanese_takes_the_smaller_of_kanji_and_utf_8(text: str, level: str) -> None:
    smallest = iso_18004.smallest_version(text, level)
    if not text.isascii():
        smallest = min(smallest or 41, iso_18004.smallest_version(text, level, kanji=True) or 41)
    symbol = encode(text, level)  # type: ignore[arg-type]
    assert symbol.version == smallest
    assert read(symbol).text == text
    assert read(symbol).symbology_identifier == "]Q1"


def test_kanji_makes_a_japanese_address_smaller_and_has_the_best_mask() -> None:
    text = "東京タワー\n〒105-0011 東京都港区芝公園4-2-8"
    found = encode(text, "M")
    assert (found.version, iso_18004.smallest_version(text, "M")) == (3, 4)
    penalties = [iso_18004.penalty(iso_18004.masked(rows(found), mask)) for mask in range(8)]
    assert iso_18004.mask_of(rows(found)) == penalties.index(min(penalties))


@pytest.mark.slow
def test_each_character_of_kanji_mode_is_read_back(zbarimg: str, tmp_path: Path) -> None:
    """Also by a decoder which the product does not use."""
    every = [chr(point) for point in range(0x3000, 0x10000) if segments.is_dense(chr(point))]
    assert len(every) > 6_300
    texts = ["".join(every[start : start + 250]) for start in range(0, len(every), 250)]
    for number, text in enumerate(texts):
        symbol = encode(text, "L")
        assert symbol.version == iso_18004.smallest_version(text, "L", kanji=True)
        assert read(symbol).text == text
        picture(symbol).save(tmp_path / f"{number:02}.png")
    command = [zbarimg, "--quiet", "--raw", *sorted(map(str, tmp_path.iterdir()))]
    assert subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\n") == [*texts, ""]


@pytest.mark.parametrize("sign", ["\\", "~", "é", "😀", "Ж", "§", "〜", "①", "ｱ", "한", "简", "\uff3c"])
def test_kanji_mode_is_left_alone_next_to_what_readers_would_guess(sign: str) -> None:
    text = "東京都港区芝公園四丁目" + sign
    assert not segments.is_dense(text)
    assert bytes(read(encode(text, "M")).bytes) == text.encode()


@pytest.mark.parametrize(
    "text",
    [
        "東京タワーへ",
        "これはテストです。" * 12,
        "BEGIN:VCARD\nN:山田;太郎;;;\nADR:;;芝公園四丁目二番八号;港区;東京都;105-0011;日本\nEND:VCARD",
        "https://example.jp/QR?q=東京都港区芝公園のお店0123456789012345",
    ],
)
def test_another_decoder_reads_kanji_mode(text: str, zbarimg: str, tmp_path: Path) -> None:
    symbol = encode(text, "L")
    assert symbol.version < (iso_18004.smallest_version(text, "L") or 41)
    picture(symbol).save(tmp_path / "code.png")
    told = subprocess.run([zbarimg, "--quiet", "--raw", str(tmp_path / "code.png")], capture_output=True, check=True)
    assert told.stdout.decode() == f"{text}\n"


def test_japanese_that_is_too_long_says_how_much() -> None:
    with pytest.raises(PayloadTooLong) as refused:
        encode("語" * 800, "H")
    assert (refused.value.fits, refused.value.excess) == (784, 16)


def test_where_mixing_pays() -> None:
    for text in ("abc" + "0123456789" * 8, "lightning:" + "LNURL1DP68GURN8GHJ7UM9" * 8):
        assert encode(text, "L").size < encode("x" * len(text), "L").size


@settings(deadline=None)
@given(text=st.text("今日は東京ЖдёΩéच😀abc\\~019", min_size=1, max_size=60))
def test_any_text_is_read_without_eci(text: str) -> None:
    found = read(encode(text, "auto"))
    assert found.text == text
    assert found.symbology_identifier == "]Q1"
