"""Settings: read from the environment, from ``…_FILE`` and from ``scanly.toml``; every value knows where it came from.

Order: ``SCANLY_NAME``, then the content of the file that ``SCANLY_NAME_FILE`` names, then ``name`` in ``scanly.toml``,
then the default. Unknown keys in the file stop the start; unknown variables only warn, since Kubernetes injects some.
Written by hand over plain pydantic models because the command ``scanly config`` shows the origin of each value.
"""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from scanly.kernel.faults import plain_words
from scanly.kernel.startup import StartupError

PREFIX = "SCANLY_"
TEST_PREFIX = "SCANLYTEST_"


class ServiceSettings(BaseModel):
    """Base of a service's settings; a field ``link_cache_mb`` is read from ``SCANLY_LINK_CACHE_MB``."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _networks(value: object) -> object:
    parts = _split(value)
    return [ip_network(str(part), strict=False) for part in parts] if isinstance(parts, list | tuple) else parts


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("write it as https://go.example.org, with nothing behind the host")
    return value.rstrip("/")


def _database_address(value: SecretStr) -> SecretStr:
    scheme, _, rest = value.get_secret_value().partition("://")
    address = f"postgresql://{rest}"
    try:
        readable = bool(rest) and scheme in ("postgresql", "postgres") and bool(make_url(address))
    except (ArgumentError, ValueError):
        readable = False
    if not readable:
        raise ValueError("write it as postgresql://user:password@host:5432/database")
    return SecretStr(address)


def _redis_address(value: SecretStr) -> SecretStr:
    try:
        parts = urlsplit(value.get_secret_value())
        if parts.scheme == "unix":
            readable = bool(parts.path.strip("/"))
        else:
            number = parts.path.strip("/")
            readable = bool(parts.hostname) and parts.port != 0 and (number.isdecimal() or not number)
            readable = readable and parts.scheme in ("redis", "rediss")
    except ValueError:
        readable = False
    if not readable:
        raise ValueError("write it as redis://user:password@host:6379/0, or rediss:// for TLS")
    return value


def _kafka_addresses(value: str) -> str:
    addresses = [address.strip() for address in value.split(",") if address.strip()]
    for address in addresses:
        host, _, port = address.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            addresses = []
    if not addresses:
        raise ValueError("write it as host:9092, several separated by commas")
    return ",".join(addresses)


def _kafka_options(value: SecretStr) -> SecretStr:
    if not all("=" in part for part in value.get_secret_value().split(";") if part.strip()):
        raise ValueError("write it as name=value;name=value")
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]
DatabaseAddress = Annotated[SecretStr, AfterValidator(_database_address)]
RedisAddress = Annotated[SecretStr, AfterValidator(_redis_address)]
KafkaAddresses = Annotated[str, AfterValidator(_kafka_addresses)]
KafkaOptions = Annotated[SecretStr, AfterValidator(_kafka_options)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_networks)]
Words = Annotated[tuple[str, ...], BeforeValidator(_split)]


class Settings(ServiceSettings):
    """What the kernel needs to know."""

    data_dir: Path = Field(Path("data"), description="Folder of everything that must be kept")
    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 for the whole network")
    port: int = Field(8000, ge=1, le=65535, description="Port of the product")
    ops_port: int | None = Field(None, ge=1, le=65535, description="Port of /metrics, on the loopback address only")
    ops_token: SecretStr | None = Field(None, description="Bearer token that opens /metrics on the product's port")
    public_url: WebAddress | None = Field(None, description="Address people use, such as https://go.example.org")
    secret_key: SecretStr | None = Field(None, description="Secret of this installation; made on first start if absent")
    database_url: DatabaseAddress | None = Field(None, description="PostgreSQL to use in place of the embedded one")
    redis_url: RedisAddress | None = Field(
        None, description="Redis that the processes share for links, limits and word of changes; works without"
    )
    kafka_bootstrap: KafkaAddresses | None = Field(
        None, description="Kafka brokers (host:9092,…) that carry scans and events in place of the database"
    )
    kafka_options: KafkaOptions | None = Field(
        None, description="Further options of librdkafka, such as security.protocol=SASL_SSL;sasl.username=…"
    )
    kafka_prefix: str = Field(
        "", pattern=r"^[a-zA-Z0-9._-]*$", description="What names of topics in Kafka begin with, such as scanly."
    )
    kafka_partitions: int = Field(8, ge=1, le=1000, description="Partitions of a topic that is made in Kafka")
    kafka_retention_days: int = Field(7, ge=1, le=3650, description="Days that a topic made in Kafka keeps records")
    storage_url: str | None = Field(None, description="file:///… or s3://bucket/prefix; else in the data folder")
    smtp_url: SecretStr | None = Field(None, description="smtp://user:password@host:587; else mail lands in a folder")
    mail_from: str = Field("Scanly <no-reply@localhost>", description="Sender of mail")
    trusted_proxies: Networks = Field((), description="Networks whose X-Forwarded-For is believed, by commas")
    cors_origins: Words = Field((), description="Origins of other web pages that may call the API, separated by commas")
    peers: str = Field("", description="Where other processes are: routing=http://10.0.0.5:8000;auth=http://…")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged")
    log_format: Literal["auto", "json", "console"] = Field("auto", description="json for machines, console for people")
    database_pool: int = Field(16, ge=2, le=200, description="Connections to PostgreSQL per process")
    database_timeout: float = Field(7, ge=1, le=60, description="Seconds that a request waits for PostgreSQL")

    @property
    def public_address(self) -> str:
        """Return the address people use, without a slash at the end."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def public_host(self) -> str:
        """Return the host of that address in lower case, with its port where there is one."""
        return urlsplit(self.public_address).netloc.lower()


