"""Web addresses as people type them, made into what a phone opens (RFC 3986, RFC 5891, UTS 46): the one rule for it."""

import contextlib
import ipaddress
import re
from urllib.parse import quote, urlsplit

import idna

MAX_LENGTH = 2048
"""Characters that every phone opens."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_HOST_AND_PORT = re.compile(r"(?:localhost|[^/?#:@]*\.[^/?#:@]*):\d{1,5}(?:[/?#]|$)", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_\-]{0,61}[a-z0-9_])?")
# Control characters, those which turn text round, halves of surrogate pairs, and what browsers read as a slash.
_IMPOSSIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\\]")
# Everything that may stand in a path, query or fragment as it is; the rest is percent-encoded as UTF-8.
_SAFE = "/?#[]!$&'()*+,;=:@-._~%"


class AddressFault(ValueError):
    """Why a text is no address that a phone can open: ``code`` for programs, ``detail`` in plain words."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def web_address(text: str) -> str:
    """Return ``text`` as a complete ``http`` or ``https`` address in ASCII.

    ``https://`` is added where the scheme is missing, international names become Punycode, other characters are
    percent-encoded. Private and loopback hosts are fine: the address is only ever opened by the visitor's phone.
    ``AddressFault`` for anything else.
    """
    text = _plausible(text.strip())
    had_scheme, text = _with_scheme(text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise AddressFault("url_invalid", "The host or the port of this address is not right. Check both.") from error
    if parts.username is not None:
        raise AddressFault(
            "url_credentials", "Leave the name and password out of the address: anybody could read them."
        )
    host = _host(parts.hostname or "")
    if not had_scheme and "." not in host and ":" not in host and host != "localhost":
        raise AddressFault("url_invalid", "This is not a web address yet. It looks like example.com, with a dot in it.")
    if port == 0:
        raise AddressFault("url_invalid", "Port 0 does not exist. Leave the port out, or write one from 1 to 65535.")
    authority = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        authority += f":{port}"
    rest = parts._replace(scheme="", netloc="").geturl()
    path = rest if rest.startswith("/") or not rest else f"/{rest}"
    return _short_enough(f"{parts.scheme}://{authority}{_encode(path)}")


def shown(address: str) -> str:
    """Return an address for people: no scheme, no ``www.``, names in their own script, no lone trailing slash."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    with contextlib.suppress(idna.IDNAError):
        host = idna.decode(host) if "xn--" in host else host
    rest = address.split("//", 1)[-1].partition("/")
    port = f":{parts.port}" if parts.port else ""
    tail = f"/{rest[2]}" if rest[2] else ""
    return f"{host.removeprefix('www.')}{port}{tail}"


def _plausible(text: str) -> str:
    if not text:
        raise AddressFault("url_missing", "Write where the code should lead, such as example.com.")
    if _IMPOSSIBLE.search(text):
        raise AddressFault(
            "url_invalid", "There is a character in this address that cannot be there. Copy the address anew."
        )
    return _short_enough(text)


def _with_scheme(text: str) -> tuple[bool, str]:
    if text.startswith("//"):
        return True, f"https:{text}"
    scheme = _SCHEME.match(text)
    if scheme is None or _HOST_AND_PORT.match(text):
        return False, f"https://{text}"
    word = scheme[1].lower()
    if word not in {"http", "https"}:
        raise AddressFault("url_scheme", f"Only addresses with http:// or https:// work here, not {word[:20]}: ones.")
    if not text[len(word) + 1 :].startswith("//"):
        raise AddressFault("url_invalid", f"After {word}: two slashes are missing. It looks like {word}://example.com.")
    return True, text


def _host(host: str) -> str:
    if not host:
        raise AddressFault("url_invalid", "The address has no host. It looks like https://example.com.")
    if ":" in host:
        try:
            return ipaddress.IPv6Address(host).compressed
        except ValueError as error:
            raise AddressFault("url_invalid", "The number between the brackets is no IPv6 address.") from error
    name = host.lower().rstrip(".")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode()
        except idna.IDNAError as error:
            raise AddressFault("url_invalid", "The name of the site has a character that no site can have.") from error
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressFault("url_invalid", "The name of the site is not right. It looks like example.com.")
    if labels[-1].isdigit():
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError as error:
            raise AddressFault("url_invalid", "This number is no IPv4 address. It looks like 192.0.2.1.") from error
    return name


def _encode(rest: str) -> str:
    encoded = quote(rest, safe=_SAFE)
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", encoded)


def _short_enough(address: str) -> str:
    excess = len(address) - MAX_LENGTH
    if excess > 0:
        words = f"This address is {excess:,} characters longer than the {MAX_LENGTH:,} that every phone can open."
        raise AddressFault("url_too_long", f"{words} Use a shorter one.")
    return address
