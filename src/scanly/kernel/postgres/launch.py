"""Runs as a program of its own: gives up root, ties its life to the supervisor's, becomes PostgreSQL.

Apart from the supervisor since code between fork and exec is not safe in a process with threads. Plain standard
library, nothing of Scanly: the interpreter starts with `-I -S`.

Arguments: uid, gid (-1: keep), process id of the supervisor, then the command.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Become the command. Returns only when the supervisor is gone already."""
    uid, gid, supervisor, *command = sys.argv[1:]
    if int(uid) >= 0:
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    os.umask(0o077)
    if sys.platform == "linux":
        # After setuid, which would clear it. SIGINT is the fast shutdown: a killed supervisor leaves no server.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
        if os.getppid() != int(supervisor):
            return
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
