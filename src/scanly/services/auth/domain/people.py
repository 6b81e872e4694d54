"""What people type about themselves: e-mail address, name, language, time zone."""

import unicodedata
from functools import cache
from typing import Final
from zoneinfo import available_timezones

import email_validator
from babel import Locale, UnknownLocaleError
from email_validator import EmailNotValidError, validate_email

NAME_LENGTH: Final = 120
LANGUAGES: Final = ("en", "hi")
"""Languages in which we write mail; the first is for everybody else."""

# The library refuses all names of RFC 6761; an installation in a company's own network may well be on .local or .test.
email_validator.SPECIAL_USE_DOMAIN_NAMES[:] = ["arpa", "invalid", "onion"]

# Marks and joiners that change how neighbouring text is shown; in a name they only serve to deceive.
# ZWJ and ZWNJ stay allowed: Hindi and other scripts need them.
_DIRECTION_CONTROLS: Final = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


def parse_email(text: str) -> str:
    """Return the address in its normal form; ``ValueError`` says in plain words what is wrong.

    No look-up: a mail server that sleeps must not stop a sign-up, confirmation shows whether mail arrives.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, globally_deliverable=False, strict=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    if found.domain.rpartition(".")[2].isdigit():
        raise ValueError("Write the name of the mail server after the @, not its number.")
    if "." not in found.domain:
        raise ValueError("The part after the @ needs a dot, such as example.org.")
    return found.normalized


def email_key(email: str) -> str:
    """Return what makes two addresses the same account: no mailbox in practice tells capitals apart."""
    return unicodedata.normalize("NFKC", email).casefold()


def parse_name(text: str) -> str:
    """Return a name of a person or workspace on one line, in any script; ``ValueError`` if it can't be one."""
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not name:
        raise ValueError("A name needs at least one letter.")
    if len(name) > NAME_LENGTH:
        raise ValueError(f"A name has at most {NAME_LENGTH} characters.")
    if any(unicodedata.category(character) in {"Cc", "Cs", "Co"} for character in name):
        raise ValueError("A name has no control characters.")
    if _DIRECTION_CONTROLS & set(name):
        raise ValueError("A name has no invisible characters that turn the writing direction.")
    return name


def parse_locale(text: str) -> str:
    """Return a language tag in its usual spelling (``hi-IN``), or ``ValueError`` (BCP 47, known to CLDR)."""
    try:
        return str(Locale.parse(text.strip().replace("_", "-"), sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise ValueError("A language is written like en, hi or en-IN.") from error


def parse_time_zone(text: str) -> str:
    """Return an IANA time zone such as ``Asia/Kolkata``, or ``ValueError``."""
    if text not in _zones():
        raise ValueError("A time zone is written like Asia/Kolkata or Europe/Berlin.")
    return text


def mail_language(locale: str) -> str:
    """Return the language in which to write to somebody with this locale."""
    language = locale.partition("-")[0]
    return language if language in LANGUAGES else LANGUAGES[0]


def default_name(email: str) -> str:
    """Return what to call somebody of whom only the address is known: the part before the @, without separators."""
    local = email.partition("@")[0].partition("+")[0]
    words = " ".join(part for part in local.replace("_", ".").replace("-", ".").split(".") if part)
    return (words or local).title()[:NAME_LENGTH]


def guessable_words(email: str, *names: str | None) -> tuple[str, ...]:
    """Return the words about somebody that their password should not be made of."""
    local, _, domain = email.partition("@")
    words = [email, local, *local.replace("_", ".").split("."), *domain.split(".")]
    for name in filter(None, names):
        words += [name, *name.split()]
    return tuple(dict.fromkeys(words))


def default_time_zone(locale: str) -> str:
    """Return the zone to begin with when a program named none: India's for Hindi and for India, else UTC."""
    language, *rest = locale.split("-")
    return "Asia/Kolkata" if language == "hi" or "IN" in rest else "UTC"


@cache
def _zones() -> frozenset[str]:
    return frozenset(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
