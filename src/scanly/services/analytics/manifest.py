"""What analytics is."""

from scanly.contracts.analytics import Analytics
from scanly.contracts.auth import WorkspaceCreated, WorkspaceUpdated
from scanly.kernel.events import Subscriber
from scanly.kernel.jobs import Schedule
from scanly.kernel.manifest import Background, Manifest, ServiceContext
from scanly.services.analytics.endpoints import router
from scanly.services.analytics.ingestion import Ingestion
from scanly.services.analytics.jobs import forget, prepare_days
from scanly.services.analytics.live import LiveFeed
from scanly.services.analytics.service import ZONE_GROUP, AnalyticsService
from scanly.services.analytics.settings import AnalyticsSettings
from scanly.services.analytics.subscribers import on_workspace


def build(context: ServiceContext) -> AnalyticsService:
    """Build the service."""
    settings = context.service_settings(AnalyticsSettings)
    ingestion = Ingestion(
        db=context.db,
        database=context.database,
        streams=context.streams,
        clock=context.clock,
        settings=settings,
    )
    return AnalyticsService(
        db=context.db,
        clock=context.clock,
        ingestion=ingestion,
        live=LiveFeed(context.invalidation),
        main_host=context.settings.public_host,
    )


async def run_ingestion(service: AnalyticsService) -> None:
    """Count scans until cancelled."""
    await service.ingestion.run()


MANIFEST = Manifest(
    name="analytics",
    purpose="counts that are true",
    build=build,
    interface=Analytics,
    router=router,
    settings=AnalyticsSettings,
    subscribers=(
        Subscriber(WorkspaceCreated, f"{ZONE_GROUP}.created", on_workspace),
        Subscriber(WorkspaceUpdated, f"{ZONE_GROUP}.updated", on_workspace),
    ),
    schedules=(
        Schedule("analytics.prepare_days", "17 * * * *", prepare_days),
        Schedule("analytics.forget", "41 3 * * *", forget),
    ),
    background=(Background("analytics.ingestion", run_ingestion),),
    modules={
        "ingestion": "the consumer that turns scans into counts",
        "live": "wakes open web pages when hits were counted",
        "shares": "who counts which part of the log",
        "metrics": "what an operator sees of counting",
    },
)
