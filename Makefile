# Jushi. "make chat" opens the page; "make help" lists the rest.
#
# MODEL=none   answers without a model, and fetches none
# DATA=folder  another index than data/
# Q="…"        the question of "make ask"

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
TOOLS  := .venv-release

ifdef MODEL
export JUSHI_MODEL := $(MODEL)
endif
ifdef DATA
export JUSHI_DATA := $(DATA)
endif

.PHONY: help chat ask test test-all check evals dist audit sbom docker-check release clean
.DEFAULT_GOAL := help

help:  ## list what make can do
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

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

dist: $(TOOLS)/.ready  ## the wheel and the source archive, in dist/
	rm -rf dist
	$(TOOLS)/bin/python -m build --outdir dist
	$(TOOLS)/bin/twine check --strict dist/*

# --strict, and names with their versions: what could not be looked up is a failure, not a clean result
audit: $(VENV)/.ready $(TOOLS)/.ready  ## look the installed libraries up among known vulnerabilities
	@$(BIN)/python -m pip freeze --exclude-editable | sed 's/+[a-z0-9.]*$$//' > $(TOOLS)/audited.txt
	$(TOOLS)/bin/pip-audit --strict --no-deps --disable-pip --progress-spinner off -r $(TOOLS)/audited.txt

sbom: $(VENV)/.ready $(TOOLS)/.ready  ## what is inside, in CycloneDX's form, in dist/
	@mkdir -p dist
	$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON \
	    -o dist/jushi.cdx.json $(BIN)/python

docker-check: $(TOOLS)/.ready  ## hold the Dockerfile against hadolint
	$(TOOLS)/bin/hadolint Dockerfile

release: check test-all dist audit sbom docker-check  ## all that must hold, and all that is published

clean:  ## remove the environment and the index; downloaded models stay
	rm -rf $(VENV) $(TOOLS) data evals-results build dist *.egg-info

$(VENV)/.ready: pyproject.toml .ci/setup
	@.ci/setup "$(PYTHON)" $(VENV) ""
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready
	@.ci/setup "$(PYTHON)" $(VENV) "[test]"
	@touch $@

$(TOOLS)/.ready: .ci/release.txt
	@"$(PYTHON)" -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check -r .ci/release.txt
	@touch $@

export Q
