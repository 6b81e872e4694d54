"""A database of the first version goes on counting where it stopped."""

import shutil
from pathlib import Path

import psycopg

from scanly.kernel.db.migrate import Schema, migrate
from tests.services.analytics.factories import CODE, LINK, NOW, SCHEMA, WORKSPACE, make_scan, running_analytics
from tests.support.databases import TestServer

VISITOR = "yesterday"
NOBODY = "00000000-0000-0000-0000-000000000000"


def first_version(folder: Path) -> Schema:
    """The schema before figures were maps."""
    versions = folder / "versions"
    versions.mkdir()
    shutil.copy(SCHEMA.folder / "versions" / "0001_hits.py", versions)
    return Schema("analytics", folder)


def fill(dsn: str) -> None:
    """One hit of a person in Jaipur, as the first version stored and counted it."""
    scan = make_scan(NOW, visitor=VISITOR)
    hit = {"id": scan.id, "at": NOW, "visitor": scan.visitor, "day": NOW.date()}
    with psycopg.connect(dsn) as connection:
        connection.execute("select analytics.make_day(%(day)s)", hit)
        connection.execute(
            "insert into analytics.hits (day, id, at, workspace_id, number, link_id, code_id, source, outcome, method, "
            "verdict, reason, evidence, visitor, local_day, domain, slug, place_known, city, country, region, device) "
            f"values (%(day)s, %(id)s, %(at)s, '{WORKSPACE}', 1, '{LINK}', '{CODE}', 'scan', 'redirect', 'GET', "
            "'human', '', '', %(visitor)s, %(day)s, '', 'abc123', true, 'Jaipur', 'IN', 'Rajasthan', 'phone')",
            hit,
        )
        connection.execute(f"insert into analytics.feeds values ('{WORKSPACE}', 1)")
        for link, code in ((NOBODY, NOBODY), (LINK, CODE)):
            scope = f"'{WORKSPACE}', '{link}'"
            connection.execute(
                f"insert into analytics.totals values ({scope}, '{NOW}', '{code}', 'scan', 'human', '', 1)".encode()
            )
            for grain, bucket in ((15, NOW), (1440, NOW.replace(hour=0, minute=0))):
                connection.execute(
                    f"insert into analytics.figures values ({scope}, 'country', {grain}, '{bucket}', '{code}', 'scan', "
                    "'IN', 1)".encode()
                )
        for link, code, source in (
            (NOBODY, NOBODY, ""),
            (NOBODY, NOBODY, "scan"),
            (LINK, NOBODY, ""),
            (LINK, CODE, ""),
        ):
            connection.execute(
                f"insert into analytics.visitors values (%(day)s, '{WORKSPACE}', '{link}', '{code}', '{source}', "
                "%(visitor)s)".encode(),
                hit,
            )
            connection.execute(
                f"insert into analytics.people values ('{WORKSPACE}', '{link}', '{code}', '{source}', %(day)s, "
                "1)".encode(),
                hit,
            )


async def test_a_database_of_the_first_version_is_counted_on(postgres: TestServer, tmp_path: Path) -> None:
    with postgres.empty() as dsn:
        migrate(dsn, [first_version(tmp_path)])
        fill(dsn)
        assert migrate(dsn, [SCHEMA]) == ["analytics:0002", "analytics:0003"]
        async with running_analytics(dsn) as analytics:
            await analytics.ship(make_scan(NOW, visitor=VISITOR), make_scan(NOW))
            rows = await analytics.sql("select verdict, number from analytics.hits order by number")
            assert [number for _, number in rows] == [1, 2, 3]
            assert sorted(verdict for verdict, _ in rows) == ["duplicate", "human", "human"]
            people = await analytics.sql("select distinct people from analytics.people")
            assert people == [(2,)]
            countries = {row[-1] for row in await analytics.figures() if row[2] == "country"}
            assert countries == {2}
