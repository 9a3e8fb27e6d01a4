# One word for each thing one does here. `make demo` and `make test` need nothing but Python 3.11 or newer.
# More arguments for pytest: make test ARGS="tests/invoices -x"

SHELL := /bin/bash
PYTHON_BIN := .venv/bin/python
PYTEST := $(PYTHON_BIN) -m pytest
ARGS ?=
FUZZ_SECONDS ?= 300

.PHONY: help setup setup-browser demo test check bench fuzz chaos screenshots fmt
.DEFAULT_GOAL := help

help:
	@echo "make demo         set everything up and serve a filled company, with worker, beat and mailbox"
	@echo "make test         set everything up and run all tests, browser tests included"
	@echo "make check        style, types, import contracts, migrations, settings, and all tests"
	@echo "make bench        one JSON line per measure, on standard output"
	@echo "make fuzz         the property tests with many more examples"
	@echo "make chaos        the tests that kill real processes, and the ledger machine for an hour or more"
	@echo "make screenshots  the pictures in docs/"
	@echo "make fmt          put the code into shape"
	@echo "make setup        only the virtual environment, the wheels and the system libraries"

setup:
	@.ci/setup

setup-browser:
	@.ci/setup browser

demo: setup
	@exec $(PYTHON_BIN) manage.py demo

test: setup-browser
	$(PYTEST) -n auto --dist loadfile $(ARGS)

check: setup-browser
	@.ci/check
	$(PYTEST) -n auto --dist loadfile $(ARGS)

bench: setup
	@COLLECTIONS_HOME=$(CURDIR)/var/bench $(PYTHON_BIN) -m tests.bench $(ARGS)

fuzz: setup
	$(PYTEST) -o python_files="test_*.py fuzz_*.py" -m "hypothesis and not browser" --hypothesis-profile fuzz \
		-n auto --dist loadfile $(ARGS)
	$(PYTHON_BIN) -m tests.fuzz.atheris_bank_formats -runs=1000000 -max_total_time=$(FUZZ_SECONDS)
	$(PYTHON_BIN) -m tests.fuzz.atheris_imports -runs=1000000 -max_total_time=$(FUZZ_SECONDS)

chaos: setup
	CHAOS=1 $(PYTEST) -m crash -n0 $(ARGS)
	LEDGER_MACHINE_RUNS=20000 LEDGER_MACHINE_PARTS=200 $(PYTEST) tests/invoices/test_ledger_machine.py -n auto --dist load

screenshots: setup-browser
	$(PYTHON_BIN) -m tests.browser.screenshots $(ARGS)

fmt: setup
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
