"""An S3 server: moto (Apache-2.0), in an environment of its own since it pins libraries that the product has newer."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.services.packages import Unavailable
from tools.services.server import Server

_VERSION = "5.1.22"


def install() -> None:
    """Make the environment if it is missing. Raises `Unavailable` when its packages cannot be fetched."""
    home = _home()
    if _is_installed():
        return
    home.parent.mkdir(parents=True, exist_ok=True)
    _call([sys.executable, "-m", "venv", str(home)])
    _call([str(home / "bin/python"), "-m", "pip", "install", "--quiet", f"moto[s3,server]=={_VERSION}"])


class S3Server(Server):
    """A server with an empty bucket; what it holds is forgotten when it ends. Raises `Unavailable`."""

    name = "S3"
    ready = 60.0  # 2 on an idle machine
    bucket = "files"

    def __init__(self, folder: Path) -> None:
        if not _is_installed():
            raise Unavailable("There is no S3 server: `python -m tools.services install s3`.")
        super().__init__(folder / "s3.log")
        self._folder = folder
        self.url = f"s3://{self.bucket}/scanly"

    @property
    def environ(self) -> dict[str, str]:
        """What clients of S3 read from the environment."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
        }

    def start(self, *, wait: bool = True) -> None:
        super().start(wait=wait)
        if wait:
            self.make_bucket()

    def make_bucket(self) -> None:
        """Make the bucket, which a server that begins anew does not have."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{self.bucket}", method="PUT")
        with urllib.request.urlopen(request, timeout=30):
            pass

    def _command(self) -> tuple[Sequence[object], dict[str, Any]]:
        return [_home() / "bin/python", "-m", "moto.server", "-H", "127.0.0.1", "-p", self.port], {"cwd": self._folder}


@contextmanager
def run(folder: Path) -> Iterator[str]:
    """A server; yields the address of its bucket. Raises `Unavailable`."""
    server = S3Server(folder)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def _home() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "scanly-services" / f"moto-{_VERSION}"


def _is_installed() -> bool:
    return (_home() / "bin/moto_server").exists()


def _call(command: list[str]) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Unavailable(f"S3 server: {' '.join(command[:4])} failed: {said[-1] if said else 'it said nothing'}.")
