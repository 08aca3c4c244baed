# Passline's commands. Needs Python 3.11 or newer with pip, and make; everything else is installed into .venv.
#   make PYTHON=python3.13 test      another interpreter (remove .venv first)
#   make up PORT=9000 DATA=/srv/p    another port, another place for the data

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
DATA ?= ./var
# More test processes than four would only mean more database servers at once.
PYTEST_ARGS ?= -n auto --maxprocesses 4 --dist loadgroup

BIN := $(VENV)/bin
RUN := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
PAGES := $(VENV)/.built-pages
BROWSER := $(VENV)/.browser
MODULES := web/ui/node_modules/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check
DENO := DENO_NO_UPDATE_CHECK=1 $(abspath $(BIN))/deno
PAGE_SOURCES := $(shell find web/ui -name node_modules -prune -o -type f -print 2>/dev/null)
SOURCES := workflow web migrations tests benchmarks

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help up install test check format format-check lint types bench bench-live dist clean
.PHONY: ui ui-types ui-format ui-check ui-test screens

help: ## Explain the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)$$/\1|\2/' | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

up: $(RUN) $(PAGES) ## Run everything with the demo restaurant: web, worker, dispatcher and broker, data in ./var
	@exec $(BIN)/passline up --demo --port $(PORT) --data $(DATA)

install: $(DEV) $(PAGES) $(MODULES) $(BROWSER) ## Make .venv, the pages and everything that the other targets need

test: install ui-test ## Run all tests: on SQLite and on a real PostgreSQL, with a real worker, broker and browser
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: format-check lint types ui-check test ## All that CI runs: format, lint, strict types, tests

format: $(DEV) ui-format ## Rewrite the code in the house's format
	$(BIN)/ruff check --fix-only $(wildcard $(SOURCES))
	$(BIN)/ruff format $(wildcard $(SOURCES))

format-check: $(DEV) ## Say which files are not in the house's format
	$(BIN)/ruff format --check $(wildcard $(SOURCES))

lint: $(DEV) ## Look for likely mistakes
	$(BIN)/ruff check $(wildcard $(SOURCES))

types: $(DEV) ## Check the types, strictly
	$(BIN)/mypy

ui: $(MODULES) ## Build the pages into web/static
	cd web/ui && $(DENO) task --quiet build --logLevel warn
	@touch $(PAGES)

ui-types: $(MODULES) ## Generate the pages' types from the HTTP contract
	$(BIN)/python -m web.contract.for_pages
	cd web/ui && $(DENO) task --quiet gen

ui-format: $(MODULES)
	cd web/ui && $(DENO) fmt --quiet

ui-check: $(MODULES) ## Check the pages' format, likely mistakes and types, strictly
	cd web/ui && $(DENO) fmt --quiet --check && $(DENO) lint --quiet && $(DENO) task --quiet check

ui-test: $(MODULES) ## Run the unit tests of the pages' own logic
	cd web/ui && $(DENO) task --quiet test

bench: $(DEV) ## Measure the write path beside pgbench and plain sqlite3 (minutes; wants a quiet machine)
	$(BIN)/python -m benchmarks

bench-live: $(DEV) ## Measure the streams: commit to watcher, memory, broadcasts, beside polling (a minute; Linux)
	$(BIN)/python -m benchmarks.live

screens: install ## Take the pictures in docs/screens anew
	$(BIN)/python -m tests.browser.screens

dist: $(DEV) ## Build the wheel into dist/
	$(BIN)/python -m build --wheel

clean: ## Remove .venv and what the tools left behind; the data in ./var stays
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis web/static web/ui/node_modules

# Debian's python3 comes without ensurepip unless python3-venv is installed; its pip can fill the environment from outside.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Passline needs Python 3.11 or newer; $(PYTHON) is older or missing. Say make PYTHON=python3.12 …" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) 2>/dev/null \
		|| { $(PYTHON) -m venv --clear --without-pip $(VENV) && $(PYTHON) -m pip --python $(VENV)/bin/python install --quiet pip; }

# Installing builds the pages too, without Node: see web/ui/build_backend.py.
$(RUN): setup.cfg pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable .
	@touch $@ $(PAGES)

$(DEV): setup.cfg pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable '.[dev]'
	@touch $(RUN) $(PAGES) $@

$(PAGES): $(PAGE_SOURCES) | $(RUN)
	@if [ "$${PASSLINE_SKIP_UI:-0}" != 0 ]; then echo "The pages are left as they are."; \
	elif [ -x $(BIN)/deno ]; then $(MAKE) --no-print-directory ui; \
	else $(PIP) install --quiet --no-deps --editable .; fi
	@touch $@

$(MODULES): web/ui/package.json web/ui/deno.lock | $(DEV)
	cd web/ui && $(DENO) install --quiet --frozen
	@touch $@

$(BROWSER): tests/browser/package.json tests/browser/deno.lock | $(DEV)
	$(BIN)/python -m tests.browser.chromium
	@touch $@
