"""Drawing and judging in other processes, with faults in the words of the API. Knows designs, not saved codes."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, ParamSpec, TypeVar
from uuid import UUID

from scanly.contracts.media import FileBytes, FileNotFound, Media
from scanly.contracts.qr import ContentInvalid, DesignUnreadable
from scanly.kernel.cpu import CpuPool
from scanly.kernel.errors import FieldFault, Invalid
from scanly.services.qr.content import Content
from scanly.services.qr.content.base import Level
from scanly.services.qr.design import Design
from scanly.services.qr.design.model import BackgroundPicture, Logo
from scanly.services.qr.glance import Glance, glances
from scanly.services.qr.judging import Repaired, Verdict, judge, repair
from scanly.services.qr.rendering.output import Wanted, render, render_all
from scanly.services.qr.rendering.pictures import LogoFile
from scanly.services.qr.rendering.scene import Look
from scanly.services.qr.rendering.symbol import PayloadTooLong
from scanly.services.qr.sheets import Sheet, SheetRefused, read_sheet

P = ParamSpec("P")
R = TypeVar("R")

_PICTURE_PIXELS: Final = 1_024
"""Width from which a picture is made smaller before it is drawn."""
_GLANCES: Final = 10
"""Codes that are looked at in one go, which takes some 30 ms."""
_MOST_PICTURES: Final = 20
"""Logos that one run over many codes keeps in memory."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be drawn: a payload in a design, by the rules of the standard of ``content``."""

    payload: str
    design: Design
    content: type[Content] | None = None
    """Left out for an address, and for text of which nobody knows what it is."""
    workspace_id: UUID | None = None
    """Whose pictures it has; None when nobody is signed in."""
    title: str = field(default="", kw_only=True)
    address: str = field(default="", kw_only=True)
    """What the file says about itself; the address only where it is no secret."""
    pointer: str = field(default="/content", kw_only=True)
    """Where the payload comes from, for faults."""


