"""Whatever is accepted comes back: content, payload, symbol, picture, decoder, and a reader written by others."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from stdnum import ean, iban
from stdnum.iso7064 import mod_97_10

from scanly.services.qr.content import TYPES, Content
from scanly.services.qr.content.checksums import bech32_text
from scanly.services.qr.rendering.symbol import encode
from tests.services.qr.content_readers import READERS
from tests.services.qr.contents import parsed

# What has a meaning of its own in one format or another comes often.
special = st.sampled_from(";:,\\\"'&?%=+#/@ ")
strange = st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp"))
line = st.lists(st.one_of(special, special, strange, st.sampled_from("aZ9")), min_size=1, max_size=20).map("".join)
line = line.filter(lambda text: text.strip())
latin = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_categories=("Cc", "Cf")), min_size=1,
                max_size=16).filter(lambda text: text.strip())  # fmt: skip
block = st.lists(line, min_size=1, max_size=3).map("\n".join)
word = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=10)
mobile = st.integers(6_000_000_000, 9_999_999_999).map(lambda number: f"+91{number}")
mail = st.builds("{}@{}.com".format, word, word)
address = st.builds("https://{}.com/{}?q={}".format, word, word, word)
domain = st.builds("{}.com".format, word)
cents = st.integers(1, 999_999_999).map(lambda number: f"{Decimal(number) / 100:.2f}")
printable = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=30)
set_82 = st.text("!\"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz", min_size=1, max_size=20)
german = st.integers(0, 10**18 - 1).map(lambda number: f"DE{iban.calc_check_digits(f'DE00{number:018}')}{number:018}")
swiss = st.integers(0, 10**12 - 1).map(
    lambda number: f"CH{iban.calc_check_digits(f'CH0000762{number:012}')}00762{number:012}"
)
gtin = st.integers(0, 10**12 - 1).map(lambda number: f"{number:012}{ean.calc_check_digit(f'{number:012}')}")
creditor = st.integers(0, 10**9).map(lambda number: f"RF{mod_97_10.calc_check_digits(f'{number}RF')}{number}")
moments = st.datetimes(datetime(2000, 1, 1), datetime(2080, 1, 1)).map(  # noqa: DTZ001 - a time on the wall
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M")
)


def fields(needed: dict[str, Any], optional: dict[str, Any] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(needed, optional=optional or {})


def lasting(strategy: st.SearchStrategy[dict[str, Any]], *, days: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Events with an end, which comes after the beginning."""

    def with_end(event: dict[str, Any], hours: int) -> dict[str, Any]:
        start = datetime.fromisoformat(event["starts_at"]).replace(tzinfo=UTC)
        end = start + timedelta(hours=hours)
        form = "%Y-%m-%d" if days else "%Y-%m-%dT%H:%M"
        return event | {"starts_at": start.strftime(form), "ends_at": end.strftime(form), "all_day": days}

    return st.builds(with_end, strategy, st.integers(1, 60))


