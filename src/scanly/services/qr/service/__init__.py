"""The use cases of qr: reading, writing, folders, and the life of a code from pause to removal."""

from scanly.services.qr.service.exporting import PictureWish
from scanly.services.qr.service.import_run import RUN_JOB, UNDO_JOB, ImportRuns
from scanly.services.qr.service.life import LINK_STATUS_GROUP
from scanly.services.qr.service.reading import CodeQuery, Picture
from scanly.services.qr.service.transfer import FINISH_JOB

__all__ = ["FINISH_JOB", "LINK_STATUS_GROUP", "RUN_JOB", "UNDO_JOB", "CodeQuery", "Picture", "PictureWish", "QrService"]


class QrService(ImportRuns):
    """All use cases of qr."""
