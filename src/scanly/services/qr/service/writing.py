"""Making and changing codes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from scanly.contracts.qr import CodeKind, ContentInvalid, ExternalIdTaken
from scanly.contracts.routing import Claim, DestinationRefused, Link, LinkStatus, SlugInvalid
from scanly.kernel.errors import FieldFault, Invalid, StaleVersion
from scanly.kernel.events import append, append_all
from scanly.kernel.http import check_version
from scanly.kernel.idempotency import Once
from scanly.kernel.ids import encode_id, new_id
from scanly.kernel.pace import paced
from scanly.services.qr import repository
from scanly.services.qr.changes import change_of
from scanly.services.qr.content import Content
from scanly.services.qr.design import Design
from scanly.services.qr.domain import (
    destination_of,
    kind_for,
    name_for,
    require_same_symbol,
    sample_symbol,
    search_text,
    stored_content,
    unique_tags,
)
from scanly.services.qr.models import CodeRow
from scanly.services.qr.schemas import CodeBody, CodeChange, CodeCopy, CodeCreate, content_of, version_of
from scanly.services.qr.service.reading import Reading, no_such_code
from scanly.services.qr.service.saving import created, external_id_taken, require_folder, saving, updated
from scanly.services.qr.studio import Subject

_ATTEMPTS = 3
_ATTEMPTS_TO_FOLLOW = 50
"""Once visitors are led to the new place: giving up then would leave half of a change."""
_AT_ONCE = 5
"""Codes that are worked on before visitors have their turn."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A code that is being made."""

    code_id: UUID
    kind: CodeKind
    new: CodeCreate
    once: Once


