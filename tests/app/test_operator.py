"""What operators see and do, and that nobody else does."""

from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest

from scanly.app import installation, registry
from scanly.app.operator import figures
from scanly.app.operator.outbox import Outbox
from scanly.app.operator.report import ask_peers
from scanly.app.product import Product
from scanly.kernel.auth import ANONYMOUS, Principal, set_principal
from scanly.kernel.db import Database
from scanly.kernel.errors import Unavailable
from scanly.kernel.events import StreamRecord, bury, bury_record
from scanly.kernel.ids import encode_id, new_id
from scanly.kernel.mail import Message, OutboxMailer
from scanly.kernel.telemetry import histogram
from tests.support.product import ADDRESS, SECRET, InProcess, product_in_process

pytestmark = pytest.mark.slow

API = "/api/v1"
LETTERS = f"{API}/dead-letters"
JOB = {"id": 1, "queue": "auth", "name": "auth.send_mail", "args": {"mail": "confirm"}, "lock": None, "unique": None}


@pytest.fixture
async def operator(product: InProcess) -> httpx.AsyncClient:
    """A client of an operator."""
    return await make_operator(product)


async def make_operator(product: InProcess) -> httpx.AsyncClient:
    client = await product.sign_up("operator@example.org")
    await product.product.services["auth"].make_operator(email="operator@example.org")
    return client


async def put(product: InProcess, **fields: Any) -> str:
    """Put a letter among the dead and return its id at the API."""
    identifier = new_id()
    letter = {
        "source": "gone",
        "topic": "qr.created",
        "payload": {"data": {"name": "रोटी"}},
        "reason": "ValueError: no",
    }
    await bury(product.product.database, **{**letter, "attempts": 5, "identifier": identifier, **fields})
    return encode_id("letter", identifier)


