# Two commands for a stranger: `make run` starts the service, `make test` proves it.
# Python 3.11 or newer is all that must be there beforehand.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
WORKERS ?= 2

.PHONY: setup setup-dev run demo test lint types bench lock clean

setup: $(VENV)/.ready  ## prepare .venv with the `entente` command in it

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Entente needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12 setup")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

setup-dev: $(VENV)/.ready-dev

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

run: setup  ## start the service: clock, intake, digests and the web page on 127.0.0.1:8000
	$(BIN)/entente serve

demo: setup  ## a whole day in a minute on made-up outlets, without any network
	$(BIN)/entente demo

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev
	$(BIN)/mypy

test: setup-dev lint types  ## all tests, linters and types
	$(BIN)/pytest -n $(WORKERS) --dist loadfile

bench: setup-dev  ## the measurements, as ratios against a named peer in the same run
	$(BIN)/python -m benchmarks

lock: setup-dev  ## pin all dependencies anew (needs `uv` on the PATH)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet --upgrade pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache
