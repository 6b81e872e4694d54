"""The use cases of qr: reading, writing, folders, and the life of a code from pause to removal."""

from scanly.services.qr.service.exporting import Exporting, PictureWish
from scanly.services.qr.service.life import LINK_STATUS_GROUP
from scanly.services.qr.service.reading import CodeQuery, Picture
from scanly.services.qr.service.transfer import FINISH_JOB

__all__ = ["FINISH_JOB", "LINK_STATUS_GROUP", "CodeQuery", "Picture", "PictureWish", "QrService"]


class QrService(Exporting):
    """All use cases of qr."""
