"""Where services are, and what a process needs before it may start without the others."""

from pathlib import Path

import pytest

from scanly.app import registry, topology
from scanly.app.installation import load, prepare_data_dir, secret_key
from scanly.app.serve import _check_split, _listen
from scanly.contracts.auth import Auth
from scanly.contracts.routing import Routing
from scanly.kernel.config import Settings
from scanly.kernel.startup import StartupError


def settings(tmp_path: Path, **values: str) -> Settings:
    environ = {f"SCANLY_{name.upper()}": value for name, value in values.items()}
    return load({"SCANLY_DATA_DIR": str(tmp_path / "data"), **environ}, tmp_path / "scanly.toml").get(Settings)


def test_services_are_chosen_by_name_once_each() -> None:
    assert [manifest.name for manifest in registry.choose(["qr", "auth", "qr"])] == ["qr", "auth"]
    assert registry.choose([]) == list(registry.SERVICES)
    with pytest.raises(StartupError, match=r"There is no service sorting, mail\. Services are: gateway, auth, qr"):
        registry.choose(["auth", "sorting", "mail"])


def test_peers_are_written_as_names_and_addresses() -> None:
    text = " routing=http://a:1/, https://b.example ;auth=http://c:3;"
    assert topology.parse_peers(text) == {"routing": ("http://a:1", "https://b.example"), "auth": ("http://c:3",)}
    assert topology.parse_peers("") == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sorting=http://a:1", "names 'sorting', which is no service"),
        ("routing", "write routing=http://HOST:PORT"),
        ("routing=", "write routing="),
        ("routing=a:1", "write routing="),
        ("routing=http://", "write routing="),
        ("routing=ftp://a", "write routing="),
        ("routing=http://a:1,nowhere", "write routing="),
    ],
)
def test_wrong_peers_are_told(text: str, words: str) -> None:
    with pytest.raises(StartupError, match=words):
        topology.parse_peers(text)


def test_a_process_must_know_where_those_are_whom_it_calls() -> None:
    (qr,) = registry.choose(["qr"])
    called = [topology.service_of(interface) for interface in qr.calls]
    peers = dict.fromkeys(called, ("http://a:1",))
    for name in called:
        rest = {other: bases for other, bases in peers.items() if other != name}
        with pytest.raises(
            StartupError, match=f"qr calls {name}: say where it is, SCANLY_PEERS={name}=http://HOST:PORT"
        ):
            topology.check_reachable([qr], rest)
        topology.check_reachable(registry.choose(["qr", name]), rest)
    topology.check_reachable([qr], peers)


def test_every_interface_has_its_service() -> None:
    assert (topology.service_of(Auth), topology.service_of(Routing)) == ("auth", "routing")


def test_the_gateway_knows_which_paths_are_whose() -> None:
    peers = {name: (f"http://{name}:1",) for name in ("auth", "qr", "routing", "analytics", "media")}
    found = topology.upstreams({"gateway", "auth", "qr"}, peers)
    assert {"links", "rule-conditions"} & set(found)
    assert found["links"] == ("http://routing:1",)
    assert found["files"] == found["f"] == ("http://media:1",)
    assert found["analytics"] == ("http://analytics:1",)
    assert not {"me", "auth", "qr-codes"} & set(found)
    everything = topology.upstreams({"gateway"}, peers)
    assert everything["me"] == everything["auth"] == everything["workspaces"] == ("http://auth:1",)
    assert everything["qr-codes"] == everything["e"] == ("http://qr:1",)


def test_no_two_services_serve_the_same_first_segment() -> None:
    seen: dict[str, str] = {}
    for manifest in registry.SERVICES:
        for segment in topology.segments(manifest):
            assert seen.setdefault(segment, manifest.name) == manifest.name, segment


def test_a_part_of_the_services_needs_a_database_and_a_secret(tmp_path: Path) -> None:
    _check_split(settings(tmp_path), split=False)
    with pytest.raises(StartupError, match="needs SCANLY_DATABASE_URL"):
        _check_split(settings(tmp_path), split=True)
    with pytest.raises(StartupError, match="needs SCANLY_SECRET_KEY"):
        _check_split(settings(tmp_path, database_url="postgresql://x@h/d"), split=True)
    _check_split(settings(tmp_path, database_url="postgresql://x@h/d", secret_key="x" * 32), split=True)


def test_a_secret_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    found = settings(tmp_path)
    with pytest.raises(StartupError, match="has no secret yet"):
        secret_key(found, make=False)
    folder = prepare_data_dir(found)
    first = secret_key(found)
    assert len(first) >= 43
    assert secret_key(found) == secret_key(found, make=False) == first
    assert (folder / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret.key"]


def test_a_secret_of_ones_own_must_be_long(tmp_path: Path) -> None:
    assert secret_key(settings(tmp_path, secret_key="s" * 32)) == b"s" * 32
    with pytest.raises(StartupError, match="at least 32"):
        secret_key(settings(tmp_path, secret_key="short"))


def test_a_secret_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    found = settings(tmp_path)
    (prepare_data_dir(found) / "secret.key").mkdir()
    with pytest.raises(StartupError, match=r"secret\.key cannot be read"):
        secret_key(found)


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StartupError, match=r"cannot be written to .* SCANLY_DATA_DIR"):
        prepare_data_dir(settings(tmp_path))


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    listener = _listen("127.0.0.1", 0, "SCANLY_PORT")
    port = listener.getsockname()[1]
    with (
        listener,
        pytest.raises(StartupError, match=rf"Port {port} on 127\.0\.0\.1 cannot be used .* with SCANLY_OPS_PORT"),
    ):
        _listen("127.0.0.1", port, "SCANLY_OPS_PORT")
    with pytest.raises(StartupError, match=r"203\.0\.113\.77 is no address of this machine .* SCANLY_HOST"):
        _listen("203.0.113.77", 0, "SCANLY_PORT")
    assert not (tmp_path / "data").exists()
