"""The one door: bodies, headers, origins, documents, and workspaces that may not change anything."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from scanly.kernel.auth import Principal
from scanly.kernel.ids import decode_id, new_id
from tests.services.gateway.conftest import Start
from tests.services.gateway.factories import browser, problem_of, tell_of_limit, workspace_of
from tests.support.databases import TestServer
from tests.support.product import PASSWORD, InProcess

TYPES = "/api/v1/qr-content-types"
CODE = {"content": {"type": "url", "url": "https://example.org/menu"}}
JSON = {"content-type": "application/json"}
MEGABYTE = b"x" * 1_048_576


async def chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield MEGABYTE


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/api/v1/qr-codes", "/api/v1/auth/sign-up", "/api/v1/qr-codes/preview"])
async def test_a_body_of_ten_megabytes_is_refused(anybody: httpx.AsyncClient, path: str) -> None:
    stated = await anybody.post(path, content=MEGABYTE * 10, headers=JSON)
    problem_of(stated, 413, "too_large")
    unstated = await anybody.post(path, content=chunks(10), headers={**JSON, "transfer-encoding": "chunked"})
    problem_of(unstated, 413, "too_large")


@pytest.mark.parametrize("length", ["-1", "1e3", "99999999999999999999", "٣"])
async def test_a_length_that_is_no_number_is_refused(anybody: httpx.AsyncClient, length: str) -> None:
    headers = {**JSON, "content-length": length.encode()}
    answer = await anybody.post("/api/v1/auth/sign-up", content=chunks(1), headers=headers)
    problem_of(answer, 413, "too_large")


async def test_a_body_without_a_length_is_read_like_any_other(product: InProcess) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b'{"email": "sunita@example.org", '
        yield f'"password": "{PASSWORD}"}}'.encode()

    anybody = await product.client()
    headers = {**JSON, "transfer-encoding": "chunked"}
    assert (await anybody.post("/api/v1/auth/sign-up", content=body(), headers=headers)).status_code == 201


@pytest.mark.parametrize("kind", ["", "text/plain", "application/xml", "application/x-www-form-urlencoded", "json"])
async def test_other_kinds_of_content_are_refused(anybody: httpx.AsyncClient, kind: str) -> None:
    answer = await anybody.post("/api/v1/auth/sign-up", content=b"{}", headers={"content-type": kind} if kind else {})
    problem_of(answer, 415, "unsupported_media_type")


async def test_a_packed_body_is_refused(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.post("/api/v1/auth/sign-up", content=b"{}", headers={**JSON, "content-encoding": "gzip"})
    problem_of(answer, 415, "unsupported_media_type")


async def test_json_may_say_its_charset(anybody: httpx.AsyncClient) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    problem_of(await anybody.post("/api/v1/auth/sign-up", content=b"{}", headers=headers), 422, "invalid")


SECURE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/app/codes"),
        ("GET", "/assets/none.js"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/robots.txt"),
        ("GET", "/api/docs"),
        ("GET", "/api/openapi.json"),
        ("GET", "/api/nothing"),
        ("GET", TYPES),
        ("GET", "/api/v1/me"),
        ("POST", "/api/v1/auth/sign-up"),
        ("POST", "/api/v1/nothing"),
        ("OPTIONS", "/api/v1/me"),
        ("DELETE", "/"),
    ],
)
async def test_every_answer_has_the_headers_of_security(anybody: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await anybody.request(method, path)
    assert {name: answer.headers.get(name) for name in SECURE} == SECURE
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert answer.headers["x-request-id"].startswith("req_")
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "strict-transport-security" not in answer.headers
    assert "server" not in answer.headers


async def test_over_https_browsers_are_told_to_stay_there(start: Start) -> None:
    product = await start(public_url="https://go.example.org")
    client = await product.client(base_url="https://go.example.org")
    assert (await client.get(TYPES)).headers["strict-transport-security"].startswith("max-age=31536000")
    body = {"email": "sunita@example.org", "password": PASSWORD}
    answer = await client.post("/api/v1/auth/sign-up", json=body, headers={"Scanly-Request": "1"})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-scanly_session=")
    assert "secure" in cookie.lower()


@pytest.mark.slow
async def test_what_somebody_asks_for_is_kept_by_no_cache(product: InProcess) -> None:
    person = await product.sign_up()
    assert (await person.get("/api/v1/me")).headers["cache-control"] == "no-store"
    assert "no-store" in (await person.get("/api/v1/nothing")).headers["cache-control"]


async def test_every_request_has_an_id_of_its_own_that_nobody_else_chooses(anybody: httpx.AsyncClient) -> None:
    answers = [await anybody.get(TYPES, headers={"x-request-id": "mine"}) for _ in range(2)]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert len(set(ids)) == 2
    for identifier in ids:
        decode_id("req", identifier)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v2/me",
        "/api/nothing",
        "/docs",
        "/scanly",
        "/apple-app-site-association",
    ],
)
async def test_an_unknown_address_is_told(anybody: httpx.AsyncClient, path: str) -> None:
    problem_of(await anybody.get(f"http://localhost:8000{path}"), 404, "not_found")


@pytest.mark.slow
async def test_a_wrong_method_is_told(anybody: httpx.AsyncClient) -> None:
    problem_of(await anybody.put("/api/v1/auth/log-in", json={}), 405, "method_not_allowed")


async def test_pages_are_only_read(anybody: httpx.AsyncClient) -> None:
    for path in ("/", "/app/codes"):
        problem_of(await anybody.post(path, json={}), 404, "not_found")


OURS, THEIRS = "https://shop.example", "https://evil.example"


async def test_pages_of_listed_origins_may_call_and_others_may_not(start: Start) -> None:
    product = await start(cors_origins=f"{OURS}, https://more.example")
    anybody = await product.client()
    ask = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    preflight = await anybody.options("/api/v1/qr-codes", headers={"origin": OURS, **ask})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == OURS
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "content-type" in preflight.headers["access-control-allow-headers"]
    answer = await anybody.get(TYPES, headers={"origin": OURS})
    assert answer.headers["access-control-allow-origin"] == OURS
    assert answer.headers["vary"] == "origin"
    assert "etag" in answer.headers["access-control-expose-headers"]
    refused = await anybody.options("/api/v1/qr-codes", headers={"origin": THEIRS, **ask})
    problem_of(refused, 403, "forbidden")
    for origin in (THEIRS, "null", OURS + ".evil.example", OURS.upper(), "http://shop.example"):
        answer = await anybody.get(TYPES, headers={"origin": origin})
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["vary"] == "origin"


async def test_a_cookie_is_never_for_other_origins(start: Start) -> None:
    product = await start(cors_origins=OURS)
    sunita = await browser(product, "sunita@example.org")
    answer = await sunita.get("/api/v1/me", headers={"origin": OURS})
    assert "access-control-allow-credentials" not in answer.headers


async def test_without_a_list_no_origin_may_call(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get(TYPES, headers={"origin": OURS})
    assert "access-control-allow-origin" not in answer.headers
    problem_of(await anybody.options("/api/v1/qr-codes", headers={"origin": OURS}), 403, "forbidden")


async def test_metrics_are_for_the_operator(start: Start) -> None:
    product = await start(ops_token="a long token")
    anybody = await product.client()
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Bearer é".encode("latin-1")}):
        problem_of(await anybody.get("/metrics", headers=headers), 404, "not_found")
    answer = await anybody.get("/metrics", headers={"authorization": "Bearer a long token"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert re.search(r'^scanly_http_requests_total\{route_class="\w+",status="\dxx"\} \d', answer.text, re.MULTILINE)


async def test_without_a_token_metrics_are_not_here(anybody: httpx.AsyncClient) -> None:
    for headers in ({}, {"authorization": "Bearer "}, {"authorization": ""}):
        problem_of(await anybody.get("/metrics", headers=headers), 404, "not_found")


async def test_metrics_name_no_address_and_no_path(start: Start) -> None:
    product = await start(ops_token="a long token")
    anybody = await product.client()
    for path in ("/api/v1/secret-path", "/secret-slug", "/app/secret-page"):
        await anybody.get(path)
    answer = await anybody.get("/metrics", headers={"authorization": "Bearer a long token"})
    assert "secret" not in answer.text
    assert "127.0.0.1" not in answer.text


async def test_the_api_describes_itself(anybody: httpx.AsyncClient) -> None:
    document = (await anybody.get("/api/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/qr-codes" in document["paths"]
    page = await anybody.get("/api/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for path in document["paths"]:
        assert path in page.text
    assert "<script" not in page.text
    assert "rpc" not in " ".join(document["paths"])


BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/terms", "/.well-known/nothing", "/metrics", "/admin/x"])
async def test_people_get_a_page_where_nothing_is(anybody: httpx.AsyncClient, path: str) -> None:
    page = await anybody.get(path, headers={**BROWSER, "accept-language": "hi-IN,en;q=0.5"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert '<html lang="hi"' in page.text
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["x-request-id"]
    problem_of(await anybody.get(path), 404, "not_found")
    problem_of(await anybody.post(path, headers=BROWSER), 404, "not_found")
    problem_of(await anybody.get(f"/api/v1{path}", headers=BROWSER), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [("/login", "/?sign=in"), ("/sign-in", "/?sign=in"), ("/sign-up", "/?sign=in"), ("/docs", "/api/docs")],
)
async def test_what_people_type_leads_where_it_is(anybody: httpx.AsyncClient, path: str, leads_to: str) -> None:
    answer = await anybody.get(path, headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (302, leads_to)
    assert (await anybody.get(leads_to)).headers["content-type"] == "text/html; charset=utf-8"
    problem_of(await anybody.get(path), 404, "not_found")


@pytest.mark.slow
async def test_a_slug_behind_two_slashes_is_found(product: InProcess) -> None:
    owner = await product.sign_up()
    await owner.post("/api/v1/links", json={"destination": "https://example.org/", "slug": "menu"})
    assert (await owner.get("http://localhost:8000//menu")).status_code == 302
    page = await owner.get("http://localhost:8000//none")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")


async def test_health_and_readiness_say_what_they_know(anybody: httpx.AsyncClient) -> None:
    assert (await anybody.get("/healthz")).json() == {"status": "ok"}
    ready = await anybody.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["checks"]["database"] == {"ok": True}


async def test_calls_of_other_processes_need_their_signature(anybody: httpx.AsyncClient) -> None:
    for headers in ({}, {"scanly-principal": "forged"}, {"scanly-principal": "a.b"}):
        answer = await anybody.post("/rpc/auth/jwks", json={}, headers=headers)
        assert answer.status_code in {401, 404}
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_principal_that_a_caller_brings_along_counts_for_nothing(product: InProcess) -> None:
    signed = product.product.signer.sign(Principal(kind="session", user_id=new_id(), workspaces=1))
    anybody = await product.client()
    answer = await anybody.get("/api/v1/me", headers={"scanly-principal": signed})
    problem_of(answer, 401, "unauthenticated")


@pytest.mark.slow
async def test_a_blocked_workspace_changes_nothing_and_its_codes_go_on(product: InProcess) -> None:
    owner = await product.sign_up()
    code = (await owner.post("/api/v1/qr-codes", json=CODE)).json()
    workspace = await workspace_of(owner)
    await tell_of_limit(product, workspace, blocked=True)
    for method, path, body in [
        ("POST", "/api/v1/qr-codes", CODE),
        ("PATCH", f"/api/v1/qr-codes/{code['id']}", {"name": "New"}),
        ("POST", f"/api/v1/qr-codes/{code['id']}/pause", None),
        ("DELETE", f"/api/v1/qr-codes/{code['id']}", None),
    ]:
        document = problem_of(await owner.request(method, path, json=body), 403, "workspace_blocked")
        assert document["detail"].startswith("More than 100 codes are in use. Printed codes go on working.")
    assert (await owner.get(f"/api/v1/qr-codes/{code['id']}")).status_code == 200
    assert (await owner.get(f"/{code['link']['slug']}")).status_code == 302
    assert (await owner.patch("/api/v1/me", json={"name": "Sunita"})).status_code == 200
    assert (await owner.post("/api/v1/qr-codes/check", json=CODE)).status_code == 200
    await tell_of_limit(product, workspace, blocked=False)
    assert (await owner.post("/api/v1/qr-codes", json=CODE)).status_code == 201


@pytest.mark.slow
async def test_one_blocked_workspace_is_nobody_elses_trouble(product: InProcess) -> None:
    ours, theirs = await product.sign_up(), await product.sign_up()
    await tell_of_limit(product, await workspace_of(theirs), blocked=True)
    assert (await ours.post("/api/v1/qr-codes", json=CODE)).status_code == 201
    problem_of(await theirs.post("/api/v1/qr-codes", json=CODE), 403, "workspace_blocked")
    assert (await theirs.post("/api/v1/auth/log-out", json={})).status_code == 204


@pytest.mark.slow
async def test_a_block_outlives_the_process(product: InProcess, start: Start) -> None:
    owner = await product.sign_up()
    await tell_of_limit(product, await workspace_of(owner), blocked=True)
    after_restart = await start()
    client = await after_restart.client(headers=dict(owner.headers))
    problem_of(await client.post("/api/v1/qr-codes", json=CODE), 403, "workspace_blocked")


@pytest.mark.slow
async def test_a_database_that_is_away_is_503_with_a_time_to_come_back(
    product: InProcess, postgres: TestServer
) -> None:
    owner = await product.sign_up()
    link = (await owner.post("/api/v1/links", json={"destination": "https://example.org/"})).json()
    assert (await owner.get(f"/{link['slug']}")).status_code == 302
    postgres.close_to_connections(product.dsn)
    try:
        for method, path, body in [
            ("GET", "/api/v1/qr-codes", None),
            ("POST", "/api/v1/qr-codes", CODE),
            ("POST", "/api/v1/auth/log-in", {"email": "a@example.org", "password": PASSWORD}),
        ]:
            answer = await owner.request(method, path, json=body)
            problem_of(answer, 503, "unavailable")
            assert int(answer.headers["retry-after"]) >= 1
        assert (await owner.get("/healthz")).status_code == 200
        assert (await owner.get("/readyz")).status_code == 503
        assert (await owner.get(f"/{link['slug']}")).status_code == 302
    finally:
        postgres.open_to_connections(product.dsn)
    answers = [(await owner.get("/api/v1/qr-codes")).status_code for _ in range(6)]
    assert answers[-1] == 200
