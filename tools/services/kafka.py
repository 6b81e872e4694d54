"""A Kafka broker in KRaft mode: jars by Maven, kept between runs in the cache folder of this account."""

import base64
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.services import packages
from tools.services.packages import Unavailable
from tools.services.server import Server, free_port

_VERSION = "4.1.2"
_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>scanly</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{_VERSION}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
"""
_HEAP = (
    *("-Xms128m", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:MaxMetaspaceSize=128m"),
    *("-XX:ReservedCodeCacheSize=48m", "-Xss512k", "-XX:+ExitOnOutOfMemoryError"),
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
)
# The last four make it small, and bring it back 4 s after a kill -9 rather than 12.
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{advertised}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
min.insync.replicas=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=4194304
log.segment.bytes=16777216
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2000
"""


def install() -> None:
    """Fetch the jars if they are missing, and Java and Maven for that."""
    if shutil.which("java") is None:
        packages.install("default-jre-headless")
    if _is_installed():
        return
    if shutil.which("mvn") is None:
        packages.install("maven")
    jars = _jars()
    jars.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=jars.parent) as made:
        folder = Path(made)
        (folder / "pom.xml").write_text(_POM)
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=lib"]
        _call(["mvn", "-q", "-B", "-ntp", *goal], cwd=folder)
        shutil.rmtree(jars, ignore_errors=True)
        (folder / "lib").rename(jars)


class KafkaBroker(Server):
    """One broker. ``advertise`` is the port that clients are sent to, for a proxy in between; its own by default.

    Raises `Unavailable` when there are no jars or no Java.
    """

    name = "Kafka"
    ready = 100.0  # 3 on an idle machine

    def __init__(self, folder: Path, *, port: int | None = None, advertise: int | None = None) -> None:
        if shutil.which("java") is None or not _is_installed():
            raise Unavailable("There is no Kafka: `python -m tools.services install kafka`.")
        super().__init__(folder / "kafka.log", port)
        self._folder = folder
        self.address = f"127.0.0.1:{advertise or self.port}"
        self._properties = folder / "server.properties"
        self._properties.write_text(
            _PROPERTIES.format(
                port=self.port,
                advertised=advertise or self.port,
                controller=free_port(),
                data=folder / "kafka-data",
            )
        )
        identifier = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        name = [f"--cluster-id={identifier}", "--config", str(self._properties)]
        _call(_java("-Xmx64m", "kafka.tools.StorageTool", "format", "--standalone", *name))

    def _command(self) -> tuple[Sequence[object], dict[str, Any]]:
        return _java(*_HEAP, "kafka.Kafka", str(self._properties)), {"cwd": self._folder}


@contextmanager
def run(folder: Path) -> Iterator[str]:
    """A broker with its data in `folder`; yields its address as clients want it. Raises `Unavailable`."""
    broker = KafkaBroker(folder)
    broker.start()
    try:
        yield broker.address
    finally:
        broker.stop()


def _jars() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "scanly-services" / f"kafka-{_VERSION}"


def _is_installed() -> bool:
    return any(_jars().glob("kafka_*.jar"))


def _java(*arguments: str) -> list[str]:
    flags = [part for part in arguments if part.startswith(("-X", "-D"))]
    return ["java", *flags, "-cp", f"{_jars()}/*", *arguments[len(flags) :]]


def _call(command: list[str], cwd: Path | None = None) -> str:
    try:
        done = subprocess.run(
            command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{command[0]} cannot be run: {error}") from error
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip().splitlines()
        raise Unavailable(f"{command[0]} failed: {said[-1] if said else 'it said nothing'}")
    return done.stdout
