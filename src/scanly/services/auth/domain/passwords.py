"""Passwords: which are accepted, and how they are kept (argon2id, RFC 9106).

The functions here take from 1 to 100 ms of a core: they run in the pool of processes, never in the event loop.
Parameters are the first choice of the OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 8
LONGEST: Final = 256
_JUDGED: Final = 72  # zxcvbn's time grows faster than the length; beyond this nothing is weak for being short
_ACCEPTED_SCORE: Final = 2  # more than 10^6 guesses (zxcvbn): safe behind our limit of tries
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)

# Compared against for accounts that do not exist. Written down rather than computed at the first need, since that first
# time would take twice as long and tell. Which password it belongs to, nobody knows.
_NOBODYS_HASH: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IG5vYm9keSBubw$bm9ib2R5IGtub3dzIHRoaXMgcGFzc3dvcmQsIG5vYm8"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password belongs to a hash, and the hash to keep from now on when parameters have changed."""

    matches: bool
    new_hash: str | None = None


def length_fault(password: str) -> str | None:
    """Return why a password cannot even be judged, or None."""
    if len(password) < SHORTEST:
        return f"A password has at least {SHORTEST} characters. Three or four words are easy to remember."
    if len(password) > LONGEST:
        return f"A password has at most {LONGEST} characters."
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in password):
        return "A password has no control characters."
    return None


def is_guessable(password: str, hints: tuple[str, ...]) -> bool:
    """Tell whether a guesser finds ``password`` soon; ``hints`` are words about its owner."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 - 11 MB of words, wanted only in the processes of the pool

    return bool(zxcvbn(password[:_JUDGED], user_inputs=list(hints))["score"] < _ACCEPTED_SCORE)


def hash_password(password: str) -> str:
    """Return the argon2id hash to store."""
    return _HASHER.hash(_prepared(password))


def verify_password(stored: str | None, password: str) -> Verdict:
    """Compare a password with a stored hash; with None, spend the same time and say no."""
    try:
        _HASHER.verify(stored or _NOBODYS_HASH, _prepared(password))
    except (VerificationError, InvalidHashError):
        return Verdict(matches=False)
    if stored is None:
        return Verdict(matches=False)
    return Verdict(matches=True, new_hash=hash_password(password) if _HASHER.check_needs_rehash(stored) else None)


def _prepared(password: str) -> str:
    return unicodedata.normalize("NFKC", password)  # NIST SP 800-63B §3.1.1.2: the same letters, however typed
