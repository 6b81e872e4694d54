"""The committed documents are those of the code, they are well-formed, and events change compatibly only."""

import json
import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest
from pydantic import BaseModel, Field

from scanly.app.asyncapi import asyncapi_document, events, producer
from scanly.app.compatibility import incompatibilities
from scanly.app.openapi import openapi_document
from scanly.app.registry import SERVICES
from scanly.app.snapshots import FOLDER, broken_events, snapshots, write_snapshots
from scanly.kernel.startup import StartupError

ROOT = Path(__file__).parents[2]
ADVICE = "run `make snapshots`, look at the difference, commit it"


@pytest.mark.parametrize("path", sorted(snapshots()))
def test_the_committed_document_is_that_of_the_code(path: str) -> None:
    committed = ROOT / FOLDER / path
    assert committed.exists(), ADVICE
    assert committed.read_text(encoding="utf-8") == snapshots()[path], ADVICE


def test_nothing_is_committed_that_the_code_does_not_know() -> None:
    known = {ROOT / FOLDER / path for path in snapshots()}
    assert set((ROOT / FOLDER).rglob("*.json")) == known, ADVICE


def test_every_event_schema_is_json_schema() -> None:
    for path, text in snapshots().items():
        if path.startswith("events/"):
            jsonschema.Draft202012Validator.check_schema(json.loads(text))


def test_every_reference_of_the_documents_leads_somewhere() -> None:
    for document in (openapi_document(), asyncapi_document()):
        for reference in references(document):
            node: Any = document
            for part in reference.removeprefix("#/").split("/"):
                node = node[part.replace("~1", "/")]
            assert node


def references(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(references, node))
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
    return own.union(*map(references, node.values()))


def test_every_endpoint_speaks_for_itself() -> None:
    for path, methods in openapi_document()["paths"].items():
        assert path.startswith("/api/v1/")
        for method, operation in methods.items():
            assert operation.get("description") or operation.get("summary"), f"{method} {path}"
            assert operation["tags"], f"{method} {path}"


def test_events_belong_to_services_and_say_whose_they_are() -> None:
    names = {manifest.name for manifest in SERVICES}
    for event in events():
        assert producer(event) in names
        assert "workspace_id" in event.model_fields
    operations = asyncapi_document()["operations"]
    assert operations["send.qr.scanned"]["tags"] == [{"name": "routing"}]
    for manifest in SERVICES:
        for subscriber in manifest.subscribers:
            name = f"receive.{subscriber.event.topic}.{subscriber.group}"
            assert operations[name]["tags"] == [{"name": manifest.name}]


class Kind(BaseModel):
    depth: int = 0


class Before(BaseModel):
    """As it was."""

    workspace_id: UUID
    name: str
    kind: Kind = Kind()
    note: str | None = None


def test_an_event_is_compatible_with_itself_and_with_more_words() -> None:
    schema = Before.model_json_schema()
    assert incompatibilities(schema, schema) == []
    words = Before.model_json_schema()
    words["description"] = "As it is."
    words["properties"]["name"]["title"] = "Another title"
    assert incompatibilities(schema, words) == []


def test_a_field_with_a_default_may_be_added() -> None:
    class Deeper(Kind):
        width: int = 1

    class After(Before):
        kind: Deeper = Deeper()
        colour: str | None = None

    assert incompatibilities(Before.model_json_schema(), After.model_json_schema()) == []


def _removed() -> type[BaseModel]:
    class After(BaseModel):
        workspace_id: UUID
        name: str
        kind: Kind = Kind()

    return After


def _required() -> type[BaseModel]:
    class After(Before):
        colour: str

    return After


def _other_type() -> type[BaseModel]:
    class After(Before):
        name: int  # type: ignore[assignment]

    return After


def _may_be_null() -> type[BaseModel]:
    class After(Before):
        name: str | None  # type: ignore[assignment]

    return After


def _no_default() -> type[BaseModel]:
    class After(Before):
        note: str | None

    return After


def _default() -> type[BaseModel]:
    class After(Before):
        name: str = "x"

    return After


def _narrower() -> type[BaseModel]:
    class After(Before):
        name: str = Field(max_length=10)

    return After


def _deep() -> type[BaseModel]:
    class Deeper(BaseModel):
        depth: float = 0

    class After(Before):
        kind: Deeper = Deeper()  # type: ignore[assignment]

    return After


@pytest.mark.parametrize(
    ("after", "where"),
    [
        (_removed(), "/properties/note: was removed"),
        (_required(), "/properties/colour: is new and has no default"),
        (_other_type(), "/properties/name/type: changed from 'string' to 'integer'"),
        (_may_be_null(), "/properties/name"),
        (_no_default(), "/properties/note: has no default any more"),
        (_default(), "/properties/name: may be missing now"),
        (_narrower(), "/properties/name: 'maxLength' was added"),
        (_deep(), "/properties/kind/properties/depth/type: changed from 'integer' to 'number'"),
    ],
)
def test_an_incompatible_change_is_caught(after: type[BaseModel], where: str) -> None:
    found = incompatibilities(Before.model_json_schema(), after.model_json_schema())
    assert any(fault.startswith(where) for fault in found), found


def test_another_set_of_values_is_caught() -> None:
    old = {"properties": {"kind": {"enum": ["a", "b"]}}}
    assert incompatibilities(old, {"properties": {"kind": {"enum": ["a", "b", "c"]}}})
    assert incompatibilities(old, {"properties": {"kind": {"enum": ["a", "c"]}}})


def test_a_schema_that_holds_itself_is_compared() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}
    schema = {"$ref": "#/$defs/Node", "$defs": {"Node": node}}
    assert incompatibilities(schema, schema) == []
    other = {"$ref": "#/$defs/Node", "$defs": {"Node": {**node, "type": "array"}}}
    assert incompatibilities(schema, other)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree with the committed documents."""
    shutil.copytree(ROOT / FOLDER, tmp_path / FOLDER)
    (tmp_path / "pyproject.toml").touch()
    return tmp_path


def test_an_incompatible_event_is_not_written(tree: Path) -> None:
    file = tree / FOLDER / "events/qr.created.v1.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    schema["properties"]["price"] = {"type": "integer"}
    file.write_text(json.dumps(schema), encoding="utf-8")
    with pytest.raises(StartupError, match="/properties/price: was removed"):
        write_snapshots(tree)
    assert "price" in file.read_text(encoding="utf-8")


def test_an_event_may_go_only_for_its_next_version(tree: Path) -> None:
    folder = tree / FOLDER
    documents = snapshots()
    newer = documents.pop("events/qr.created.v1.json")
    assert broken_events(folder, documents) == ["qr.created: the event is gone"]
    assert broken_events(folder, {**documents, "events/qr.created.v2.json": newer}) == []


def test_documents_are_written_into_a_source_tree_only(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (tree / FOLDER / "openapi.json").unlink()
    assert tree / FOLDER / "openapi.json" in write_snapshots(tree)
    assert (tree / FOLDER / "openapi.json").exists()
    with pytest.raises(StartupError, match="source tree"):
        write_snapshots(tmp_path_factory.mktemp("elsewhere"))
