"""Words for what pydantic finds wrong."""

import re
from typing import Any, Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError
from pydantic_core._pydantic_core import list_all_errors
from pydantic_core.core_schema import ErrorType

from scanly.kernel.faults import plain_words

JARGON = re.compile(r"\b(input|string|dict|dictionary|instance|attribute|valid\w*|parse\w*|str|int|float|None|tuple)\b")
KNOWN = {info["type"]: info.get("example_context") or {} for info in list_all_errors()}


class Part(BaseModel):
    fill: str = "white"


class Everything(BaseModel):
    part: Part = Part()
    parts: list[Part] = Field([], max_length=2)
    name: str = Field("", min_length=2, max_length=5)
    size: int = Field(1, ge=1, le=9)
    share: float = 0.5
    kind: Literal["auto", "L"] = "auto"
    on: bool = True
    at: AwareDatetime | None = None


def fault_of(kind: str, sent: object = None) -> ErrorDetails:
    if KNOWN[kind].get("error", "") is None:
        KNOWN[kind]["error"] = ValueError("choose another")
    details: InitErrorDetails = {"type": kind, "ctx": KNOWN[kind], "input": sent}
    (fault,) = ValidationError.from_exception_data("Test", [details]).errors()
    return fault


@pytest.mark.parametrize("kind", get_args(ErrorType))
@pytest.mark.parametrize("sent", [None, "text", 7, []])
def test_every_fault_has_words_for_people(kind: str, sent: object) -> None:
    words = plain_words(fault_of(kind, sent))
    assert re.fullmatch(r"[A-Z ].*\.", words), words
    assert JARGON.search(words) is None, words


@pytest.mark.parametrize(
    ("field", "sent", "words"),
    [
        ("part", None, "Write an object in braces, such as {}; null has no meaning here."),
        ("part", 5, "Write an object in braces, such as {}."),
        ("parts", {}, "Write a list in brackets, such as []."),
        ("parts", [{}] * 3, "Keep this to 2 entries; it has 3."),
        ("name", "abcdef", "Keep this to 5 characters; it has 6."),
        ("name", "a", "Write at least 2 characters."),
        ("size", "x", "Write a whole number."),
        ("size", 1.5, "Write a whole number."),
        ("size", 0, "Choose 1 or more."),
        ("size", 10, "Choose 9 or less."),
        ("share", "x", "Write a number."),
        ("kind", "Q", "Choose one of these: auto or L."),
        ("on", "maybe", "Write true or false."),
        ("at", "2026-11-22T18:00:00", "Write a time with its zone, such as 2026-11-22T18:00:00Z."),
        ("at", "tomorrow", "Write a time with its zone, such as 2026-11-22T18:00:00Z."),
    ],
)
def test_words_say_what_to_write(field: str, sent: object, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Everything.model_validate({field: sent})
    assert [plain_words(fault) for fault in caught.value.errors()] == [words]


def test_our_own_faults_speak_for_themselves() -> None:
    details: list[InitErrorDetails] = [{"type": PydanticCustomError("ours", "pick {n}", {"n": 2}), "input": 1}]
    (fault,) = ValidationError.from_exception_data("Part", details).errors()
    assert plain_words(fault) == "Pick 2."


@pytest.mark.slow
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)
    )
)
def test_whatever_is_sent_there_are_words(sent: Any) -> None:
    try:
        Everything.model_validate(dict.fromkeys(Everything.model_fields, sent))
    except ValidationError as error:
        for fault in error.errors():
            assert plain_words(fault).endswith(".")
