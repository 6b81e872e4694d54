"""Plain words for what pydantic finds wrong: what to write in its place, in no words of Python."""

import contextlib
from collections.abc import Mapping
from typing import Final, get_args

from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

_OBJECT = "an object in braces, such as {}"
_LIST = "a list in brackets, such as []"
_DAY = "a date such as 2026-11-22"
_MOMENT = "a time with its zone, such as 2026-11-22T18:00:00Z"
_HOUR = "a time of day such as 18:00:00"
_SPAN = "a length of time such as PT15M"
_ID = "an id as the API gave it out"
_ADDRESS = "a web address such as https://example.com"

_WANTED: Final[Mapping[str, str]] = {
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "frozen_dict_type": _OBJECT,
    "ordered_dict_type": _OBJECT,
    "counter_type": _OBJECT,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "deque_type": _LIST,
    "iterable_type": _LIST,
    "named_tuple_type": _LIST,
    "string_type": "a text in quotes",
    "bytes_type": "a text in quotes",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a smaller number",
    "float_type": "a number",
    "float_parsing": "a number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "fraction_type": "a number",
    "fraction_parsing": "a number",
    "complex_type": "a number",
    "complex_str_parsing": "a number",
    "finite_number": "a number that is not endless",
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "date_past": "a date that is over",
    "date_future": "a date that is still to come",
    "time_type": _HOUR,
    "time_parsing": _HOUR,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "timezone_aware": _MOMENT,
    "datetime_past": "a time that is over",
    "datetime_future": "a time that is still to come",
    "timezone_naive": "a time without a zone, such as 2026-11-22T18:00:00",
    "time_delta_type": _SPAN,
    "time_delta_parsing": _SPAN,
    "uuid_type": _ID,
    "uuid_parsing": _ID,
    "uuid_version": _ID,
    "url_type": _ADDRESS,
    "url_parsing": _ADDRESS,
    "url_syntax_violation": _ADDRESS,
}
"""What belongs in the place of what was sent."""

_SENTENCES: Final[Mapping[str, str]] = {
    "missing": "This is required.",
    "missing_argument": "This is required.",
    "missing_keyword_only_argument": "This is required.",
    "missing_positional_only_argument": "This is required.",
    "extra_forbidden": "There is no such field. Check its name.",
    "unexpected_keyword_argument": "There is no such field. Check its name.",
    "unexpected_positional_argument": "There is no such field. Check its name.",
    "frozen_field": "This cannot be changed. Leave it out.",
    "frozen_instance": "This cannot be changed. Leave it out.",
    "none_required": "This has to stay empty for now. Leave it out.",
    "json_invalid": "This cannot be read as JSON. Check quotes, commas and brackets.",
    "json_type": "This cannot be read as JSON. Check quotes, commas and brackets.",
    "recursion_loop": "This is nested too deeply. Send plain members.",
    "recursion_depth_exceeded": "This is nested too deeply. Send plain members.",
    "invalid_key": "The name of a field is a text in quotes.",
    "greater_than": "Choose a number above {gt}.",
    "greater_than_equal": "Choose {ge} or more.",
    "less_than": "Choose a number below {lt}.",
    "less_than_equal": "Choose {le} or less.",
    "multiple_of": "Choose a multiple of {multiple_of}.",
    "string_unicode": "Half of a character is in this text. Copy it again.",
    "bytes_invalid_encoding": "Half of a character is in this text. Copy it again.",
    "string_pattern_mismatch": "A character that cannot be here is in this, or its form is not the right one.",
    "string_not_ascii": "Use plain letters, digits and signs only.",
    "enum": "Choose one of these: {expected}.",
    "literal_error": "Choose one of these: {expected}.",
    "timezone_offset": "Write the time in the zone that is asked for.",
    "union_tag_invalid": "{tag} is not known here. Choose one of these: {expected_tags}.",
    "union_tag_not_found": "Say which kind this is, in {discriminator}.",
    "url_scheme": "Write an address that begins with one of these: {expected_schemes}.",
    "url_too_long": "Keep this to {max_length} characters.",
    "bytes_too_short": "Write at least {min_length} bytes.",
    "bytes_too_long": "Keep this to {max_length} bytes.",
    "decimal_max_digits": "Write at most {max_digits} digits.",
    "decimal_max_places": "Write at most {decimal_places} digits behind the point.",
    "decimal_whole_digits": "Write at most {whole_digits} digits before the point.",
}

_OWN = frozenset({"value_error", "assertion_error"})
_KNOWN = frozenset(get_args(ErrorType)) - _OWN
_ELSE = "This does not have the form it needs. See /api/docs."


def plain_words(fault: ErrorDetails) -> str:
    """Return a sentence that says how to mend one fault; faults that our own code raised speak for themselves."""
    kind, context, sent = fault["type"], fault.get("ctx", {}), fault.get("input")
    if kind in ("too_long", "too_short", "string_too_long", "string_too_short"):
        return _words_on_length(sent, **context)
    if kind in _WANTED:
        return f"Write {_WANTED[kind]}{'; null has no meaning here' if sent is None else ''}."
    if kind in _SENTENCES:
        with contextlib.suppress(KeyError):  # a fault of our own may bear the same name
            # Lists of choices come quoted as Python quotes them.
            return _SENTENCES[kind].format(**{name: str(value).replace("'", "") for name, value in context.items()})
    elif kind in _KNOWN:
        return _ELSE
    message = fault["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "!", "?")) else ".")


def _words_on_length(
    sent: object, *, max_length: int = 0, min_length: int = 0, actual_length: int | None = None, **_rest: object
) -> str:
    is_text = isinstance(sent, str)
    number = len(sent) if actual_length is None and isinstance(sent, str) else actual_length
    least_or_most = min_length or max_length
    things = ("character" if is_text else "entry") if least_or_most == 1 else ("characters" if is_text else "entries")
    if min_length:
        return f"{'Write' if is_text else 'Give'} at least {min_length} {things}."
    return f"Keep this to {max_length} {things}" + (f"; it has {number}." if number else ".")
