"""PDF (ISO 32000): read by a real parser, kept as it is, since a signature in it covers every byte."""

from pathlib import Path

from pypdf import PasswordType, PdfReader

from scanly.services.media.inspection import Refused

_TAIL = 1024
"""Bytes in which readers look for the end mark (Adobe's implementation note to ISO 32000-1 §7.5.5)."""


def count_pages(path: Path, most: int) -> int:
    """Return the number of pages; ``Refused`` when the file is cut off, locked, or has too many or none."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        if b"%%EOF" not in file.read():
            words = "The end of this PDF is missing. Save or send it again, then upload that."
            raise Refused("file_broken", words)
    reader = PdfReader(path)
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        words = "This PDF opens only with a password, so visitors could not read it. Save it without one."
        raise Refused("file_locked", words)
    pages = len(reader.pages)
    if pages == 0:
        raise Refused("file_broken", "This PDF has no pages. Save it anew, then upload that.")
    if pages > most:
        words = f"This PDF has {pages:,} pages; {most:,} are possible. Upload the part that visitors need."
        raise Refused("file_too_many_pages", words)
    return pages
