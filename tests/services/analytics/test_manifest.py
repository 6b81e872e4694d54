"""What the manifest declares works when the kernel calls it."""

from datetime import timedelta

from scanly.contracts.auth import WorkspaceCreated, WorkspaceUpdated
from scanly.kernel.events import EventRunner, append
from scanly.services.analytics.manifest import MANIFEST
from tests.services.analytics.factories import NOW, OTHER_WORKSPACE, WORKSPACE, Bench, make_scan


async def test_the_time_zone_of_a_workspace_arrives_with_its_events(analytics: Bench) -> None:
    runner = EventRunner(analytics.database, [(subscriber, analytics.service) for subscriber in MANIFEST.subscribers])
    async with analytics.database.for_service("analytics").begin(WORKSPACE) as session:
        await append(session, WorkspaceCreated(workspace_id=WORKSPACE, name="Shop", time_zone="Asia/Kolkata"))
        await append(session, WorkspaceCreated(workspace_id=OTHER_WORKSPACE, name="Café", time_zone="UTC"))
        await append(session, WorkspaceUpdated(workspace_id=WORKSPACE, name="Shop", time_zone="Asia/Kathmandu"))
    await runner.drain()
    await runner.drain()
    zones = await analytics.sql("select workspace_id, time_zone from analytics.workspaces order by 1")
    assert zones == [(WORKSPACE, "Asia/Kathmandu"), (OTHER_WORKSPACE, "UTC")]


async def test_the_schedules_make_and_drop_days(analytics: Bench) -> None:
    await analytics.ship(make_scan(NOW - timedelta(days=399)))
    analytics.clock.advance(timedelta(days=5))
    for schedule in MANIFEST.schedules:
        await schedule.handle(analytics.service)
    days = await analytics.sql(
        "select inhrelid::regclass::text from pg_inherits where inhparent = 'analytics.hits'::regclass order by 1"
    )
    assert [name for (name,) in days] == [f"analytics.hits_202611{day}" for day in (26, 27, 28, 29, 30)]
