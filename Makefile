# Two commands for newcomers: `make demo` and `make test`. Each sets up .venv by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
DEMO_AT := 2026-11-20T10:30:00Z

# Tests and hooks start hundreds of processes; let them keep what they have compiled.
export PYTHONDONTWRITEBYTECODE =

.PHONY: demo test check lint types docs bench mutation clean

demo: $(VENV)/.runtime
	@$(BIN)/itsm demo --at $(DEMO_AT)

test: $(VENV)/.development
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

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

mutation: $(VENV)/.development
	$(PIP) install --constraint constraints.txt --editable '.[mutation]'
	$(BIN)/python -m benchmarks.mutation --write

clean:
	rm -rf $(VENV) site

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
