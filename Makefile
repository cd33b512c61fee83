# The commands of the register; each sets up what it needs. `make help` lists them.
PYTHON ?= python3
PORT ?= 8080
BIN := .venv/bin
# Node comes from the machine when it is 20 or newer, else from a package in the environment.
NODE_IS_NEW := $(shell node -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null && echo yes)
PAGES := shared/platform/web/static/manifest.json
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard shared/translations/*/LC_MESSAGES/messages.po))
# PYTHON= was given, and the environment is there and of another version: then it is made anew.
ifneq ($(origin PYTHON),file)
override PYTHON := $(or $(shell command -v $(PYTHON)),$(error There is no $(PYTHON) on this machine))
VERSION := -c 'import sys; print(sys.version_info[:3])'
ifneq ($(shell test -x $(BIN)/python && $(BIN)/python $(VERSION) || $(PYTHON) $(VERSION)),$(shell $(PYTHON) $(VERSION)))
.PHONY: .venv/app.stamp
CLEAR := --clear
endif
endif
export PATH := $(CURDIR)/$(BIN):$(PATH)

# An option for a variable that was set on the command line of make; what the environment says is not meant.
given = $(if $(findstring command,$(origin $1)),$2 '$($1)')

.DEFAULT_GOAL := help
.PHONY: help up test test-all setup check bench chaos break mutants outputs structure lock messages

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

up: setup ## The whole register at http://localhost:8080 with its demonstration (PORT= changes the port)
	@exec $(BIN)/lessons up --port $(PORT)

setup: .venv/app.stamp $(PAGES) $(CATALOGUES) ## Only the environment, in .venv (PYTHON=python3.13 takes another Python)

test: .venv/dev.stamp setup ## All tests but the slow ones, two files at a time
	$(BIN)/pytest -m "not slow" -n 2 --dist loadfile --no-loadscope-reorder --durations=20

test-all: .venv/dev.stamp setup ## All tests, the slow ones too: thousands of notes, long faults
	$(BIN)/pytest

check: .venv/dev.stamp setup ## Format, lint, types, import contracts, length of templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.structure --check

structure: .venv/app.stamp ## Measure files and functions; writes the tables of docs/architecture.md
	$(BIN)/python -m tests.structure

bench: .venv/dev.stamp setup ## All measurements, an hour or more; writes docs/benchmarks.md
	$(BIN)/python -m bench

chaos: .venv/dev.stamp setup ## Break a register while it is used, count what was lost (MINUTES=1 SEED= DATABASE_URL= BROKER_URL=)
	@$(BIN)/python -m testbed.chaos $(call given,MINUTES,--minutes) $(call given,SEED,--seed) \
	  $(call given,DATABASE_URL,--database-url) $(call given,BROKER_URL,--broker-url)

break: .venv/dev.stamp setup ## Break each mechanism in a copy, and see its test turn red
	$(BIN)/python -m tests.breaking

outputs: .venv/dev.stamp setup ## Compare every output of the demonstration with that of another version (BASE=)
	$(BIN)/python -m tests.outputs $(BASE)

mutants: .venv/dev.stamp setup ## Change one rule at a time, and see a test turn red (SHARE=10 SEED=1 ONLY= TESTS= AGAIN=1 WRITE=1)
	@nice $(BIN)/python -m tests.mutating $(if $(SHARE),--share $(SHARE)) $(if $(SEED),--seed $(SEED)) \
	  $(if $(ONLY),--only $(ONLY)) $(if $(TESTS),--tests "$(TESTS)") $(if $(AGAIN),--again) $(if $(WRITE),--write)

lock: .venv/dev.stamp ## Pin the dependencies anew (requirements/*.txt)
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  pyproject.toml --group build -o requirements/app.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  pyproject.toml --group dev -c requirements/app.txt -o requirements/dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --group node -o requirements/node.txt

messages: .venv/app.stamp ## Collect the texts of the pages into the translation catalogues
	mkdir -p build
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ -k lazy_gettext --no-location --sort-output --no-wrap \
	  --project lessons-register --copyright-holder "the contributors" -o build/messages.pot .
	$(BIN)/pybabel -q update -N --no-wrap --ignore-obsolete --ignore-pot-creation-date \
	  -i build/messages.pot -d shared/translations

.venv/app.stamp: requirements/app.txt pyproject.toml
	$(if $(CLEAR),,test -x $(BIN)/python || )$(PYTHON) -m venv $(CLEAR) .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/app.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/dev.stamp: requirements/dev.txt .venv/app.stamp
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

.venv/node.stamp: requirements/node.txt .venv/app.stamp
	$(if $(NODE_IS_NEW),,$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/node.txt)
	touch $@

frontend/node_modules/.stamp: frontend/package-lock.json .venv/node.stamp
	cd frontend && npm ci --silent --no-audit --no-fund
	touch $@

$(PAGES): frontend/node_modules/.stamp frontend/build.mjs $(wildcard frontend/src/*)
	cd frontend && node build.mjs

%.mo: %.po .venv/app.stamp
	$(BIN)/pybabel -q compile -i $< -o $@
