"""A database of an earlier version is brought up to date with what is in it."""

import shutil
from pathlib import Path

import psycopg
import pytest

from scanly.app.registry import schemas
from scanly.kernel.db.migrate import Schema, migrate
from scanly.kernel.ids import new_id
from tests.support.databases import TestServer

(ROUTING,) = (schema for schema in schemas() if schema.name == "routing")
WIDE, LIGATURE, HINDI = "\uff4d\uff45\uff4e\uff55", "\ufb01sh", "मेन्यू"


@pytest.mark.slow
def test_keys_with_compatibility_characters_are_folded(postgres: TestServer, tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    shutil.copy(ROUTING.folder / "versions/0001_links.py", tmp_path / "versions")
    with postgres.empty() as dsn:
        migrate(dsn, [Schema("routing", tmp_path)])
        with psycopg.connect(dsn) as connection:
            for number, key in enumerate(("menu", WIDE, LIGATURE, HINDI)):
                connection.execute(
                    "insert into routing.addresses (domain, slug_key, slug, kind, workspace_id, claimed_at) "
                    "values ('', %s, %s, 'link', %s, now() + make_interval(secs => %s))",
                    (key, key, new_id(), number),
                )
        migrate(dsn, [ROUTING])
        with psycopg.connect(dsn) as connection:
            found = dict(connection.execute("select slug, slug_key from routing.addresses").fetchall())
    assert found == {"menu": "menu", WIDE: WIDE, LIGATURE: "fish", HINDI: HINDI}
