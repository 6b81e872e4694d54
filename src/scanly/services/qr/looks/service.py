"""Use cases of kept looks."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.qr import (
    BrandKitNotFound,
    BrandRulesBroken,
    DesignNotFound,
    LookChanged,
    LookKind,
    TooManyLooks,
)
from scanly.kernel.auth import current_principal
from scanly.kernel.clock import Clock
from scanly.kernel.db import ServiceDatabase, system_scope
from scanly.kernel.events import append
from scanly.kernel.http import check_version
from scanly.kernel.http.problems import invalid
from scanly.kernel.idempotency import Once
from scanly.kernel.ids import new_id
from scanly.services.qr.design import Design
from scanly.services.qr.domain import used_files
from scanly.services.qr.looks import repository
from scanly.services.qr.looks.rules import BRAND_ROLES, brand_faults
from scanly.services.qr.looks.schemas import (
    BrandKitBody,
    BrandKitCreate,
    BrandKitRules,
    SavedDesignBody,
    SavedDesignCreate,
)
from scanly.services.qr.models import BrandKitRow, DesignRow
from scanly.services.qr.studio import Studio

MOST_LOOKS = 100
"""Saved designs, and brand kits, of a workspace: as many as a person can choose from."""

_TOLD_AT_ONCE = 500

Row = TypeVar("Row", DesignRow, BrandKitRow)
Create = TypeVar("Create", SavedDesignCreate, BrandKitCreate)


class Looks:
    """Saved designs and brand kits of a workspace, and what they mean for its codes."""

    def __init__(self, db: ServiceDatabase, clock: Clock, studio: Studio) -> None:
        self._db = db
        self._clock = clock
        self._studio = studio

    async def designs(self, workspace_id: UUID) -> list[SavedDesignBody]:
        """Return the saved designs, the default first."""
        async with self._db.begin(workspace_id) as session:
            return [SavedDesignBody.of(row) for row in await repository.every(session, workspace_id, DesignRow)]

    async def kits(self, workspace_id: UUID) -> list[BrandKitBody]:
        """Return the brand kits, the default first."""
        async with self._db.begin(workspace_id) as session:
            return [BrandKitBody.of(row) for row in await repository.every(session, workspace_id, BrandKitRow)]

    async def design(self, workspace_id: UUID, design_id: UUID) -> SavedDesignBody:
        """Return a saved design; ``DesignNotFound``."""
        async with self._db.begin(workspace_id) as session:
            return SavedDesignBody.of(await _found(session, workspace_id, DesignRow, design_id))

    async def kit(self, workspace_id: UUID, kit_id: UUID) -> BrandKitBody:
        """Return a brand kit; ``BrandKitNotFound``."""
        async with self._db.begin(workspace_id) as session:
            return BrandKitBody.of(await _found(session, workspace_id, BrandKitRow, kit_id))

    async def save_design(self, workspace_id: UUID, new: SavedDesignCreate, once: Once) -> SavedDesignBody:
        """Keep a look under a name. ``TooManyLooks`` when there are a hundred already; faults about its pictures."""
        await self._studio.require_pictures(workspace_id, new.design)
        async with self._db.begin(workspace_id) as session:
            if (answer := await once.stored(session, workspace_id)) is not None:
                return SavedDesignBody.model_validate(answer)
            body = SavedDesignBody.of(await self._add(session, workspace_id, DesignRow, new))
            await once.store(session, workspace_id, body.model_dump(mode="json"))
        return body

    async def make_kit(self, workspace_id: UUID, new: BrandKitCreate, once: Once) -> BrandKitBody:
        """Make a brand kit. ``TooManyLooks`` when there are a hundred already; faults about its pictures."""
        await self._studio.require_pictures(workspace_id, new.design)
        async with self._db.begin(workspace_id) as session:
            if (answer := await once.stored(session, workspace_id)) is not None:
                return BrandKitBody.model_validate(answer)
            body = BrandKitBody.of(await self._add(session, workspace_id, BrandKitRow, new))
            await once.store(session, workspace_id, body.model_dump(mode="json"))
        return body

    async def change_design(
        self, workspace_id: UUID, design_id: UUID, patch: Mapping[str, Any], *, if_match: str | None
    ) -> SavedDesignBody:
        """Change a saved design; codes that were made with it stay as they are. Faults about other pictures."""
        kept = await self.design(workspace_id, design_id)
        await self._require_pictures(workspace_id, kept.design, _patched(SavedDesignCreate, kept, patch).design)
        async with self._db.begin(workspace_id) as session:
            row = await _found(session, workspace_id, DesignRow, design_id, lock=True)
            check_version(if_match, row.version)
            now = SavedDesignBody.of(row)
            await self._apply(session, row, _patched(SavedDesignCreate, now, patch))
        return SavedDesignBody.of(row)

    async def change_kit(
        self, workspace_id: UUID, kit_id: UUID, patch: Mapping[str, Any], *, if_match: str | None
    ) -> BrandKitBody:
        """Change a brand kit; codes stay as they are until somebody changes their look. Faults about other pictures."""
        kept = await self.kit(workspace_id, kit_id)
        await self._require_pictures(workspace_id, kept.design, _patched(BrandKitCreate, kept, patch).design)
        async with self._db.begin(workspace_id) as session:
            row = await _found(session, workspace_id, BrandKitRow, kit_id, lock=True)
            check_version(if_match, row.version)
            now = BrandKitBody.of(row)
            await self._apply(session, row, _patched(BrandKitCreate, now, patch))
        return BrandKitBody.of(row)

    async def delete_design(self, workspace_id: UUID, design_id: UUID) -> None:
        """Forget a saved design; codes that were made with it keep their look."""
        async with self._db.begin(workspace_id) as session:
            await _delete(session, await _found(session, workspace_id, DesignRow, design_id, lock=True))

    async def delete_kit(self, workspace_id: UUID, kit_id: UUID) -> None:
        """Forget a brand kit and its rules."""
        async with self._db.begin(workspace_id) as session:
            await _delete(session, await _found(session, workspace_id, BrandKitRow, kit_id, lock=True))

    async def default_design(self, workspace_id: UUID) -> Design:
        """Return the look of new codes that name none: of the default kit, else the default saved one, else plain."""
        async with self._db.begin(workspace_id) as session:
            kit = await repository.default(session, workspace_id, BrandKitRow)
            row = kit or await repository.default(session, workspace_id, DesignRow)
        return Design.model_validate(row.design) if row else Design()

    async def require_brand(self, workspace_id: UUID, design: Design) -> None:
        """Raise ``BrandRulesBroken`` for a look that the default kit forbids; owners and admins may do as they like."""
        if current_principal().role in BRAND_ROLES:
            return
        async with self._db.begin(workspace_id) as session:
            row = await repository.default(session, workspace_id, BrandKitRow)
        if row is None:
            return
        kit = BrandKitBody.of(row)
        if faults := list(brand_faults(design, kit.design, kit.locked, kit.least_contrast)):
            raise BrandRulesBroken(" ".join(fault.detail for fault in faults), errors=faults)

    async def tell(self) -> int:
        """Tell which files those looks show of which no event told yet; return how many."""
        return await self._tell(DesignRow) + await self._tell(BrandKitRow)

    @system_scope("tells of looks of all workspaces that are older than the events about them")
    async def _tell(self, table: type[Row]) -> int:
        told = 0
        while True:
            async with self._db.system() as session:
                rows = await repository.lock_untold(session, table, _TOLD_AT_ONCE)
                for row in rows:
                    row.told = True
                    await append(session, _changed(row))
            told += len(rows)
            if len(rows) < _TOLD_AT_ONCE:
                return told

    async def _require_pictures(self, workspace_id: UUID, kept: Design, wanted: Design) -> None:
        """Raise a fault about a picture of another design than the kept one, whose files may be gone."""
        if wanted != kept:
            await self._studio.require_pictures(workspace_id, wanted)

    async def _add(self, session: AsyncSession, workspace_id: UUID, table: type[Row], new: Create) -> Row:
        if await repository.count(session, workspace_id, table) >= MOST_LOOKS:
            raise TooManyLooks(f"A workspace keeps at most {MOST_LOOKS} of these. Delete one that you do not use.")
        row = table(id=new_id(), workspace_id=workspace_id, version=0, is_default=False, created_at=self._clock.now())
        await self._apply(session, row, new)
        session.add(row)
        await session.flush()
        return row

    async def _apply(self, session: AsyncSession, row: Row, wanted: SavedDesignCreate | BrandKitCreate) -> None:
        if wanted.is_default and not row.is_default:
            await repository.no_default(session, row.workspace_id, type(row))
        row.name = wanted.name
        row.design = wanted.design.model_dump(mode="json")
        row.is_default = wanted.is_default
        row.version += 1
        row.updated_at = self._clock.now()
        if isinstance(row, BrandKitRow) and isinstance(wanted, BrandKitCreate):
            row.rules = BrandKitRules.model_validate(wanted, from_attributes=True).model_dump()
        row.told = True
        await append(session, _changed(row))


async def _delete(session: AsyncSession, row: DesignRow | BrandKitRow) -> None:
    await session.delete(row)
    await append(session, _changed(row, deleted=True))


def _changed(row: DesignRow | BrandKitRow, *, deleted: bool = False) -> LookChanged:
    """Return the event that a look is as it is now."""
    return LookChanged(
        workspace_id=row.workspace_id,
        look_id=row.id,
        kind=LookKind.DESIGN if isinstance(row, DesignRow) else LookKind.BRAND_KIT,
        name=row.name,
        deleted=deleted,
        file_ids=() if deleted else used_files({}, row.design),
    )


async def _found(
    session: AsyncSession, workspace_id: UUID, table: type[Row], look_id: UUID, *, lock: bool = False
) -> Row:
    row = await repository.one(session, workspace_id, table, look_id, lock=lock)
    if row is None:
        if table is DesignRow:
            raise DesignNotFound("There is no such saved design in this workspace. It may have been deleted.")
        raise BrandKitNotFound("There is no such brand kit in this workspace. It may have been deleted.")
    return row


def _patched(create: type[Create], now: BaseModel, patch: Mapping[str, Any]) -> Create:
    """Return what a look should be after a patch; its design is replaced as a whole, since parts belong together."""
    kept = {name: getattr(now, name) for name in create.model_fields}
    members = {name: value for name, value in {**kept, **patch}.items() if value is not None}
    try:
        return create.model_validate(members)
    except ValidationError as error:
        raise invalid(error.errors()) from error
