# Everything that a newcomer or CI runs. It needs Python 3.11 or newer, make and PyPI, and uses uv where it is installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out

.DEFAULT_GOAL := help
.PHONY: help demo test test-all test-cluster test-pythons lint words hooks format docs bench faults lock clean

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Brushfire needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@if command -v uv >/dev/null 2>&1; then uv venv --quiet --python $(PYTHON) $(VENV); else $(PYTHON) -m venv $(VENV); fi
	@touch $@

# $(1): the lock file. uv and pip read the same one; every archive in it is checked against its hash.
define install
	@if command -v uv >/dev/null 2>&1; \
	then VIRTUAL_ENV=$(VENV) uv pip install --quiet --require-hashes -r $(1) && VIRTUAL_ENV=$(VENV) uv pip install --quiet --no-deps --no-build-isolation -e .; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; fi
endef

$(VENV)/run-ready: requirements.lock pyproject.toml $(VENV)/made
	@echo "setting up $(VENV) ..."
	$(call install,requirements.lock)
	@touch $@

$(VENV)/dev-ready: requirements-dev.lock pyproject.toml $(VENV)/made
	@echo "setting up $(VENV) with the development tools ..."
	$(call install,requirements-dev.lock)
	@touch $@ $(VENV)/run-ready

demo: $(VENV)/run-ready ## Turn the sample trends into finished ads in out/
	@$(BIN)/brushfire run --feed examples/signals --campaigns examples/campaigns --out $(OUT) --replay --fresh --ephemeral --json

ROOMS := schemas,routing,imaging,infra,workers
COVERAGE := .coverage.json
# These tests run on both cores, with coverage. The others start servers and wait for them most of the time; their
# workers are processes of their own, so coverage would see little of them.
SERVERLESS := tests/unit tests/integration/providers tests/integration/calibrating

test: $(VENV)/dev-ready ## Lint, types, import contracts and the default tests, with coverage of lines and branches
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -W ignore -m slipcover --branch --source $(ROOMS) --json --out $(COVERAGE) \
		-m pytest -n 2 -m "not faults and not cluster" $(SERVERLESS)
	@$(BIN)/python -m tests.support.coverage $(COVERAGE)
	@$(BIN)/python -m pytest -n 2 -m "not faults and not cluster" $(addprefix --ignore=,$(SERVERLESS))

test-pythons: $(VENV)/dev-ready ## The unit tests on the other supported Pythons; ONLY="3.13 3.14" for some
	@$(BIN)/python -m tests.support.pythons $(ONLY)

test-all: $(VENV)/dev-ready ## The default tests and the long ones
	@$(BIN)/python -m pytest

test-cluster: $(VENV)/dev-ready ## The tests on Apache Kafka and MinIO; needs Java, Maven, Go and openssl, no Docker
	@$(BIN)/python -m tests.support.cluster install
	@BRUSHFIRE_CLUSTER=1 $(BIN)/python -m pytest tests/cluster

faults: $(VENV)/dev-ready ## Kill processes in mid-run and count what was lost
	@$(BIN)/python -m pytest -m faults

lint: $(VENV)/dev-ready ## Style, types, import contracts, retired words
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/python docs/check_words.py

words: ## Find retired words of docs/glossary.md; ARGS=--count says only how many
	@$(PYTHON) docs/check_words.py $(ARGS)

hooks: $(VENV)/dev-ready ## Let git run the lint checks before each commit
	@$(BIN)/pre-commit install

format: $(VENV)/dev-ready ## Fix and format the code, then say what is left to fix by hand
	@$(BIN)/ruff check --fix-only --quiet . ; $(BIN)/ruff format . && $(BIN)/ruff check .

docs: $(VENV)/run-ready ## Write docs/schemas and docs/settings.md from the code
	@$(BIN)/python docs/make_schemas.py docs/schemas
	@$(BIN)/python docs/make_settings.py docs/settings.md

bench: $(VENV)/dev-ready ## Measure; NAME=pipeline, ONLY="part part" for some of its parts
	@$(BIN)/python -m bench $(NAME) $(ONLY)

lock: ## Write the lock files again from pyproject.toml (needs uv)
	@uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group build pyproject.toml -o requirements.lock
	@uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group build --group dev --extra neural --extra alignment pyproject.toml -o requirements-dev.lock

clean: ## Remove what was made, the environment too
	@rm -rf $(VENV) .pythons .coverage.json out .brushfire .mypy_cache .pytest_cache .ruff_cache bench/results
