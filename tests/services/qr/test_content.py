"""Content types against their standards."""

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scanly.contracts.qr import CodeKind
from scanly.kernel.http.problems import invalid
from scanly.kernel.ids import encode_id
from scanly.kernel.web_address import web_address
from scanly.services.qr.content import TYPES, Content, led_content
from tests.services.qr.contents import CONTENTS, Holder, faults, parsed, unescaped


def test_every_type_has_kinds_words_and_its_own_name() -> None:
    for name, cls in TYPES.items():
        assert cls.model_fields["type"].default == name
        assert cls.KINDS
        assert {*cls.TITLE, *cls.HELP} == {"en", "hi"}


def test_there_is_an_example_of_every_type() -> None:
    assert sorted(fields["type"] for fields in CONTENTS) == sorted(TYPES)


@pytest.mark.parametrize("fields", CONTENTS, ids=lambda fields: str(fields["type"]))
def test_what_was_accepted_is_accepted_again(fields: dict[str, Any]) -> None:
    content = parsed(**fields)
    again = parsed(**content.model_dump(mode="json", exclude_none=True))
    assert again == content
    content, again = located(content), located(again)
    assert again.payload() == content.payload()
    assert content.summary()
    assert "\n" not in content.summary()
    assert (content.destination() is not None) == (CodeKind.DYNAMIC in content.KINDS)
    if destination := content.destination():
        assert web_address(destination) == destination
        assert led_content(content.kept(), destination) == content
        assert content.DESTINATION_FIELD in type(content).model_fields


def located(content: Content) -> Content:
    return content.shown_at("https://go.example/e/qr_06f8z1k2m3n4p5q6r7s8t9v0wx").located(
        {file_id: f"https://go.example/f/{encode_id('file', file_id)}/a%20b.pdf" for file_id in content.file_ids()}
    )


def test_a_file_is_known_by_its_address_alone() -> None:
    content = located(parsed(type="file", file_id="file_06f8z1k2m3n4p5q6r7s8t9v0wx"))
    assert (content.summary(), content.KINDS) == ("a b.pdf", (CodeKind.DYNAMIC,))
    address = str(content.destination())
    renamed = led_content(content.kept(), address.replace("a%20b", "lunch"))
    assert (renamed.type, renamed.summary()) == ("file", "lunch.pdf")
    for elsewhere in (
        address.replace("wx/", "wy/"),
        address.replace("/f/", "/g/"),
        f"{address}/x",
        "https://example.com",
    ):
        assert led_content(content.kept(), elsewhere).type == "url"
    for wrong in ("", "qr_06f8z1k2m3n4p5q6r7s8t9v0wx", "file_1", 5, None):
        assert "/content/file_id" in faults(type="file", file_id=wrong)


def test_the_schema_offers_each_type_by_its_name() -> None:
    schema = Holder.model_json_schema()["properties"]["content"]
    assert set(schema["discriminator"]["mapping"]) == set(TYPES)


