from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from scanly.kernel.config import LoadedSettings, ServiceSettings, Settings, load_settings
from scanly.kernel.startup import StartupError


class CacheSettings(ServiceSettings):
    link_cache_mb: int = Field(64, ge=1, description="Memory for links")


def load(file: Path | None = None, **environ: str) -> LoadedSettings:
    return load_settings([CacheSettings], environ, file)


def shown(loaded: LoadedSettings, name: str) -> tuple[str, str]:
    return next((value.shown, value.origin) for value in loaded.values if value.name == name)


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    return tmp_path / "scanly.toml"


def test_without_anything_everything_has_its_default(toml: Path) -> None:
    loaded = load(toml)
    assert loaded.get(Settings).port == 8000
    assert loaded.get(CacheSettings).link_cache_mb == 64
    assert {value.origin for value in loaded.values} == {"default"}
    assert all(value.description for value in loaded.values)
    assert loaded.warnings == []


def test_the_environment_wins_over_a_file_that_wins_over_toml(toml: Path, tmp_path: Path) -> None:
    toml.write_text("link_cache_mb = 1\n")
    secret = tmp_path / "mounted"
    secret.write_text("2\n")
    assert shown(load(toml), "SCANLY_LINK_CACHE_MB") == ("1", str(toml))
    from_file = {"SCANLY_LINK_CACHE_MB_FILE": str(secret)}
    assert shown(load(toml, **from_file), "SCANLY_LINK_CACHE_MB") == ("2", f"file {secret}")
    both = load(toml, **from_file, SCANLY_LINK_CACHE_MB="3")
    assert shown(both, "SCANLY_LINK_CACHE_MB") == ("3", "environment SCANLY_LINK_CACHE_MB")
    assert both.get(CacheSettings).link_cache_mb == 3


def test_an_empty_variable_counts_as_not_set(toml: Path) -> None:
    assert load(toml, SCANLY_PORT="").get(Settings).port == 8000


def test_every_fault_is_told_at_once(toml: Path, tmp_path: Path) -> None:
    toml.write_text('link_cache = 5\nlog_level = "loud"\n')
    with pytest.raises(StartupError) as raised:
        load(toml, SCANLY_PORT="eighty", SCANLY_LINK_CACHE_MB="0", SCANLY_SMTP_URL_FILE=str(tmp_path / "none"))
    words = str(raised.value)
    assert "there is no setting 'link_cache'. Did you mean link_cache_mb?" in words
    assert f"SCANLY_LOG_LEVEL ({toml})" in words
    assert "SCANLY_PORT (environment SCANLY_PORT)" in words
    assert "SCANLY_LINK_CACHE_MB (environment SCANLY_LINK_CACHE_MB): Choose 1 or more." in words
    assert "SCANLY_SMTP_URL_FILE: the file cannot be read (No such file or directory)." in words
    assert ".." not in words


def test_a_file_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    mounted = tmp_path / "mounted"
    mounted.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StartupError, match="SCANLY_SMTP_URL_FILE: the file cannot be read"):
        load(SCANLY_SMTP_URL_FILE=str(mounted))


@pytest.mark.parametrize("content", [b"port = ", b"\xff", b"port = 1\nport = 2\n"])
def test_a_broken_settings_file_stops_the_start(toml: Path, content: bytes) -> None:
    toml.write_bytes(content)
    with pytest.raises(StartupError, match=r"scanly\.toml cannot be read as TOML"):
        load(toml)


def test_an_unknown_variable_only_warns_with_the_nearest_name() -> None:
    loaded = load(SCANLY_LINK_CASH_MB="1", SCANLY_SERVICE_HOST="10.0.0.1", SCANLY_PORT_FILE="")
    assert loaded.warnings == [
        "SCANLY_LINK_CASH_MB is not a setting of Scanly and was passed over. Did you mean SCANLY_LINK_CACHE_MB?",
        "SCANLY_SERVICE_HOST is not a setting of Scanly and was passed over.",
    ]


def test_switches_of_the_tests_and_other_variables_are_none_of_its_business() -> None:
    assert load(SCANLYTEST_CUT_NOTIFICATIONS="1", PATH="/bin").warnings == []


