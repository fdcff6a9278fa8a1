# Tollhouse: `make run` serves, `make test` proves, `make generate` and `make check` keep the code honest.
# The first of them sets everything up: a virtual environment with the locked dependencies, and the model files.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip --disable-pip-version-check --quiet
# What callers were promised: the locks of docs/contract hold openapi/ to it.
CONTRACT := $(VENV)/bin/tollhouse spec baseline openapi/*.yaml --dir docs/contract --exceptions docs/contract/exceptions.yaml

.PHONY: run test setup generate check bench crash fuzz lock clean help

help:            ## show these commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 12

run: setup       ## serve routes.yaml with the local node behind it
	@$(VENV)/bin/tollhouse up

# Bytecode is kept even where the environment says no: each of the hundreds of processes would compile the whole source.
# Each worker begins with a run of files of its own, so that what the tests of a file share is set up once and not twice.
test: setup      ## run the whole test suite, as CI does
	@PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n auto --dist worksteal

setup: $(VENV)/.installed $(VENV)/.models   ## virtual environment and model files; repeats at no cost

$(VENV)/.installed: requirements.lock pyproject.toml
	@echo "Setting up $(VENV) with the locked dependencies (about a minute the first time) ..."
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Tollhouse needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12 ...")'
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.models: models.lock $(VENV)/.installed
	@$(PY) -m tollhouse.node.models models
	@touch $@

generate: setup  ## regenerate the code that comes from openapi/, and keep what its documents newly promise
	@$(PY) -m codegen
	@$(CONTRACT)

check: setup     ## format, lint, types, drift of generated code, the contract, architecture, the shipped configuration
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(PY) -m codegen --check
	@$(VENV)/bin/tollhouse spec lint openapi/*.yaml --exceptions docs/contract/exceptions.yaml
	@$(CONTRACT) --check
	@$(PY) -m pytest tests/test_architecture.py
	@$(VENV)/bin/tollhouse check

bench: setup     ## measure against nginx and a direct call; writes docs/performance.md
	@$(PY) -m benchmarks

crash: setup     ## kill the gateway 100 times under load; no answer without its charge, none charged twice
	@$(PY) -m benchmarks.crash

fuzz: setup      ## ten minutes of generated requests, 10,000 generated upstream answers; writes docs/contract.md
	@$(PY) -m fuzz

lock:            ## lock the newest allowed dependencies, with hashes (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --all-extras --group dev \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --upgrade pyproject.toml -o requirements.lock

clean:           ## remove what setup made
	rm -rf $(VENV) models
