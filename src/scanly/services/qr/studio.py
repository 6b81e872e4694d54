"""Drawing and judging in other processes, with faults in the words of the API. Knows designs, not codes."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from scanly.contracts.qr import ContentInvalid, DesignUnreadable
from scanly.kernel.cpu import CpuPool
from scanly.kernel.errors import FieldFault, Invalid
from scanly.services.qr.design import Design
from scanly.services.qr.glance import glance
from scanly.services.qr.judge import Verdict, judge
from scanly.services.qr.many.drawing import draw_all
from scanly.services.qr.many.reading import Sheet, SheetRefused, read_sheet
from scanly.services.qr.rendering.output import Format, ImageSize, render
from scanly.services.qr.rendering.symbol import PayloadTooLong


class Studio:
    """What the renderer and the judge say about a payload in a design."""

    def __init__(self, cpu: CpuPool) -> None:
        self._cpu = cpu

    async def draw(
        self, payload: str, design: Design, form: Format, size: ImageSize, *, title: str = "", pointer: str = "/content"
    ) -> bytes:
        """Return the picture; ``ContentInvalid`` at ``pointer`` when the payload is too long for a symbol."""
        try:
            return await self._cpu.run(render, payload, design.look(), form, size, title)
        except PayloadTooLong as error:
            raise _too_long(error, pointer) from error

    async def draw_all(self, works: Sequence[tuple[str, Design, str]], form: Format, size: ImageSize) -> list[bytes]:
        """Return the pictures of saved codes (payload, design and title of each), drawn in one go."""
        looks = [(payload, design.look(), title) for payload, design, title in works]
        return await self._cpu.run(draw_all, looks, form, size)

    async def read_sheet(self, content: bytes) -> Sheet:
        """Return the lines of an uploaded sheet; ``Invalid`` at ``/file`` says why it cannot be read."""
        try:
            return await self._cpu.run(read_sheet, content)
        except SheetRefused as error:
            raise Invalid(error.words, errors=[FieldFault("/file", error.code, error.words)]) from error

    async def judge(self, payload: str, design: Design, *, pointer: str = "/content") -> Verdict:
        """Return how well the code can be read; ``ContentInvalid`` at ``pointer`` when the payload is too long."""
        try:
            return await self._cpu.run(judge, payload, design.look())
        except PayloadTooLong as error:
            raise _too_long(error, pointer) from error

    def for_many(self) -> "BulkStudio":
        """Return a studio for one run over many codes."""
        return BulkStudio(self._cpu)

    async def approve(self, payload: str, design: Design) -> dict[str, Any]:
        """Return the verdict as it is kept with a code; ``DesignUnreadable`` with advice when phones fail."""
        verdict = await self.judge(payload, design)
        if not verdict.is_readable:
            raise DesignUnreadable(
                " ".join(advice.detail for advice in verdict.advice),
                errors=[FieldFault("/design", advice.code, advice.detail) for advice in verdict.advice],
            )
        return {
            "grade": verdict.grade,
            "score": verdict.score,
            "advice": [asdict(advice) for advice in verdict.advice],
        }


class BulkStudio(Studio):
    """Judges whole once for each design, version and error correction, and each further code by one quick look."""

    def __init__(self, cpu: CpuPool) -> None:
        super().__init__(cpu)
        self._verdicts: dict[tuple[str, int, str], dict[str, Any]] = {}

    async def approve(self, payload: str, design: Design) -> dict[str, Any]:
        try:
            seen = await self._cpu.run(glance, payload, design.look())
        except PayloadTooLong as error:
            raise _too_long(error, "/content") from error
        key = (design.model_dump_json(), seen.version, seen.level)
        if not seen.reads:  # its own pattern may be at fault, or the whole look
            return await super().approve(payload, design)
        if key not in self._verdicts:
            self._verdicts[key] = await super().approve(payload, design)
        return self._verdicts[key]


def _too_long(error: PayloadTooLong, pointer: str) -> ContentInvalid:
    characters = "1 character" if error.excess == 1 else f"{error.excess:,} characters"
    words = f"This is {characters} too long: a code holds {error.fits:,} of it at most. Shorten it"
    words += "." if error.level == "L" else f", or choose a lower error correction than {error.level}."
    return ContentInvalid(words, errors=[FieldFault(pointer, "too_long", words)])