@pytest.mark.parametrize("value", [None, 5, "url", [], {}, {"type": "nothing"}, {"type": 5}, {"type": None}])
def test_something_else_is_no_content(value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        Holder.model_validate({"content": value})
    (fault,) = invalid(caught.value.errors()).errors
    assert fault.pointer == "/content"


def test_all_faults_come_at_once() -> None:
    assert faults(type="wifi", ssid="", password="short", colour="red") == {
        "/content/ssid": "ssid_length",
        "/content/password": "wifi_password",
        "/content/colour": "unknown_field",
    }


@pytest.mark.parametrize("value", [5, None, ["https://example.com"], {"href": "x"}, True])
def test_an_address_is_text(value: object) -> None:
    assert set(faults(type="url", url=value)) == {"/content/url"}


def test_url() -> None:
    content = parsed(type="url", url="example.com")
    assert content.KINDS == (CodeKind.DYNAMIC, CodeKind.FIXED)
    assert (content.payload(), content.destination(), content.summary()) == ("https://example.com",) * 2 + (
        "example.com",
    )
    assert led_content(content.kept(), "https://example.com/2").payload() == "https://example.com/2"


def test_text_keeps_its_lines() -> None:
    assert parsed(type="text", text="one\r\ntwo\rthree\n").payload() == "one\ntwo\nthree"
    assert parsed(type="text", text="مرحبا\nचाय").payload() == "مرحبا\nचाय"
    assert faults(type="text", text=" ") == {"/content/text": "text_missing"}
    assert set(faults(type="text", text="a\x00b")) == {"/content/text"}
    assert set(faults(type="text", text="a" * 4297)) == {"/content/text"}
    assert parsed(type="text", text="x" * 100).summary() == "x" * 79 + "…"


@pytest.mark.parametrize(
    ("fields", "payload"),
    [
        ({"ssid": "Chai", "password": "12345678"}, "WIFI:T:WPA;S:Chai;P:12345678;;"),
        ({"ssid": "Chai", "security": "wpa2", "password": "12345678"}, "WIFI:T:WPA;S:Chai;P:12345678;;"),
        ({"ssid": "Chai", "security": "wpa3", "password": "12345678"}, "WIFI:T:WPA;R:1;S:Chai;P:12345678;;"),
        ({"ssid": "Chai", "security": "wep", "password": "abcde"}, "WIFI:T:WEP;S:Chai;P:abcde;;"),
        ({"ssid": "Chai", "security": "none"}, "WIFI:T:nopass;S:Chai;;"),
        ({"ssid": "Chai", "security": "none", "password": "", "hidden": True}, "WIFI:T:nopass;S:Chai;H:true;;"),
        (
            {"ssid": r"a;b,c:d\e" + '"f', "password": r"p;,:\"12"},
            r"WIFI:T:WPA;S:a\;b\,c\:d\\e\"f;P:p\;\,\:\\\"12;;",
        ),
    ],
)
def test_wifi_follows_the_wifi_uri(fields: dict[str, Any], payload: str) -> None:
    assert parsed(type="wifi", **fields).payload() == payload


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "1234567"},
        {"password": "x" * 64},
        {"password": None},
        {"password": "पासवर्ड-लंबा"},
        {"security": "wpa3", "password": "x" * 129},
        {"security": "wep", "password": "abcd"},
        {"security": "wep", "password": "0123456789x"},
        {"security": "none", "password": "something"},
    ],
)
def test_wifi_passwords_as_the_standard_has_them(fields: dict[str, Any]) -> None:
    assert faults(type="wifi", ssid="Chai", **fields) == {"/content/password": "wifi_password"}


def test_a_network_has_at_most_32_bytes() -> None:
    assert parsed(type="wifi", ssid="x" * 32, security="none")
    assert faults(type="wifi", ssid="x" * 33, security="none") == {"/content/ssid": "ssid_length"}
    assert faults(type="wifi", ssid="च" * 11, security="none") == {"/content/ssid": "ssid_length"}
    assert parsed(type="wifi", ssid="x", password="f" * 64).payload().endswith(f"P:{'f' * 64};;")
    assert set(faults(type="wifi", ssid="x", security="wpa4", password="12345678")) == {"/content/security"}


def test_wifi_hides_its_password_from_lists() -> None:
    assert "12345678" not in parsed(type="wifi", ssid="Chai", password="12345678").summary()


_printable = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=32)


@given(ssid=_printable, password=_printable)
def test_a_reader_gets_name_and_password_back(ssid: str, password: str) -> None:
    payload = parsed(type="wifi", ssid=ssid, password=password).payload()
    fields, current, escaped = [], "", False
    for character in payload.removeprefix("WIFI:"):
        if character == ";" and not escaped:
            fields.append(current)
            current = ""
        else:
            current += character
        escaped = character == "\\" and not escaped
    assert [unescaped(field) for field in fields] == ["T:WPA", f"S:{ssid}", f"P:{password}", ""]


