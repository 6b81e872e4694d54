"""Background work of auth: unpack, call the service."""

from uuid import UUID

from scanly.services.auth.mails import Mail
from scanly.services.auth.service import AuthService


async def send_mail(service: AuthService, *, mail: str, user_id: str, link_id: str | None = None) -> None:
    await service.letters.send(Mail(mail), UUID(user_id), UUID(link_id) if link_id else None)


async def start_reset(service: AuthService, *, email: str) -> None:
    await service.letters.start_reset(email)


async def rotate_keys(service: AuthService) -> None:
    await service.rotate_keys()


async def tidy(service: AuthService) -> None:
    await service.tidy()