class Studio:
    """What the renderer and the judge say about a payload in a design."""

    def __init__(self, cpu: CpuPool, media: Media) -> None:
        self._cpu = cpu
        self._media = media

    async def draw(self, subject: Subject, file: Wanted, *, must_have: bool = False) -> bytes:
        """Return the picture; ``ContentInvalid`` when the payload is too long for a symbol.

        A picture of the design whose file is gone is left out, or with ``must_have`` a fault.
        """
        look = await self._look(subject, must_have=must_have)
        return await self._run(subject, render, subject.payload, look, file, subject.title, subject.address)

    async def draw_all(self, subjects: Sequence[Subject], file: Wanted) -> list[bytes]:
        """Return the pictures of saved codes, drawn in one go."""
        works = [(subject.payload, await self._look(subject), subject.title, subject.address) for subject in subjects]
        return await self._cpu.run(render_all, works, file)

    async def read_sheet(self, content: bytes) -> Sheet:
        """Return the lines of an uploaded sheet; ``Invalid`` at ``/file`` says why it cannot be read."""
        try:
            return await self._cpu.run(read_sheet, content)
        except SheetRefused as error:
            raise Invalid(error.words, errors=[FieldFault("/file", error.code, error.words)]) from error

    async def judge(self, subject: Subject, size_mm: float | None = None) -> Verdict:
        """Return how well the code can be read; ``ContentInvalid`` when the payload is too long.

        ``size_mm`` is the side of the printed symbol.
        """
        look = await self._look(subject, must_have=True)
        verdict = await self._run(subject, judge, subject.payload, look, size_mm)
        _fits(subject, int(str(verdict.measures["version"])))
        return verdict

    async def repair(self, subject: Subject) -> Repaired:
        """Return the least change of the design that makes it pass, or the best that can be made of it."""
        usual = replace(await self._look(subject, must_have=True), error_correction=_demanded(subject) or "auto")
        return await self._run(subject, repair, subject.payload, subject.design.model_dump(mode="json"), usual)

    async def require_pictures(self, workspace_id: UUID, design: Design) -> None:
        """Raise a fault at the first picture of a design that cannot be drawn, or whose file is gone."""
        await self._look(Subject("", design, None, workspace_id), must_have=True)

    async def expect(self, subjects: Sequence[Subject]) -> None:
        """Get ready to approve many codes."""

    def for_many(self) -> "BulkStudio":
        """Return a studio for one run over many codes."""
        return BulkStudio(self._cpu, self._media)

    async def approve(self, subject: Subject, *, whatever_it_is: bool = False) -> dict[str, Any]:
        """Return the verdict as it is kept with a code.

        ``DesignUnreadable`` with advice when phones fail, unless it is wanted ``whatever_it_is``.
        """
        verdict = await self.judge(subject)
        if not verdict.is_readable and not whatever_it_is:
            raise DesignUnreadable(
                " ".join(advice.detail for advice in verdict.advice),
                errors=[FieldFault("/design", advice.code, advice.detail) for advice in verdict.advice],
            )
        return {
            "grade": verdict.grade,
            "score": verdict.score,
            "advice": [asdict(advice) for advice in verdict.advice],
        }

    async def _look(self, subject: Subject, *, must_have: bool = False) -> Look:
        """Return the look; a picture that is gone is left out of a code that was saved with it."""
        logo, picture = subject.design.logo, subject.design.background.picture
        look = subject.design.look(
            await self._file(subject, logo, "/design/logo/file_id", must_have=must_have),
            await self._file(subject, picture, "/design/background/picture/file_id", must_have=must_have),
        )
        if subject.content is None:
            return look
        level = _demanded(subject) or look.error_correction
        return replace(look, error_correction=level, emblem=subject.content.EMBLEM)

    async def _file(
        self, subject: Subject, part: Logo | BackgroundPicture | None, pointer: str, *, must_have: bool
    ) -> LogoFile | None:
        if part is None:
            return None
        if subject.workspace_id is None:
            raise _file_fault(pointer, "sign_in_for_files", "Sign in to use a picture: it is one of your files.")
        try:
            found = await self._picture(subject.workspace_id, part.file_id)
        except FileNotFound as error:
            if must_have:
                words = "There is no such file in this workspace. Upload it again."
                raise _file_fault(pointer, "file_not_found", words) from error
            return None
        if not found.media_type.startswith("image/"):
            words = "This is no picture. Choose a file that is one: PNG, JPEG, WebP or SVG."
            raise _file_fault(pointer, "no_picture", words)
        picture = LogoFile(found.media_type, found.data)
        if must_have and picture.has_letters:
            words = "Letters in this drawing would look different on every device. Turn them into paths and upload it."
            raise _file_fault(pointer, "letters_in_drawing", words)
        return picture

    async def _picture(self, workspace_id: UUID, file_id: UUID) -> FileBytes:
        return await self._media.read(workspace_id=workspace_id, file_id=file_id, width=_PICTURE_PIXELS)

    async def _run(self, subject: Subject, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await self._cpu.run(function, *args, **kwargs)
        except PayloadTooLong as error:
            raise _too_long(error, subject.pointer) from error


class BulkStudio(Studio):
    """Judges whole once for each design, version and error correction, and each further code by one quick look.

    Reads the pictures of many codes once.
    """

    def __init__(self, cpu: CpuPool, media: Media) -> None:
        super().__init__(cpu, media)
        self._verdicts: dict[tuple[str, int, str], dict[str, Any]] = {}
        self._glances: dict[tuple[str, Look], Glance] = {}
        self._pictures: dict[tuple[UUID, UUID], FileBytes] = {}

    async def expect(self, subjects: Sequence[Subject]) -> None:
        """Glance at many codes, some at a time so that who waits for a picture gets it soon."""
        works = {(subject.payload, await self._look(subject, must_have=True)): subject for subject in subjects}
        self._glances.clear()
        for start in range(0, len(works), _GLANCES):
            some = list(works)[start : start + _GLANCES]
            self._glances |= zip(some, await self._run(works[some[0]], glances, some), strict=True)

    async def approve(self, subject: Subject, *, whatever_it_is: bool = False) -> dict[str, Any]:
        work = (subject.payload, await self._look(subject, must_have=True))
        seen = self._glances.get(work) or (await self._run(subject, glances, [work]))[0]
        _fits(subject, seen.version)
        key = (subject.design.model_dump_json(), seen.version, seen.level)
        if not seen.reads:  # its own pattern may be at fault, or the whole look
            return await super().approve(subject, whatever_it_is=whatever_it_is)
        if key not in self._verdicts:
            self._verdicts[key] = await super().approve(subject, whatever_it_is=whatever_it_is)
        return self._verdicts[key]

    async def _picture(self, workspace_id: UUID, file_id: UUID) -> FileBytes:
        key = (workspace_id, file_id)
        if key not in self._pictures:
            if len(self._pictures) == _MOST_PICTURES:
                self._pictures.clear()
            self._pictures[key] = await super()._picture(workspace_id, file_id)
        return self._pictures[key]


def _demanded(subject: Subject) -> Level | None:
    return subject.content.ERROR_CORRECTION if subject.content else None


def _file_fault(pointer: str, code: str, words: str) -> Invalid:
    return Invalid(words, errors=[FieldFault(pointer, code, words)])


def _fits(subject: Subject, version: int) -> None:
    most = subject.content.MOST_VERSION if subject.content else None
    if most is not None and version > most:
        words = "This is too long for its standard, which allows a smaller code. Shorten the texts."
        raise ContentInvalid(words, errors=[FieldFault(subject.pointer, "too_long", words)])


def _too_long(error: PayloadTooLong, pointer: str) -> ContentInvalid:
    characters = "1 character" if error.excess == 1 else f"{error.excess:,} characters"
    words = f"This is {characters} too long: a code holds {error.fits:,} of it at most. Shorten it"
    words += "." if error.level == "L" else f", or choose a lower error correction than {error.level}."
    return ContentInvalid(words, errors=[FieldFault(pointer, "too_long", words)])
