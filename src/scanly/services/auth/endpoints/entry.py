"""``/auth``: sign-up, log-in, tokens, and what the links in mails do. The gateway limits these by address."""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Response

from scanly.kernel.auth import current_principal
from scanly.kernel.http import Caller, use_service
from scanly.services.auth.schemas import (
    ForgottenPassword,
    LinkToken,
    LogIn,
    LogOut,
    PasswordReset,
    RefreshToken,
    SignUp,
    Tokens,
    Welcome,
)
from scanly.services.auth.service import AuthService
from scanly.services.auth.service.entry import NewPerson, SignedIn
from scanly.services.auth.service.grants import LONGEST, Visitor

Service = Annotated[AuthService, Depends(use_service(AuthService))]

_COOKIE: Final = "scanly_session"
_HTTPS_COOKIE: Final = "__Host-scanly_session"  # the browser takes it only over HTTPS, from this host, for all paths

router = APIRouter(prefix="/auth", tags=["auth"])


async def visitor(
    user_agent: Annotated[str, Header(include_in_schema=False)] = "",
    scanly_request: Annotated[str, Header(description="1 from a browser: the answer is a cookie, not tokens")] = "",
) -> Visitor:
    """Return who knocks."""
    return Visitor(is_browser=bool(scanly_request), address=current_principal().client, user_agent=user_agent)


Knocking = Annotated[Visitor, Depends(visitor)]


@router.post(
    "/sign-up",
    status_code=201,
    response_model_exclude_none=True,
    responses={200: {"model": Welcome, "description": "The address was known and the password right: signed in"}},
)
async def sign_up(body: SignUp, service: Service, knocking: Knocking, response: Response) -> Welcome:
    """Make an account with a workspace, and sign in."""
    person = NewPerson(**body.model_dump())
    signed_in = await service.entry.sign_up(person, knocking)
    if not signed_in.is_new:
        response.status_code = 200
    return _welcome(service, signed_in, response)


@router.post("/log-in", response_model_exclude_none=True)
async def log_in(body: LogIn, service: Service, knocking: Knocking, response: Response) -> Welcome:
    """Sign in with e-mail and password."""
    return _welcome(service, await service.entry.log_in(body.email, body.password, knocking), response)


@router.post("/refresh")
async def refresh(body: RefreshToken, service: Service) -> Tokens:
    """Exchange a refresh token for new tokens; each works once, except twice within 10 s, with the same answer."""
    return Tokens.model_validate(Tokens.members(await service.grants.refresh(body.refresh_token)))


@router.post("/log-out", status_code=204)
async def log_out(service: Service, response: Response, body: LogOut | None = None) -> None:
    """End the session of the cookie, the access token, or the refresh token in the body."""
    principal = current_principal()
    if principal.user_id and principal.session_id:
        await service.account.log_out(principal.user_id, principal.session_id)
    if body and body.refresh_token:
        await service.grants.end_by_refresh_token(body.refresh_token)
    for name in (_COOKIE, _HTTPS_COOKIE):
        response.delete_cookie(name, secure=service.serves_https, httponly=True, samesite="lax")


@router.get("/jwks")
async def jwks(service: Service, response: Response) -> dict[str, Any]:
    """Public keys that verify access tokens, as a JWK set (RFC 7517)."""
    response.headers["cache-control"] = "public, max-age=300"
    return await service.jwks()


@router.post("/email/confirm", status_code=204)
async def confirm_email(body: LinkToken, service: Service) -> None:
    """Confirm an address with the token from the mail."""
    await service.letters.confirm_email(body.token)


@router.post("/email/resend", status_code=202)
async def resend_confirmation(service: Service, caller: Caller) -> None:
    """Send the mail to confirm one's address once more."""
    assert caller.user_id is not None
    await service.letters.resend_confirmation(caller.user_id)


@router.post("/password/forgot", status_code=202)
async def forgot_password(body: ForgottenPassword, service: Service) -> None:
    """Have a link for a new password sent; the answer is the same whether there is an account or not."""
    await service.letters.request_reset(body.email)


@router.post("/password/reset", status_code=204)
async def reset_password(body: PasswordReset, service: Service) -> None:
    """Set a new password with the token from the mail; every session ends."""
    await service.letters.reset_password(body.token, body.password)


@router.post("/operator/claim", status_code=204)
async def claim_operator(body: LinkToken, service: Service, caller: Caller) -> None:
    """Become the operator with the token that the first start printed."""
    assert caller.user_id is not None
    await service.operators.claim(caller.user_id, body.token)


def _welcome(service: AuthService, signed_in: SignedIn, response: Response) -> Welcome:
    if signed_in.grant.cookie is not None:
        response.set_cookie(
            _HTTPS_COOKIE if service.serves_https else _COOKIE,
            signed_in.grant.cookie,
            max_age=int(LONGEST / timedelta(seconds=1)),
            secure=service.serves_https,
            httponly=True,
            samesite="lax",
        )
    response.headers["cache-control"] = "no-store"
    return Welcome.of(signed_in)
