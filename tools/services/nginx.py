"""nginx as the edge of the scale shape: short addresses to the redirects, the rest to the API."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scanly.kernel.http import RESERVED_WORDS
from tools.services import packages
from tools.services.packages import Unavailable
from tools.services.server import Server

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
{sites}
}}
"""
_EDGE = """\
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
  }}"""


def install() -> None:
    """Install the server without letting the package start one of its own."""
    if shutil.which("nginx") is not None:
        return
    packages.install_quietly("nginx-light")


class Nginx(Server):
    """One server of ``sites``, the content of its block ``http``, with its files in `folder`; raises `Unavailable`."""

    name = "nginx"
    ready = 10.0

    def __init__(self, folder: Path, *, port: int, sites: str) -> None:
        found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if found is None:
            raise Unavailable("There is no nginx: `python -m tools.services install nginx`.")
        super().__init__(folder / "nginx.log", port)
        self._program = found
        self._configuration = folder / "nginx.conf"
        self._configuration.write_text(_CONFIGURATION.format(folder=folder, sites=sites))

    def _command(self) -> tuple[Sequence[object], dict[str, Any]]:
        return [self._program, "-e", self._log, "-c", self._configuration], {}


def edge(folder: Path, *, port: int, api: Sequence[int], redirects: Sequence[int]) -> Nginx:
    """Return the edge before processes at these ports."""
    words = "|".join(word.replace(".", r"\.") for word in sorted(RESERVED_WORDS) if word)
    sites = _EDGE.format(port=port, api=_servers(api), redirects=_servers(redirects), reserved=words)
    return Nginx(folder, port=port, sites=sites)


def _servers(ports: Sequence[int]) -> str:
    return " ".join(f"server 127.0.0.1:{port} max_fails=1 fail_timeout=1s;" for port in ports)
