"""Installs Debian packages, when and only when something is missing."""

import os
import shutil
import subprocess
from pathlib import Path

_MASK = Path("/usr/sbin/policy-rc.d")
"""What this says, Debian's packages obey when they want to start a server."""


class Unavailable(Exception):
    """The service cannot be had here; the text says why and what to do."""


def install(*packages: str) -> None:
    """Install what is missing of `packages`. Raises `Unavailable` without apt or without the right to use it."""
    missing = [name for name in packages if not is_installed(name)]
    if not missing:
        return
    wanted = " ".join(missing)
    if shutil.which("apt-get") is None:
        raise Unavailable(f"{wanted}: install by hand what these Debian packages hold, there is no apt-get here.")
    as_root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if as_root and shutil.which("sudo") is None:
        raise Unavailable(f"{wanted}: run `apt-get install {wanted}` as root.")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *missing]):
        done = subprocess.run(
            [*as_root, "apt-get", "--quiet", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise Unavailable(f"{wanted}: apt-get {command[0]} failed: {said[-1] if said else 'it said nothing'}.")


def install_quietly(package: str) -> None:
    """Install `package` without letting it start a server of its own. Raises `Unavailable` as `install` does."""
    hold = not _MASK.exists() and _MASK.parent.is_dir()
    if hold:
        try:
            _MASK.write_text("#!/bin/sh\nexit 101\n")
            _MASK.chmod(0o755)
        except PermissionError:
            hold = False
    try:
        install(package)
    finally:
        if hold:
            _MASK.unlink()


def is_installed(package: str) -> bool:
    """Whether dpkg has `package` installed; False without dpkg."""
    if shutil.which("dpkg-query") is None:
        return False
    asked = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout == "installed"