class Writing(Reading):
    """Use cases that make or change codes."""

    async def create(self, workspace_id: UUID, new: CodeCreate, once: Once) -> CodeBody:
        """Judge the look, claim an address, save the code; a claim that no code confirms is given back by routing.

        Raises ``ContentInvalid``, ``DesignUnreadable``, ``ExternalIdTaken``, ``SlugTaken`` and routing's other faults.
        """
        (body,) = await self.create_all(workspace_id, [(new, once)])
        return body

    async def create_all(self, workspace_id: UUID, wanted: Sequence[tuple[CodeCreate, Once]]) -> list[CodeBody]:
        """Make some codes, all or none, each as ``create`` does."""
        looks: list[Design] = []
        drafts = []
        async for some in paced(wanted, _AT_ONCE):
            for new, once in some:
                drafts.append(await self._draft(workspace_id, new, once, looks))
        await self._require_possible(workspace_id, {draft.code_id: draft.new for draft in drafts})
        links = await self._claim(workspace_id, [draft for draft in drafts if draft.kind is CodeKind.DYNAMIC])
        await self.studio.expect([self._subject(workspace_id, draft, links.get(draft.code_id)) for draft in drafts])
        rows = []
        async for part in paced(drafts, _AT_ONCE):
            rows += [await self._new_row(workspace_id, draft, links.get(draft.code_id)) for draft in part]
        bodies = []
        async with saving(), self._db.begin(workspace_id) as session:
            answers = [await draft.once.stored(session, workspace_id) for draft in drafts]
            fresh = [row for row, answer in zip(rows, answers, strict=True) if answer is None]
            session.add_all(fresh)
            await session.flush()
            await append_all(session, [created(row) for row in fresh])
            for draft, row, answer in zip(drafts, rows, answers, strict=True):
                body = CodeBody.of(row, links.get(row.id)) if answer is None else CodeBody.model_validate(answer)
                if answer is None:
                    await draft.once.store(session, workspace_id, body.model_dump(mode="json"))
                bodies.append(body)
        return bodies

    async def _draft(self, workspace_id: UUID, new: CodeCreate, once: Once, looks: list[Design]) -> "_Draft":
        """Return a code with its look and its files; ``looks`` are those that the brand kit was asked about."""
        kind = kind_for(new.content, new.kind)
        if not any(new.design is look for look in looks) or "design" not in new.model_fields_set:
            new = await self._with_look(workspace_id, new)
            looks.append(new.design)
        code_id = once.identifier(workspace_id, "code") or new_id()
        new = new.model_copy(update={"content": await self._located(workspace_id, code_id, new.content)})
        if kind is CodeKind.FIXED:
            _needs_no_address(new)
        return _Draft(code_id, kind, new, once)

    async def _new_row(self, workspace_id: UUID, draft: "_Draft", link: Link | None) -> CodeRow:
        subject = self._subject(workspace_id, draft, link)
        row = CodeRow(
            id=draft.code_id,
            workspace_id=workspace_id,
            kind=draft.kind.value,
            payload=subject.payload,
            scannability=await self.studio.approve(subject, whatever_it_is=draft.new.allow_unreadable),
            link_id=link.id if link else None,
            link_status=LinkStatus.ACTIVE.value,
            version=1,
            created_at=self._clock.now(),
        )
        self._apply(row, _columns(draft.new, draft.kind))
        return row

    @staticmethod
    def _subject(workspace_id: UUID, draft: "_Draft", link: Link | None) -> Subject:
        content = draft.new.content
        payload = content.symbol_at(link.short_url, link.print_url) if link else content.payload()
        return Subject(payload, draft.new.design, None if link else type(content), workspace_id)

    async def change(
        self, workspace_id: UUID, code_id: UUID, patch: dict[str, Any], *, if_match: str | None
    ) -> CodeBody:
        """Apply a merge patch. ``StaleVersion`` when the caller saw another version, or others are always faster."""
        attempts, followed = _ATTEMPTS, False
        while attempts:
            attempts -= 1
            row = await self._row(workspace_id, code_id)
            link = await self._link(row)
            check_version(if_match, version_of(row, link))
            body, led = await self._make_so(row, link, change_of(row, link, patch))
            if body is not None:
                return body
            if led is not link and not followed:  # visitors are led there, so the rest follows whatever came between
                if_match, attempts, followed = None, _ATTEMPTS_TO_FOLLOW, True
        raise StaleVersion("Somebody else changes this code at the same time. Load it again and repeat your change.")

    async def rehearse(self, workspace_id: UUID, code_id: UUID, patch: dict[str, Any]) -> None:
        """Raise what ``change`` would raise about the content and the look of a code; change nothing."""
        row = await self._row(workspace_id, code_id)
        link = await self._link(row)
        await self._possible(row, link, change_of(row, link, patch))

    async def upsert(self, workspace_id: UUID, external_id: str, new: CodeCreate, once: Once) -> tuple[CodeBody, bool]:
        """Make the code with this external id, or make it be as ``new`` says; True when it was made."""
        if new.external_id not in {None, external_id}:
            raise _fault("/external_id", "This is not the id in the address. Send the same one, or leave it out.")
        new = await self._with_look(workspace_id, new)
        for _ in range(_ATTEMPTS):
            async with self._db.begin(workspace_id) as session:
                row = await repository.code_by_external_id(session, workspace_id, external_id)
            if row is None:
                try:
                    return await self.create(
                        workspace_id, new.model_copy(update={"external_id": external_id}), once
                    ), True
                except ExternalIdTaken:
                    continue
            link = await self._link(row)
            _keeps_address(row, link, new)
            wanted = CodeChange.model_validate({name: getattr(new, name) for name in CodeChange.model_fields})
            wanted = wanted.model_copy(update={"external_id": external_id})
            body, _ = await self._make_so(row, link, wanted)
            if body is not None:
                return body, False
        raise StaleVersion("Somebody else changes this code at the same time. Try again.")

    async def duplicate(self, workspace_id: UUID, code_id: UUID, copy: CodeCopy, once: Once) -> CodeBody:
        """Make a code with the same content and look; a dynamic one gets an address of its own."""
        row = await self._row(workspace_id, code_id)
        link = await self._link(row)
        new = CodeCreate(
            name=copy.name or f"{row.name[:193]} (copy)",
            kind=CodeKind(row.kind),
            content=content_of(row, link),
            design=Design.model_validate(row.design),
            tags=row.tags,
            folder_id=row.folder_id,
            allow_unreadable=row.scannability["grade"] == "F",  # who saved it so chose that
            slug=copy.slug,
            domain=copy.domain or (link.domain if link else None),
        )
        return await self.create(workspace_id, new, once)

    async def _with_look(self, workspace_id: UUID, new: CodeCreate) -> CodeCreate:
        """Return the code with the usual look of the workspace if it names none; its brand kit may forbid the look.

        A picture of the usual look whose file is gone is left out: who names no look chose none of it.
        """
        if "design" not in new.model_fields_set:
            usual = await self._with_files(workspace_id, await self.looks.default_design(workspace_id))
            return new.model_copy(update={"design": usual})
        await self.looks.require_brand(workspace_id, new.design)
        return new

    async def _approve(self, workspace_id: UUID, payload: str, wanted: CodeChange, kind: CodeKind) -> dict[str, Any]:
        content = None if kind is CodeKind.DYNAMIC else type(wanted.content)
        subject = Subject(payload, wanted.design, content, workspace_id)
        return await self.studio.approve(subject, whatever_it_is=wanted.allow_unreadable)

    async def _claim(self, workspace_id: UUID, drafts: Sequence["_Draft"]) -> dict[UUID, Link]:
        """Return the links of dynamic codes by the codes; their looks are judged before an address is taken."""
        if not drafts:
            return {}
        claims, samples = [], []
        for draft in drafts:
            new = draft.new
            claim = Claim(
                link_id=draft.once.identifier(workspace_id, "link") or new_id(),
                code_id=draft.code_id,
                destination=destination_of(new.content),
                slug=new.slug,
                domain=new.domain,
                typed_links=new.content.typed_links(),
                elements=new.content.elements(),
            )
            claims.append(claim)
            symbol = sample_symbol(new.content, self.public_address, new.slug)
            samples.append(Subject(symbol, new.design, None, workspace_id))
        await self.studio.expect(samples)
        for draft, subject in zip(drafts, samples, strict=True):
            await self.studio.approve(subject, whatever_it_is=draft.new.allow_unreadable)
        with _pointing(drafts[0].new.content):
            links = await self._routing.claim(workspace_id=workspace_id, claims=claims)
        return {draft.code_id: link for draft, link in zip(drafts, links, strict=True)}

    async def _make_so(
        self, row: CodeRow, link: Link | None, wanted: CodeChange
    ) -> tuple[CodeBody | None, Link | None]:
        """Make a code be as ``wanted``; return it, or None when somebody else changed it meanwhile, and its link now.

        The look is judged and the link led elsewhere before the row is changed: either may be refused.
        """
        wanted, payload, scannability = await self._possible(row, link, wanted)
        try:
            led = await self._lead(link, wanted)
        except StaleVersion:
            return None, link
        columns = {**_columns(wanted, CodeKind(row.kind)), "payload": payload, "scannability": scannability}
        if led is link and all(getattr(row, key) == item for key, item in columns.items()):
            return CodeBody.of(row, led), led
        return await self._save_change(row, led, columns), led

    async def _possible(
        self, row: CodeRow, link: Link | None, wanted: CodeChange
    ) -> tuple[CodeChange, str, dict[str, Any]]:
        """Return ``wanted`` with the addresses of its files, the text of the symbol and the verdict about it."""
        if link is None:
            kind_for(wanted.content, CodeKind.FIXED)
        kept = content_of(row, link)
        if link is not None:
            require_same_symbol(kept, wanted.content)
        same = wanted.content.model_dump() == kept.model_dump()  # then it may lead to what could not be chosen any more
        content = kept if same else await self._located(row.workspace_id, row.id, wanted.content)
        wanted = wanted.model_copy(update={"content": content})
        if wanted.folder_id != row.folder_id:
            await self._require_possible(row.workspace_id, {row.id: wanted})
        payload = row.payload if link else wanted.content.payload()
        scannability = row.scannability
        design = Design.model_validate(row.design)
        if wanted.design != design:
            await self.looks.require_brand(row.workspace_id, wanted.design)
        if payload != row.payload or wanted.design != design:
            scannability = await self._approve(row.workspace_id, payload, wanted, CodeKind(row.kind))
        return wanted, payload, scannability

    async def _located(self, workspace_id: UUID, code_id: UUID, content: Content) -> Content:
        """Return ``content`` knowing where visitors open it and its files.

        A fault when the workspace does not have one of the files.
        """
        content = content.shown_at(f"{self.public_address}/e/{encode_id('qr', code_id)}")
        wanted = content.file_ids()
        if not wanted:
            return content
        files = await self._media.files(workspace_id=workspace_id, file_ids=wanted)
        if len(files) < len(set(wanted)):
            words = "There is no such file in this workspace. Upload it, or choose another one."
            raise ContentInvalid(words, errors=[FieldFault("/content/file_id", "file_not_found", words)])
        return content.located({file.id: file.url for file in files})

    async def _lead(self, link: Link | None, wanted: CodeChange) -> Link | None:
        """Point the link of a dynamic code where ``wanted`` leads; ``StaleVersion`` when somebody was faster."""
        if link is None:
            return link
        destination, typed_links = destination_of(wanted.content), wanted.content.typed_links()
        if (destination, typed_links) == (link.destination, link.typed_links):
            return link
        with _pointing(wanted.content):
            return await self._routing.change_destination(
                workspace_id=link.workspace_id,
                link_id=link.id,
                destination=destination,
                typed_links=typed_links,
                if_version=link.version,
            )

    async def _save_change(self, row: CodeRow, link: Link | None, columns: dict[str, Any]) -> CodeBody | None:
        async with saving(), self._db.begin(row.workspace_id) as session:
            locked = await repository.code(session, row.workspace_id, row.id, lock=True)
            if locked is None or locked.deleted_at is not None:
                raise no_such_code()
            if locked.version != row.version:
                return None
            self._apply(locked, columns)
            locked.version += 1
            await session.flush()
            await append(session, updated(locked))
        return CodeBody.of(locked, link)

    async def _require_possible(self, workspace_id: UUID, wanted: Mapping[UUID, CodeChange]) -> None:
        """Raise ``ExternalIdTaken``, or a fault about a folder, before addresses are claimed for nothing."""
        external_ids = {code.external_id: code_id for code_id, code in wanted.items() if code.external_id is not None}
        folders = {code.folder_id for code in wanted.values() if code.folder_id is not None}
        if not external_ids and not folders:
            return
        async with self._db.begin(workspace_id) as session:
            known = await repository.code_ids_by_external_id(session, workspace_id, list(external_ids))
            if any(external_ids[external_id] != code_id for external_id, code_id in known.items()):
                raise external_id_taken()
            for folder_id in folders:
                await require_folder(session, workspace_id, folder_id)

    def _apply(self, row: CodeRow, columns: dict[str, Any]) -> None:
        for key, value in columns.items():
            setattr(row, key, value)
        row.updated_at = self._clock.now()


