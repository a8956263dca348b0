# Two commands for newcomers: `make demo` and `make test`. Each sets up .venv by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
DEMO_AT := 2026-11-20T10:30:00Z

# Tests and hooks start hundreds of processes; let them keep what they have compiled.
export PYTHONDONTWRITEBYTECODE =

.PHONY: demo test test-ahead node_modules check lint types docs bench fuzz mutation clean

demo: $(VENV)/.runtime
	@$(BIN)/itsm demo --at $(DEMO_AT)

test: $(VENV)/.development node_modules
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

# The same tests on another day and in another zone: a year and a day from now, where tomorrow begins first. Browsers
# are left out: they do not run on a borrowed clock, and the pages that they are shown have a fixed one. A pool has no
# threads there, so the tests that look at them are left out too.
AHEAD := env TZ=Pacific/Kiritimati FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1 PYTHONPATH=$(CURDIR)/tests/ahead \
  faketime -f +366d

# Folders in which no test reads the machine's clock or starts what reads it (tests/house/test_clock.py) run once.
WITHOUT_CLOCK := domain importers render site

test-ahead: $(VENV)/.development node_modules
	@command -v faketime >/dev/null || { echo "test-ahead needs faketime: apt-get install faketime"; exit 2; }
	$(AHEAD) $(BIN)/python -m pytest -n auto --dist worksteal -m "not browser and not threads" \
	  $(foreach folder,$(WITHOUT_CLOCK),--ignore=tests/$(folder)) $(ARGS)

# The JSON Schemas are read by a validator in JavaScript too. Without npm, or a way to its registry, its tests skip.
node_modules: tests/schemas/node_modules/.package-lock.json
tests/schemas/node_modules/.package-lock.json: tests/schemas/package.json
	@cd tests/schemas && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --silent || \
	  echo "npm can't install ajv here: the tests that need it will be skipped."

check: lint types docs test

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.development
	$(BIN)/mypy

docs: $(VENV)/.development
	$(BIN)/itsm generate schemas --check
	$(BIN)/itsm generate docs --check

bench: $(VENV)/.development
	$(BIN)/python -m benchmarks

# Lets the machine of tests/approvals/machine play for so many minutes, each time anew.
MINUTES ?= 10
fuzz: $(VENV)/.development
	ITSM_FUZZ_MINUTES=$(MINUTES) $(BIN)/python -m pytest tests/approvals/machine -k fuzz -v $(ARGS)

mutation: $(VENV)/.development
	$(PIP) install --constraint constraints.txt --editable '.[mutation]'
	$(BIN)/python -m benchmarks.mutation --write

clean:
	rm -rf $(VENV) site tests/schemas/node_modules

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.development: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/.runtime
