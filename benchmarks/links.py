"""Links for benchmarks, written straight into the database: a million takes half a minute."""

import psycopg

_LINKS = """
insert into routing.links (id, workspace_id, code_id, destination, status_code, version, created_at, updated_at)
select made.link, %(workspace)s, made.code, 'https://example.com/menus/of/sharma-sweets/' || made.slug, 302, 1,
    now(), now()
from made
"""
_ADDRESSES = """
insert into routing.addresses
    (domain, slug_key, slug, kind, workspace_id, link_id, code_id, claimed_at, confirmed_at, changed_at)
select '', made.slug, made.slug, 'link', %(workspace)s, made.link, made.code, now(), now(), now() - interval '1 day'
from made
"""
_WORKSPACE = "00000000-0000-7000-8000-000000000001"


def make_links(dsn: str, number: int) -> list[str]:
    """Make dynamic codes' links and return their slugs, ``code0000001`` and so on."""
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(
            "create temporary table made as select 'code' || lpad(number::text, 7, '0') as slug, "
            "gen_random_uuid() as link, gen_random_uuid() as code from generate_series(1, %s) as number",
            [number],
        )
        cursor.execute("grant select on made to svc_routing_system")
        cursor.execute("set role svc_routing_system")
        for statement in (_LINKS, _ADDRESSES):
            cursor.execute(statement, {"workspace": _WORKSPACE})
        cursor.execute("reset role")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze routing.links")
        connection.execute("vacuum analyze routing.addresses")
    return [f"code{number:07}" for number in range(1, number + 1)]