async def letter_of(client: httpx.AsyncClient, identifier: str) -> dict[str, Any]:
    answer = await client.get(f"{LETTERS}/{identifier}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_health_tells_of_every_part(operator: httpx.AsyncClient) -> None:
    answer = await operator.get(f"{API}/operator/health")
    assert answer.status_code == 200, answer.text
    health = answer.json()
    (process,) = health["processes"]
    assert process["address"] is None
    assert process["state"] == "ready"
    assert set(process["services"]) == {"gateway", "auth", "media", "qr", "routing", "analytics"}
    assert {check["name"]: check["grade"] for check in process["checks"]}["database"] == "works"
    assert process["requests"]["count"] > 0
    assert process["spool"]["lost"] == 0
    assert process["counting"]["behind_seconds"] < 60
    assert process["database"]["connections_max"] > 0
    assert {group["group"] for group in health["event_log"]["groups"]} >= {"gateway.block_workspaces"}
    assert (health["dead_letters"], health["mail_delivers"]) == (0, False)


async def test_health_still_answers_while_the_database_is_away(
    operator: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await operator.get(f"{API}/operator/health")).status_code == 200

    def away(_database: Database) -> NoReturn:
        raise Unavailable("The database does not answer.", retry_after=1)

    async def silent(database: Database) -> None:
        away(database)

    monkeypatch.setattr(Database, "connect", away)
    monkeypatch.setattr(Database, "ping", silent)
    health = (await operator.get(f"{API}/operator/health")).json()
    assert (health["event_log"], health["dead_letters"]) == (None, None)
    assert health["processes"][0]["state"] == "waiting"


async def test_a_loss_of_scans_is_seen(product: InProcess, operator: httpx.AsyncClient) -> None:
    runtime = product.product.services["routing"].runtime
    runtime.spool.is_full = True
    runtime.spool.append(b"scan")
    runtime.spool.flush()
    await runtime.shipper.turn()
    (process,) = (await operator.get(f"{API}/operator/health")).json()["processes"]
    assert process["spool"]["lost"] == 1


async def test_letters_are_listed_in_pages_newest_first(product: InProcess, operator: httpx.AsyncClient) -> None:
    made = [await put(product, topic="a" if number % 2 else "b") for number in range(5)]
    first = (await operator.get(LETTERS, params={"limit": 3})).json()
    assert [letter["id"] for letter in first["data"]] == made[:1:-1]
    assert first["has_more"]
    second = (await operator.get(LETTERS, params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [letter["id"] for letter in second["data"]] == made[1::-1]
    assert not second["has_more"]
    some = (await operator.get(LETTERS, params={"topic": "a"})).json()["data"]
    assert [letter["id"] for letter in some] == [made[3], made[1]]
    assert (await operator.get(LETTERS, params={"cursor": "rubbish"})).status_code == 422
    assert first["data"][0]["payload"] == {"data": {"name": "रोटी"}}


async def test_an_event_goes_back_to_its_group(product: InProcess, operator: httpx.AsyncClient) -> None:
    identifier = await put(product)
    answer = await operator.post(f"{LETTERS}/{identifier}/replay")
    assert (answer.status_code, answer.json()["state"]) == (200, "replaying")
    again = await operator.post(f"{LETTERS}/{identifier}/replay")
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


async def test_a_letter_is_edited_and_put_back(product: InProcess, operator: httpx.AsyncClient) -> None:
    identifier = await put(product)
    answer = await operator.post(f"{LETTERS}/{identifier}/replay", json={"payload": {"data": {"name": "Roti"}}})
    assert answer.status_code == 200, answer.text
    assert (await letter_of(operator, identifier))["payload"] == {"data": {"name": "Roti"}}


async def test_an_edited_record_goes_back_as_it_was_edited(product: InProcess, operator: httpx.AsyncClient) -> None:
    record = StreamRecord(offset=7, key="menu", record=b'{"bad": 1}')
    await bury_record(product.product.database, source="x", topic="qr.tried", partition=0, record=record, reason="bad")
    (letter,) = (await operator.get(LETTERS)).json()["data"]
    wrong = await operator.post(f"{LETTERS}/{letter['id']}/replay", json={"payload": {"record": 5}})
    assert wrong.status_code == 422
    edited = {**letter["payload"], "record": '{"good": 1}'}
    answer = await operator.post(f"{LETTERS}/{letter['id']}/replay", json={"payload": edited})
    assert (answer.status_code, answer.json()["state"]) == (200, "replayed")
    heads = await product.product.streams.heads("qr.tried")
    (partition,) = heads
    (found,) = await product.product.streams.read("qr.tried", partition, -1, 10)
    assert (found.key, found.record) == ("menu", b'{"good": 1}')


async def test_a_record_that_was_not_edited_keeps_its_very_bytes(
    product: InProcess, operator: httpx.AsyncClient
) -> None:
    record = StreamRecord(offset=8, key="menu", record=b"\xff\x00 not text")
    await bury_record(product.product.database, source="x", topic="qr.raw", partition=0, record=record, reason="bad")
    (letter,) = (await operator.get(LETTERS)).json()["data"]
    await operator.post(f"{LETTERS}/{letter['id']}/replay", json={"payload": letter["payload"]})
    (partition,) = await product.product.streams.heads("qr.raw")
    (found,) = await product.product.streams.read("qr.raw", partition, -1, 10)
    assert found.record == record.record


@pytest.mark.parametrize("payload", [5, {}, {**JOB, "queue": None}, {**JOB, "args": []}])
async def test_a_job_cannot_be_edited_into_something_else(
    product: InProcess, operator: httpx.AsyncClient, payload: object
) -> None:
    identifier = await put(product, source="job", topic="auth.send_mail", payload=JOB)
    answer = await operator.post(f"{LETTERS}/{identifier}/replay", json={"payload": payload})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert (await letter_of(operator, identifier))["payload"] == JOB


async def test_all_open_letters_are_put_back(product: InProcess, operator: httpx.AsyncClient) -> None:
    gone = await put(product)
    for topic in ("a", "a", "b"):
        await put(product, topic=topic)
    await operator.post(f"{LETTERS}/{gone}/discard")
    some = await operator.post(f"{LETTERS}/replay", json={"topic": "a"})
    assert some.json() == {"replayed": 2, "remaining": 1}
    rest = await operator.post(f"{LETTERS}/replay", json={})
    assert rest.json() == {"replayed": 1, "remaining": 0}
    assert (await operator.get(f"{API}/operator/health")).json()["dead_letters"] == 0


async def test_a_discarded_letter_is_settled(product: InProcess, operator: httpx.AsyncClient) -> None:
    identifier = await put(product)
    answer = await operator.post(f"{LETTERS}/{identifier}/discard")
    assert (answer.status_code, answer.json()["state"]) == (200, "discarded")
    assert (await operator.post(f"{LETTERS}/{identifier}/discard")).status_code == 409
    assert (await operator.get(LETTERS)).json()["data"] == []
    (kept,) = (await operator.get(LETTERS, params={"settled": True})).json()["data"]
    assert kept["id"] == identifier
    assert (await operator.post(f"{LETTERS}/{encode_id('letter', new_id())}/discard")).status_code == 404


async def test_mail_that_waits_is_listed_and_shown(product: InProcess, operator: httpx.AsyncClient) -> None:
    await product.product.mail.send(Message("sunita@example.org", "नमस्ते", "Your link", "<p>Your link</p>"))
    listed = (await operator.get(f"{API}/operator/mails")).json()["data"]  # signing up sends mail as well
    (mail,) = [each for each in listed if each["to"] == "sunita@example.org"]
    assert mail["subject"] == "नमस्ते"
    whole = (await operator.get(f"{API}/operator/mails/{mail['id']}")).json()
    assert whole["text"].strip() == "Your link"
    refused = await operator.post(f"{API}/operator/mails/{mail['id']}/resend")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert "SCANLY_SMTP_URL" in refused.json()["detail"]
    assert (await operator.get(f"{API}/operator/mails/{encode_id('mail', new_id())}")).status_code == 404


class Server:
    """A mail server that takes mail or not."""

    delivers = True

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.away = False

    async def send(self, message: Message) -> None:
        if self.away:
            raise Unavailable("The mail server does not take mail at the moment.", retry_after=60)
        self.taken.append(message)


async def test_mail_goes_once_when_there_is_a_server(tmp_path: Path) -> None:
    await OutboxMailer(tmp_path, "Scanly <no-reply@example.org>").send(Message("a@example.org", "Hi", "Text", "<p>Hi"))
    server = Server()
    outbox = Outbox(tmp_path, server)
    (waiting,) = outbox.find(None, 10)
    server.away = True
    with pytest.raises(Unavailable):
        await outbox.resend(waiting.id)
    assert outbox.count() == 1
    (tmp_path / f"{waiting.id}.eml").rename(tmp_path / f"{waiting.id}.going")  # the process ended in the middle
    outbox, server.away = Outbox(tmp_path, server), False
    await outbox.resend(waiting.id)
    assert [(mail.to, mail.subject, mail.text.strip()) for mail in server.taken] == [("a@example.org", "Hi", "Text")]
    assert not any(tmp_path.iterdir())  # noqa: ASYNC240 - an empty folder


async def test_what_is_no_mail_of_ours_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "note.eml").write_text("not ours")
    outbox = Outbox(tmp_path, OutboxMailer(tmp_path, "Scanly <no-reply@example.org>"))
    assert (outbox.count(), outbox.find(None, 10)) == (0, [])


async def test_room_is_told_in_bytes(operator: httpx.AsyncClient, data_dir: Path) -> None:
    (data_dir / "files").mkdir(exist_ok=True)
    (data_dir / "files" / "menu.pdf").write_bytes(b"x" * 1000)
    room = (await operator.get(f"{API}/operator/storage")).json()
    assert (room["files"], room["files_whole"], room["files_at"]) == (1000, True, "local")
    assert 0 < room["scans"] < room["database"]
    assert 0 < room["disk_used"] <= room["disk_size"]


async def test_settings_are_shown_without_secrets(product_dsn: str, data_dir: Path) -> None:
    environ = {"SCANLY_OPS_TOKEN": "a very secret token", "SCANLY_SMPT_URL": "x"}
    async with product_in_process(product_dsn, data_dir, environ=environ) as product:
        answer = await (await make_operator(product)).get(f"{API}/operator/settings")
    settings = {setting["name"]: setting for setting in answer.json()["data"]}
    assert "a very secret token" not in answer.text
    assert settings["SCANLY_OPS_TOKEN"]["shown"] == "(hidden)"
    assert settings["SCANLY_PORT"]["shown"] == "8000"
    assert "Did you mean SCANLY_SMTP_URL" in answer.json()["warnings"][0]


async def test_peers_tell_of_themselves_and_one_that_is_gone_is_seen(product: InProcess, tmp_path: Path) -> None:
    def refuse(request: httpx.Request) -> NoReturn:
        raise httpx.ConnectError("refused", request=request)

    variables = {"SCANLY_DATA_DIR": str(tmp_path), "SCANLY_PUBLIC_URL": ADDRESS}
    peer = Product(
        installation.load(variables, None), product.dsn, SECRET, registry.choose(["routing"]), process="peer"
    )
    peers = {"routing": ("http://alive", "http://gone"), "analytics": ("http://gone",)}
    mounts = {
        "all://alive": httpx.ASGITransport(app=peer.application),
        "all://gone": httpx.MockTransport(refuse),
    }
    await peer.start()
    try:
        async with httpx.AsyncClient(mounts=mounts) as client:
            set_principal(Principal(kind="session", user_id=new_id(), is_operator=True))
            alive, gone = await ask_peers(peers, client, product.product.signer)
            set_principal(Principal(kind="session", user_id=new_id()))
            refused, _ = await ask_peers(peers, client, product.product.signer)
    finally:
        await peer.stop()
        set_principal(ANONYMOUS)
    assert (alive.name, alive.address, alive.services) == ("peer", "http://alive", ["routing"])
    assert alive.spool is not None
    assert (alive.requests, alive.counting) == (None, None)
    assert (gone.state, gone.services) == ("away", ["analytics", "routing"])
    assert "does not answer" in gone.checks[0].detail
    assert "403" in refused.checks[0].detail


def test_a_quantile_is_the_bound_of_its_bucket() -> None:
    took = histogram("scanly_test_quantile_seconds", "For this test", buckets=(0.1, 1, 10))
    assert figures.quantile(figures.read(), "scanly_test_quantile_seconds", 0.99) is None
    for _ in range(98):
        took.observe(0.05)
    took.observe(5)
    took.observe(50)
    found = figures.read()
    assert figures.quantile(found, "scanly_test_quantile_seconds", 0.5) == 0.1
    assert figures.quantile(found, "scanly_test_quantile_seconds", 0.99) == 10
    assert figures.quantile(found, "scanly_test_quantile_seconds", 1) == 10
