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
PIP := $(BIN)/python -m pip --disable-pip-version-check
SOURCES := workflow web migrations tests benchmarks

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help up install test check format format-check lint types bench dist clean

help: ## Explain the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)$$/\1|\2/' | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

up: $(RUN) ## Run everything with the demo restaurant: web, worker, dispatcher and broker, data in ./var
	@exec $(BIN)/passline up --demo --port $(PORT) --data $(DATA)

install: $(DEV) ## Make .venv with everything that the other targets need

test: $(DEV) ## Run all tests, on SQLite and on a real PostgreSQL, with a real worker and broker
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: format-check lint types test ## All that CI runs: format, lint, strict types, tests

format: $(DEV) ## Rewrite the code in the house's format
	$(BIN)/ruff check --fix-only $(wildcard $(SOURCES))
	$(BIN)/ruff format $(wildcard $(SOURCES))

format-check: $(DEV) ## Say which files are not in the house's format
	$(BIN)/ruff format --check $(wildcard $(SOURCES))

lint: $(DEV) ## Look for likely mistakes
	$(BIN)/ruff check $(wildcard $(SOURCES))

types: $(DEV) ## Check the types, strictly
	$(BIN)/mypy

bench: $(DEV) ## Measure the write path beside pgbench and plain sqlite3 (minutes; wants a quiet machine)
	$(BIN)/python -m benchmarks

dist: $(DEV) ## Build the wheel into dist/
	$(BIN)/python -m build --wheel

clean: ## Remove .venv and what the tools left behind; the data in ./var stays
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Debian's python3 comes without ensurepip unless python3-venv is installed; its pip can fill the environment from outside.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Passline needs Python 3.11 or newer; $(PYTHON) is older or missing. Say make PYTHON=python3.12 …" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) 2>/dev/null \
		|| { $(PYTHON) -m venv --clear --without-pip $(VENV) && $(PYTHON) -m pip --python $(VENV)/bin/python install --quiet pip; }

$(RUN): setup.cfg | $(BIN)/python
	$(PIP) install --quiet --editable .
	@touch $@

$(DEV): setup.cfg | $(BIN)/python
	$(PIP) install --quiet --editable '.[dev]'
	@touch $(RUN) $@
