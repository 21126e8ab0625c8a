# Needs make and Python 3.11 or later, nothing else. `make help` lists what there is.
# Paths are relative, so the checkout may lie in a folder with spaces in its name.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
MAKEFLAGS += --no-builtin-rules

VENV := .venv
ifeq ($(OS),Windows_NT)
  PY := $(VENV)/Scripts/python.exe
  WINSET := $(VENV)/Scripts/winset.exe
else
  PY := $(VENV)/bin/python
  WINSET := $(VENV)/bin/winset
endif
UV ?= uv
CASE ?= korea-us-2025
# Test processes; each needs about 1.5 GB.
JOBS ?= 2
ARGS ?=

# What a user's shell may carry that would leak into, or out of, the environment made here.
unexport PYTHONHOME PYTHONPATH __PYVENV_LAUNCHER__
export PIP_USER := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

# Hashes are checked, and only wheels are taken: nothing is built from source but Winset itself.
PIP := $(PY) -m pip install --quiet
LOCKED := $(PIP) --require-hashes --only-binary :all: --requirement
EDITABLE := $(PIP) --no-build-isolation --no-deps --editable .

# An environment remembers the folder it was made in; a copied or moved checkout makes its own.
ifneq ($(wildcard $(VENV)),)
  ifneq ($(shell cat $(VENV)/made-in 2>/dev/null),$(CURDIR))
    $(shell rm -f $(VENV)/*.stamp)
  endif
endif

# ------------------------------------------------------------------ set-up

# Each candidate is run, not only looked for: a name on the path can be a shim that answers nothing.
define FIND_PYTHON
good='import sys, venv, ensurepip, ssl; sys.exit(sys.version_info < (3, 11))'; \
python=''; \
if [ -n "$${PYTHON:-}" ]; then \
  if "$$PYTHON" -c "$$good" >/dev/null 2>&1; then python="$$PYTHON"; fi; \
else \
  for name in python3.14 python3.13 python3.12 python3.11 python3 python; do \
    if "$$name" -c "$$good" >/dev/null 2>&1; then python="$$name"; break; fi; \
  done; \
fi; \
if [ -z "$$python" ]; then \
  if [ -n "$${PYTHON:-}" ]; then \
    echo "winset: PYTHON=$$PYTHON is not a Python 3.11 or later with venv and ssl. Name another, or unset PYTHON." >&2; \
  else \
    echo "winset: no Python 3.11 or later with its venv module was found (on Debian and Ubuntu: apt install python3 python3-venv). If it is installed elsewhere: make PYTHON=/path/to/python" >&2; \
  fi; \
  exit 1; \
fi
endef
ifneq ($(origin PYTHON),undefined)
  export PYTHON
endif

# Made anew if it is missing, half made, broken by an upgrade of Python, or from another folder.
define MAKE_VENV
if ! $(PY) -m pip --version >/dev/null 2>&1 || [ "$$(cat $(VENV)/made-in 2>/dev/null)" != "$(CURDIR)" ]; then \
  $(FIND_PYTHON); \
  echo "winset: making $(VENV) with $$("$$python" --version 2>&1)"; \
  rm -rf $(VENV) && "$$python" -m venv $(VENV) && printf '%s\n' "$(CURDIR)" > $(VENV)/made-in; \
fi
endef

# A stamp is written last, so an interrupted set-up is simply done again.
$(VENV)/run.stamp: pyproject.toml requirements/run.txt
	@$(MAKE_VENV)
	@echo "winset: installing the locked packages (about 150 MB to download the first time)"
	@$(LOCKED) requirements/run.txt
	@echo "winset: installing winset"
	@$(EDITABLE)
	@touch $@

$(VENV)/dev.stamp: pyproject.toml requirements/run.txt requirements/dev.txt
	@$(MAKE_VENV)
	@echo "winset: installing the locked packages and the development tools (about 200 MB the first time)"
	@$(LOCKED) requirements/dev.txt
	@echo "winset: installing winset"
	@$(EDITABLE)
	@touch $(VENV)/run.stamp $@

# ------------------------------------------------------------------ what to do

.PHONY: help setup dev brief test lint format types imports docs docs-test check lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /|/' | awk -F'|' '{ printf "make %-10s %s\n", $$1, $$2 }'

setup: $(VENV)/run.stamp ## what is needed to run Winset, in .venv (made with PYTHON=..., or the newest found)
	@:

dev: $(VENV)/dev.stamp ## the same with the development tools
	@:

brief: $(VENV)/run.stamp ## the brief of a case, in ./brief (CASE=folder-or-name, ARGS="-o folder")
	@$(WINSET) brief "$(CASE)" $(ARGS)

test: $(VENV)/dev.stamp ## all tests, JOBS=2 at a time (ARGS="tests/model -x")
	@$(PY) -m pytest -n $(JOBS) --dist loadfile $(ARGS)

lint: $(VENV)/dev.stamp ## style and common mistakes
	@$(PY) -m ruff check --output-format concise .
	@$(PY) -m ruff format --check .

format: $(VENV)/dev.stamp ## mend what lint can mend by itself
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

types: $(VENV)/dev.stamp ## types, strictly
	@$(PY) -m mypy

imports: $(VENV)/dev.stamp ## who may import whom
	@$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo --no-cache

docs: $(VENV)/dev.stamp ## the documentation site, in build/docs (a warning is an error)
	@$(PY) -m sphinx -q --fail-on-warning --keep-going -d build/docs-cache docs build/docs
	@echo "winset: open build/docs/index.html"

docs-test: docs ## the site, and every example of the documentation
	@$(PY) -m pytest -n $(JOBS) --dist loadscope tests/docs $(ARGS)

check: lint types imports test ## all of these (the tests include those of the documentation)

lock: ## the lock files, from pyproject.toml (needs uv; ARGS=--upgrade for newer versions)
	@command -v "$(UV)" >/dev/null || { echo "winset: make lock needs uv (pipx install uv), or UV=/path/to/uv" >&2; exit 1; }
	$(UV) pip compile $(LOCK) --group build --output-file requirements/run.txt pyproject.toml $(ARGS)
	$(UV) pip compile $(LOCK) --group dev --constraints requirements/run.txt --output-file requirements/dev.txt pyproject.toml $(ARGS)

# One lock for Linux, macOS and Windows and every Python from 3.11; no address of any registry in it.
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --constraint requirements/constraints.txt \
  --no-emit-find-links --custom-compile-command "make lock"

clean: ## remove what was made: .venv, caches, ./brief
	rm -rf $(VENV) brief build dist docs/gallery/pictures .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
