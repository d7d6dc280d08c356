# CI calls these targets; so can you.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: setup check test stress wheel clean

setup:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.[dev]'

check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test:
	$(BIN)/pytest

stress:
	$(BIN)/pytest --stress

wheel:
	$(BIN)/python -m build --wheel

clean:
	rm -rf dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
