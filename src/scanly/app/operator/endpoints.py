"""``/operator`` and ``/dead-letters``: for operators of the installation, whatever their workspace."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from scanly import __version__
from scanly.app.operator import schemas
from scanly.app.operator.desk import OperatorDesk
from scanly.app.operator.report import ProcessReport
from scanly.app.operator.schemas import LetterId, MailId
from scanly.kernel.errors import FieldFault, Forbidden, Invalid
from scanly.kernel.http import Caller, Limit, Page, decode_cursor, encode_cursor, use_service

TAG = "operator"

Desk = Annotated[OperatorDesk, Depends(use_service(OperatorDesk))]


async def require_operator(caller: Caller) -> UUID:
    """Return the operator's user id; ``Forbidden`` for anybody else."""
    if not caller.is_operator or caller.user_id is None:
        raise Forbidden("This is for operators of this server: scanly user operator EMAIL makes somebody one.")
    return caller.user_id


Operator = Annotated[UUID, Depends(require_operator)]

router = APIRouter(tags=[TAG])


@router.get("/operator/health")
async def read_health(desk: Desk, _operator: Operator) -> schemas.Health:
    """How every process, the logs, dead letters and mail are doing now."""
    return schemas.Health.model_validate(await desk.health())


@router.get("/operator/process")
async def read_process(desk: Desk, _operator: Operator) -> ProcessReport:
    """What the process that answers tells of itself alone; processes ask each other here."""
    return await desk.process()


@router.get("/operator/storage")
async def read_storage(desk: Desk, _operator: Operator) -> schemas.Room:
    """How much room scans, files and the rest take; measured once a minute at most."""
    return schemas.Room.model_validate(await desk.storage.room())


@router.get("/operator/settings")
async def read_settings(desk: Desk, _operator: Operator) -> schemas.Settings:
    """Each setting with its value and where that came from, as `scanly config` prints them; secrets are hidden."""
    data = [schemas.Setting.model_validate(value) for value in desk.settings.values]
    return schemas.Settings(version=__version__, data=data, warnings=desk.settings.warnings)


@router.get("/operator/mails")
async def list_mails(
    desk: Desk, _operator: Operator, limit: Limit = 25, cursor: str | None = None
) -> Page[schemas.WaitingMail]:
    """Mail that could not leave since no mail server was set, newest first."""
    found = await asyncio.to_thread(desk.outbox.find, _before(cursor), limit + 1)
    page = [schemas.WaitingMail.model_validate(mail) for mail in found[:limit]]
    more = len(found) > limit
    return Page(data=page, next_cursor=encode_cursor(page[-1].id.hex) if more else None, has_more=more)


@router.get("/operator/mails/{mail_id}")
async def read_mail(mail_id: MailId, desk: Desk, _operator: Operator) -> schemas.WholeMail:
    """One mail with its text. It may hold a link that signs somebody in: treat it as theirs."""
    return schemas.WholeMail.model_validate(await asyncio.to_thread(desk.outbox.get, mail_id))


@router.post("/operator/mails/{mail_id}/resend", status_code=204)
async def resend_mail(mail_id: MailId, desk: Desk, operator: Operator) -> None:
    """Send a mail and take it out of the outbox. 409 without a mail server; a second time it is not there (404)."""
    await desk.resend(mail_id, operator=operator)


@router.get("/dead-letters")
async def list_dead_letters(
    desk: Desk,
    _operator: Operator,
    topic: Annotated[str | None, Query(max_length=200, description="Only letters of this topic")] = None,
    settled: Annotated[bool, Query(description="Those replayed and discarded too")] = False,
    limit: Limit = 25,
    cursor: str | None = None,
) -> Page[schemas.DeadLetter]:
    """Messages that always failed, newest first, each whole and with its reason."""
    found = await desk.letters.find(topic=topic, settled=settled, before=_before(cursor), limit=limit + 1)
    page = [schemas.DeadLetter.model_validate(letter) for letter in found[:limit]]
    more = len(found) > limit
    return Page(data=page, next_cursor=encode_cursor(page[-1].id.hex) if more else None, has_more=more)


@router.post("/dead-letters/replay")
async def replay_dead_letters(body: schemas.ReplayOpen, desk: Desk, operator: Operator) -> schemas.Replayed:
    """Put the open letters back, oldest first and 200 at most."""
    replayed = await desk.replay_open(body.topic, operator=operator)
    return schemas.Replayed(replayed=replayed, remaining=await desk.letters.count())


@router.get("/dead-letters/{letter_id}")
async def read_dead_letter(letter_id: LetterId, desk: Desk, _operator: Operator) -> schemas.DeadLetter:
    """One letter."""
    return schemas.DeadLetter.model_validate(await desk.letters.get(letter_id))


@router.post("/dead-letters/{letter_id}/replay")
async def replay_dead_letter(
    letter_id: LetterId, desk: Desk, operator: Operator, body: schemas.Replay | None = None
) -> schemas.DeadLetter:
    """Put the message back where it failed, edited if `payload` is given. 409 when that was decided before."""
    payload = None if body is None else body.payload
    return schemas.DeadLetter.model_validate(await desk.replay(letter_id, payload, operator=operator))


@router.post("/dead-letters/{letter_id}/discard")
async def discard_dead_letter(letter_id: LetterId, desk: Desk, operator: Operator) -> schemas.DeadLetter:
    """Settle a letter without doing anything with its message. 409 when that was decided before."""
    return schemas.DeadLetter.model_validate(await desk.discard(letter_id, operator=operator))


def _before(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    try:
        return UUID(hex=decode_cursor(cursor, 1)[0])
    except (ValueError, TypeError, AttributeError) as error:
        fault = FieldFault("?cursor", "invalid_cursor", "Take next_cursor from the page before, unchanged.")
        raise Invalid("The cursor is not one that this list gave out.", errors=[fault]) from error
