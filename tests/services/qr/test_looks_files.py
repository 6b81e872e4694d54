"""Pictures of kept looks: they must be there, and every change of a look tells which ones it shows."""

import shutil
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from scanly.kernel.db.migrate import Schema, migrate
from scanly.kernel.ids import decode_id, encode_id, new_id
from tests.services.qr.factories import SCHEMA, Bench, running_qr
from tests.services.qr.test_logos import mine, picture
from tests.support.databases import TestServer

LOOKS = [("/qr-designs", "qr_design", "design"), ("/brand-kits", "brand_kit", "kit")]
LETTERS = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><text x="1" y="9">Chai</text></svg>'


def showing(logo: str | None = None, behind: str | None = None) -> dict[str, Any]:
    design: dict[str, Any] = {"logo": {"file_id": logo}} if logo else {}
    return {**design, "background": {"picture": {"file_id": behind}}} if behind else design


async def told(qr: Bench) -> list[dict[str, Any]]:
    return [data for topic, data in await qr.events() if topic == "qr.look_changed"]


@pytest.mark.parametrize(("path", "kind", "prefix"), LOOKS)
async def test_each_change_tells_which_files_a_look_shows(
    qr: Bench, owner: httpx.AsyncClient, path: str, kind: str, prefix: str
) -> None:
    logo, behind = (qr.media.add(mine(owner), name, picture(), "image/png") for name in ("logo", "behind"))
    saved = (await owner.post(path, json={"name": "Night", "design": showing(logo, behind)})).json()
    address = f"{path}/{saved['id']}"
    await owner.patch(address, json={"name": "Late"})
    await owner.patch(address, json={"design": showing(logo)})
    assert (await owner.delete(address)).status_code == 204
    both, one = [str(decode_id("file", each)) for each in (logo, behind)], [str(decode_id("file", logo))]
    of_this = {
        "workspace_id": str(mine(owner)),
        "look_id": str(decode_id(prefix, saved["id"])),
        "kind": kind,
    }
    assert await told(qr) == [
        {**of_this, "name": "Night", "deleted": False, "file_ids": both},
        {**of_this, "name": "Late", "deleted": False, "file_ids": both},
        {**of_this, "name": "Late", "deleted": False, "file_ids": one},
        {**of_this, "name": "Late", "deleted": True, "file_ids": []},
    ]


@pytest.mark.parametrize(("path", "kind", "prefix"), LOOKS)
async def test_a_look_with_a_picture_that_cannot_be_is_refused(
    qr: Bench, owner: httpx.AsyncClient, path: str, kind: str, prefix: str
) -> None:
    del kind, prefix
    good = qr.media.add(mine(owner), "logo", picture(), "image/png")
    bad = {
        qr.media.add(mine(owner)): "no_picture",
        qr.media.add(mine(owner), "chai.svg", LETTERS, "image/svg+xml"): "letters_in_drawing",
        qr.media.add(new_id(), "theirs", picture(), "image/png"): "file_not_found",
        encode_id("file", new_id()): "file_not_found",
    }
    saved = (await owner.post(path, json={"name": "Night", "design": showing(good)})).json()
    address = f"{path}/{saved['id']}"
    for file_id, code in bad.items():
        for design, pointer in (
            (showing(file_id), "/design/logo/file_id"),
            (showing(good, file_id), "/design/background/picture/file_id"),
        ):
            body = {"name": "Night", "design": design}
            for answer in (await owner.post(path, json=body), await owner.patch(address, json={"design": design})):
                assert answer.status_code == 422
                assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, code)]
    assert (await owner.get(path)).json()["data"] == [saved]
    assert len(await told(qr)) == 1


async def test_a_look_whose_picture_went_can_still_be_renamed(qr: Bench, owner: httpx.AsyncClient) -> None:
    logo = qr.media.add(mine(owner), "logo", picture(), "image/png")
    saved = (await owner.post("/qr-designs", json={"name": "Night", "design": showing(logo)})).json()
    qr.media.kept.clear()
    address = f"/qr-designs/{saved['id']}"
    assert (await owner.patch(address, json={"name": "Late"})).status_code == 200
    assert (await owner.patch(address, json={"design": saved["design"], "is_default": True})).status_code == 200
    assert (await owner.patch(address, json={"design": {**saved["design"], "quiet_zone": 5}})).status_code == 422


async def test_looks_from_before_are_told_once(postgres: TestServer, tmp_path: Path) -> None:
    before = Schema("qr", tmp_path)
    shutil.copytree(SCHEMA.folder / "versions", tmp_path / "versions")
    (tmp_path / "versions" / "0005_told_looks.py").unlink()
    workspace, file_id = new_id(), new_id()
    shown = showing(behind=encode_id("file", file_id))
    looks = [("designs", "Plain", {"background": {"picture": None}, "logo": None}), ("designs", "Night", shown)]
    with postgres.empty() as dsn:
        migrate(dsn, (before,))
        with psycopg.connect(dsn) as connection:
            for table, name, design in [*looks, ("brand_kits", "Us", shown)]:
                rules = ("rules, ", "'{}', ") if table == "brand_kits" else ("", "")
                connection.execute(
                    f"insert into qr.{table} (id, workspace_id, name, design, {rules[0]}is_default, version, "
                    f"created_at, updated_at) values (%s, %s, %s, %s, {rules[1]}false, 1, now(), now())".encode(),
                    (new_id(), workspace, name, psycopg.types.json.Jsonb(design)),
                )
        assert migrate(dsn, (SCHEMA,)) == ["qr:0005"]
        async with running_qr(dsn) as qr:
            assert await qr.service.looks.tell() == 2
            assert await qr.service.looks.tell() == 0
            assert [(data["kind"], data["name"], data["file_ids"]) for data in await told(qr)] == [
                ("qr_design", "Night", [str(file_id)]),
                ("brand_kit", "Us", [str(file_id)]),
            ]
