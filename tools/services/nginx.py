"""nginx as the edge of the scale shape: short addresses to the redirects, the rest to the API."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from scanly.kernel.http import RESERVED_WORDS
from tools.services import packages
from tools.services.packages import Unavailable

_READY = 10.0
_CONFIGURATION = """\
daemon off;
master_process on;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto $scheme;
  upstream api {{ {api} keepalive 16; }}
  upstream redirects {{ {redirects} keepalive 32; }}
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    client_max_body_size 32m;
    location ~ ^/(?:{reserved})?(?:/|$) {{
      proxy_pass http://api;
      proxy_buffering off;
      proxy_read_timeout 1h;
    }}
    location / {{
      proxy_pass http://redirects;
      proxy_connect_timeout 1s;
      proxy_next_upstream error timeout;
    }}
  }}
}}
"""


def install() -> None:
    """Install the server without letting the package start one of its own."""
    if shutil.which("nginx") is not None:
        return
    packages.install_quietly("nginx-light")


class Nginx:
    """One server with its files in `folder`. Raises `Unavailable` when there is none or it does not start."""

    def __init__(self, folder: Path, *, port: int, api: Sequence[int], redirects: Sequence[int]) -> None:
        found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if found is None:
            raise Unavailable("There is no nginx: `python -m tools.services install nginx`.")
        self._program = found
        self._folder = folder
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None
        words = "|".join(word.replace(".", r"\.") for word in sorted(RESERVED_WORDS) if word)
        text = _CONFIGURATION.format(
            folder=folder, port=port, api=_servers(api), redirects=_servers(redirects), reserved=words
        )
        (folder / "nginx.conf").write_text(text)

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        command = [self._program, "-e", str(self._folder / "nginx.log"), "-c", str(self._folder / "nginx.conf")]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + _READY
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        self.stop()
        raise Unavailable(f"nginx did not start: {(self._folder / 'nginx.log').read_text()[-1000:]}")

    def stop(self) -> None:
        """End it; nothing happens when it does not run."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGTERM)
            process.wait(10)


def _servers(ports: Sequence[int]) -> str:
    return " ".join(f"server 127.0.0.1:{port} max_fails=1 fail_timeout=1s;" for port in ports)
