"""What payments share: exact amounts, IBAN (ISO 13616), creditor references (ISO 11649), two-letter countries."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Annotated, Any

from babel import Locale
from pydantic import AfterValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema
from stdnum import iban, iso11649
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from scanly.kernel.http import Line
from scanly.services.qr.content.base import fault

_NO_COUNTRIES = {"EU", "EZ", "UN", "XA", "XB", "ZZ"}
"""Codes of CLDR that stand for no single country."""


def exact_number(value: object) -> Decimal | None:
    """Return a number as it was written, in text or as a number of JSON; ``None`` when it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@dataclass(frozen=True, slots=True)
class Money:
    """Pydantic annotation: an optional exact amount in ``unit``, which is text in JSON.

    ``Annotated[Decimal | None, Money("euros", least="0.01", most="999.99", example="12.50")]``
    """

    unit: str
    least: str
    most: str
    example: str
    digits: int = 2
    """Digits after the point."""

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        return core_schema.no_info_plain_validator_function(
            self._exact,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda number: None if number is None else f"{Decimal(number):f}", when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string", "pattern": rf"^\d+(\.\d{{1,{self.digits}}})?$"}, {"type": "null"}]}

    def _exact(self, value: object) -> Decimal | None:
        if value is None or value == "":
            return None
        number = exact_number(value)
        if number is None:
            raise fault("amount_invalid", f'Write the amount in {self.unit}, such as "{self.example}".')
        least, most = Decimal(self.least), Decimal(self.most)
        if not least <= number <= most:
            words = f"The amount is between {least:,} and {most:,} {self.unit}. Leave it out to let people choose."
            raise fault("amount_invalid", words)
        if number != round(number, self.digits):
            words = f"An amount in {self.unit} has at most {self.digits} digits after the point."
            raise fault("amount_invalid", words)
        return number.quantize(Decimal(1).scaleb(-self.digits))


def short(number: Decimal) -> str:
    """Return a number without the zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _iban(text: str) -> str:
    try:
        return iban.validate(text)
    except InvalidChecksum as error:
        raise fault(
            "iban_invalid", "The check digits do not fit: a letter or digit of this IBAN is mistyped."
        ) from error
    except InvalidLength as error:
        raise fault("iban_invalid", "This IBAN is too short or too long. Compare it with the bank's papers.") from error
    except ValidationError as error:
        words = "This is no IBAN. It begins with the country, such as DE89 3704 0044 0532 0130 00."
        raise fault("iban_invalid", words) from error


def creditor_reference(text: str) -> str:
    """Return a reference of ISO 11649 without spaces, such as ``RF18539007547034``; a fault when it is none."""
    compact = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"RF[0-9]{2}[A-Z0-9]{1,21}", compact):
        words = "This is no creditor reference. It begins with RF and two digits, such as RF18 5390 0754 7034."
        raise fault("reference_invalid", words)
    try:
        return iso11649.validate(compact)
    except ValidationError as error:
        words = "The check digits do not fit: a letter or digit of this reference is mistyped."
        raise fault("reference_invalid", words) from error


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(
        code for code in map(str, Locale("en").territories) if len(code) == 2 and code not in _NO_COUNTRIES
    )


def _country(text: str) -> str:
    if text.upper() not in _countries():
        raise fault("country_invalid", "Write the country as its two letters, such as CH or IN.")
    return text.upper()


Iban = Annotated[Line, StringConstraints(max_length=50), AfterValidator(_iban)]
Country = Annotated[Line, StringConstraints(max_length=20), AfterValidator(_country)]
