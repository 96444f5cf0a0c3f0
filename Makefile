# What one does with the project: `make help` lists it.

PORT ?= 8000
VENV := .venv
PYTHON := $(VENV)/bin/python
MANAGE := $(PYTHON) manage.py
PIP_INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check -c constraints.txt
BROWSER_ADDRESS = http://127.0.0.1:$(PORT)

# The demonstration's environment: a secret key of its own in a file that git ignores.
ENVIRONMENT := var/environment
WITH_ENVIRONMENT = set -a && . ./$(ENVIRONMENT) && set +a &&

CHECKERS := tests/support/node/node_modules/.package-lock.json

# What the database, the stored pages and the static files are made from.
INGREDIENTS := $(shell find articles/migrations articles/markup* articles/derived/pages/article.py articles/derived/pages/json_ld.py articles/derived/checks/labels.py articles/workflow/governance/permissions.py content static templates -type f -not -name '*.pyc' 2>/dev/null)

NOT_TRANSLATED = $(addprefix -i ,.venv var tests docs bench content build)

.DEFAULT_GOAL := help
.PHONY: help run dev passwords test test-postgresql check lint checkers lighthouse bench bench-evidence messages screenshots clean force

help: ## List what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/installed var/prepared ## Set up (the first time) and serve the site on 127.0.0.1:$(PORT)
	@echo "Articles:   $(BROWSER_ADDRESS)/"
	@echo "Ketamine:   $(BROWSER_ADDRESS)/articles/ketamine/"
	@echo "Admin:      $(BROWSER_ADDRESS)/admin/   (admin, editor, moderator; new passwords: make passwords)"
	@echo "Stop with Ctrl+C."
	@$(WITH_ENVIRONMENT) exec $(VENV)/bin/gunicorn -c ketamine_site/gunicorn.py --bind 127.0.0.1:$(PORT)

dev: $(VENV)/installed var/prepared ## Serve with reload, for working on the code
	@$(WITH_ENVIRONMENT) DEBUG=1 $(MANAGE) runserver 127.0.0.1:$(PORT)

passwords: $(VENV)/installed var/prepared ## Give the accounts admin, editor and moderator new passwords
	@$(WITH_ENVIRONMENT) $(MANAGE) demo_accounts --reset

# Three passes: without a browser, the same on PostgreSQL as far as it asks a database, in a browser. A selection
# (PYTEST="-k name") is one pass in one process, which starts quickest.
ifdef PYTEST
test: $(VENV)/installed-dev checkers ## Run all tests (PYTEST="-k name" for some)
	$(PYTHON) -m pytest $(PYTEST)
else
test: $(VENV)/installed-dev checkers
	$(PYTHON) -m pytest -q -n auto -m "not browser"
	$(PYTHON) -m tests.support.postgresql -q -n auto -m "not browser"
	$(PYTHON) -m pytest -q -n auto -m browser
endif

test-postgresql: $(VENV)/installed-dev ## Run the tests without a browser on PostgreSQL (PYTEST="-k name" for some)
	$(PYTHON) -m tests.support.postgresql -m "not browser" $(PYTEST)

check: lint test ## Lint, types, import contracts, deployment check, missing migrations, tests

lint: $(VENV)/installed-dev ## All of check but the tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html')
	$(VENV)/bin/djlint --lint --quiet templates
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE) makemigrations --check --dry-run
	SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))') HTTPS=1 ALLOWED_HOSTS=example.org \
		$(MANAGE) check --deploy --fail-level WARNING

# The programs of others that look at the pages. Without npm or Java their tests are skipped, which is said; CI has both.
checkers: ## Install Lighthouse and the Nu HTML checker for the tests (needs npm)
	@if ! command -v npm >/dev/null; then echo "npm is not installed: what Lighthouse and the Nu HTML checker say is not tested."; \
	elif ! $(MAKE) --no-print-directory $(CHECKERS); then echo "npm could not install Lighthouse and the Nu HTML checker: what they say is not tested."; fi

lighthouse: $(VENV)/installed-dev checkers ## Ask Lighthouse about article, home, episode and search: 100 of 100 in all
	$(PYTHON) bench/lighthouse.py

bench: $(VENV)/installed-dev ## Measure reading, parsing, importing and checking, each against a floor in the same run
	$(PYTHON) bench/parsing.py
	$(PYTHON) bench/inspecting.py
	$(PYTHON) bench/comparing.py
	$(PYTHON) bench/importing.py
	$(PYTHON) bench/checking.py
	$(PYTHON) bench/desk.py
	$(PYTHON) bench/report.py
	$(PYTHON) bench/search.py
	$(PYTHON) bench/serving.py

bench-evidence: $(VENV)/installed-dev ## Measure how well a claim is found in a transcript
	$(PYTHON) bench/evidence.py

messages: $(VENV)/installed-dev ## Find the words to translate, and compile the translations (needs gettext)
	DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE) makemessages -l de --no-location --no-obsolete --no-wrap $(NOT_TRANSLATED)
	DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE) makemessages -d djangojs -l de --no-location --no-obsolete --no-wrap $(NOT_TRANSLATED)
	$(PYTHON) -c 'import pathlib, polib; [polib.pofile(str(f)).save_as_mofile(str(f.with_suffix(".mo"))) for f in pathlib.Path("ketamine_site/locale").rglob("*.po")]'

screenshots: $(VENV)/installed-dev ## Take the pictures of the documentation anew
	$(PYTHON) docs/screenshots.py

clean: ## Remove the virtual environment; data in var/ stays
	rm -rf $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt
	@echo "Installing into $(VENV) …"
	@test -x $(PYTHON) || python3.11 -m venv $(VENV) 2>/dev/null || python3 -m venv $(VENV)
	@$(PIP_INSTALL) -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@$(PIP_INSTALL) -e ".[dev]"
	@touch $@

$(CHECKERS): tests/support/node/package.json tests/support/node/package-lock.json
	@cd tests/support/node && npm ci --ignore-scripts --loglevel=error
	@touch $@

$(ENVIRONMENT):
	@mkdir -p var
	@umask 077 && printf 'SECRET_KEY=%s\nALLOWED_HOSTS=127.0.0.1,localhost\n' \
		"$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))')" > $@

# A database elsewhere, or one that is gone, is prepared whatever the time stamps say.
ifneq ($(DATABASE_URL)$(if $(wildcard var/db.sqlite3),,missing),)
var/prepared: force
endif
var/prepared: $(VENV)/installed $(ENVIRONMENT) $(INGREDIENTS)
	@umask 077 && $(WITH_ENVIRONMENT) $(MANAGE) prepare_demo
	@touch $@
