"""Rules about codes that need no database: their kind, state, words to search in, and the tag of a picture."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from scanly.contracts.qr import CodeKind, ContentInvalid
from scanly.kernel.errors import FieldFault
from scanly.kernel.ids import decode_id
from scanly.kernel.search import searchable
from scanly.services.qr.content import Content
from scanly.services.qr.rendering.output import Wanted

KEEP_DELETED = timedelta(days=30)
"""For so long a deleted code can be brought back."""

MOST_FOLDERS = 500
MOST_TAGS = 20

_SAMPLE_SLUG = "NOT$YET"
"""As long as a random one; no short address can have a dollar sign, so nobody is led anywhere by a sample."""
_NAME_LENGTH = 200


class CodeStatus(StrEnum):
    """What a code does for its visitors; archived ones go on working and are only put away."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"
    ARCHIVED = "archived"
    DELETED = "deleted"
    """In the trash, from where it can be brought back for 30 days; visitors see that it ended."""


Sort = Literal["-created_at", "created_at", "-updated_at", "updated_at", "name", "-name"]
GroupBy = Literal["status", "kind", "content_type", "folder"]

_NOT_ARCHIVED = frozenset({CodeStatus.ACTIVE, CodeStatus.PAUSED, CodeStatus.ENDED})


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list shows; deleted codes only when they are asked for."""

    text: str = ""
    link_ids: tuple[UUID, ...] = ()
    """Links whose address or destination fits ``text``; routing knows them."""
    statuses: frozenset[CodeStatus] = _NOT_ARCHIVED
    kind: CodeKind | None = None
    tags: tuple[str, ...] = ()
    """A code must have all of them."""
    content_type: str | None = None
    folders: frozenset[UUID] | None = None
    """Codes in one of these folders, and with ``unfiled`` those in none; None means everywhere."""
    unfiled: bool = False
    ids: frozenset[UUID] | None = None
    deleted_after: datetime | None = None
    """Codes that were deleted earlier cannot be brought back any more."""

    def with_statuses(self, statuses: Iterable[CodeStatus]) -> "Filters":
        """Return the same filters for other states."""
        return replace(self, statuses=frozenset(statuses))


def kind_for(content: Content, wanted: CodeKind | None) -> CodeKind:
    """Return the kind of a code with ``content``: the wanted one if that is possible, else the usual one."""
    if wanted is None:
        return content.KINDS[0]
    if wanted not in content.KINDS:
        possible = " or ".join(kind.value for kind in content.KINDS)
        words = f"A code with this content is {possible}; phones need the data in the symbol itself."
        raise ContentInvalid(words, errors=[FieldFault("/kind", "kind_not_possible", words)])
    return wanted


def destination_of(content: Content) -> str:
    """Return where a dynamic code with ``content`` leads; a fault when this content leads nowhere."""
    destination = content.destination()
    if destination is None and content.DESTINATION_FIELD:
        words = "A changeable code leads to an address. Write it here, or make a fixed code."
        raise ContentInvalid(words, errors=[FieldFault(f"/content/{content.DESTINATION_FIELD}", "required", words)])
    if destination is None:
        words = "A dynamic code leads to an address; this content has none. Make a new, fixed code for it."
        raise ContentInvalid(words, errors=[FieldFault("/content/type", "kind_not_possible", words)])
    return destination


def require_same_symbol(kept: Content, wanted: Content) -> None:
    """Raise a fault when a dynamic code would need another symbol than the one that is printed."""
    if type(kept) is not type(wanted):
        if kept.IN_SYMBOL or wanted.IN_SYMBOL:
            words = "The numbers of a product stand in the symbol itself. Make a new code."
            raise ContentInvalid(words, errors=[FieldFault("/content/type", "cannot_change", words)])
        return
    words = "This is printed in the symbol and stays. Make a new code, or take back the change."
    changed = [name for name in kept.IN_SYMBOL if getattr(kept, name) != getattr(wanted, name)]
    if changed:
        raise ContentInvalid(words, errors=[FieldFault(f"/content/{name}", "cannot_change", words) for name in changed])


def stored_content(content: Content, kind: CodeKind) -> dict[str, object]:
    """Return what of ``content`` qr keeps. A dynamic code's destination is left to routing."""
    if kind is CodeKind.DYNAMIC:
        return content.kept()
    return content.model_dump(mode="json", exclude_none=True)


def sample_address(public_address: str, slug: str | None = None) -> str:
    """Return an address of the length that a code will have, to judge its look before an address is taken."""
    return f"{public_address}/{slug or _SAMPLE_SLUG}".upper()


def sample_symbol(content: Content, public_address: str, slug: str | None = None) -> str:
    """Return a text as long as that in the symbol of a dynamic code with ``content``."""
    address = sample_address(public_address, slug)
    return content.symbol_at(address.lower(), address)


def name_for(name: str | None, content: Content) -> str:
    """Return the given name, or one made of the content."""
    return name or content.summary()[:_NAME_LENGTH]


def unique_tags(tags: Iterable[str]) -> list[str]:
    """Return tags without repetitions; upper and lower case are the same tag, the first spelling stays."""
    return list({tag.casefold(): tag for tag in reversed(list(tags))}.values())[::-1]


def used_files(content: Mapping[str, Any], design: Mapping[str, Any]) -> tuple[UUID, ...]:
    """Return the files of media that a code uses: what it opens, and its pictures."""
    pictures = (design.get("logo"), (design.get("background") or {}).get("picture"))
    named = (content.get("file_id"), *((picture or {}).get("file_id") for picture in pictures))
    return tuple(dict.fromkeys(decode_id("file", file_id) for file_id in named if file_id))


def search_text(name: str, summary: str, tags: Iterable[str], external_id: str | None) -> str:
    """Return everything by which a code is found, besides the address that routing knows."""
    return searchable("\n".join((name, summary, *tags, external_id or "")))


def picture_tag(payload: str, name: str, design: Mapping[str, object], file: Wanted, file_hashes: str) -> str:
    """Return an ETag that changes exactly when the picture does."""
    parts = (payload, name, repr(sorted(design.items())), repr(file), file_hashes)
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()