event = fields({"title": line, "starts_at": moments}, {"location": line, "description": block, "website": address})
CONTENTS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "url": fields({"url": address}),
    "text": fields({"text": block}),
    "phone": fields({"number": mobile}),
    "review": fields({"url": address}),
    "wifi": fields({"ssid": line.filter(lambda text: len(text.encode()) <= 32), "password": printable},
                   {"hidden": st.booleans(), "security": st.sampled_from(["wpa", "wpa3"])}),
    "upi": fields({"vpa": st.builds("{}x@{}".format, word, st.just("okbank")), "name": line},
                  {"amount": cents, "note": line, "reference": word}),
    "vcard": fields({"first_name": line, "format": st.sampled_from(["vcard", "mecard"]), "mobile": mobile},
                    {"last_name": line, "organization": line, "phone": mobile, "email": mail, "website": address,
                     "street": line, "city": line, "postcode": word, "note": line}),
    "whatsapp": fields({"number": mobile}, {"text": block}),
    "sms": fields({"number": st.one_of(mobile, st.just("56161"))}, {"text": block}),
    "email": fields({"to": st.lists(mail, min_size=1, max_size=3, unique=True).map(", ".join)},
                    {"subject": line, "body": block, "cc": mail}),
    "location": fields({"latitude": st.integers(-89_999_999, 89_999_999).map(lambda n: f"{Decimal(n) / 10**6:f}"),
                        "longitude": st.integers(-179_999_999, 179_999_999).map(lambda n: f"{Decimal(n) / 10**6:f}")}),
    "event": st.one_of(event, lasting(event, days=False), lasting(event, days=True)),
    "gs1_digital_link": st.one_of(
        fields({"gtin": gtin}, {
            "lot": set_82, "serial": set_82, "resolver": domain,
            "expires_on": st.dates(date(2000, 1, 1), date(2075, 1, 1)).map(str)}),
        fields({"gln": st.just("9521321000018")}, {"gln_extension": set_82}),
        fields({"grai": st.builds("04012345111118{}".format, set_82.map(lambda text: text[:16]))}),
        fields({"giai": set_82}),
        fields({"sscc": st.just("106141412345678908")})),
    "sepa": st.one_of(
        fields({"name": line, "iban": german}, {"amount": cents, "text": line, "hint": line}),
        fields({"name": line, "iban": german, "reference": creditor}, {"amount": cents, "purpose": st.just("CHAR")})),
    "swiss_qr_bill": fields({"name": latin, "iban": swiss, "postcode": word, "town": latin},
                            {"street": latin, "building_number": word, "amount": cents, "message": latin,
                             "currency": st.sampled_from(["CHF", "EUR"]), "reference": creditor,
                             "alternative_procedure": st.builds("eBill/B/{}@example.com".format, word)}),
    "upi_link": fields({"link": st.builds("upi://pay?pa=shop@okbank&pn={}&tn={}&sign={}".format, word, word, word)}),
    "bitcoin": fields({"address": st.sampled_from(["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
                                                   "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"])},
                      {"amount": cents, "label": line, "message": line}),
    "lightning": fields({"request": mail}),
    "ethereum": fields({"address": st.binary(min_size=20, max_size=20).map(lambda data: f"0x{data.hex()}")},
                       {"amount": cents, "chain": st.sampled_from(["1", "137"])}),
}  # fmt: skip
DEFAULTS = {
    "wifi": {"security": "wpa", "hidden": False},
    "vcard": {"version": "3.0"},
    "event": {"all_day": False, "time_zone": "Asia/Kolkata"},
    "gs1_digital_link": {"resolver": "https://id.gs1.org"},
    "swiss_qr_bill": {"country": "CH", "currency": "CHF"},
    "ethereum": {"chain": "1"},
}


def test_each_type_has_a_reader() -> None:
    assert set(CONTENTS) == set(READERS)
    assert set(TYPES) - set(READERS) <= {"file"}  # its address is made by media, which has tests of it


def scanned(payload: str) -> str:
    """What a decoder reads in a picture of the symbol."""
    symbol = encode(payload, "auto")
    dots = symbol.modules.translate(bytes([255, 0]) + bytes(254))
    framed = Image.new("L", (symbol.size + 8,) * 2, 255)
    framed.paste(Image.frombytes("L", (symbol.size,) * 2, dots), (4, 4))
    file = io.BytesIO()
    framed.resize((framed.width * 4,) * 2, Image.Resampling.NEAREST).save(file, "png")
    (found,) = zxingcpp.read_barcodes(Image.open(file), formats=zxingcpp.QRCode)
    return bytes(found.bytes).decode()


def assert_same_fields(content: Content, text: str) -> None:
    """What was read in a symbol has the fields of what was written."""
    name = content.type
    read = READERS[name](text)
    wanted = DEFAULTS.get(name, {}) | content.model_dump(mode="json", exclude_none=True, exclude={"type"})
    if name == "vcard" and wanted["format"] == "mecard":
        del wanted["version"]
    if name == "event":
        read = {"all_day": False, "time_zone": "Asia/Kolkata"} | read
    assert read == wanted


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTENTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_every_content_is_read_as_it_was_written(name: str, data: st.DataObject) -> None:
    content = parsed(type=name, **data.draw(CONTENTS[name]))
    text = scanned(content.payload())
    assert text == content.payload()
    assert_same_fields(content, text)


def test_readers_find_what_is_wrong() -> None:
    """A reader that accepted everything would prove nothing."""
    wrong = bech32_text("lnurl", b"https://example.com/.well-known/lnurlp/ravi")
    assert READERS["lightning"](f"lightning:{wrong.upper()}") == {"request": "ravi@example.com"}
    assert READERS["wifi"](r"WIFI:T:WPA;S:a\;b;P:12345678;;")["ssid"] == "a;b"
    with pytest.raises(AssertionError):
        READERS["sepa"]("BCD\n001\n1\nSCT\n\nX\nDE")
    with pytest.raises(AssertionError):
        READERS["swiss_qr_bill"]("\n".join(["SPC", "0200", "1", *[""] * 28]))