S = TypeVar("S", bound=ServiceSettings)


@dataclass(frozen=True)
class Value:
    """One setting as ``scanly config`` prints it."""

    name: str
    shown: str
    origin: str
    description: str


@dataclass
class LoadedSettings:
    """All settings of a process, by class, with the origin of each."""

    by_class: dict[type[ServiceSettings], ServiceSettings]
    values: list[Value]
    warnings: list[str] = field(default_factory=list)

    def get(self, cls: type[S]) -> S:
        """Return the settings of one class."""
        found = self.by_class[cls]
        assert isinstance(found, cls)
        return found


def load_settings(
    classes: Iterable[type[ServiceSettings]],
    environ: Mapping[str, str],
    file: Path | None = None,
) -> LoadedSettings:
    """Read and check the settings of ``classes``; ``StartupError`` names every fault at once."""
    from_file = _read_file(file)
    every: list[type[ServiceSettings]] = list(dict.fromkeys((Settings, *classes)))
    fields = {name: cls for cls in every for name in cls.model_fields}
    faults = [f"{file}: there is no setting {key!r}.{_nearest(key, fields)}" for key in from_file if key not in fields]
    raw: dict[str, tuple[Any, str]] = {}
    for name in fields:
        try:
            if (found := _read(name, environ, from_file, file)) is not None:
                raw[name] = found
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
            faults.append(f"{PREFIX}{name.upper()}_FILE: the file cannot be read ({reason}).")
    by_class: dict[type[ServiceSettings], ServiceSettings] = {}
    for cls in every:
        try:
            by_class[cls] = cls.model_validate({n: raw[n][0] for n in cls.model_fields if n in raw})
        except ValidationError as error:
            faults += [_fault(item, raw) for item in error.errors()]
    if faults:
        raise StartupError("A setting is wrong. " + " ".join(faults))
    values = [_shown(name, by_class[cls], raw) for name, cls in fields.items()]
    return LoadedSettings(by_class, values, _warnings(environ, fields))


def _read_file(file: Path | None) -> dict[str, Any]:
    if file is None or not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise StartupError(f"{file} cannot be read as TOML: {error}.") from error


def _read(
    name: str, environ: Mapping[str, str], from_file: dict[str, Any], file: Path | None
) -> tuple[Any, str] | None:
    variable = PREFIX + name.upper()
    if environ.get(variable):
        return environ[variable], f"environment {variable}"
    if environ.get(f"{variable}_FILE"):
        path = Path(environ[f"{variable}_FILE"])
        return path.read_text(encoding="utf-8").strip(), f"file {path}"
    if name in from_file:
        return from_file[name], str(file)
    return None


def _fault(item: Any, raw: dict[str, tuple[Any, str]]) -> str:  # noqa: ANN401
    name = str(item["loc"][0])
    _, origin = raw.get(name, (None, "default"))
    return f"{PREFIX}{name.upper()} ({origin}): {plain_words(item)}"


def _shown(name: str, settings: ServiceSettings, raw: dict[str, tuple[Any, str]]) -> Value:
    value = getattr(settings, name)
    if isinstance(value, SecretStr):
        shown = "(hidden)"
    elif isinstance(value, tuple):
        shown = ",".join(str(item) for item in value)
    else:
        shown = "" if value is None else str(value)
    origin = raw[name][1] if name in raw else "default"
    return Value(PREFIX + name.upper(), shown, origin, type(settings).model_fields[name].description or "")


def _warnings(environ: Mapping[str, str], fields: Mapping[str, object]) -> list[str]:
    found = []
    for variable in sorted(environ):
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in fields and name.removesuffix("_file") not in fields:
            found.append(f"{variable} is not a setting of Scanly and was passed over.{_nearest(name, fields, PREFIX)}")
    return found


def _nearest(name: str, fields: Mapping[str, object], prefix: str = "") -> str:
    near = difflib.get_close_matches(name, fields, n=1)
    if not near:
        return ""
    return f" Did you mean {prefix + near[0].upper() if prefix else near[0]}?"
