"""The use cases of qr: reading, writing, folders, and the life of a code from pause to removal."""

from scanly.services.qr.service.life import LINK_STATUS_GROUP, Life
from scanly.services.qr.service.reading import CodeQuery, Picture

__all__ = ["LINK_STATUS_GROUP", "CodeQuery", "Picture", "QrService"]


class QrService(Life):
    """All use cases of qr."""
