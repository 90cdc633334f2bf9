# Everything one does here. A target makes what it needs; the second time it starts within seconds.
# Pass options through ARGS: make serve ARGS="--port 9000", make test ARGS="tests/web -k embed".

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
VENDOR := mapsvc/static/vendor/.digest
NODE_MODULES := node_modules/.package-lock.json
ARGS ?=

# Set PYTHON to choose one; otherwise the first that is new enough.
PYTHON ?= $(shell for one in python3 python3.14 python3.13 python3.12 python3.11 python; do \
    $$one -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$one && break; done)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve test lint format bench data catalogues assets wheel lock ready clean

help: ## Say what can be made
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: $(VENV)/.package ## Serve the bundled network; prints its address
	@exec $(BIN)/mapsvc serve $(ARGS)

test: $(VENV)/.test $(VENV)/.package $(NODE_MODULES) ## Run all tests, those in Chromium and with PostGIS included
	@for one in gdal qgis libreoffice; do .ci/$$one >/dev/null || true; done
	@chromium=$$(.ci/chromium) || lacking=browser; \
	postgis=$$(.ci/postgis) || lacking="$${lacking:+$$lacking or }postgis"; \
	export CHROMIUM="$$chromium" POSTGIS="$$postgis"; \
	if [ -z "$${lacking:-}" ]; then \
	    exec $(BIN)/python -m pytest $(ARGS); \
	else \
	    $(BIN)/python -m pytest -m "not ($$lacking)" $(ARGS) && status=0 || status=$$?; \
	    echo; \
	    echo "!!! NOT RUN, for want of what they need: the tests marked '$$lacking':"; \
	    $(BIN)/python -m pytest -m "$$lacking" --collect-only -q | grep :: | sed 's/^/!!!   /'; \
	    if [ -n "$${CI:-}" ]; then echo "!!! In CI that is a failure."; exit 1; fi; \
	    exit $$status; \
	fi

lint: $(VENV)/.test $(VENV)/.package ## Check style, types, layers and translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python catalogues.py

format: $(VENV)/.test ## Put the code into its one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.test $(VENV)/.package $(NODE_MODULES) ## Run the benchmarks (nginx and wrk needed); ARGS names some of them
	@status=0; for one in $(or $(ARGS),$(patsubst benchmarks/bench_%.py,%,$(wildcard benchmarks/bench_*.py))); do \
	    echo "== $$one"; $(BIN)/python -m benchmarks.bench_$$one || status=1; done; exit $$status

data: $(VENV)/.test $(VENV)/.package $(NODE_MODULES) ## Make geodata/ again from its sources
	$(BIN)/python geodata/build.py $(ARGS)

catalogues: $(VENV)/.test $(VENV)/.package ## Write new texts into the translations, and say what is missing
	$(BIN)/python catalogues.py --update

assets: $(VENDOR) ## Bring the browser's third-party files into mapsvc/static/vendor

wheel: $(VENV)/.test $(VENDOR) ## Build dist/: the sdist, and the wheel from it
	$(BIN)/python -m build --no-isolation

ready: $(VENV)/.test $(VENV)/.package $(NODE_MODULES) ## Make all that tests and linters need, and run nothing
	@.ci/chromium >/dev/null || true
	@.ci/postgis >/dev/null || true
	@.ci/strace >/dev/null || true
	@.ci/gdal >/dev/null || true
	@.ci/qgis >/dev/null || true
	@.ci/libreoffice >/dev/null || true

lock: $(VENV)/.test ## Choose the newest versions that pyproject.toml and package.json allow
	$(LOCK) --output-file requirements/serve.txt --group build pyproject.toml
	$(LOCK) --output-file requirements/test.txt --constraints requirements/serve.txt --extra import --group dev pyproject.toml
	$(LOCK) --output-file requirements/node.txt --constraints requirements/test.txt --group node
	npm install --package-lock-only

clean: ## Remove all that was made: environment, assets, packages, caches
	rm -rf $(VENV) node_modules mapsvc/static/vendor build dist
	rm -rf .cache .hypothesis .import_linter_cache .grimp_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
    --no-annotate --custom-compile-command "make lock"

# --- What the targets above stand on. Each stamp is newer than what it was made from. ---

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "mapsvc needs Python 3.11 or newer; none is on PATH. Set PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "mapsvc needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# One environment in two steps: what serving needs, then what testing needs on top. The pins of both locks agree.
$(VENV)/.serve: requirements/serve.txt | $(BIN)/python
	$(PIP) install -qq --require-hashes -r $<
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.serve
	$(PIP) install -qq --require-hashes -r $<
	@touch $@

$(VENDOR): package-lock.json hatch_build.py $(VENV)/.serve
	$(node_or_package)
	@$(BIN)/python hatch_build.py

$(NODE_MODULES): package-lock.json hatch_build.py $(VENV)/.serve
	$(node_or_package)
	@$(BIN)/python hatch_build.py --dev && touch $@

$(VENV)/.package: pyproject.toml hatch_build.py mapsvc/__init__.py $(VENDOR)
	$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@touch $@

# A machine without Node takes it from a Python package.
define node_or_package
@command -v npm >/dev/null && command -v node >/dev/null || $(PIP) install -qq --require-hashes -r requirements/node.txt
endef
