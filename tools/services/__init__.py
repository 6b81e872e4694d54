"""Real services for tests and benchmarks, one module each: install if missing, start on a free port, wait, stop.

    python -m tools.services install            # everything that tests want
    python -m tools.services install chromium   # one of them
    python -m tools.services run postgres       # start it, print its address, stop it with Ctrl-C

Tests import the modules and start what they need themselves. Packages are Debian's.
"""
