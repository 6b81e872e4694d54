"""The habits of the HTTP API: problems, callers, pages of lists, merge patches, the one door, the factory."""

from scanly.kernel.http.access import (
    Caller,
    Editor,
    Tenant,
    TenantPrincipal,
    require_editor,
    require_principal,
    require_workspace,
    use_service,
)
from scanly.kernel.http.app import create_api
from scanly.kernel.http.door import RESERVED_WORDS, Door
from scanly.kernel.http.pages import Limit, Page, decode_cursor, encode_cursor, position_in
from scanly.kernel.http.patch import check_version, etag, etags, is_known, merge_patch, tagged
from scanly.kernel.http.schemas import ApiModel, Label, Line, Text

__all__ = [
    "RESERVED_WORDS",
    "ApiModel",
    "Caller",
    "Door",
    "Editor",
    "Label",
    "Limit",
    "Line",
    "Page",
    "Tenant",
    "TenantPrincipal",
    "Text",
    "check_version",
    "create_api",
    "decode_cursor",
    "encode_cursor",
    "etag",
    "etags",
    "is_known",
    "merge_patch",
    "position_in",
    "require_editor",
    "require_principal",
    "require_workspace",
    "tagged",
    "use_service",
]
