"""For each lint: what it catches, what it lets pass, and that the product keeps it."""

from collections.abc import Callable, Iterable
from pathlib import Path
from textwrap import dedent

import pytest

from tools.lints import check
from tools.lints.__main__ import main
from tools.lints.anatomy import anatomy
from tools.lints.files import file_length, module_names
from tools.lints.imports import no_dynamic_imports, no_ignored_imports
from tools.lints.migrations import migrations_stay_home
from tools.lints.scopes import SCOPES_FILE, scope_lines, system_scopes
from tools.lints.sql import sql_stays_home
from tools.lints.transactions import no_commit
from tools.lints.tree import Tree, Violation

ROOT = Path(__file__).parents[2]
COUPONS = "src/scanly/services/coupons"
MANIFEST = 'MANIFEST = Manifest(name="coupons", purpose="x", build=build)\n'

Write = Callable[..., Tree]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files into a small tree with the services ``coupons`` and ``orders``."""

    def writing(files: dict[str, str]) -> Tree:
        base = {
            SCOPES_FILE: "",
            f"{COUPONS}/__init__.py": "",
            f"{COUPONS}/service.py": "",
            f"{COUPONS}/manifest.py": MANIFEST,
            "src/scanly/services/orders/__init__.py": "",
            "src/scanly/services/orders/service.py": "",
            "src/scanly/services/orders/manifest.py": MANIFEST.replace("coupons", "orders"),
        }
        for name, text in {**base, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        return Tree(tmp_path)

    return writing


def texts(violations: Iterable[Violation]) -> list[str]:
    return [str(violation) for violation in violations]


@pytest.mark.slow
def test_the_product_keeps_all_rules() -> None:
    assert texts(check(Tree(ROOT))) == []


def test_an_untouched_tree_breaks_nothing(write: Write) -> None:
    assert check(write({})) == []


@pytest.mark.parametrize("call", ["await session.commit()", "session.sync_session.rollback()", "do(session.commit)"])
def test_a_commit_is_caught(write: Write, call: str) -> None:
    tree = write({f"{COUPONS}/service.py": f"async def use(session):\n    {call}\n"})
    [found] = texts(no_commit(tree))
    assert found.startswith(f"{COUPONS}/service.py:2: [no-commit]")


def test_only_the_kernels_database_commits(write: Write) -> None:
    assert texts(no_commit(write({"src/scanly/kernel/db/database.py": "session.commit()\n"}))) == []
    assert len(texts(no_commit(write({"src/scanly/kernel/jobs/worker.py": "session.commit()\n"})))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "importlib.import_module(f'scanly.services.{name}')",
        "from importlib import import_module",
        "__import__('scanly.services.orders')",
        "for each in pkgutil.iter_modules(folder): pass",
    ],
)
def test_a_dynamic_import_is_caught(write: Write, line: str) -> None:
    assert len(texts(no_dynamic_imports(write({"src/scanly/app/registry.py": f"{line}\n"})))) == 1


def test_metadata_of_packages_may_be_read(write: Write) -> None:
    tree = write({"src/scanly/__init__.py": "from importlib.metadata import version\nversion('scanly')\n"})
    assert texts(no_dynamic_imports(tree)) == []


def test_an_exception_from_the_import_contracts_is_caught(write: Write) -> None:
    tree = write({".importlinter": "[importlinter]\nignore_imports =\n    a -> b\n"})
    assert len(texts(no_ignored_imports(tree))) == 1


@pytest.mark.parametrize(
    "line",
    [
        'text("select * from orders.rows")',
        'text("select * from coupons.rows c, orders.rows o where c.id = o.id")',
        'text("SELECT 1 FROM coupons.rows\\n  JOIN ORDERS . rows ON true")',
        'text(f"update orders.{table} set x = 1")',
        'text("insert into \\"orders\\".\\"rows\\" values (1)")',
        'text("delete from scanly.outbox")',
        'text("select scanly.bury(1)")',
        'text("create table coupons.x (id uuid references orders.rows)")',
        'ForeignKey("orders.rows.id")',
        'service_metadata("orders")',
        'Table("rows", metadata, schema="orders")',
        'database.for_service("orders")',
    ],
)
def test_sql_that_leaves_its_schema_is_caught(write: Write, line: str) -> None:
    found = texts(sql_stays_home(write({f"{COUPONS}/repository.py": f"x = {line}\n"})))
    assert len(found) == 1
    assert "[sql-stays-home]" in found[0]


@pytest.mark.parametrize(
    "line",
    [
        'text("select r.id from coupons.rows r join coupons.others o using (id)")',
        'ForeignKey("coupons.rows.id", ondelete="CASCADE")',
        'ForeignKey("orders.id")',
        'service_metadata("coupons")',
        'topic = "orders.created"',
        'raise Invalid("Take an address from orders. It is shown there.")',
        "text(\"select case when kind = 'orders.created' then 1 end from coupons.rows\")",
    ],
)
def test_sql_at_home_passes(write: Write, line: str) -> None:
    assert texts(sql_stays_home(write({f"{COUPONS}/repository.py": f"{line}\n"}))) == []


def test_a_docstring_may_name_other_schemas(write: Write) -> None:
    tree = write({f"{COUPONS}/repository.py": '"""We never select from orders.rows."""\n'})
    assert texts(sql_stays_home(tree)) == []


@pytest.mark.parametrize(
    "line",
    [
        'op.execute("create table orders.rows (id uuid)")',
        'op.execute("create index x on orders.rows (id)")',
        'op.execute("alter table coupons.rows add foreign key (id) references orders.rows")',
        'op.execute("create table public.rows (id uuid)")',
        'op.execute("insert into scanly.meta values (1)")',
        'op.execute("set role postgres")',
        'op.execute("select 1; reset role")',
        'op.execute("set search_path = orders")',
        'op.execute("create extension hstore")',
        'op.execute("create schema coupons2")',
        'tenant_table(op, "orders", "rows")',
        'op.create_table("rows", schema="orders")',
        'op.add_column("rows", column)',
    ],
)
def test_a_migration_that_leaves_its_schema_is_caught(write: Write, line: str) -> None:
    found = texts(migrations_stay_home(write({f"{COUPONS}/migrations/versions/0001_x.py": f"{line}\n"})))
    assert len(found) == 1
    assert "[migrations-stay-home]" in found[0]


def test_a_migration_at_home_passes(write: Write) -> None:
    text = """
        op.execute("create table coupons.rows (id uuid references coupons.others)")
        op.execute("create function coupons.f() returns void language sql security definer "
                   "set search_path = coupons, pg_temp as $$ select 1 $$")
        op.create_index("x", "rows", ["id"], schema="coupons")
        tenant_table(op, "coupons", "rows")
    """
    assert texts(migrations_stay_home(write({f"{COUPONS}/migrations/versions/0001_x.py": text}))) == []


def test_two_migrations_after_the_same_one_are_caught(write: Write) -> None:
    tree = write(
        {
            f"{COUPONS}/migrations/versions/0001_a.py": "down_revision = None\n",
            f"{COUPONS}/migrations/versions/0002_b.py": 'down_revision = "0001"\n',
            f"{COUPONS}/migrations/versions/0002_c.py": 'down_revision = "0001"\n',
        }
    )
    [found] = texts(migrations_stay_home(tree))
    assert "0002_b.py" in found


@pytest.mark.parametrize(
    ("name", "lines", "caught"),
    [
        ("src/scanly/kernel/x.py", 400, False),
        ("src/scanly/kernel/x.py", 401, True),
        ("tests/kernel/test_x.py", 401, True),
        ("web/src/x.ts", 250, False),
        ("web/src/x.tsx", 251, True),
        ("web/node_modules/x.ts", 999, False),
    ],
)
def test_a_long_file_is_caught(write: Write, name: str, lines: int, caught: bool) -> None:
    assert bool(texts(file_length(write({name: "x\n" * lines})))) is caught


def test_a_generated_file_may_be_long(write: Write) -> None:
    text = "/** This file was auto-generated by openapi-typescript. */\n" + "x\n" * 999
    assert texts(file_length(write({"web/src/lib/schema.d.ts": text}))) == []


@pytest.mark.parametrize(
    "name",
    [
        "src/scanly/kernel/utils.py",
        "src/scanly/services/coupons/helpers/text.py",
        "tests/common.py",
        "web/src/lib/utils.ts",
        "web/src/helpers/Text.tsx",
    ],
)
def test_a_name_for_nothing_is_caught(write: Write, name: str) -> None:
    assert len(texts(module_names(write({name: ""})))) == 1


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({f"{COUPONS}/printing.py": ""}, "printing is not declared"),
        ({f"{COUPONS}/printing/__init__.py": ""}, "printing is not declared"),
        (
            {f"{COUPONS}/manifest.py": 'MANIFEST = Manifest(name="coupons", modules={"printing": "prints"})\n'},
            "there is no module printing",
        ),
        (
            {f"{COUPONS}/manifest.py": 'MANIFEST = Manifest(name="coupons", modules={"service": "serves"})\n'},
            "usual anatomy",
        ),
        ({f"{COUPONS}/manifest.py": 'MANIFEST = Manifest(name="cupons")\n'}, "not the folder's"),
        ({f"{COUPONS}/manifest.py": "modules = {}\nM = Manifest(name='coupons', modules=modules)\n"}, "write modules"),
        ({f"{COUPONS}/manifest.py": "\n"}, "no Manifest"),
        ({"src/scanly/services/empty/__init__.py": "", "src/scanly/services/empty/service.py": ""}, "manifest.py is"),
    ],
)
def test_a_service_of_another_shape_is_caught(write: Write, files: dict[str, str], word: str) -> None:
    [found] = texts(anatomy(write(files)))
    assert word in found


def test_a_declared_module_passes(write: Write) -> None:
    manifest = 'MANIFEST = Manifest(name="coupons", modules={"printing": "prints them"})\n'
    assert texts(anatomy(write({f"{COUPONS}/manifest.py": manifest, f"{COUPONS}/printing.py": ""}))) == []


SCOPED = """
    class CouponsService:
        @system_scope("looks at all")
        async def sweep(self):
            async with self._db.system() as session:
                pass
