"""Every figure in docs/performance.md comes from a command here: `python -m benchmarks.NAME`; `make bench` runs all."""
