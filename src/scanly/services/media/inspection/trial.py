"""Draws a drawing once, in a process of its own which the system ends when that takes too much.

A few lines of SVG can ask for hours of work: noise in ten thousand octaves, or layers upon layers. No list of limits
finds all of them, and the library that draws cannot be interrupted; so whoever takes a drawing in tries it out here,
where nobody else waits. Everything that draws it later does so at the same width.
"""

import resource
import subprocess
import sys
from pathlib import Path

_WIDTH = 1_200
_DPI = 96  # of CSS; without it a size in millimetres is none
_CPU_SECONDS = 3
"""An elaborate logo takes a tenth of one."""
_MOST_MEMORY = 1_000_000_000
"""Of address space: the interpreter and libraries have a fifth of it before anything is drawn."""
_PATIENCE = 60.0
"""Seconds on the clock, for when many others compute."""


def can_be_drawn(drawing: Path) -> bool:
    """Whether a drawing is drawn within bounded time and memory."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__, str(drawing)], check=False, capture_output=True, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _draw(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import resvg_py  # noqa: PLC0415 - wanted only here

    resvg_py.svg_to_bytes(svg_path=path, skip_system_fonts=True, width=_WIDTH, dpi=_DPI)


if __name__ == "__main__":
    _draw(sys.argv[1])