@pytest.mark.parametrize("name", ["SCANLY_SECRET_KEY", "SCANLY_DATABASE_URL", "SCANLY_SMTP_URL", "SCANLY_OPS_TOKEN"])
def test_secrets_are_hidden(name: str) -> None:
    loaded = load(**{name: "postgresql://somebody:hunter2@db/x"})
    assert shown(loaded, name) == ("(hidden)", f"environment {name}")
    assert "hunter2" not in repr(loaded)


def test_a_wrong_secret_is_not_repeated_in_the_fault() -> None:
    with pytest.raises(StartupError, match="SCANLY_DATABASE_URL") as raised:
        load(SCANLY_DATABASE_URL="mysql://somebody:hunter2@db/x")
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("trusted_proxies", "10.0.0.0/8, ::1", ["10.0.0.0/8", "::1/128"]),
        ("cors_origins", "https://a.example,https://b.example,", ["https://a.example", "https://b.example"]),
    ],
)
def test_lists_are_written_with_commas(name: str, text: str, value: list[str]) -> None:
    loaded = load(**{f"SCANLY_{name.upper()}": text})
    assert [str(item) for item in getattr(loaded.get(Settings), name)] == value
    assert shown(loaded, f"SCANLY_{name.upper()}")[0] == ",".join(value)


def test_toml_may_hold_lists_and_numbers(toml: Path) -> None:
    toml.write_text('trusted_proxies = ["10.0.0.0/8"]\nport = 9000\n')
    settings = load(toml).get(Settings)
    assert (settings.port, len(settings.trusted_proxies)) == (9000, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "70000"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("LOG_FORMAT", "xml"),
        ("PUBLIC_URL", "go.example.org"),
        ("PUBLIC_URL", "ftp://go.example.org"),
        ("PUBLIC_URL", "https://go.example.org/codes"),
        ("PUBLIC_URL", "https://[::1"),
        ("DATABASE_URL", "db.example.org"),
        ("DATABASE_URL", "postgresql://"),
        ("DATABASE_URL", "postgresql://[::1/scanly"),
        ("DATABASE_URL", "postgresql://db:port/scanly"),
        ("REDIS_URL", "redis.example.org:6379"),
        ("REDIS_URL", "http://redis.example.org"),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "redis://host:port"),
        ("REDIS_URL", "redis://host/cache"),
        ("REDIS_URL", "unix://"),
        ("KAFKA_BOOTSTRAP", "kafka.example.org"),
        ("KAFKA_BOOTSTRAP", "kafka:9092,other"),
        ("KAFKA_BOOTSTRAP", "kafka:70000"),
        ("KAFKA_BOOTSTRAP", ","),
        ("KAFKA_OPTIONS", "security.protocol"),
        ("KAFKA_PREFIX", "a b"),
        ("KAFKA_PARTITIONS", "0"),
    ],
)
def test_a_wrong_value_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(StartupError, match=f"SCANLY_{name}"):
        load(**{f"SCANLY_{name}": value})


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://localhost:8000"),
        ({"SCANLY_PORT": "8080"}, "http://localhost:8080"),
        ({"SCANLY_PUBLIC_URL": "https://go.example.org/"}, "https://go.example.org"),
    ],
)
def test_the_address_for_people_has_no_slash_at_its_end(given: dict[str, Any], address: str) -> None:
    assert load(**given).get(Settings).public_address == address


@pytest.mark.parametrize("url", ["redis://host", "rediss://user:secret@host:6380/3", "unix:///run/redis.sock"])
def test_addresses_of_redis(url: str) -> None:
    given = load(SCANLY_REDIS_URL=url)
    assert shown(given, "SCANLY_REDIS_URL")[0] == "(hidden)"
    address = given.get(Settings).redis_url
    assert address is not None
    assert address.get_secret_value() == url


def test_brokers_of_kafka_and_further_options() -> None:
    given = load(
        SCANLY_KAFKA_BOOTSTRAP="one:9092, [::1]:9093,", SCANLY_KAFKA_OPTIONS="sasl.username=u; sasl.password=p=q"
    )
    assert given.get(Settings).kafka_bootstrap == "one:9092,[::1]:9093"
    assert shown(given, "SCANLY_KAFKA_OPTIONS")[0] == "(hidden)"


def test_both_spellings_of_the_databases_scheme_mean_the_same() -> None:
    url = load(SCANLY_DATABASE_URL="postgres://u:p@h/d").get(Settings).database_url
    assert url is not None
    assert url.get_secret_value() == "postgresql://u:p@h/d"
