"""Web addresses as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanly.kernel.web_address import MAX_LENGTH, AddressFault, shown, web_address


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("example.com", "https://example.com"),
        ("  example.com/menu  ", "https://example.com/menu"),
        ("http://example.com", "http://example.com"),
        ("HTTPS://Example.COM/AbC", "https://example.com/AbC"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("example.com:8080/x?y=1#z", "https://example.com:8080/x?y=1#z"),
        ("https://example.com:443/", "https://example.com/"),
        ("http://example.com:80", "http://example.com"),
        ("https://example.com?x=1", "https://example.com/?x=1"),
        ("https://example.com#top", "https://example.com/#top"),
        ("https://example.com.", "https://example.com"),
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com/%E0%A4%9A", "https://example.com/%E0%A4%9A"),
        (
            "https://example.com/चाय?q=दूध",
            "https://example.com/%E0%A4%9A%E0%A4%BE%E0%A4%AF?q=%E0%A4%A6%E0%A5%82%E0%A4%A7",
        ),
        ("भारत.भारत", "https://xn--h2brj9c.xn--h2brj9c"),
        ("https://BÜCHER.example", "https://xn--bcher-kva.example"),
        ("straße.example", "https://xn--strae-oqa.example"),
        ("https://under_score.example", "https://under_score.example"),
        ("localhost:8000", "https://localhost:8000"),
        ("http://localhost", "http://localhost"),
        ("http://intranet/x", "http://intranet/x"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9"),
        ("192.168.1.1", "https://192.168.1.1"),
        ("http://10.0.0.1/admin", "http://10.0.0.1/admin"),
        ("http://[::1]:80/", "http://[::1]/"),
        ("http://[2001:DB8:0::1]", "http://[2001:db8::1]"),
        ("https://example.com/a?b=c&d=[e]", "https://example.com/a?b=c&d=[e]"),
    ],
)
def test_becomes_a_complete_address(typed: str, address: str) -> None:
    assert web_address(typed) == address
    assert web_address(address) == address


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "url_missing"),
        ("   ", "url_missing"),
        ("hello", "url_invalid"),
        ("javascript:alert(1)", "url_scheme"),
        ("JavaScript:alert(1)", "url_scheme"),
        (" javascript:alert(1)", "url_scheme"),
        ("java\nscript:alert(1)", "url_invalid"),
        ("javascript://example.com/%0aalert(1)", "url_scheme"),
        ("data:text/html,<script>", "url_scheme"),
        ("vbscript:x", "url_scheme"),
        ("file:///etc/passwd", "url_scheme"),
        ("intent://x#Intent;end", "url_scheme"),
        ("blob:https://example.com/1", "url_scheme"),
        ("ftp://example.com", "url_scheme"),
        ("mailto:a@example.com", "url_scheme"),
        ("tel:+911234567890", "url_scheme"),
        ("http:example.com", "url_invalid"),
        ("http:/example.com", "url_invalid"),
        ("https://", "url_invalid"),
        ("https:///path", "url_invalid"),
        ("https://..", "url_invalid"),
        ("https://-x.example", "url_invalid"),
        ("https://a b.example", "url_invalid"),
        ("https://256.1.1.1", "url_invalid"),
        ("https://1.2.3", "url_invalid"),
        ("https://[::1", "url_invalid"),
        ("https://[1.2.3.4]", "url_invalid"),
        ("https://example.com:99999", "url_invalid"),
        ("https://example.com:0", "url_invalid"),
        ("https://example.com\\@evil.example", "url_invalid"),
        ("https://user:password@example.com", "url_credentials"),
        ("https://bank.example@evil.example", "url_credentials"),
        ("https://example.com/\x00", "url_invalid"),
        ("https://example.com/\r\nSet-Cookie: a=b", "url_invalid"),
        ("https://example.com/\x85x", "url_invalid"),
        ("https://example.com/\u202egpj.exe", "url_invalid"),
        ("https://example.com/\u2028x", "url_invalid"),
        ("https://example.com/\ud800", "url_invalid"),
        ("https://exa<mple.com/", "url_invalid"),
        ("https://" + "a" * 64 + ".example", "url_invalid"),
        ("https://" + ".".join(["abcdefgh"] * 40), "url_invalid"),
        ("https://example.com/" + "a" * 5000, "url_too_long"),
        ("https://example.com/" + "च" * 300, "url_too_long"),
    ],
)
def test_is_refused_with_a_reason(typed: str, code: str) -> None:
    with pytest.raises(AddressFault) as caught:
        web_address(typed)
    assert caught.value.code == code
    assert caught.value.detail.endswith(".")


def test_says_how_much_too_long() -> None:
    address = "https://example.com/" + "a" * (MAX_LENGTH - 20)
    assert web_address(address) == address
    with pytest.raises(AddressFault, match="7 characters longer"):
        web_address(address + "a" * 7)


@given(st.text(max_size=60))
def test_whatever_is_typed_becomes_a_plain_http_address_or_a_fault(typed: str) -> None:
    try:
        address = web_address(typed)
    except AddressFault:
        return
    assert address.startswith(("http://", "https://"))
    assert address.isascii()
    assert address.isprintable()
    assert " " not in address
    assert web_address(address) == address


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://www.example.com/", "example.com"),
        ("https://example.com/a?b#c", "example.com/a?b#c"),
        ("http://xn--h2brj9c.xn--h2brj9c:8080/x", "भारत.भारत:8080/x"),
        ("https://xn--a.example", "xn--a.example"),
    ],
)
def test_is_shown_to_people_without_ballast(address: str, words: str) -> None:
    assert shown(address) == words
