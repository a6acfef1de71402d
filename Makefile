# Every target with one line: make help
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup demo crawl schedule browse test lint types check bench soak audit docs lock clean

help: ## show every target
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Yiwen needs Python 3.11 or newer; say which with make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --editable .
	@touch $@

setup: $(READY) ## make the virtual environment with the locked dependencies

demo: $(READY) ## crawl the bundled sample sites over three days, offline
	@$(BIN)/yiwen demo

crawl: $(READY) ## crawl the shipped real sites into data/archive.db
	@$(BIN)/yiwen crawl --strict

schedule: $(READY) ## crawl every site by its own schedule until stopped
	@$(BIN)/yiwen schedule

browse: $(READY) ## read data/archive.db in Datasette on loopback
	@$(BIN)/yiwen browse

test: $(READY) ## run the whole test suite (needs Chromium), on all cores
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

lint: $(READY) ## check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## check types
	$(BIN)/mypy

check: lint types test ## lint, types and tests

bench: $(READY) ## measure speed and memory, as ratios in one run
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.reading_room
	$(BIN)/python -m benchmarks.withdrawals
	$(BIN)/python -m benchmarks.revisits
	$(BIN)/python -m benchmarks.chain
	$(BIN)/python -m benchmarks.history

soak: $(READY) ## long trials that CI does not run, at last with a million articles (hours, and 15 GB in TMPDIR)
	$(BIN)/python -m pytest -m soak tests
	$(BIN)/python -m benchmarks.load --strict

audit: $(READY) ## compare the locked dependencies with known weaknesses (needs the network)
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install -qq --disable-pip-version-check 'pip-audit>=2.9,<3'
	$(VENV)/audit/bin/pip-audit --strict --requirement requirements.lock --no-deps --disable-pip

docs: $(READY) ## write the generated parts of the docs anew
	@$(BIN)/python -m docs.generate

lock: $(READY) ## resolve the dependencies again (needs uv)
	uv pip compile --quiet pyproject.toml --extra dev --extra render --universal --no-header --no-annotate --no-emit-index-url \
		--no-emit-find-links --python-version 3.11 --output-file requirements.lock

clean: ## remove the virtual environment and caches; data stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache *.egg-info
