"""What every content type is: a strict model that knows its payload, its words and the kinds of code it fits."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from scanly.contracts.qr import CodeKind
from scanly.contracts.routing import TypedLink
from scanly.kernel.http import Line
from scanly.services.qr.words import Words

Widget = Literal[
    "url",
    "multiline",
    "password",
    "switch",
    "choice",
    "phone",
    "phone_or_short",
    "email",
    "amount",
    "digits",
    "iban",
    "country",
    "place",
    "day",
    "moment",
    "time_zone",
    "file",
]
"""How a form lets people fill in a field; without one it is a line of text."""

Level = Literal["L", "M", "Q", "H"]
"""Levels of error correction."""


class Content(BaseModel, ABC):
    """What a code holds. A subclass in a module of its own is a content type; ``content.TYPES`` lists them.

    Its fields carry hints for forms in their JSON Schema: ``x-label``, ``x-help`` and ``x-placeholder`` in each
    language, ``x-widget``, and ``x-more`` for what a form may fold away.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, str_strip_whitespace=True)

    KINDS: ClassVar[tuple[CodeKind, ...]] = (CodeKind.FIXED,)
    """Kinds of code that can hold it, the usual one first."""
    TITLE: ClassVar[Words]
    HELP: ClassVar[Words]
    DESTINATION_FIELD: ClassVar[str] = ""
    """The field to mend when an address is refused to which a dynamic code should lead."""

    IN_SYMBOL: ClassVar[tuple[str, ...]] = ()
    """Fields that stand in the symbol of a dynamic code, too, beside its address: they stay as they are printed."""

    ERROR_CORRECTION: ClassVar[Level | None] = None
    """The level that the type's standard demands, whatever a design says."""
    MOST_VERSION: ClassVar[int | None] = None
    """The largest symbol that the type's standard allows; contents which need a larger one are refused."""
    EMBLEM: ClassVar[str | None] = None
    """What the type's standard has in the middle of the symbol."""

    type: str

    @model_validator(mode="before")
    @classmethod
    def _empty_is_left_out(cls, value: Any) -> Any:  # noqa: ANN401 - whatever was sent
        if not isinstance(value, dict):
            return value
        optional = {name for name, info in cls.model_fields.items() if not info.is_required()}
        return {key: item for key, item in value.items() if item != "" or key not in optional}

    @abstractmethod
    def payload(self) -> str:
        """Return the exact text in the symbol of a fixed code, as the type's standard has it."""

    @abstractmethod
    def summary(self) -> str:
        """Return one line for people: what the code leads to or holds, without secrets."""

    def destination(self) -> str | None:
        """Return where a dynamic code leads; ``None`` when the type cannot be dynamic."""
        return None

    def symbol_at(self, short_url: str, print_url: str) -> str:  # noqa: ARG002 - most print only the address
        """Return the exact text in the symbol of a dynamic code with this address, in its usual and its print form."""
        return print_url

    def typed_links(self) -> tuple[TypedLink, ...] | None:
        """Return what a dynamic code leads to besides, for those who ask for a type; ``None`` if it never does."""
        return None

    def elements(self) -> str | None:
        """Return what follows the address in the symbol and says what it stands for, if anything does."""
        return None

    def file_ids(self) -> tuple[UUID, ...]:
        """Return the files of media that it leads to."""
        return ()

    def located(self, addresses: Mapping[UUID, str]) -> "Content":  # noqa: ARG002 - for those who have files
        """Return it knowing where each of its files is opened, without which it has no destination."""
        return self

    def shown_at(self, address: str) -> "Content":  # noqa: ARG002 - for those that visitors open here
        """Return it knowing the beginning of the address at which visitors open what a dynamic code holds."""
        return self

    def kept(self) -> dict[str, Any]:
        """Return what a dynamic code keeps of it, enough for ``led_to`` to tell whether the link still leads there."""
        return self.model_dump(mode="json", exclude_none=True)

    @classmethod
    def led_to(cls, kept: dict[str, Any], destination: str) -> "Content | None":
        """Return the content again from what was kept; ``None`` when its link leads elsewhere by now."""
        try:
            content = cls.model_validate(kept)
        except ValidationError:
            return None
        return content if content.destination() == destination else None


def needs_one_of(*names: str) -> ConfigDict:
    """Return the configuration of a content that is nothing without one of these fields, for readers of its schema."""
    return ConfigDict(json_schema_extra={"x-one-of": list(names)})


def fault(code: str, detail: str) -> PydanticCustomError:
    """Return a fault with a stable ``code`` and plain words. Braces in ``detail`` are taken literally."""
    return PydanticCustomError(code, "{detail}", {"detail": detail})


def _filled(text: str) -> str:
    if not text:
        raise fault("required", "This cannot be left empty. Fill it in.")
    return text


Filled = Annotated[Line, AfterValidator(_filled)]
"""One line that is not empty."""


def fault_at(name: str, code: str, detail: str) -> ValidationError:
    """Return a fault of the field ``name``, for rules over several fields: they have no place of their own."""
    details: InitErrorDetails = {"type": fault(code, detail), "loc": (name,), "input": None}
    return ValidationError.from_exception_data("Content", [details])


def field(
    label: Words,
    *,
    default: Any = ...,  # noqa: ANN401 - a default of any type
    help: Words | None = None,  # noqa: A002 - the word of the hint
    placeholder: Words | None = None,
    widget: Widget | None = None,
    options: dict[str, Words] | None = None,
    calling_codes: dict[str, str] | None = None,
    more: bool = False,
    kind: CodeKind | None = None,
    max_length: int | None = None,
) -> Any:  # noqa: ANN401 - as pydantic's Field
    """Return a model field with its hints for forms; ``more`` folds it away, ``options`` words each choice.

    ``kind`` is that of the codes to which the field means something, and which need it unless it is folded away.
    ``calling_codes`` are those of countries, for forms that write the beginning of a number for people.
    """
    hints: dict[str, Any] = {"x-label": label}
    for key, value in (
        ("help", help),
        ("placeholder", placeholder),
        ("widget", widget),
        ("options", options),
        ("calling-codes", calling_codes),
        ("kind", kind),
    ):
        if value is not None:
            hints[f"x-{key}"] = value
    if more:
        hints["x-more"] = True
    return Field(default, max_length=max_length, json_schema_extra=hints)