def _columns(wanted: CodeChange, kind: CodeKind) -> dict[str, Any]:
    """Return what a row holds of what people can change."""
    name = name_for(wanted.name, wanted.content)
    tags = unique_tags(wanted.tags)
    summary = "" if kind is CodeKind.DYNAMIC else wanted.content.summary()
    return {
        "name": name,
        "content": stored_content(wanted.content, kind),
        "design": wanted.design.model_dump(mode="json"),
        "tags": tags,
        "folder_id": wanted.folder_id,
        "external_id": wanted.external_id,
        "search": search_text(name, summary, tags, wanted.external_id),
    }


@contextmanager
def _pointing(content: Content) -> Iterator[None]:
    """Say where in a code's body the fault is that routing found in an address."""
    try:
        yield
    except (DestinationRefused, SlugInvalid) as error:
        pointer = "/slug" if isinstance(error, SlugInvalid) else f"/content/{content.DESTINATION_FIELD}"
        codes = [fault.code for fault in error.errors] or [error.code]
        raise type(error)(error.detail, errors=[FieldFault(pointer, code, error.detail) for code in codes]) from error


def _needs_no_address(new: CodeCreate) -> None:
    for name in ("slug", "domain"):
        if getattr(new, name) is not None:
            raise _fault(f"/{name}", "A fixed code holds its content itself and has no short address. Leave this out.")


def _keeps_address(row: CodeRow, link: Link | None, new: CodeCreate) -> None:
    if new.kind not in {None, CodeKind(row.kind)}:
        raise _fault("/kind", "A code keeps its kind. Make a new code for the other kind.")
    if new.slug is not None and (link is None or new.slug.casefold() != link.slug.casefold()):
        raise _fault("/slug", "The short address is printed in the symbol and stays. Leave this out.")
    if new.domain is not None and (link is None or new.domain.casefold() != link.domain.casefold()):
        raise _fault("/domain", "The short address is printed in the symbol and stays. Leave this out.")


def _fault(pointer: str, words: str) -> Invalid:
    return Invalid(words, errors=[FieldFault(pointer, "cannot_change", words)])
