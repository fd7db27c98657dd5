# Every target provides what it needs: `make test` on a fresh machine that has Python 3.11 or later
# and nothing else sets everything up. Finished set-up leaves a stamp, so a second run starts at once.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
# The first Python on PATH that is recent enough.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
PY := $(VENV)/bin/python
NPM := $(PY) static/build_hook.py npm
LOGDIR ?= demo_data
# A build of PyTorch for the CPU alone is enough, and much smaller: make demo-data TORCH=path/or/name
TORCH ?= torch

PYTHON_SOURCES = $(wildcard projector tests benchmarks demo_data docs examples static/build_hook.py)

.PHONY: help setup page dev test test-fast test-integrations test-portable soak reliability check format docs bench demo-data screenshots \
	scenes wheel clean

help:  ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.installed static/node_modules/.installed  ## Create .venv, install the package for editing, fetch the page's libraries

page: setup  ## Build the page, if it is older than its sources
	@$(PY) static/build_hook.py page

dev: setup  ## Serve LOGDIR; Python restarts and the page reloads at every change
	@echo "The page with live reload is at the address that Vite prints; the server behind it is on port 6006."
	@# The server stays in the foreground: a shell's background jobs do not hear Ctrl-C.
	@$(NPM) run dev & trap "kill $$! 2>/dev/null || true" EXIT; \
	$(VENV)/bin/watchfiles --filter python "$(PY) -m projector --logdir $(LOGDIR) --port 6006 --no-open" projector

test: setup page $(VENV)/.chromium check  ## Set everything up and run every check and every test
	@$(NPM) test
	@$(PY) -m pytest -n auto --dist loadfile -m "not slow and not browser"
	@$(PY) -m tests.portable --quick --seed 1
	@$(PY) -m pytest -n auto --dist loadfile -m "slow and not browser"
	@$(PY) -m pytest -n 2 --dist loadfile -m browser

test-portable: setup  ## Run the numeric tests as on other machines: plain instructions, 1 and 2 threads, any order
	@$(PY) -m tests.portable

soak: setup  ## Serve for ten minutes while files are rewritten, workers killed and the disk filled
	@$(PY) benchmarks/soak.py --seconds 600

reliability: setup  ## Try to break every promise of docs/reliability.md and write its table
	@$(PY) benchmarks/reliability.py --write

test-integrations: setup page $(VENV)/.chromium $(VENV)/.integrations $(VENV)/.trainings  ## Try Notebook 7, marimo and the trainings of examples/, whose libraries are installed for it
	@PROJECTOR_TRAININGS_PYTHON="$$PWD/$(VENV)/trainings/bin/python" $(PY) -m pytest -rP tests/integrations/*.py

test-fast: setup  ## Run the quick tests: all of them, or those of one room: make test-fast ROOM=render
	@if test -d "static/tests/$(ROOM)"; then $(NPM) test -- "tests/$(ROOM)"; fi
	@if test -d "tests/$(ROOM)"; then \
	$(PY) -m pytest -n auto --dist loadfile -m "not slow and not browser" -q "tests/$(ROOM)"; fi

check: setup  ## Lint, check the format and check the types of Python and TypeScript
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/mypy
	@$(NPM) run check

format: setup  ## Format all sources and mend what the linters can
	@$(VENV)/bin/ruff check --fix
	@$(VENV)/bin/ruff format
	@$(NPM) run format

docs: setup  ## Write what is generated in docs: the options of the command line, the tables of parameters and formats
	@for name in cli algorithms formats; do PROJECTOR_PLUGINS=0 $(PY) docs/make_$$name.py; done

bench: setup  ## Run the side-by-side comparisons; each prints a table
	@for script in $(filter-out benchmarks/soak.py benchmarks/reliability.py benchmarks/out_of_core.py,$(wildcard benchmarks/[!_]*.py)); do \
	echo "== $$script"; $(PY) "$$script"; done

demo-data:  ## Train the demo networks again, with PyTorch and TensorFlow in a folder that is thrown away
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	$(PYTHON) -m venv "$$folder"; \
	"$$folder/bin/pip" install --quiet $(TORCH) tensorboard tensorflow-cpu scikit-learn pillow; \
	"$$folder/bin/python" demo_data/make_demo_data.py

screenshots: page $(VENV)/.chromium  ## Take the pictures of the documentation again
	@$(PY) -m docs.screenshots

scenes: page $(VENV)/.chromium  ## Take the references of the visual tests again; look at each one
	@$(PY) -m tests.browser.scenes

wheel: setup  ## Build the source distribution and the wheel into dist/
	@$(PY) -m build

clean:  ## Remove what was built and cached; .venv and node_modules stay
	rm -rf dist build static/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results .coverage
	find $(PYTHON_SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- set-up, each step once ----

$(PY):
	@test -n "$(PYTHON)" || { echo "projector needs Python 3.11 or later on PATH; name one with make PYTHON=..." >&2; exit 1; }
	@# Debian ships Python without venv's other half.
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		test "$$(id -u)" = 0 && apt-get update -q && apt-get install -qy --no-install-recommends python3-venv \
		&& $(PYTHON) -m venv $(VENV); }

# The page has a step of its own, so that it is built with the contributor's tools, and again when it changes.
$(VENV)/.installed: pyproject.toml | $(PY)
	@PROJECTOR_SKIP_PAGE=1 $(PY) -m pip install --quiet --editable '.[dev]'
	@requirement=$$($(PY) static/build_hook.py requires); \
	test -z "$$requirement" || $(PY) -m pip install --quiet "$$requirement"
	@touch $@

# Programs that no other target needs.
$(VENV)/.integrations: $(VENV)/.installed
	@PROJECTOR_SKIP_PAGE=1 $(PY) -m pip install --quiet --editable '.[integrations]'
	@touch $@

# The libraries of trainings are large, and stay apart from what we test with.
$(VENV)/.trainings: $(VENV)/.installed
	@$(PY) -m venv $(VENV)/trainings
	@PROJECTOR_SKIP_PAGE=1 $(VENV)/trainings/bin/python -m pip install --quiet --editable . \
		torch lightning keras jax scikit-learn transformers accelerate
	@touch $@

static/node_modules/.installed: static/package.json static/package-lock.json $(VENV)/.installed
	@$(NPM) ci --no-audit --no-fund
	@touch $@

# A system Chromium if there is one that starts (on some systems it is a stub), else the system's package
# where we may install it, else Playwright's own.
$(VENV)/.chromium: $(VENV)/.installed
	@starts() { for name in chromium chromium-browser google-chrome google-chrome-stable; do \
		"$$name" --version >/dev/null 2>&1 && return; done; return 1; }; \
	can_apt() { test "$$(id -u)" = 0 && command -v apt-get >/dev/null; }; \
	apt_chromium() { apt-get update -q && apt-get install -qy --no-install-recommends chromium fonts-liberation; }; \
	starts || { can_apt && apt_chromium && starts; } \
	|| $(PY) -m playwright install $$(can_apt && echo --with-deps) chromium \
	|| { echo "projector: the browser tests need Chromium; install one, so that chromium or google-chrome is on PATH" >&2; exit 1; }
	@touch $@
