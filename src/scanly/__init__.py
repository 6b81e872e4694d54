"""Scanly: dynamic QR codes, short links, and scan analytics that are true.

Four packages, one direction: ``app`` → ``services.*`` → ``contracts`` → ``kernel``.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("scanly")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0.0.0"
