"""`make scale-demo`: the scale shape until Ctrl-C. SCANLY_PORT chooses the port, 8080 otherwise."""

import os
import signal
import sys

from tests.support.folders import reachable_folder
from tools.scale.site import scale_site
from tools.services import kafka, nginx, postgres, redis
from tools.services.packages import Unavailable

_PORT = 8080


def main() -> int:
    """Start, print the addresses, wait for Ctrl-C; 1 when a server cannot be had, with the reason."""
    ends = {signal.SIGINT, signal.SIGTERM}
    try:
        for part in (kafka, nginx, postgres, redis):
            part.install()
        print("Starting PostgreSQL, Redis, Kafka, nginx and four processes of Scanly …", flush=True)
        with reachable_folder() as folder, scale_site(folder, port=int(os.environ.get("SCANLY_PORT", _PORT))) as site:
            print(site.describe(), "", "Ctrl-C ends everything and removes its data.", sep="\n", flush=True)
            signal.pthread_sigmask(signal.SIG_BLOCK, ends)
            signal.sigwait(ends)
    except Unavailable as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