@pytest.mark.parametrize(
    ("fields", "payload"),
    [
        ({}, "upi://pay?pa=ravi@okbank&pn=Ravi%20Tea%20%26%20Co&cu=INR"),
        ({"amount": "10"}, "upi://pay?pa=ravi@okbank&pn=Ravi%20Tea%20%26%20Co&am=10.00&cu=INR"),
        ({"amount": 10.5, "note": "चाय"}, "upi://pay?pa=ravi@okbank&pn=Ravi%20Tea%20%26%20Co&am=10.50&cu=INR&tn=%E0%A4%9A%E0%A4%BE%E0%A4%AF"),
    ],
)  # fmt: skip
def test_upi_follows_the_linking_specification(fields: dict[str, Any], payload: str) -> None:
    content = parsed(type="upi", vpa="ravi@okbank", name="Ravi Tea & Co", **fields)
    assert content.payload() == payload
    query = parse_qs(urlsplit(payload).query)
    assert (query["pa"], query["pn"], query["cu"]) == (["ravi@okbank"], ["Ravi Tea & Co"], ["INR"])


@pytest.mark.parametrize(
    "vpa",
    ["ravi", "ravi@", "@okbank", "a@b", "ravi@ok bank", "ravi@@bank", "ravi@ok.bank", "रवि@okbank", "ravi&am=1@bank"],
)
def test_a_upi_id_is_checked(vpa: str) -> None:
    assert faults(type="upi", vpa=vpa, name="Ravi") == {"/content/vpa": "vpa_invalid"}


@pytest.mark.parametrize(
    "amount", ["0", "0.001", "-1", "1.234", "abc", "NaN", "Infinity", "1e9", "1e100", 10**30, 10_000_001, True, [1]]
)
def test_an_amount_is_rupees_and_paise(amount: object) -> None:
    assert faults(type="upi", vpa="ravi@okbank", name="Ravi", amount=amount) == {"/content/amount": "amount_invalid"}


@pytest.mark.parametrize(
    ("fields", "query"),
    [
        ({"amount": "100", "minimum_amount": "50"}, {"am": "100.00", "mam": "50.00"}),
        ({"reference": "BILL-2041"}, {"tr": "BILL-2041"}),
        ({"reference": "B1", "merchant_code": "5812"}, {"mc": "5812", "tr": "B1"}),
    ],
)
def test_more_parameters_of_upi(fields: dict[str, Any], query: dict[str, str]) -> None:
    payload = parsed(type="upi", vpa="ravi@okbank", name="Ravi", **fields).payload()
    assert dict(parse_qsl(urlsplit(payload).query)) == {"pa": "ravi@okbank", "pn": "Ravi", "cu": "INR"} | query


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"minimum_amount": "5"}, "minimum_amount", "amount_invalid"),
        ({"amount": "5", "minimum_amount": "5"}, "minimum_amount", "amount_invalid"),
        ({"merchant_code": "5812"}, "reference", "reference_missing"),
        ({"merchant_code": "58", "reference": "x"}, "merchant_code", "merchant_code_invalid"),
        ({"reference": "bill 2041"}, "reference", "reference_invalid"),
        ({"reference": "x" * 36}, "reference", "reference_invalid"),
        ({"name": " "}, "name", "required"),
    ],
)
def test_what_does_not_fit_together_in_upi(fields: dict[str, Any], pointer: str, code: str) -> None:
    wanted = {"type": "upi", "vpa": "ravi@okbank", "name": "Ravi"} | fields
    assert faults(**wanted) == {f"/content/{pointer}": code}


def test_an_amount_is_optional_and_exact() -> None:
    assert parsed(type="upi", vpa="ravi@okbank", name="R", amount="").model_dump()["amount"] is None
    content = parsed(type="upi", vpa="ravi@okbank", name="R", amount=Decimal("0.10"))
    assert content.model_dump(mode="json")["amount"] == "0.10"
    assert parsed(**content.model_dump(mode="json")) == content


