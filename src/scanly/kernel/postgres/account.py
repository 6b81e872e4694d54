"""The account that runs PostgreSQL. PostgreSQL refuses to run as root, so root hands it to an unprivileged account."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanly.kernel.startup import StartupError

_UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A system account by number; `lent` is true when we are root and the programs run as somebody else."""

    uid: int
    gid: int
    name: str
    lent: bool

    def popen(self) -> dict[str, Any]:
        """Arguments for `subprocess` which make the child run as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.lent else {}

    def own(self, path: Path) -> None:
        """Give `path` to the account."""
        if self.lent:
            os.chown(path, self.uid, self.gid)

    def may_read(self, *paths: Path) -> bool:
        """Whether the account can reach and read all of `paths`; the system is asked, so that ACLs count too."""
        tests = " -a ".join(f"-r {_quoted(path)}" for path in paths)
        return self._test(tests)

    def require_entry(self, folder: Path) -> None:
        """Raise `StartupError` naming the outermost of `folder` and its parents that the account may not enter."""
        if not self.lent or self._test(f"-x {_quoted(folder)}"):
            return
        closed = next(
            (one for one in reversed([folder, *folder.parents]) if not self._test(f"-x {_quoted(one)}")), folder
        )
        raise StartupError(
            f"PostgreSQL cannot run as root, and the account {self.name} that runs it instead may not enter {closed}: "
            f"choose another data folder with SCANLY_DATA_DIR (such as /var/lib/scanly), "
            f"open this one with `chmod o+x {closed}`, or start Scanly as an ordinary user."
        )

    def _test(self, expression: str) -> bool:
        return (
            subprocess.run(["/bin/sh", "-c", f"test {expression}"], cwd="/", check=False, **self.popen()).returncode
            == 0
        )


def choose_account(cluster: Path) -> Account:
    """The account that PostgreSQL runs as: our own; for root the owner of `cluster`, `postgres` or `nobody`.

    Makes no account. Raises `StartupError` when root finds none.
    """
    if os.geteuid() != 0:
        uid, gid = os.geteuid(), os.getegid()
        return Account(uid=uid, gid=gid, name=_name_of(uid), lent=False)
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(uid=owner.st_uid, gid=owner.st_gid, name=_name_of(owner.st_uid), lent=True)
    for name in _UNPRIVILEGED:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(uid=found.pw_uid, gid=found.pw_gid, name=name, lent=True)
    raise StartupError(
        "PostgreSQL cannot run as root and there is neither an account postgres nor nobody: "
        "start Scanly as an ordinary user."
    )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # a container may run under a number without a name
        return str(uid)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "'\\''") + "'"
