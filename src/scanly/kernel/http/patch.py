"""PATCH as JSON Merge Patch (RFC 7396), and versions for two people who edit the same thing (RFC 9110 §13)."""

from typing import Any, Protocol, TypeVar

from starlette.responses import Response

from scanly.kernel.errors import BadRequest, StaleVersion


def merge_patch(target: Any, patch: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return ``target`` changed by ``patch``: null removes a member, objects are merged, all else replaces.

    ``BadRequest`` for a patch that is nested so deeply that nothing of ours can be meant.
    """
    try:
        return _merged(target, patch)
    except RecursionError as error:
        raise BadRequest("The body is nested too deeply. Send plain members.") from error


def _merged(target: Any, patch: Any) -> Any:  # noqa: ANN401
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merged(merged.get(key), value)
    return merged


def etag(version: int) -> str:
    """Return the ETag of a version."""
    return f'"{version}"'


class Versioned(Protocol):
    """What is told apart by a number that grows with each change."""

    @property
    def version(self) -> int:
        """The present number."""


V = TypeVar("V", bound=Versioned)


def tagged(response: Response, body: V) -> V:
    """Return ``body``, having written its version into the answer as its ETag."""
    response.headers["etag"] = etag(body.version)
    return body


def check_version(if_match: str | None, version: int) -> None:
    """Raise ``StaleVersion`` (409) when the caller saw another version than the present one."""
    if if_match is None or if_match.strip() == "*":
        return
    seen = {part.strip().removeprefix("W/") for part in if_match.split(",")}
    if etag(version) not in seen:
        raise StaleVersion("Somebody changed this after you opened it. Load it again and repeat your change.")
