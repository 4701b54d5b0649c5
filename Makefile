# The few commands there are. Each prepares what it needs.
.DEFAULT_GOAL := help
.PHONY: help setup run test check conformance train bench evaluate chaos
MAKEFLAGS += --no-print-directory
# Keep bytecode even where an image says not to: every process starts three times as fast.
export PYTHONDONTWRITEBYTECODE :=

# A pyenv shim answers only where pyenv has this checkout's Pythons, so each candidate is tried.
PYTHON := $(firstword $(shell for p in python3 /usr/bin/python3 /usr/local/bin/python3 /opt/homebrew/bin/python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1 && echo $$p; done; true))
BIN := .venv/bin

help: ## Show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

setup: ## Prepare both environments and the encoder; start nothing
	@$(if $(PYTHON),,echo "Python 3.8 or newer is needed: install python3." >&2; exit 1;) $(PYTHON) scripts/setup.py

run: setup ## Start the whole product, and stop it with Ctrl-C
	@exec $(BIN)/redress up

test: setup ## Run every test
	@scripts/test

check: setup ## Lint, types, import rules, playbook, Rasa's data
	@scripts/check

conformance: setup ## Play what the playbook's authors expect, four times over
	@$(BIN)/redress conformance

train: setup ## Train the model if its sources changed
	@$(BIN)/redress train

bench: setup ## Measure understanding, turns, load, training, start-up and memory
	@$(BIN)/redress bench

evaluate: setup ## Measure understanding beside stock Rasa and keywords, and write docs/evaluation.md
	@$(BIN)/redress evaluate

chaos: setup ## Kill processes while customers talk (MINUTES=10 SEED=… DESKS=2 ENGINES=2)
	@$(BIN)/redress chaos tests/conversations/*/happy.yml
