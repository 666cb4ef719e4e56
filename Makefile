# Jushi. "make chat" opens the page; "make help" lists the rest.
#
# MODEL=none   answers without a model, and fetches none
# DATA=folder  another index than data/
# Q="…"        the question of "make ask"

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

ifdef MODEL
export JUSHI_MODEL := $(MODEL)
endif
ifdef DATA
export JUSHI_DATA := $(DATA)
endif

.PHONY: help chat ask test test-all check evals clean
.DEFAULT_GOAL := help

help:  ## list what make can do
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

chat: $(VENV)/.ready  ## set up what is missing, ingest seeds/, open the page on 127.0.0.1:7860
	@$(BIN)/jushi models pull
	@$(BIN)/jushi ingest
	@$(BIN)/jushi chat

ask: $(VENV)/.ready  ## one answer in the terminal: make ask Q="台江经开区2024年规上工业总产值是多少？"
	@$(BIN)/jushi models pull
	@$(BIN)/jushi ingest
	@$(BIN)/jushi ask "$$Q"

test: $(VENV)/.ready-test  ## the tests that run in minutes
	$(BIN)/python -m pytest -m "not slow"

test-all: $(VENV)/.ready-test  ## every test, those with a browser or a model included
	$(BIN)/python -m pytest

check: $(VENV)/.ready-test  ## ruff (lint and format) and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

evals: $(VENV)/.ready  ## score the answers on the project's gold set
	@$(BIN)/jushi models pull
	@$(BIN)/jushi ingest
	@$(BIN)/jushi evals

clean:  ## remove the environment and the index; downloaded models stay
	rm -rf $(VENV) data evals-results build *.egg-info

$(VENV)/.ready: pyproject.toml .ci/setup
	@.ci/setup "$(PYTHON)" $(VENV) ""
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready
	@.ci/setup "$(PYTHON)" $(VENV) "[test]"
	@touch $@

export Q
