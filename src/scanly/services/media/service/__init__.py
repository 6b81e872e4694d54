"""The use cases of media: finding and reading files, taking them in, uploads in parts, and the life of a file."""

from scanly.services.media.service.life import LOOKS_GROUP, USES_GROUP, MediaService
from scanly.services.media.service.reading import Content, FileQuery, no_such_file
from scanly.services.media.service.uploads import Signature

__all__ = ["LOOKS_GROUP", "USES_GROUP", "Content", "FileQuery", "MediaService", "Signature", "no_such_file"]
