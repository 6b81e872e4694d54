"""Where a file is used: told by events, in any order and twice; a file in use is not deleted by accident."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from scanly.contracts.qr import CodeCreated, CodeDeleted, CodeKind, CodeUpdated, LookChanged, LookKind
from scanly.kernel.events import Envelope, Event
from scanly.kernel.ids import decode_id, encode_id, new_id
from tests.services.media.factories import START, Bench, add, picture


@pytest.fixture
def workspace_id(owner: httpx.AsyncClient) -> UUID:
    return decode_id("ws", owner.headers["x-test-workspace"])


async def tell(media: Bench, event: Event) -> None:
    """Deliver an event, twice as every event may be."""
    envelope: Envelope[Any] = Envelope(
        id=new_id(),
        source="/qr",
        type=f"{event.topic}.v{event.version}",
        time=START,
        workspace=None,
        key=event.key(),
        data=event,
    )
    for _ in range(2):
        await (media.service.note_look if isinstance(event, LookChanged) else media.service.note_code)(envelope)


async def uses(owner: httpx.AsyncClient, file: dict[str, Any]) -> list[tuple[str, str, str]]:
    answer = (await owner.get(f"/api/v1/files/{file['id']}")).json()
    (listed,) = [each for each in (await owner.get("/api/v1/files")).json()["data"] if each["id"] == file["id"]]
    assert listed["uses"] == answer["uses"]
    return [(use["kind"], use["id"], use["name"]) for use in answer["uses"]]


async def test_codes_tell_which_files_they_use(media: Bench, owner: httpx.AsyncClient, workspace_id: UUID) -> None:
    logo, menu = await add(owner, picture()), await add(owner, picture())
    code_id = new_id()
    common: dict[str, Any] = {"workspace_id": workspace_id, "code_id": code_id, "link_id": None}
    both = (decode_id("file", logo["id"]), decode_id("file", menu["id"]))
    await tell(media, CodeCreated(**common, kind=CodeKind.DYNAMIC, name="Table 4", file_ids=both))
    assert await uses(owner, logo) == await uses(owner, menu) == [("qr_code", encode_id("qr", code_id), "Table 4")]
    await tell(media, CodeUpdated(**common, name="Table 5", archived=False, file_ids=both[1:]))
    assert await uses(owner, logo) == []
    assert await uses(owner, menu) == [("qr_code", encode_id("qr", code_id), "Table 5")]
    await tell(media, CodeDeleted(**common))
    assert await uses(owner, menu) == []


async def test_a_file_in_use_is_deleted_only_on_purpose(
    media: Bench, owner: httpx.AsyncClient, workspace_id: UUID
) -> None:
    file = await add(owner, picture())
    for number in range(5):
        await tell(
            media,
            CodeCreated(
                workspace_id=workspace_id,
                code_id=new_id(),
                link_id=None,
                kind=CodeKind.DYNAMIC,
                name=f"Table {number}",
                file_ids=(decode_id("file", file["id"]),),
            ),
        )
    path = f"/api/v1/files/{file['id']}"
    refused = await owner.delete(path)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "file_in_use")
    assert [use["name"] for use in problem["uses"]] == [f"Table {number}" for number in range(5)]
    assert "“Table 0”, “Table 1”, “Table 2” and 2 more" in problem["detail"]
    assert (await owner.get(path)).json()["deleted_at"] is None
    assert (await owner.delete(path, params={"force": True})).status_code == 204
    assert (await owner.post(f"{path}/restore")).json()["uses"] == problem["uses"]


@pytest.mark.parametrize(("kind", "prefix"), [(LookKind.DESIGN, "design"), (LookKind.BRAND_KIT, "kit")])
async def test_kept_looks_tell_which_files_they_show(
    media: Bench, owner: httpx.AsyncClient, workspace_id: UUID, kind: LookKind, prefix: str
) -> None:
    logo, behind = await add(owner, picture()), await add(owner, picture())
    both = tuple(decode_id("file", file["id"]) for file in (logo, behind))
    look_id = new_id()
    common: dict[str, Any] = {"workspace_id": workspace_id, "look_id": look_id, "kind": kind}
    await tell(media, LookChanged(**common, name="Night", deleted=False, file_ids=both))
    assert await uses(owner, logo) == await uses(owner, behind) == [(kind, encode_id(prefix, look_id), "Night")]
    await tell(media, LookChanged(**common, name="Late", deleted=False, file_ids=both[1:]))
    assert await uses(owner, logo) == []
    assert await uses(owner, behind) == [(kind, encode_id(prefix, look_id), "Late")]

    path = f"/api/v1/files/{behind['id']}"
    problem = (await owner.delete(path)).json()
    assert (problem["status"], problem["code"]) == (409, "file_in_use")
    assert problem["uses"] == [{"kind": kind, "id": encode_id(prefix, look_id), "name": "Late"}]
    assert "new codes then lack it" in problem["detail"]
    await tell(media, LookChanged(**common, name="Late", deleted=True))
    assert await uses(owner, behind) == []
    assert (await owner.delete(path)).status_code == 204


async def test_another_workspaces_event_says_nothing_about_mine(media: Bench, owner: httpx.AsyncClient) -> None:
    file = await add(owner, picture())
    event = CodeCreated(
        workspace_id=new_id(),
        code_id=new_id(),
        link_id=None,
        kind=CodeKind.DYNAMIC,
        name="Theirs",
        file_ids=(decode_id("file", file["id"]),),
    )
    await tell(media, event)
    assert await uses(owner, file) == []
    assert (await owner.delete(f"/api/v1/files/{file['id']}")).status_code == 204
