"""A file of the workspace: a PDF or a picture, which media keeps and visitors open."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Literal
from urllib.parse import unquote, urlsplit
from uuid import UUID

from pydantic import PrivateAttr

from scanly.contracts.media import FileId
from scanly.contracts.qr import CodeKind
from scanly.kernel.ids import encode_id
from scanly.services.qr.content.base import Content, field
from scanly.services.qr.words import Words

_PATH = re.compile(r"/f/(file_[0-9a-z]{26})/([^/]*)")


class FileContent(Content):
    """Opens a PDF or a picture."""

    KINDS: ClassVar = (CodeKind.DYNAMIC,)
    TITLE: ClassVar[Words] = {"en": "PDF or picture", "hi": "PDF या तस्वीर"}
    HELP: ClassVar[Words] = {
        "en": "Opens a file that you upload, such as a menu. You can replace it at any time; the code stays.",
        "hi": "आपकी अपलोड की हुई फ़ाइल खोलता है, जैसे मेन्यू। इसे कभी भी बदल सकते हैं; कोड वही रहता है।",
    }
    DESTINATION_FIELD: ClassVar[str] = "file_id"

    type: Literal["file"] = "file"
    file_id: FileId = field(
        {"en": "File", "hi": "फ़ाइल"},
        help={
            "en": "A PDF or a picture (JPEG, PNG, WebP, GIF, AVIF, SVG).",
            "hi": "PDF या तस्वीर (JPEG, PNG, WebP, GIF, AVIF, SVG)।",
        },
        widget="file",
    )
    _address: str | None = PrivateAttr(None)
    """Where visitors open the file, once media was asked."""

    def payload(self) -> str:
        return self._address or encode_id("file", self.file_id)

    def summary(self) -> str:
        """Return the name of the file, which is the end of its address."""
        return unquote(self.payload().rpartition("/")[2])

    def destination(self) -> str | None:
        return self._address

    def file_ids(self) -> tuple[UUID, ...]:
        return (self.file_id,)

    def located(self, addresses: Mapping[UUID, str]) -> "FileContent":
        copy = self.model_copy()
        copy._address = addresses[self.file_id]  # noqa: SLF001 - of the same class
        return copy

    @classmethod
    def led_to(cls, kept: dict[str, Any], destination: str) -> "FileContent | None":
        """Return the file if the address is one of its own: it has the name that the file had when it was chosen."""
        found = _PATH.fullmatch(urlsplit(destination).path)
        if found is None or found[1] != kept["file_id"]:
            return None
        content = cls.model_validate(kept)
        return content.located({content.file_id: destination})
