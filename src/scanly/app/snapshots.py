"""The documents that other people's programs rely on, committed below ``docs/api`` so that a change is seen."""

import json
from pathlib import Path
from typing import Any

from scanly.app.asyncapi import asyncapi_document, events
from scanly.app.compatibility import incompatibilities
from scanly.app.openapi import openapi_document
from scanly.kernel.startup import StartupError

FOLDER = Path("docs/api")


def snapshots() -> dict[str, str]:
    """Return every document by its path below ``docs/api``, as text."""
    documents: dict[str, Any] = {"openapi.json": openapi_document(), "asyncapi.json": asyncapi_document()}
    for event in events():
        schema = event.model_json_schema(mode="serialization")
        documents[f"events/{event.topic}.v{event.version}.json"] = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:scanly:event:{event.topic}:v{event.version}",
            **schema,
        }
    return {
        path: json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        for path, document in documents.items()
    }


def broken_events(folder: Path, documents: dict[str, str]) -> list[str]:
    """Return what in ``documents`` would break readers of the events that were committed to ``folder``."""
    faults = []
    for committed in sorted(folder.glob("events/*.json")):
        path = committed.relative_to(folder).as_posix()
        topic, _, version = committed.stem.rpartition(".v")
        if path in documents:
            found = incompatibilities(json.loads(committed.read_text(encoding="utf-8")), json.loads(documents[path]))
            faults += [f"{topic}{fault}" for fault in found]
        elif not any(other.startswith(f"events/{topic}.v{int(version) + 1}.") for other in documents):
            faults.append(f"{topic}: the event is gone")
    return faults


def write_snapshots(root: Path = Path()) -> list[Path]:
    """Write every document and return the paths; ``StartupError``, with nothing written, for an incompatible event."""
    folder = root / FOLDER
    if not (root / "pyproject.toml").is_file():
        raise StartupError("Snapshots belong to the source tree: run this in the folder with pyproject.toml.")
    documents = snapshots()
    if faults := broken_events(folder, documents):
        raise StartupError(
            f"Events can only get fields with a default; raise version for anything else. {'; '.join(faults)}."
        )
    for old in folder.glob("events/*.json"):
        if old.relative_to(folder).as_posix() not in documents:
            old.unlink()
    for path, text in documents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return [folder / path for path in documents]
