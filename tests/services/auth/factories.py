"""People for tests, made through the public API as everybody else is."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

PASSWORD = "tea under the old bridge"

_numbers = count(1)


def sign_up_body(**changes: Any) -> dict[str, Any]:
    """The body of a sign-up that works, with an address of its own."""
    return {"email": f"person{next(_numbers)}@example.org", "password": PASSWORD, "locale": "en", **changes}


@dataclass(frozen=True)
class Person:
    """Somebody who signed up as a program does."""

    id: str
    email: str
    workspace_id: str
    access_token: str
    refresh_token: str

    @property
    def headers(self) -> dict[str, str]:
        """What proves who is calling."""
        return {"Authorization": f"Bearer {self.access_token}"}


async def sign_up(client: httpx.AsyncClient, **changes: Any) -> Person:
    """A new person with a workspace."""
    answer = await client.post("/api/v1/auth/sign-up", json=sign_up_body(**changes))
    assert answer.status_code == 201, answer.text
    body = answer.json()
    return Person(
        id=body["user"]["id"],
        email=body["user"]["email"],
        workspace_id=body["workspace"]["id"],
        access_token=body["access_token"],
        refresh_token=body["refresh_token"],
    )