def test_a_contact_as_vcard_3() -> None:
    content = parsed(
        type="vcard",
        first_name="Asha",
        last_name="Rao; Sons",
        organization="Chai, Corner",
        job_title="Owner",
        mobile="+91 98765 43210",
        phone="0141-123456",
        email="asha@example.com",
        website="example.com/x?a=1,2;3",
        street="12, MI Road",
        city="Jaipur",
        postcode="302001",
        country="India",
        note="Open daily\n7 to 9",
    )
    expected = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        r"N:Rao\; Sons;Asha;;;",
        r"FN:Asha Rao\; Sons",
        r"ORG:Chai\, Corner",
        "TITLE:Owner",
        "TEL;TYPE=CELL:+91 98765 43210",
        "TEL;TYPE=WORK:0141-123456",
        "EMAIL:asha@example.com",
        "URL:https://example.com/x?a=1,2;3",
        r"ADR:;;12\, MI Road;Jaipur;;302001;India",
        r"NOTE:Open daily\n7 to 9",
        "END:VCARD",
        "",
    ]
    assert content.payload() == "\r\n".join(expected)


def test_a_contact_as_mecard() -> None:
    """Fields and escapes of NTT DoCoMo's address book entry."""
    content = parsed(
        type="vcard",
        format="mecard",
        first_name="Asha",
        last_name="Rao; Sons",
        organization="Chai: Corner",
        mobile="+91 98765 43210",
        email="asha@example.com",
        website="example.com/x",
        street="12, MI Road",
        city="Jaipur",
        postcode="302001",
        note="Open daily\n7 to 9",
    )
    assert content.payload() == (
        r"MECARD:N:Rao\; Sons,Asha;ORG:Chai\: Corner;TEL:+91 98765 43210;EMAIL:asha@example.com;"
        r"URL:https\://example.com/x;ADR:,,12\, MI Road,Jaipur,,302001,;NOTE:Open daily 7 to 9;;"
    )
    assert parsed(type="vcard", format="mecard", organization="Chai").payload() == "MECARD:N:Chai;;"
    assert parsed(type="vcard", format="mecard", first_name="Asha").payload() == "MECARD:N:Asha;;"
    assert faults(type="vcard", format="mecard", first_name="Asha", job_title="Owner") == {
        "/content/job_title": "no_place_for_it"
    }


def test_a_contact_needs_a_name_and_leaves_out_what_is_empty() -> None:
    assert faults(type="vcard", mobile="123456") == {"/content/first_name": "name_missing"}
    payload = parsed(type="vcard", organization="Chai Corner", version="4.0", first_name="", email="").payload()
    assert payload == "BEGIN:VCARD\r\nVERSION:4.0\r\nN:;;;;\r\nFN:Chai Corner\r\nORG:Chai Corner\r\nEND:VCARD\r\n"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("mobile", "call me", "phone_invalid"),
        ("mobile", "12", "phone_invalid"),
        ("phone", "1" * 18, "phone_invalid"),
        ("email", "asha@", "email_invalid"),
        ("email", "asha@example.com\nBCC:x@example.com", "email_invalid"),
        ("website", "javascript:alert(1)", "url_scheme"),
        ("version", "2.1", "literal_error"),
    ],
)
def test_parts_of_a_contact_are_checked(field: str, value: str, code: str) -> None:
    assert faults(type="vcard", first_name="Asha", **{field: value}) == {f"/content/{field}": code}


def test_a_line_break_cannot_smuggle_in_a_field() -> None:
    assert set(faults(type="vcard", first_name="Asha\r\nTEL:666")) == {"/content/first_name"}


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=120))
def test_long_lines_are_folded_between_characters_and_unfold_to_the_same(name: str) -> None:
    name = name.strip()
    if not name:
        return
    content = parsed(type="vcard", first_name=name, note=f"{name}\n{name}")
    payload = content.payload()
    assert all(len(line.encode()) <= 75 for line in payload.split("\r\n"))
    lines = payload.replace("\r\n ", "").split("\r\n")
    expected = content.model_dump()["first_name"]
    assert unescaped(next(line for line in lines if line.startswith("FN:"))) == f"FN:{expected}"
