"""Rules without I/O: what a slug may be, and what a visitor gets. What a destination may be: ``kernel.web_address``."""

import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote, urlsplit, urlunsplit

import idna

from scanly.contracts.routing import Claim, LinkStatus, SlugInvalid, TypedLink
from scanly.kernel.errors import FieldFault, Invalid

MAX_SLUG = 100
RANDOM_SLUG_LENGTH = 7
RANDOM_ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
"""Without look-alikes (0 o, 1 i l), without vowels so that no word comes out; each has an upper-case form for print."""

_REDIRECT_CODES = frozenset({301, 302, 303, 307, 308})
_UPPERCASE_FORM = re.compile(r"[0-9a-z$*+\-./:]+")
"""The characters of QR's alphanumeric mode (ISO/IEC 18004 §7.3.4) that need no escape in a path."""
_SLUG_MARKS = frozenset("-_.~")
_MARK_CATEGORIES = frozenset({"Mn", "Mc"})


@dataclass(frozen=True, slots=True)
class LinkDraft:
    """What a link without a code is made of."""

    destination: str
    slug: str | None = None
    domain: str | None = None
    status_code: int = 302
    starts_at: datetime | None = None
    expires_at: datetime | None = None
    typed_links: Sequence[TypedLink] | None = None
    elements: str | None = None


def draft_of(claim: Claim) -> LinkDraft:
    """Return what the link of a claim is made of."""
    return LinkDraft(
        claim.destination, claim.slug, claim.domain, typed_links=claim.typed_links, elements=claim.elements
    )


class Outcome(StrEnum):
    """What a visitor got, as the contract's ``Scan.outcome`` names it."""

    REDIRECT = "redirect"
    PAUSED = "paused"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What decides over a link. Times are milliseconds since 1970."""

    is_removed: bool = False
    is_paused: bool = False
    starts_at: int | None = None
    expires_at: int | None = None

    @property
    def is_plain(self) -> bool:
        """Every visitor is redirected at any time."""
        return self == _PLAIN


_PLAIN = Conditions()


def decide(conditions: Conditions, now: int) -> Outcome:
    """Return what a visitor gets at ``now`` (milliseconds since 1970).

    What has ended stays ended, so that comes first; a link that has not begun is not called paused.
    """
    if conditions.is_removed or (conditions.expires_at is not None and now >= conditions.expires_at):
        return Outcome.ENDED
    if conditions.starts_at is not None and now < conditions.starts_at:
        return Outcome.NOT_STARTED
    if conditions.is_paused:
        return Outcome.PAUSED
    return Outcome.REDIRECT


def link_status(*, removed: bool, paused: bool, expires_at: datetime | None, now: datetime) -> LinkStatus:
    """Return the status that owners see."""
    if removed or (expires_at is not None and now >= expires_at):
        return LinkStatus.ENDED
    return LinkStatus.PAUSED if paused else LinkStatus.ACTIVE


def check_conditions(status_code: int, starts_at: datetime | None, expires_at: datetime | None) -> None:
    """Raise ``Invalid`` when a link could never redirect."""
    if status_code not in _REDIRECT_CODES:
        fault = FieldFault("/status_code", "not_a_redirect", "Use 301, 302, 303, 307 or 308.")
        raise Invalid("This status does not redirect.", errors=[fault])
    if starts_at is not None and expires_at is not None and expires_at <= starts_at:
        fault = FieldFault("/expires_at", "before_start", "Choose an end after the start.")
        raise Invalid("The link would end before it begins.", errors=[fault])


def slug_key(slug: str) -> str:
    """Return the form by which slugs are compared: NFKC and case-folded (Unicode §3.13, D146).

    So wide letters and ligatures make no other word of one that is taken or reserved.
    """
    if slug.isascii():
        return slug.lower()
    folded = unicodedata.normalize("NFD", slug).casefold()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", folded).casefold())


def is_slug(text: str) -> bool:
    """Say whether ``text`` has the form of a slug: words of letters, digits and ``-_.~`` with slashes between them."""
    if not 0 < len(text) <= MAX_SLUG:
        return False
    return all(_is_slug_part(part) for part in text.split("/"))


def _is_slug_part(part: str) -> bool:
    if not part.strip("."):
        return False
    return all(
        character.isalnum() or character in _SLUG_MARKS or unicodedata.category(character) in _MARK_CATEGORIES
        for character in part
    )


def check_slug(slug: str) -> str:
    """Return ``slug`` in NFC without slashes at its ends; ``SlugInvalid`` says what to change."""
    slug = unicodedata.normalize("NFC", slug.strip().strip("/"))
    if len(slug) > MAX_SLUG:
        raise SlugInvalid(f"Keep the address below {MAX_SLUG} characters.")
    if not is_slug(slug):
        raise SlugInvalid("Use letters, digits, - _ . ~ and / between words, for example diwali-menu.")
    return slug


def first_word(slug: str) -> str:
    """Return the part of a slug's key before its first slash: what must not be a reserved word."""
    return slug_key(slug).partition("/")[0]


def random_slug() -> str:
    """Return a slug nobody can guess the neighbour of: about 10^10 possibilities."""
    return "".join(secrets.choice(RANDOM_ALPHABET) for _ in range(RANDOM_SLUG_LENGTH))


def print_url(base_url: str, slug: str) -> str:
    """Return the address for the symbol: upper case where every character has QR's alphanumeric mode."""
    short = short_url(base_url, slug)
    upper = short.upper()
    return upper if _UPPERCASE_FORM.fullmatch(upper.lower()) and upper.lower() == short.lower() else short


def short_url(base_url: str, slug: str) -> str:
    """Return the address of ``slug`` below ``base_url``, percent-encoded where it must be."""
    return f"{base_url.rstrip('/')}/{quote(slug, safe='/-_.~')}"


def to_uri(destination: str) -> str:
    """Return a kept destination in ASCII (RFC 3987 §3.1, host by IDNA 2008), as a header needs it.

    Nothing changes but in those which early versions kept as they had been typed.
    """
    parts = urlsplit(destination)
    host = parts.netloc
    if not host.isascii():
        name, _, port = host.partition(":")
        host = idna.encode(name, uts46=True).decode() + (f":{port}" if port else "")
    keep = "%!$&'()*+,;=:@/?~-._[]|"
    return urlunsplit(
        (parts.scheme, host, quote(parts.path, keep), quote(parts.query, keep), quote(parts.fragment, keep))
    )
