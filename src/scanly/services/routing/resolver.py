"""What an address of GS1 Digital Link leads to (GS1-Conformant Resolver Standard 1.2, link sets as RFC 9264 has them).

A type that a link does not have leads to the product's page, so that no visitor stands before an error.
"""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qs, quote

import msgspec

from scanly.contracts.routing import TypedLink
from scanly.services.routing.links import LinkFacts, location_of

MARKER: Final = "/01/"
"""Between the slug and the product's number (GTIN)."""

VOCABULARY: Final = "https://ref.gs1.org/voc/"
_PREFIXES = (VOCABULARY, "https://gs1.org/voc/", "http://gs1.org/voc/", "gs1:")
_LINK_SET = "application/linkset+json"
_CONTEXT = b'<https://ref.gs1.org/standards/resolver/linkset-context>; rel="http://www.w3.org/ns/json-ld#context"'
_DEFAULTS = ("defaultLink", "pip")
"""The types of the product's page."""


class _TypedLink(msgspec.Struct, frozen=True):
    rel: str
    href: str
    title: str


_decode = msgspec.json.Decoder(list[_TypedLink]).decode


def stored(links: Sequence[TypedLink] | None) -> list[dict[str, Any]] | None:
    """Return typed links as their column has them."""
    return None if links is None else [link.model_dump() for link in links]


def resolve(row: LinkFacts, query: bytes, headers: Sequence[tuple[bytes, bytes]]) -> bytes | None:
    """Return the place that is asked for, ready for a header; ``None`` when all of them are asked for."""
    asked = parse_qs(query.decode("latin-1")).get("linkType", [""])[0]
    if asked in {"all", "linkset"} or (not asked and _accepts_link_set(headers)):
        return None
    name = next((asked[len(prefix) :] for prefix in _PREFIXES if asked.startswith(prefix)), asked)
    for link in _decode(row.typed_links or "[]"):
        if link.rel == VOCABULARY + name:
            return location_of(link.href)
    return location_of(row.destination)


def link_set(row: LinkFacts, base_url: str, path: str) -> bytes:
    """Return all links of the address as JSON; ``path`` is what was asked for."""
    page = [{"href": location_of(row.destination).decode(), "title": row.shop or row.slug}]
    links: dict[str, Any] = {
        "anchor": base_url.rstrip("/") + quote(path, safe="/:@!$&'()*+,;=-._~"),
        **{VOCABULARY + name: page for name in _DEFAULTS},
    }
    for link in _decode(row.typed_links or "[]"):
        links[link.rel] = [{"href": location_of(link.href).decode(), "title": link.title}]
    return msgspec.json.encode({"linkset": [links]})


def start_of(body: bytes) -> dict[str, Any]:
    """Return ASGI's message before a link set."""
    headers = [
        (b"content-type", _LINK_SET.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"link", _CONTEXT),
        (b"vary", b"accept"),
        (b"cache-control", b"private, no-store"),
        (b"access-control-allow-origin", b"*"),
        (b"x-content-type-options", b"nosniff"),
    ]
    return {"type": "http.response.start", "status": 200, "headers": headers}


def _accepts_link_set(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    return any(name == b"accept" and _LINK_SET in value.decode("latin-1").lower() for name, value in headers)
