"""What media is."""

from scanly.contracts.media import Media
from scanly.contracts.qr import CodeCreated, CodeDeleted, CodeUpdated, LookChanged
from scanly.kernel.events import Subscriber
from scanly.kernel.jobs import Schedule
from scanly.kernel.manifest import Manifest, ServiceContext
from scanly.kernel.signing import AddressSigner
from scanly.services.media.endpoints import router, visitors
from scanly.services.media.intake import Intake
from scanly.services.media.jobs import purge_deleted
from scanly.services.media.service import LOOKS_GROUP, USES_GROUP, MediaService
from scanly.services.media.settings import MediaSettings
from scanly.services.media.subscribers import on_code, on_look, on_new_codes


def build(context: ServiceContext) -> MediaService:
    """Build the service."""
    return MediaService(
        context.db,
        context.storage,
        cpu=context.cpu,
        clock=context.clock,
        intake=Intake(context.cpu, context.service_settings(MediaSettings)),
        signer=AddressSigner(context.secret, "media uploads"),
        public_address=context.settings.public_address,
    )


MANIFEST = Manifest(
    name="media",
    purpose="files: pictures and PDF, made safe, opened by visitors",
    build=build,
    interface=Media,
    router=router,
    visitors=visitors,
    subscribers=(
        Subscriber(CodeCreated, f"{USES_GROUP}.created", on_code, on_new_codes),
        Subscriber(CodeUpdated, f"{USES_GROUP}.updated", on_code),
        Subscriber(CodeDeleted, f"{USES_GROUP}.deleted", on_code),
        Subscriber(LookChanged, LOOKS_GROUP, on_look),
    ),
    schedules=(Schedule("media.purge_deleted", "37 3 * * *", purge_deleted),),
    settings=MediaSettings,
    modules={
        "inspection": "judges files by their content and makes them safe, in other processes",
        "intake": "the way of bytes from a request through inspection to the store",
        "serving": "answers with bytes: ranges, lasting copies, safe headers",
    },
)
