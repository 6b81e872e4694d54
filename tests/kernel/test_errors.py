import json
from collections.abc import Iterator
from typing import Any

import pytest

from scanly.contracts.routing import SlugTaken
from scanly.kernel.errors import Conflict, FieldFault, Internal, Invalid, NotFound, ScanlyError, Unavailable


def _tree(root: type[ScanlyError] = ScanlyError) -> Iterator[type[ScanlyError]]:
    for cls in root.__subclasses__():
        yield cls
        yield from _tree(cls)


def _over_the_wire(error: ScanlyError) -> ScanlyError:
    return ScanlyError.from_problem(json.loads(json.dumps(error.problem("req_1"))), error.retry_after)


@pytest.mark.parametrize("cls", [ScanlyError, *ScanlyError.__subclasses__()])
def test_every_class_has_a_status_a_code_and_a_title(cls: type[ScanlyError]) -> None:
    assert 400 <= cls.status <= 599
    assert cls.code.isidentifier()
    assert cls.title


@pytest.mark.parametrize("cls", list(_tree()))
def test_every_error_with_a_code_of_its_own_comes_back_as_its_class(cls: type[ScanlyError]) -> None:
    back = _over_the_wire(cls("why"))
    assert isinstance(back, cls) if "code" in vars(cls) else issubclass(cls, type(back))
    assert back.status == cls.status


def test_a_problem_carries_everything_there_and_back() -> None:
    faults = [FieldFault("/content/url", "required", "This is required."), FieldFault("?limit", "int", "A number.")]
    error = Invalid("Two fields need another look.", errors=faults, retry_after=3, extra={"suggestion": "menu-2"})
    document = error.problem("req_1")
    assert document == {
        "type": "urn:scanly:problem:invalid",
        "title": "Some of this needs another look",
        "status": 422,
        "code": "invalid",
        "detail": "Two fields need another look.",
        "request_id": "req_1",
        "errors": [
            {"pointer": "/content/url", "code": "required", "detail": "This is required."},
            {"pointer": "?limit", "code": "int", "detail": "A number."},
        ],
        "suggestion": "menu-2",
    }
    back = _over_the_wire(error)
    assert type(back) is Invalid
    assert (back.detail, back.errors, back.retry_after, back.extra) == (
        error.detail,
        error.errors,
        3,
        {"suggestion": "menu-2"},
    )


def test_a_services_own_error_is_raised_again_as_itself() -> None:
    with pytest.raises(SlugTaken):
        raise _over_the_wire(SlugTaken("menu is taken"))


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"code": "made_by_newer_code", "status": 404, "detail": "gone"}, NotFound),
        ({"code": "made_by_newer_code", "status": 409, "detail": "no"}, Conflict),
        ({"code": "made_by_newer_code", "status": 503, "detail": "no"}, Unavailable),
        ({"code": "made_by_newer_code", "status": 418, "detail": "no"}, Internal),
        ({}, Internal),
    ],
)
def test_a_code_that_is_unknown_here_keeps_its_status(document: dict[str, Any], expected: type[ScanlyError]) -> None:
    assert type(ScanlyError.from_problem(document)) is expected


def test_a_code_with_another_status_is_refused_when_the_class_is_made() -> None:
    with pytest.raises(TypeError, match="'gone' already belongs to Gone"):
        type("GoneForNow", (Conflict,), {"code": "gone"})
