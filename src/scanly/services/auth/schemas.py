"""Bodies of auth's requests and answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, field_validator
from sqlalchemy import Row

from scanly.contracts.auth import Role, SessionId, UserId, WorkspaceId
from scanly.kernel.http import ApiModel
from scanly.services.auth.domain.agents import describe
from scanly.services.auth.domain.passwords import LONGEST, SHORTEST
from scanly.services.auth.domain.people import parse_email, parse_locale, parse_name, parse_time_zone
from scanly.services.auth.models import SessionRow, UserRow, WorkspaceRow
from scanly.services.auth.service.account import Profile
from scanly.services.auth.service.entry import SignedIn
from scanly.services.auth.service.grants import Grant

Email = Annotated[str, Field(max_length=320, examples=["sunita@example.org"]), AfterValidator(parse_email)]
Password = Annotated[str, Field(max_length=1024, json_schema_extra={"format": "password"})]
# The document tells the lengths; others are refused as `password_too_weak`, like one that is easily guessed.
NewPassword = Annotated[Password, Field(json_schema_extra={"minLength": SHORTEST, "maxLength": LONGEST})]
Name = Annotated[str, Field(max_length=500, examples=["Sharma Sweets"]), AfterValidator(parse_name)]
Locale = Annotated[str, Field(max_length=35, examples=["hi-IN"]), AfterValidator(parse_locale)]
TimeZone = Annotated[str, Field(max_length=64, examples=["Asia/Kolkata"]), AfterValidator(parse_time_zone)]
Token = Annotated[str, Field(max_length=512)]


class SignUp(ApiModel):
    email: Email
    password: NewPassword
    name: Name | None = None
    workspace_name: Name | None = None
    locale: Locale = "en"
    time_zone: TimeZone | None = None


class LogIn(ApiModel):
    email: Email
    password: Password


class RefreshToken(ApiModel):
    refresh_token: Token


class LogOut(ApiModel):
    refresh_token: Token | None = None


class LinkToken(ApiModel):
    token: Token


class ForgottenPassword(ApiModel):
    email: Email


class PasswordReset(ApiModel):
    token: Token
    password: NewPassword


class PasswordChange(ApiModel):
    current_password: Password
    new_password: NewPassword


class _Patch(ApiModel):
    """JSON Merge Patch (RFC 7396) over fields that always have a value: what is left out stays, null is a fault."""

    @field_validator("*", mode="before")
    @classmethod
    def _no_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("This can be changed but not removed.")
        return value


class ProfileChange(_Patch):
    name: Name | None = None
    locale: Locale | None = None


class WorkspaceCreate(ApiModel):
    name: Name
    time_zone: TimeZone = "UTC"


class WorkspaceChange(_Patch):
    name: Name | None = None
    time_zone: TimeZone | None = None


class User(BaseModel):
    """A person, as they see themselves."""

    id: UserId
    email: str
    email_confirmed: bool
    name: str
    locale: str
    is_operator: bool
    created_at: datetime

    @classmethod
    def of(cls, row: UserRow) -> Self:
        return cls(
            id=row.id,
            email=row.email,
            email_confirmed=row.email_confirmed_at is not None,
            name=row.name,
            locale=row.locale,
            is_operator=row.is_operator,
            created_at=row.created_at,
        )


class MyWorkspace(BaseModel):
    """A workspace, and what the caller is in it."""

    id: WorkspaceId
    name: str
    time_zone: str
    role: Role
    created_at: datetime

    @classmethod
    def of(cls, row: WorkspaceRow, role: str) -> Self:
        return cls(id=row.id, name=row.name, time_zone=row.time_zone, role=Role(role), created_at=row.created_at)

    @classmethod
    def all_of(cls, rows: Sequence[Row[WorkspaceRow, str]]) -> list[Self]:
        return [cls.of(row, role) for row, role in rows]


class Tokens(BaseModel):
    """What a program goes on with; a browser has its cookie instead."""

    access_token: str | None = None
    refresh_token: str | None = None
    expires_in: int | None = Field(None, description="Seconds for which the access token is valid")

    @classmethod
    def members(cls, grant: Grant) -> dict[str, object]:
        if grant.access_token is None:
            return {}
        return {
            "access_token": grant.access_token,
            "refresh_token": grant.refresh_token,
            "expires_in": grant.expires_in,
        }


class Welcome(Tokens):
    """Answer to sign-up and log-in."""

    user: User
    workspace: MyWorkspace | None

    @classmethod
    def of(cls, signed_in: SignedIn) -> Self:
        row, role = signed_in.workspace or (None, "")
        return cls.model_validate(
            {
                "user": User.of(signed_in.user),
                "workspace": MyWorkspace.of(row, role) if row else None,
                **cls.members(signed_in.grant),
            }
        )


class MailState(BaseModel):
    """Whether mail leaves this installation; if not, it lies in the operator's outbox."""

    delivers: bool


class Me(BaseModel):
    """The caller."""

    user: User
    workspaces: list[MyWorkspace]
    mail: MailState

    @classmethod
    def of(cls, profile: Profile, *, mail_delivers: bool) -> Self:
        return cls(
            user=User.of(profile.user),
            workspaces=MyWorkspace.all_of(profile.workspaces),
            mail=MailState(delivers=mail_delivers),
        )


class Session(BaseModel):
    """Where somebody is signed in. ``browser`` and ``system`` are read from the user agent, null if it says nothing."""

    id: SessionId
    is_current: bool
    kind: str = Field(description="browser or program")
    browser: str | None
    system: str | None
    user_agent: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, row: SessionRow, current: UUID | None) -> Self:
        browser, system = describe(row.user_agent)
        return cls(
            id=row.id,
            is_current=row.id == current,
            kind="browser" if row.token_hash else "program",
            browser=browser,
            system=system,
            user_agent=row.user_agent,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
        )
