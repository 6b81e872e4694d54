"""Keys of slugs with compatibility characters (wide letters, ligatures): these fold to plain ones from now on."""

import unicodedata

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"

_OTHERS = text("select domain, slug_key from routing.addresses where slug_key ~ '[^\\x01-\\x7f]' order by claimed_at")
# Of two addresses that become one the older keeps it; the other cannot be reached, as it would if claimed today.
_MOVE = text(
    "update routing.addresses set slug_key = :key, changed_at = now() where domain = :domain and slug_key = :before "
    "and not exists (select from routing.addresses other where other.domain = :domain and other.slug_key = :key)"
)


def upgrade() -> None:
    connection = op.get_bind()
    for domain, before in connection.execute(_OTHERS).all():
        if (key := _key(before)) != before:
            connection.execute(_MOVE, {"domain": domain, "before": before, "key": key})


def _key(slug: str) -> str:
    folded = unicodedata.normalize("NFD", slug).casefold()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", folded).casefold())
