"""auth's interface gives the same answers to a caller in its process and to one over HTTP."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from scanly.contracts.auth import Auth
from scanly.kernel.auth import PrincipalSigner
from scanly.kernel.errors import NotFound
from scanly.kernel.ids import decode_id, new_id
from scanly.kernel.rpc import local_client, remote_client, rpc_routes
from scanly.kernel.tokens import read_key_set, verify_access_token
from tests.services.auth.factories import PASSWORD, Person
from tests.services.auth.installation import Installation


@pytest.fixture(params=["local", "remote"])
async def auth(request: pytest.FixtureRequest, installation: Installation) -> AsyncIterator[Auth]:
    if request.param == "local":
        yield local_client(Auth, installation.auth)  # type: ignore[type-abstract]
        return
    signer = PrincipalSigner(b"the peers' secret")
    app = Starlette(routes=rpc_routes("auth", Auth, installation.auth, signer))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
        yield remote_client(Auth, "auth", ("http://auth.example",), http, signer)  # type: ignore[type-abstract]


async def test_a_session_is_the_same_person_by_cookie_and_by_id(
    auth: Auth, browser: httpx.AsyncClient, sunita: Person
) -> None:
    await browser.post("/api/v1/auth/log-in", json={"email": sunita.email, "password": PASSWORD})
    by_cookie = await auth.identify_cookie(token=browser.cookies["scanly_session"])
    assert by_cookie is not None
    assert by_cookie == await auth.identify_session(session_id=by_cookie.session_id)
    assert by_cookie.user_id == decode_id("user", sunita.id)
    assert [membership.name for membership in by_cookie.memberships] == ["Sunita Sharma"]


async def test_nobody_is_none(auth: Auth) -> None:
    assert await auth.identify_cookie(token="nonsense") is None
    assert await auth.identify_session(session_id=new_id()) is None


async def test_the_keys_verify_tokens(auth: Auth, installation: Installation, sunita: Person) -> None:
    claims = verify_access_token(sunita.access_token, read_key_set(await auth.jwks()), now=installation.clock.now())
    assert claims.sub == decode_id("user", sunita.id)


async def test_a_workspace_is_found_or_not(auth: Auth, sunita: Person) -> None:
    found = await auth.workspace(workspace_id=decode_id("ws", sunita.workspace_id))
    assert (found.name, found.time_zone) == ("Sunita Sharma", "Asia/Kolkata")
    with pytest.raises(NotFound, match="no such workspace"):
        await auth.workspace(workspace_id=new_id())
