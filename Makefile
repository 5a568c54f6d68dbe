# Andon: what one does with a checkout. `make` alone shows this list.
# Every target first makes the environment it needs in .venv (tools/bootstrap); all that takes is
# Python 3.11+ with its venv module. PYTHON=..., VENV=..., ARGS=... (of pytest), CASE=... (of drill).

VENV ?= .venv
BIN := $(VENV)/bin
CASE ?=
ARGS ?=
# One more than there are processors: tests of durability and of a browser wait for others.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
# Where words for people stand, and the languages that are not English.
WORDS = $(wildcard domain services api cli activities integrations storage templates)
LANGUAGES := zh_CN
# As a module, so that it finds our extractor (tools/texts.py).
BABEL = $(BIN)/python -m babel.messages.frontend

export VENV PYTHON
# Another project's path must not stand before our rooms; and what is compiled is kept, for tests
# start some hundred processes.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup dev up test browser check prove drill bench format lint types arch record \
	screenshots lock messages clean
.NOTPARALLEL:

##@ Use

help: ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## make the environment in .venv, with .venv/bin/andon
	@tools/bootstrap runtime

up: setup ## start everything; prints the address and how to sign in; Ctrl-C stops, again resumes
	@$(BIN)/andon up

drill: setup ## run the demo drills on skipped time and print the scorecard (CASE=file for one)
	@$(BIN)/andon drill $(CASE)

##@ Check

dev: ## make the environment with what it takes to test and change Andon
	@tools/bootstrap dev

test: dev ## run the whole test suite; says what was left out and why (ARGS="-k halt")
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -rs $(ARGS)

browser: dev ## only the tests in a real browser: all seven stages, by different people
	$(BIN)/python -m pytest -rs tests/browser $(ARGS)

check: lint types arch test ## what CI runs: form, lint, types, import contracts, tests

lint: dev ## form (ruff format), lint (ruff), the house rules (tools/linters)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m tools.linters

types: dev ## strict types, all rooms and the tests
	$(BIN)/mypy

arch: dev ## the walls between the rooms
	$(BIN)/lint-imports --no-logo --cache-dir .cache/importlinter

prove: dev ## the proofs at full counts; writes docs/proofs/latest.md
	$(BIN)/python -m tests.prove $(ARGS)

bench: dev ## the benchmarks, each beside its reference; writes bench/results/latest.json
	$(BIN)/python -m bench

##@ Change

format: dev ## set the form of the code, and mend what ruff can mend safely
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

record: dev ## record what later releases are held against (tests/replay/README.md; ARGS="stories")
	$(BIN)/python -m tests.replay.record $(ARGS)

screenshots: dev ## take the pictures of docs/screenshots anew, from a play in a real browser
	$(BIN)/python -m tests.browser.screenshots

lock: dev ## write requirements/*.lock from *.in (UPGRADE=1: newest versions)
	@tools/lock $(if $(UPGRADE),--upgrade)

messages: dev ## collect the texts to translate and bring locale/ up to date
	@mkdir -p locale .cache
	$(BABEL) --quiet extract --mapping-file pyproject.toml --output-file .cache/andon.pot \
		--project Andon --no-location --sort-output --add-comments "i18n:" $(WORDS)
	@for language in $(LANGUAGES); do \
		test -e locale/$$language/LC_MESSAGES/andon.po && \
			verb="update --ignore-pot-creation-date --no-fuzzy-matching --ignore-obsolete" || verb=init; \
		$(BABEL) --quiet $$verb --domain andon --input-file .cache/andon.pot \
			--output-dir locale --locale $$language || exit 1; \
	done
	$(BABEL) compile --domain andon --directory locale --statistics

clean: ## remove caches; never .venv nor .andon
	rm -rf .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
