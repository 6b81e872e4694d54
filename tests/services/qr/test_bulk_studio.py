"""Many codes in one design are judged once, and each is looked at."""

from collections import Counter
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pytest

from scanly.contracts.qr import ContentInvalid, DesignUnreadable
from scanly.kernel.ids import new_id
from scanly.services.qr.design import Design
from scanly.services.qr.glance import glance
from scanly.services.qr.rendering.output import ImageSize, Wanted
from scanly.services.qr.studio import Studio, Subject
from tests.services.qr.factories import PALE, AtOnce
from tests.services.qr.media_twin import MediaTwin

P = ParamSpec("P")
R = TypeVar("R")


class Counting(AtOnce):
    """Counts which work was done."""

    def __init__(self) -> None:
        super().__init__()
        self.done: Counter[str] = Counter()

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        self.done[function.__name__] += 1
        return await super().run(function, *args, **kwargs)


async def test_the_whole_judgement_is_made_once_for_each_design_and_size() -> None:
    cpu = Counting()
    studio = Studio(cpu, MediaTwin()).for_many()
    for number in range(20):
        await studio.approve(Subject(f"HTTPS://GO.EXAMPLE/AB{number:05d}", Design()))
    assert cpu.done == {"glances": 20, "judge": 1}
    await studio.approve(Subject("HTTPS://GO.EXAMPLE/" + "A" * 80, Design()))
    other = Design.model_validate({"modules": {"fill": {"color": "#102a63"}}})
    await studio.approve(Subject("HTTPS://GO.EXAMPLE/AB00001", other))
    assert cpu.done["judge"] == 3
    assert await studio.approve(Subject("HTTPS://GO.EXAMPLE/AB00001", other)) == await Studio(cpu, MediaTwin()).approve(
        Subject("HTTPS://GO.EXAMPLE/AB00001", other)
    )


async def test_what_cannot_be_read_is_refused_each_time() -> None:
    studio = Studio(AtOnce(), MediaTwin()).for_many()
    for _ in range(2):
        with pytest.raises(DesignUnreadable):
            await studio.approve(Subject("HTTPS://GO.EXAMPLE/AB00001", Design.model_validate(PALE)))
    with pytest.raises(ContentInvalid, match="too long"):
        await studio.approve(Subject("x" * 4000, Design()))


async def test_the_logo_of_many_codes_is_read_once() -> None:
    media, workspace = MediaTwin(), new_id()
    logo = media.add(workspace, "sign.svg", b'<svg viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>', "image/svg+xml")
    design = Design.model_validate({"logo": {"file_id": logo}})
    studio = Studio(AtOnce(), media).for_many()
    subjects = [Subject(f"HTTPS://GO.EXAMPLE/AB{n:05d}", design, workspace_id=workspace) for n in range(4)]
    await studio.draw_all(subjects, Wanted("svg", ImageSize(100, "px", 100, None)))
    for subject in subjects:
        await studio.approve(subject)
    assert media.asked == 1


@pytest.mark.parametrize("design", [{}, {"background": {"fill": None}}, {"quiet_zone": 0}])
def test_a_glance_reads_what_a_phone_reads(design: dict[str, object]) -> None:
    seen = glance("HTTPS://GO.EXAMPLE/AB00001", Design.model_validate(design).look())
    assert (seen.version, seen.reads) == (2, True)


def test_a_glance_sees_nothing_in_white_on_white() -> None:
    white = Design.model_validate({"modules": {"fill": {"color": "#ffffff"}}})
    assert not glance("HTTPS://GO.EXAMPLE/AB00001", white.look()).reads
