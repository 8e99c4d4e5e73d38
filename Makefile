# The commands of the platform. `make help` lists them.
# Needs Python 3.11 or newer, pip and make; everything else goes into .venv and .local of this folder.

PYTHON ?= python3
BIN := .venv/bin
LOCAL := $(BIN)/python -m eocenter.local
export EOC_MODE := local
.DEFAULT_GOAL := help

.PHONY: help run test check fix bench trust manage clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/installed-run  ## serve the demonstration center until Ctrl-C (EOC_PORT=8001 for another port)
	@$(if $(EOC_PORT),EOC_PORT=$(EOC_PORT)) $(LOCAL) run

test: .venv/installed-dev  ## all tests (ARGS="tests/eocenter -k health" for some)
	@$(LOCAL) with --data test $(BIN)/python -m pytest -n 3 --dist worksteal $(ARGS)

check: .venv/installed-dev  ## style, templates, types, migrations, deployment, translations, known vulnerabilities
	@$(LOCAL) with --data test $(BIN)/python -m eocenter.local.check

fix: .venv/installed-dev  ## mend by machine what `make check` finds
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

bench: .venv/installed-dev  ## measure against the contracts (ONLY=signup SIZE=small)
	@ONLY=$(ONLY) SIZE=$(SIZE) $(LOCAL) with --data bench $(BIN)/python -m benchmarks

trust: .venv/installed-dev  ## the scorecard of trust (ONLY=4,7 NIGHT=1)
	@ONLY=$(ONLY) NIGHT=$(NIGHT) $(LOCAL) with --data test $(BIN)/python -m trust

manage: .venv/installed-run  ## a command on the data of `make run` (ARGS="import_schools schools.csv")
	@$(LOCAL) with $(BIN)/python manage.py $(ARGS)

clean:  ## remove what the commands built; the data of `make run` stays
	@rm -rf .venv .local/test .local/test-* .local/bench .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "EO Center needs Python 3.11 or newer; this is %s. Say which: make run PYTHON=python3.12" % sys.version.split()[0])'
	@# Some systems ship venv without pip: then the pip of the system installs into it.
	@$(PYTHON) -m venv .venv 2>/dev/null || { rm -rf .venv; $(PYTHON) -m venv --without-pip .venv; }

INSTALL = if $(BIN)/python -m pip --version >/dev/null 2>&1; then $(BIN)/python -m pip install $(1); \
	else $(PYTHON) -m pip --python $(BIN)/python install $(1); fi
QUIETLY = --quiet --disable-pip-version-check --use-pep517 -c constraints.txt

.venv/installed-run: requirements.txt requirements-local.txt constraints.txt | .venv/bin/python
	@echo "Installing what the platform needs into .venv (once; a few minutes)"
	@$(call INSTALL,$(QUIETLY) -r requirements-local.txt)
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed-run
	@echo "Installing the tools and tests into .venv (once)"
	@$(call INSTALL,$(QUIETLY) -r requirements-dev.txt)
	@touch $@
