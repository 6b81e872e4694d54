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


def etags(header: str | None) -> set[str]:
    """Return the tags of ``If-Match`` or ``If-None-Match``, weak ones as strong ones; ``*`` stands for any."""
    return {part.strip().removeprefix("W/") for part in (header or "").split(",")}


def is_known(if_none_match: str | None, tag: str) -> bool:
    """Say whether a caller has what ``tag`` stands for (RFC 9110 §13.1.2)."""
    return not etags(if_none_match).isdisjoint({tag, "*"})


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
    if etag(version) not in etags(if_match):
        raise StaleVersion("Somebody changed this after you opened it. Load it again and repeat your change.")
