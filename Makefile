# The commands of the project; `make help` lists them. GNU make 3.81 is enough.
# They make their own environments: .venv to run, .venv-test to test.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# Port of the app on 127.0.0.1.
PORT ?= 8501
# File of the warehouse; empty: data/warehouse.duckdb.
WAREHOUSE ?=
# What pytest runs, and with which options: make test TESTS=tests/core
TESTS ?=
# Folder of real files that are never in the project.
REAL ?= ../shared/real
# Rows of a benchmark.
SIZE ?= 1000000
# How often `make soak` kills.
KILLS ?= 500
# Interpreter to build the environments with, and browser to test with.
PYTHON ?=
CHROMIUM ?=

ifneq ($(WAREHOUSE),)
export METERBOOK_WAREHOUSE := $(WAREHOUSE)
endif
export PYTHON
export CHROMIUM

RUN := .venv/bin/python
TOOL := .venv-test/bin/python
LOCK := $(TOOL) -m uv pip compile --quiet --no-config --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header

.PHONY: help run dev test check check-real bench bench-large soak sessions screenshots fix lock clean environment tools

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: environment ## Start the app on http://127.0.0.1:8501 (PORT=, WAREHOUSE=)
	@exec $(RUN) -m streamlit run app.py --server.port $(PORT)

dev: environment ## Start the app and follow every edit
	@PYTHONPATH=. exec $(RUN) -m streamlit run app.py --server.port $(PORT) \
		--server.fileWatcherType auto --server.runOnSave true

# Programs that tests start would each compile the product if nothing kept it.
test: check ## Run every check and every test, the browser's too (TESTS=)
	@chromium=$$(sh .ci/browser $(TOOL)) && \
		CHROMIUM="$$chromium" PYTHONDONTWRITEBYTECODE= \
		$(TOOL) -m pytest --numprocesses 2 $(TESTS)

check: tools ## Check format, lint, types, import contracts and known vulnerabilities
	@$(TOOL) -m ruff format --check --quiet .
	@$(TOOL) -m ruff check --quiet .
	@$(TOOL) -m mypy --no-error-summary
	@$(TOOL) .venv-test/bin/lint-imports --no-logo --no-cache >/dev/null || \
		$(TOOL) .venv-test/bin/lint-imports --no-logo --no-cache
	@$(TOOL) .ci/audit.py requirements.lock

check-real: tools ## Check revenue of real Stripe files, where there are any (REAL=)
	@$(TOOL) -m benchmarks.check_real $(REAL)

bench: tools ## Measure speed and memory against peers (SIZE=)
	@$(TOOL) -m benchmarks --size $(SIZE)

bench-large: tools ## Measure loading, files, pages and engines at 10,000,000 rows
	@$(TOOL) -m benchmarks --size 10000000 ingest download pages cluster

soak: tools ## Kill the product at random instants, and see what is left (KILLS=)
	@$(TOOL) -m benchmarks.soak --kills $(KILLS)

sessions: tools ## Let 25 visitors use one server for 5 minutes, one of them loading
	@$(TOOL) -m benchmarks.sessions

screenshots: tools ## Take the pictures in docs anew, from the sample shop
	@chromium=$$(sh .ci/browser $(TOOL)) && \
		CHROMIUM="$$chromium" $(TOOL) -m benchmarks.screenshots

fix: tools ## Repair format and what lint can repair
	@$(TOOL) -m ruff check --fix --quiet .
	@$(TOOL) -m ruff format --quiet .

lock: tools ## Write the lock files anew from requirements*.txt
	@env -u UV_INDEX -u UV_INDEX_URL -u UV_DEFAULT_INDEX -u UV_EXTRA_INDEX_URL \
		-u UV_FIND_LINKS $(LOCK) requirements.txt -o requirements.lock
	@env -u UV_INDEX -u UV_INDEX_URL -u UV_DEFAULT_INDEX -u UV_EXTRA_INDEX_URL \
		-u UV_FIND_LINKS $(LOCK) requirements-dev.txt -o requirements-dev.lock

clean: ## Remove the environments and caches, keep the data
	@rm -rf .venv .venv-test .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache

environment:
	@sh .ci/environment .venv requirements.lock

tools:
	@sh .ci/environment .venv-test requirements-dev.lock
