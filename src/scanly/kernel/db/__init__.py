"""PostgreSQL: one engine per process, one schema and two roles per service, transactions bound to a workspace."""

from scanly.kernel.db.database import (
    Database,
    ServiceDatabase,
    in_transaction,
    open_scope,
    service_base,
    service_metadata,
    system_scope,
)
from scanly.kernel.db.patience import take_time

__all__ = [
    "Database",
    "ServiceDatabase",
    "in_transaction",
    "open_scope",
    "service_base",
    "service_metadata",
    "system_scope",
    "take_time",
]
