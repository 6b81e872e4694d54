"""The sample sheet of each content type becomes codes as it is."""

import httpx
import pytest

from scanly.services.qr.content import TYPES
from scanly.services.qr.many.samples import SAMPLED
from tests.services.qr.factories import Bench
from tests.services.qr.test_import import lines, progress, run, turn, upload


def test_each_type_has_one_but_files_which_are_chosen() -> None:
    assert set(TYPES) - SAMPLED == {"file"}


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "hi"])
async def test_samples_are_understood_whole_and_make_codes(
    qr: Bench, owner: httpx.AsyncClient, language: str, form: str
) -> None:
    visitor = qr.visitor()
    for content_type in sorted(SAMPLED):
        address = f"/qr-content-types/{content_type}/sheet"
        answer = await visitor.get(address, params={"language": language, "as": form})
        assert answer.status_code == 200, answer.text
        assert f'filename="codes-{content_type}.{form}"' in answer.headers["content-disposition"]
        assert form == "xlsx" or answer.text.startswith("\ufeff"), "Excel takes it for another encoding"

        sheet = await upload(owner, answer.content)
        assert (sheet["content_type"], sheet["lines"], sheet["missing"]) == (content_type, 1, [])
        assert all(column["holds"] and not column["faulty"] for column in sheet["columns"]), sheet["columns"]
        await turn(owner, sheet, "start")
        made = await run(qr, owner, sheet)
        assert progress(made) == {"made": 1}, await lines(owner, sheet)
        codes = (await owner.get("/qr-codes", params={"content_type": content_type})).json()["data"]
        assert [(code["external_id"], len(code["tags"]), bool(code["folder_id"])) for code in codes] == [
            (f"{content_type}-1", 2, True)
        ]


async def test_a_type_without_a_sample_says_which_have_one(qr: Bench) -> None:
    answer = await qr.visitor().get("/qr-content-types/file/sheet")
    assert answer.status_code == 404
    assert "upi" in answer.json()["detail"]
