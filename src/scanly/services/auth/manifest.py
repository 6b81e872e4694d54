"""What auth is and how it is built."""

from scanly.contracts.auth import Auth
from scanly.kernel.jobs import Job, Schedule
from scanly.kernel.manifest import Manifest, ServiceContext
from scanly.services.auth import jobs
from scanly.services.auth.endpoints import router
from scanly.services.auth.service import AuthService


def build(context: ServiceContext) -> AuthService:
    """Return the service for a process."""
    return AuthService(context)


MANIFEST = Manifest(
    name="auth",
    purpose="People, workspaces, access",
    interface=Auth,
    build=build,
    router=router,
    jobs=(
        Job(name="auth.send_mail", handle=jobs.send_mail),
        Job(name="auth.start_reset", handle=jobs.start_reset),
    ),
    schedules=(
        Schedule(name="auth.rotate_keys", cron="17 3 * * *", handle=jobs.rotate_keys),
        Schedule(name="auth.tidy", cron="41 * * * *", handle=jobs.tidy),
    ),
    modules={
        "keys": "keys derived from the secret, and the rotating pairs that sign access tokens",
        "mails": "texts of mails in the reader's language",
    },
)
