"""Calls, messages and mails against RFC 3966, ZXing's ``SMSTO``, WhatsApp's click to chat and RFC 6068."""

from email.utils import getaddresses
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanly.contracts.qr import CodeKind
from scanly.services.qr.content import led_content
from tests.services.qr.contents import faults, parsed

lines = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf")), max_size=60)
texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf"), include_characters="\n"), max_size=90)


@pytest.mark.parametrize(
    ("number", "payload", "summary"),
    [
        ("+91 98765 43210", "tel:+919876543210", "+91 98765 43210"),
        ("+91-98765-43210", "tel:+919876543210", "+91 98765 43210"),
        ("0091 (98765) 43210", "tel:+919876543210", "+91 98765 43210"),
        ("+1 202-555-0143", "tel:+12025550143", "+1 202-555-0143"),
        ("+९१ ९८७६५ ४३२१०", "tel:+919876543210", "+91 98765 43210"),
    ],
)
def test_a_call_is_a_global_number(number: str, payload: str, summary: str) -> None:
    content = parsed(type="phone", number=number)
    assert (content.payload(), content.summary()) == (payload, summary)
    assert content.KINDS == (CodeKind.FIXED,)
    assert content.destination() is None


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("98765 43210", "phone_without_country"),
        ("", "phone_invalid"),
        ("+", "phone_invalid"),
        ("call me", "phone_invalid"),
        ("+91 98765", "phone_invalid"),
        ("+91 98765 43210 123 456", "phone_invalid"),
        ("+999 1234567", "phone_invalid"),
        ("+91 98765 43210 ext. 12", "phone_invalid"),
        ("+91 98765 43210;ext=1", "phone_invalid"),
        ("+91 98765 43210;phone-context=x", "phone_invalid"),
    ],
)
def test_numbers_that_nobody_can_dial(number: str, code: str) -> None:
    assert faults(type="phone", number=number) == {"/content/number": code}
    assert faults(type="whatsapp", number=number) == {"/content/number": code}


@pytest.mark.parametrize(
    ("fields", "payload"),
    [
        ({"number": "+919876543210"}, "SMSTO:+919876543210:"),
        ({"number": "56161", "text": "JOIN: now"}, "SMSTO:56161:JOIN: now"),
        ({"number": "+919876543210", "text": "नमस्ते\r\nRavi"}, "SMSTO:+919876543210:नमस्ते\r\nRavi"),
    ],
)
def test_a_message_as_smsto(fields: dict[str, Any], payload: str) -> None:
    assert parsed(type="sms", **fields).payload() == payload


@given(text=texts)
def test_a_reader_of_smsto_gets_number_and_text(text: str) -> None:
    content = parsed(type="sms", number="+919876543210", text=text)
    scheme, number, body = content.payload().split(":", 2)
    assert (scheme, number, body) == ("SMSTO", "+919876543210", content.model_dump().get("text") or "")


def test_faults_of_a_message() -> None:
    assert faults(type="sms", number="12") == {"/content/number": "phone_without_country"}
    assert set(faults(type="sms", number="56161", text="x" * 801)) == {"/content/text"}
    assert set(faults(type="sms")) == {"/content/number"}


def test_whatsapp_opens_a_chat() -> None:
    content = parsed(type="whatsapp", number="+91 98765 43210", text="Hello & नमस्ते?\n2 teas")
    assert content.KINDS == (CodeKind.DYNAMIC, CodeKind.FIXED)
    address = urlsplit(content.payload())
    assert (address.scheme, address.netloc, address.path) == ("https", "wa.me", "/919876543210")
    assert parse_qs(address.query) == {"text": ["Hello & नमस्ते?\n2 teas"]}
    assert content.destination() == content.payload()
    assert parsed(type="whatsapp", number="+919876543210", text=" ").payload() == "https://wa.me/919876543210"


def test_a_first_message_fits_into_an_address() -> None:
    assert parsed(type="whatsapp", number="+919876543210", text="x" * 1000)
    assert faults(type="whatsapp", number="+919876543210", text="च" * 1000) == {"/content/text": "message_too_long"}


def test_a_chat_whose_link_was_led_elsewhere_is_an_address() -> None:
    content = parsed(type="whatsapp", number="+919876543210", text="Hi")
    assert led_content(content.kept(), content.payload()) == content
    elsewhere = led_content(content.kept(), "https://example.com/x")
    assert (elsewhere.type, elsewhere.payload()) == ("url", "https://example.com/x")
    assert led_content({"type": "whatsapp", "number": "1"}, "https://example.com").type == "url"


@pytest.mark.parametrize(
    ("fields", "payload"),
    [
        ({"to": "asha@example.com"}, "mailto:asha@example.com"),
        ({"to": "a@example.com; b@example.com"}, "mailto:a@example.com,b@example.com"),
        (
            {"to": "asha@example.com", "subject": "caf\u00e9", "body": "one\ntwo", "cc": "ravi@example.com"},
            "mailto:asha@example.com?cc=ravi@example.com&subject=caf%C3%A9&body=one%0D%0Atwo",
        ),
        ({"to": "gorby%kremvax@example.com"}, "mailto:gorby%25kremvax@example.com"),
        ({"to": "unlikely?address@example.com"}, "mailto:unlikely%3Faddress@example.com"),
        ({"to": "Mike&family@example.org"}, "mailto:Mike%26family@example.org"),
    ],
)
def test_a_mail_follows_rfc_6068(fields: dict[str, Any], payload: str) -> None:
    """The addresses are those of RFC 6068 §6.1."""
    assert parsed(type="email", **fields).payload() == payload


@given(subject=lines, body=texts)
def test_a_reader_of_mailto_gets_everything_back(subject: str, body: str) -> None:
    content = parsed(type="email", to="asha@example.com, a&b?c@example.com", subject=subject, body=body)
    fields = content.model_dump()
    address = urlsplit(content.payload())
    assert [mail for _, mail in getaddresses([unquote(address.path)])] == ["asha@example.com", "a&b?c@example.com"]
    query = {name: value[0] for name, value in parse_qs(address.query).items()}
    assert query.get("subject", "") == (fields["subject"] or "")
    assert query.get("body", "").replace("\r\n", "\n") == (fields["body"] or "")


@pytest.mark.parametrize("to", ["", " , ", "asha", "asha@example.com, ravi", ",".join(["a@example.com"] * 11)])
def test_mail_addresses_are_checked(to: str) -> None:
    assert set(faults(type="email", to=to)) == {"/content/to"}


def test_a_subject_is_one_line() -> None:
    assert set(faults(type="email", to="a@example.com", subject="x\r\nBcc: b@example.com")) == {"/content/subject"}
