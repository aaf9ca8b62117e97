# Every target makes what it needs: only Python 3.11+, make and a package index have
# to be there. `make` lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PARALLEL ?= 2
export UV_PROJECT_ENVIRONMENT := $(VENV)

.DEFAULT_GOAL := help
.PHONY: help setup run test test-long check static fmt format-check lint types \
        contracts migrations-check deploy-check coverage css clean screenshots match-report

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==0.13.8"

$(READY): pyproject.toml uv.lock | $(BIN)/uv
	$(BIN)/uv sync --quiet --frozen
	@touch $@

setup: $(READY) ## Install everything into .venv

run: $(READY) ## Start the service desk (PORT=8000)
	@exec $(BIN)/python manage.py up

test: $(READY) ## Run the test suite
	$(BIN)/pytest -q -n $(PARALLEL)

test-long: $(READY) ## Run the long suites (kill storms, large races, every look)
	$(BIN)/pytest -q -n $(PARALLEL) -m long
	ALL_LOOKS=1 $(BIN)/pytest -q -n $(PARALLEL) -m browser

check: static test ## All that CI runs

static: format-check lint types contracts migrations-check deploy-check

fmt: $(READY) ## Format Python and templates
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	@git ls-files -z 'templates/*.html' | xargs -0 -r $(BIN)/djade --target-version 5.2

format-check: $(READY)
	$(BIN)/ruff format --check .
	@git ls-files -z 'templates/*.html' | xargs -0 -r $(BIN)/djade --target-version 5.2 --check

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/djlint templates --profile=django --lint --quiet

types: $(READY)
	$(BIN)/mypy .

contracts: $(READY)
	$(BIN)/lint-imports

migrations-check: $(READY)
	$(BIN)/python manage.py makemigrations --check --dry-run

deploy-check: $(READY)
	DEMONSTRATION=false SITE_URL=https://desk.example.org EMAIL_URL=smtp+tls://u:p@mail.example.org:587 \
	  SECRET_KEY=0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-check-only \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING

coverage: $(READY) ## Run the suite and watch its coverage, at up to twice the work
	$(BIN)/pytest -q -n $(PARALLEL) --cov --cov-report= --cov-fail-under=0
	$(BIN)/coverage report

css: ## Build static/css from Sass (needs Node.js; the built files are committed)
	cd servicedesk/scss && npm ci --ignore-scripts --silent && npm run --silent build

screenshots: $(READY) ## Photograph every page into var/screenshots
	SCREENSHOTS=var/screenshots $(BIN)/pytest -q tests/browser/test_pages.py

match-report: $(READY) ## Measure how well articles are matched (needs the public tickets)
	$(BIN)/python -m tests.knowledgebase.matching.report

clean: ## Remove what was built or installed; data in var/ stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis htmlcov
	rm -rf servicedesk/scss/node_modules
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +
