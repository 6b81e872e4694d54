"""What an address of GS1 Digital Link leads to (GS1-Conformant Resolver Standard 1.2, ISO/IEC 18975; RFC 9264).

A code answers for its own key, with any finer qualifiers that are asked for besides; for no other.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs, quote, unquote

import msgspec

from scanly.contracts.routing import TypedLink
from scanly.services.routing.domain import short_url
from scanly.services.routing.links import LinkFacts, location_of
from scanly.services.routing.negotiation import weights

Headers = Sequence[tuple[bytes, bytes]]

_SET_82: Final = r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]"""
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "01": ("22", "10", "21", "235"),
    "00": (),
    "414": ("254",),
    "8003": (),
    "8004": (),
}
"""Primary keys with their qualifiers in the order that they have in an address (URI Syntax §4.9)."""
_FORMS: Final = {
    "01": re.compile(r"\d{8}|\d{12,14}", re.ASCII),
    "00": re.compile(r"\d{18}", re.ASCII),
    "414": re.compile(r"\d{13}", re.ASCII),
    "8003": re.compile(rf"\d{{14}}{_SET_82}{{0,16}}", re.ASCII),
    "8004": re.compile(rf"{_SET_82}{{1,30}}"),
    "235": re.compile(rf"{_SET_82}{{1,28}}"),
    **dict.fromkeys(("22", "10", "21", "254"), re.compile(rf"{_SET_82}{{1,20}}")),
}
BELOW: Final = re.compile(rf"/(?:{'|'.join(_KEYS)})/")
"""Where the elements begin that follow a slug."""

VOCABULARY: Final = "https://ref.gs1.org/voc/"
_PREFIXES = (VOCABULARY, "https://gs1.org/voc/", "http://gs1.org/voc/", "gs1:")
_LINK_SET = "application/linkset+json"
_CONTEXT = b'<https://ref.gs1.org/standards/resolver/linkset-context>; rel="http://www.w3.org/ns/json-ld#context"'
_DEFAULT, _DEFAULTS, _PAGE = "defaultLink", "defaultLinkMulti", "pip"
OPEN_TO_ALL: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"link, location"),
)
EVERYTHING: Final = "linkset"
"""The type that stands for all links."""


class Malformed(Exception):
    """What follows a slug is no address of GS1 Digital Link."""


class _TypedLink(msgspec.Struct, frozen=True):
    rel: str
    href: str
    title: str
    hreflang: str | None = None
    type: str | None = None


_decode = msgspec.json.Decoder(list[_TypedLink]).decode


def stored(links: Sequence[TypedLink] | None) -> list[dict[str, Any]] | None:
    """Return typed links as their column has them."""
    return None if links is None else [link.model_dump(exclude_none=True) for link in links]


def names(elements: str | None, path: bytes) -> bool:
    """Say whether a path, as it was sent, names what has these elements, with the slug before; ``Malformed``.

    Whatever is well-formed passes for links that were claimed before elements were kept (``None``).
    """
    below = BELOW.search(path.decode("latin-1"))
    if below is None:
        return False
    asked = _parsed(path[below.start() :].decode("latin-1"))
    return elements is None or _parsed(elements).items() <= asked.items()


def is_thing(slug_key: str) -> bool:
    """Say whether a slug is the address of a thing: of such, only the link at its beginning may say where it leads."""
    below = BELOW.search(slug_key)
    try:
        return below is not None and bool(_parsed(slug_key[below.start() :]))
    except Malformed:
        return False


def _parsed(elements: str) -> dict[str, str]:
    parts = [unquote(part) for part in elements.strip("/").split("/")]
    qualifiers = iter(_KEYS[parts[0]])
    if len(parts) % 2 or not all(name in qualifiers for name in parts[2::2]):
        raise Malformed
    found = dict(zip(parts[::2], parts[1::2], strict=True))
    if not all(_FORMS[name].fullmatch(value) for name, value in found.items()):
        raise Malformed
    return found | ({"01": found["01"].zfill(14)} if "01" in found else {})


def wanted(query: bytes, headers: Headers) -> str | None:
    """Return the name of the type that is asked for; ``None`` when none is."""
    asked = parse_qs(query.decode("latin-1")).get("linkType", [""])[0]
    if asked in {"all", EVERYTHING} or (not asked and weights(_header(headers, b"accept")).get(_LINK_SET)):
        return EVERYTHING
    if not asked:
        return None
    return next((asked[len(prefix) :] for prefix in _PREFIXES if asked.startswith(prefix)), asked)


def place(row: LinkFacts, name: str | None, query: bytes, headers: Headers) -> bytes | None:
    """Return the place of a type that fits a visitor best, ready for a header; ``None`` when there is none.

    Language comes before media type, as far as that is accepted at all. Of those that fit alike the first one is taken.
    """
    languages, types = (weights(_header(headers, header)) for header in (b"accept-language", b"accept"))

    def fitness(link: _TypedLink) -> tuple[bool, tuple[float, int], float]:
        weight = _type_weight(link.type, types)
        return weight > 0 or link.type is None, _language_fit(link.hreflang, languages), weight

    best = max(_offered(row, name), key=fitness, default=None)
    return None if best is None else _with_query(location_of(best.href), query)


def link_set(row: LinkFacts, base_url: str, path: bytes) -> bytes:
    """Return all links of an address as JSON; ``path`` is what was asked for, as it was sent."""
    links: dict[str, Any] = {"anchor": _anchor(row, base_url, path), VOCABULARY + _DEFAULT: [_target(_page(row))]}
    for link in _offered(row, None)[1:]:
        links.setdefault(VOCABULARY + _DEFAULTS, []).append(_target(link))
    for link in _all(row):
        links.setdefault(link.rel, []).append(_target(link))
    return msgspec.json.encode({"linkset": [links]})


def redirect_headers(row: LinkFacts, base_url: str, path: bytes) -> list[tuple[bytes, bytes]]:
    """Return what a redirect tells programs besides the place."""
    links = f'<{_anchor(row, base_url, path)}?linkType={EVERYTHING}>; rel="linkset"; type="{_LINK_SET}"'
    return [(b"link", links.encode()), (b"vary", b"accept, accept-language"), *OPEN_TO_ALL]


def start_of(body: bytes) -> dict[str, Any]:
    """Return ASGI's message before a link set."""
    headers = [
        (b"content-type", _LINK_SET.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"link", _CONTEXT),
        (b"vary", b"accept"),
        (b"cache-control", b"private, no-store"),
        (b"x-content-type-options", b"nosniff"),
        *OPEN_TO_ALL,
    ]
    return {"type": "http.response.start", "status": 200, "headers": headers}


def _page(row: LinkFacts) -> _TypedLink:
    """Return the link that fits everybody: the standard wants it without language and media type."""
    return _TypedLink(VOCABULARY + _PAGE, row.destination, row.shop or row.slug)


def _all(row: LinkFacts) -> list[_TypedLink]:
    return [_page(row), *_decode(row.typed_links or "[]")]


def _offered(row: LinkFacts, name: str | None) -> list[_TypedLink]:
    if name == _DEFAULT:
        return [_page(row)]
    rel = VOCABULARY + (_PAGE if name in {None, _DEFAULTS} else str(name))
    return [link for link in _all(row) if link.rel == rel]


def _language_fit(tag: str | None, ranges: Mapping[str, float]) -> tuple[float, int]:
    """Return weight and exactness of a language (RFC 4647 §3.3.1 and §3.4); what names none is better than a wrong one.

    ``*`` says nothing: who takes any language gets what is meant for everybody.
    """
    if tag is None:
        return 0.0, 0
    tag = tag.lower()
    fits = [
        (weight, 2 if wish == tag else 1)
        for wish, weight in ranges.items()
        if weight and (f"{tag}-".startswith(f"{wish}-") or f"{wish}-".startswith(f"{tag}-"))
    ]
    return max(fits, default=(-1.0, 0))


def _type_weight(media_type: str | None, ranges: Mapping[str, float]) -> float:
    if not ranges:
        return 1.0
    for wish in filter(None, (media_type, media_type and f"{media_type.partition('/')[0]}/*", "*/*")):
        if wish in ranges:
            return ranges[wish]
    return 0.0


def _with_query(location: bytes, query: bytes) -> bytes:
    """Pass on what the address was asked with; the type was for us."""
    rest = b"&".join(part for part in query.split(b"&") if part and not part.startswith(b"linkType="))
    if not rest:
        return location
    address, mark, fragment = location.partition(b"#")
    between = b"&" if b"?" in address else b"?"
    return address + between + quote(rest, safe="%!$&'()*+,;=:@/?~-._").encode() + mark + fragment


def _anchor(row: LinkFacts, base_url: str, path: bytes) -> str:
    if row.elements is None:
        return base_url.rstrip("/") + quote(path, safe="%/:@!$&'()*+,;=-._~")
    return short_url(base_url, row.slug) + row.elements


def _target(link: _TypedLink) -> dict[str, Any]:
    target: dict[str, Any] = {"href": location_of(link.href).decode(), "title": link.title}
    if link.type is not None:
        target["type"] = link.type
    if link.hreflang is not None:
        target["hreflang"] = [link.hreflang]
    return target


def _header(headers: Headers, name: bytes) -> bytes:
    return b",".join(value for given, value in headers if given == name)
