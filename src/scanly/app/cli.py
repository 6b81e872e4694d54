"""The command's first step: signals, before the second or more that all imports take."""

import signal


def main() -> None:
    """Run a command. Until it begins a signal ends the process at once; afterwards it is cleaned up behind it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from scanly.app.commands import main as command  # noqa: PLC0415 - see above

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    command()
