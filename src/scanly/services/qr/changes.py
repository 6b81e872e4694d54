"""What a PATCH makes of a code: JSON Merge Patch over what people see, then the same rules as for a new one."""

from typing import Any

from pydantic import ValidationError

from scanly.contracts.routing import Link
from scanly.kernel.errors import FieldFault, Invalid
from scanly.kernel.http import merge_patch
from scanly.kernel.http.problems import invalid
from scanly.services.qr.models import CodeRow
from scanly.services.qr.schemas import CodeChange, content_of

_CANNOT_CHANGE = {
    "kind": "A code keeps its kind, since the printed symbol stays as it is. Make a new code for the other kind.",
    "slug": "The short address is printed in the symbol and stays. Make a new code for another address.",
    "domain": "The short address is printed in the symbol and stays. Make a new code for another address.",
}


def change_of(row: CodeRow, link: Link | None, patch: dict[str, Any]) -> CodeChange:
    """Return what the code should be after ``patch``; ``Invalid`` with every fault in it."""
    faults = [FieldFault(f"/{name}", "cannot_change", words) for name, words in _CANNOT_CHANGE.items() if name in patch]
    if faults:
        raise Invalid(faults[0].detail, errors=faults)
    content = content_of(row, link).model_dump(mode="json", exclude_none=True)
    wanted = patch.get("content")
    if isinstance(wanted, dict) and wanted.get("type", content["type"]) != content["type"]:
        content = {}  # another type has other fields, so nothing of the old content is merged into it
    current = {
        "name": row.name,
        "content": content,
        "design": row.design,
        "tags": row.tags,
        "folder_id": row.folder_id,
        "external_id": row.external_id,
    }
    try:
        return CodeChange.model_validate(_with_transparency(merge_patch(current, patch), patch))
    except ValidationError as error:
        raise invalid(error.errors()) from error


def _with_transparency(merged: Any, patch: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Keep ``null`` as the background's fill: a merge takes it out, yet there it is a value, no background at all."""
    background: Any = patch
    for name in ("design", "background"):
        background = background.get(name) if isinstance(background, dict) else None
    if isinstance(background, dict) and "fill" in background and background["fill"] is None:
        merged["design"]["background"]["fill"] = None
    return merged
