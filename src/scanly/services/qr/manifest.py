"""What qr is."""

from scanly.contracts.analytics import Analytics
from scanly.contracts.auth import Auth
from scanly.contracts.media import Media
from scanly.contracts.qr import Qr
from scanly.contracts.routing import LinkUpdated, Routing
from scanly.kernel.events import Subscriber
from scanly.kernel.jobs import Job, Schedule
from scanly.kernel.manifest import Manifest, ServiceContext
from scanly.kernel.signing import AddressSigner
from scanly.services.qr.endpoints import router, visitors
from scanly.services.qr.jobs import finish_transfer, purge_deleted, run_import, tell_looks, undo_import
from scanly.services.qr.service import FINISH_JOB, LINK_STATUS_GROUP, RUN_JOB, UNDO_JOB, QrService
from scanly.services.qr.studio import Studio
from scanly.services.qr.subscribers import on_link_updated


def build(context: ServiceContext) -> QrService:
    """Build the service."""
    return QrService(
        context.db,
        Studio(context.cpu, context.client(Media)),
        context.clock,
        routing=context.client(Routing),
        auth=context.client(Auth),
        analytics=context.client(Analytics),
        media=context.client(Media),
        public_address=context.settings.public_address,
        signer=AddressSigner(context.secret, "qr pictures"),
    )


MANIFEST = Manifest(
    name="qr",
    purpose="codes: what they hold, how they look, their pictures",
    build=build,
    interface=Qr,
    router=router,
    visitors=visitors.router,
    subscribers=(Subscriber(LinkUpdated, LINK_STATUS_GROUP, on_link_updated),),
    jobs=(Job(FINISH_JOB, finish_transfer), Job(RUN_JOB, run_import), Job(UNDO_JOB, undo_import)),
    schedules=(
        Schedule("qr.purge_deleted", "17 3 * * *", purge_deleted),
        Schedule("qr.tell_looks", "*/5 * * * *", tell_looks),
    ),
    calls=(Analytics, Auth, Media, Routing),
    modules={
        "changes": "what a merge patch makes of a code",
        "content": "the content types, one module each",
        "design": "the look of a code, and which parts of it work",
        "glance": "whether a decoder reads a drawn code, for the many that share a design",
        "judging": "reads drawn codes as phones do, grades them and gives advice",
        "looks": "saved designs, brand kits and templates",
        "many": "requests and answers about many codes, sheets and archives",
        "rendering": "symbol, scene, and the writers of each format",
        "sheets": "reads uploaded CSV and XLSX files",
        "studio": "drawing and judging in other processes",
        "words": "texts in each language of the interface",
    },
)
