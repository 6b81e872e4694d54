"""How words are compared in searches."""

import unicodedata


def searchable(text: str) -> str:
    """Return ``text`` as it is kept for searches and asked for in them: composed, and without regard to case."""
    return unicodedata.normalize("NFC", text).casefold()
