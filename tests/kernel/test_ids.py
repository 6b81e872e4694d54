from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from scanly.kernel.ids import ALPHABET, PublicId, decode_id, encode_id, id_time, new_id, new_id_at

CodeId = Annotated[UUID, PublicId("qr")]


class Thing(BaseModel):
    id: CodeId


@given(st.uuids(), st.sampled_from(["qr", "ws", "link"]))
def test_an_id_reads_back(identifier: UUID, prefix: str) -> None:
    text = encode_id(prefix, identifier)
    assert decode_id(prefix, text) == identifier
    assert len(text) == len(prefix) + 27
    assert text == text.lower()


@given(st.uuids(), st.uuids())
def test_texts_sort_as_their_ids_do(one: UUID, other: UUID) -> None:
    assert (encode_id("qr", one) < encode_id("qr", other)) == (one < other)


@given(st.text(max_size=40))
def test_any_text_is_an_id_or_a_value_error(text: str) -> None:
    try:
        identifier = decode_id("qr", text)
    except ValueError:
        return
    assert encode_id("qr", identifier) == text


@given(st.text(alphabet=ALPHABET, min_size=26, max_size=26))
def test_no_two_texts_mean_the_same_id(body: str) -> None:
    if body[0] > "7":
        with pytest.raises(ValueError, match="out of range"):
            decode_id("qr", f"qr_{body}")
    else:
        assert encode_id("qr", decode_id("qr", f"qr_{body}")) == f"qr_{body}"


# Fixed, since the names of tests must be the same in every process that runs them.
_FIXED = UUID("01980f2e-7c3a-7b1d-9c55-3f2a6d1e8b90")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "qr_",
        "qr",
        encode_id("ws", _FIXED),
        encode_id("qr", _FIXED)[:-1],
        encode_id("qr", _FIXED) + "0",
        encode_id("qr", _FIXED).upper(),
        "qr_" + "u" * 26,
        "qr_" + "z" * 26,
        "qr_" + "٣" * 26,
        str(_FIXED),
    ],
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"id"):
        decode_id("qr", text)


def test_ids_are_version_7_and_carry_their_time() -> None:
    before = datetime.now(UTC)
    identifier = new_id()
    assert (identifier.version, identifier.variant) == (7, "specified in RFC 4122")
    assert abs(id_time(identifier) - before) < timedelta(seconds=5)


def test_each_id_is_greater_than_the_one_before() -> None:
    made = [new_id() for _ in range(10_000)]
    assert made == sorted(set(made))


def test_a_clock_that_steps_back_does_not_turn_the_order() -> None:
    first = new_id()
    assert new_id_at(0) > first


def test_threads_never_make_the_same_id() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: new_id(), range(4_000)))
    assert len(set(made)) == len(made)


def test_a_field_is_read_and_written_with_its_prefix() -> None:
    identifier = new_id()
    thing = Thing.model_validate_json(f'{{"id": "{encode_id("qr", identifier)}"}}')
    assert thing.id == identifier
    assert thing.model_dump() == {"id": identifier}
    assert Thing.model_validate_json(thing.model_dump_json()) == thing


@pytest.mark.parametrize("value", [5, None, True, 1.5, [], {}, "qr_x", "ws_00000000000000000000000000"])
def test_a_field_of_another_kind_is_a_fault_not_a_crash(value: object) -> None:
    with pytest.raises(ValidationError, match="an id"):
        Thing.model_validate({"id": value})


def test_the_schema_says_what_an_id_looks_like() -> None:
    schema = TypeAdapter(CodeId).json_schema()
    assert schema["pattern"] == f"^qr_[{ALPHABET}]{{26}}$"
    assert decode_id("qr", schema["examples"][0])
