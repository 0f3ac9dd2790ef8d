# Works with make and Python 3.11 or later; PY names another interpreter.
PY ?= python3
BIN := .venv/bin
APPEALS := $(BIN)/python -m cli.main

.DEFAULT_GOAL := demo
.PHONY: setup demo up test check format lock clean

setup: .venv/run ## packages, Kafka's jars and the model, each once
	$(BIN)/python -m cli.once
demo: setup ## one hotline file from intake to a verified dossier
	$(APPEALS) demo
up: setup ## the same stack on kept data, until Ctrl-C
	$(APPEALS) up
test: .venv/dev ## every tier, on a real Kafka and a real PostgreSQL
	$(BIN)/pytest -q
check: .venv/dev ## style, types, layers
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/basedpyright && $(BIN)/lint-imports
format: .venv/dev
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .
lock: ## locks again what pyproject.toml asks for; needs uv
	uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --generate-hashes --no-header --no-annotate --extra local pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --generate-hashes --no-header --no-annotate --extra local --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
clean: ## the environment; data below .local stay
	rm -rf .venv
.venv/bin/python:
	$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11+ is needed; name one: make PY=python3.12")'
	$(PY) -m venv .venv
.venv/run: requirements.lock requirements-java.lock cli/install.py | .venv/bin/python
	$(BIN)/python cli/install.py requirements.lock && touch $@
.venv/dev: requirements-dev.lock .venv/run
	$(BIN)/python cli/install.py requirements-dev.lock && touch $@
