"""``/me``: one's own account and sessions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from scanly.contracts.auth import SessionId
from scanly.kernel.http import Caller, Page, use_service
from scanly.services.auth.schemas import Me, PasswordChange, ProfileChange, Session
from scanly.services.auth.service import AuthService

Service = Annotated[AuthService, Depends(use_service(AuthService))]

router = APIRouter(prefix="/me", tags=["me"])


async def caller_id(caller: Caller) -> UUID:
    """Return the signed-in user's id."""
    assert caller.user_id is not None
    return caller.user_id


UserIdOfCaller = Annotated[UUID, Depends(caller_id)]


@router.get("")
async def read_me(service: Service, user_id: UserIdOfCaller) -> Me:
    """Who is signed in, and in which workspaces."""
    return Me.of(await service.account.profile(user_id), mail_delivers=service.mail_delivers)


@router.patch("")
async def change_me(body: ProfileChange, service: Service, user_id: UserIdOfCaller) -> Me:
    """Change name or language."""
    profile = await service.account.change_profile(user_id, name=body.name, locale=body.locale)
    return Me.of(profile, mail_delivers=service.mail_delivers)


@router.post("/password", status_code=204)
async def change_password(body: PasswordChange, service: Service, caller: Caller, user_id: UserIdOfCaller) -> None:
    """Set a new password; all other sessions end."""
    await service.account.change_password(
        user_id, caller.session_id, current=body.current_password, new=body.new_password, address=caller.client
    )


@router.get("/sessions")
async def list_sessions(service: Service, caller: Caller, user_id: UserIdOfCaller) -> Page[Session]:
    """Where one is signed in: the 100 sessions that were used last."""
    rows = await service.account.sessions(user_id)
    return Page[Session](data=[Session.of(row, caller.session_id) for row in rows])


@router.delete("/sessions", status_code=204)
async def end_other_sessions(service: Service, caller: Caller, user_id: UserIdOfCaller) -> None:
    """Sign out everywhere but here."""
    await service.account.end_other_sessions(user_id, caller.session_id)


@router.delete("/sessions/{session_id}", status_code=204)
async def end_session(session_id: SessionId, service: Service, user_id: UserIdOfCaller) -> None:
    """Sign out one session."""
    await service.account.end_session(user_id, session_id)
