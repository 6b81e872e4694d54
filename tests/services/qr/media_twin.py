"""media as qr sees it, in memory."""

from collections.abc import Sequence
from uuid import UUID

from scanly.contracts.media import File, FileBytes, FileNotFound, Media
from scanly.kernel.ids import encode_id, new_id


class MediaTwin(Media):
    """Keeps files in a dictionary; ``asked`` counts the calls."""

    def __init__(self) -> None:
        self.kept: dict[UUID, tuple[UUID, File, bytes]] = {}
        self.asked = 0

    def add(
        self, workspace_id: UUID, name: str = "menu.pdf", data: bytes = b"", media_type: str = "application/pdf"
    ) -> str:
        """Keep a file and return its id as people see it."""
        file_id = new_id()
        file = File(
            id=file_id,
            name=name,
            media_type=media_type,
            size=len(data),
            width=None,
            height=None,
            pages=None,
            content_hash=file_id.hex * 2,
            url=f"https://go.example/f/{encode_id('file', file_id)}/{name}",
        )
        self.kept[file_id] = (workspace_id, file, data)
        return encode_id("file", file_id)

    async def files(self, *, workspace_id: UUID, file_ids: Sequence[UUID]) -> list[File]:
        self.asked += 1
        return [file for owner, file, _ in self.kept.values() if owner == workspace_id and file.id in file_ids]

    async def read(self, *, workspace_id: UUID, file_id: UUID, width: int | None = None) -> FileBytes:  # noqa: ARG002
        self.asked += 1
        owner, file, data = self.kept.get(file_id, (None, None, b""))
        if file is None or owner != workspace_id:
            raise FileNotFound("There is no such file in this workspace.")
        return FileBytes(media_type=file.media_type, data=data)