"""


def test_access_to_all_workspaces_without_a_mark_is_caught(write: Write) -> None:
    text = SCOPED.replace('@system_scope("looks at all")', "@other")
    [found] = texts(system_scopes(write({f"{COUPONS}/service.py": text})))
    assert f"{COUPONS}/service.py:5" in found


def test_a_mark_that_is_not_listed_is_caught(write: Write) -> None:
    [found] = texts(system_scopes(write({f"{COUPONS}/service.py": SCOPED})))
    assert "CouponsService.sweep is not in" in found


def test_a_changed_reason_is_caught_twice(write: Write) -> None:
    listed = "services.coupons.service:CouponsService.sweep: looks at some\n"
    assert len(texts(system_scopes(write({f"{COUPONS}/service.py": SCOPED, SCOPES_FILE: listed})))) == 2


def test_a_listed_mark_passes(write: Write) -> None:
    tree = write({f"{COUPONS}/service.py": SCOPED, f"{COUPONS}/jobs.py": "platform.system()\n"})
    assert scope_lines(tree) == ["services.coupons.service:CouponsService.sweep: looks at all"]
    tree = write({f"{COUPONS}/service.py": SCOPED, SCOPES_FILE: "".join(f"{line}\n" for line in scope_lines(tree))})
    assert texts(system_scopes(tree)) == []


def test_the_command_prints_and_fails(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    tree = write({f"{COUPONS}/service.py": SCOPED + "            session.commit()\n"})
    assert main([str(tree.root)]) == 1
    printed = capsys.readouterr().out
    assert "[no-commit]" in printed
    assert "[system-scopes]" in printed
    assert main([str(tree.root), "--write-scopes"]) == 1
    assert "[system-scopes]" not in capsys.readouterr().out
