# Everyday commands; `make help` lists them.

PORT ?= 8000
VENV := .venv
PYTHON := $(VENV)/bin/python
MANAGE := $(PYTHON) manage.py
PIP_INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check
BROWSER_ADDRESS = http://127.0.0.1:$(PORT)

# The demo's environment with its own secret key, in a file that git ignores.
ENVIRONMENT := var/environment
WITH_ENVIRONMENT = trap 'echo "$(ENVIRONMENT) can’t be read. A value with spaces needs quotes: NAME=\"two words\"" >&2' EXIT; \
	set -ea; . ./$(ENVIRONMENT); set +ea; trap - EXIT;

CHECK_PORT = $(PYTHON) -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || \
	{ echo "Port $(PORT) can't be used; perhaps another server has it. Choose another one, such as: make $@ PORT=8123" >&2; exit 1; }

PROCESSORS := $(shell getconf _NPROCESSORS_ONLN)
# A browser test often waits, so two of them share a processor. Without a browser, one at a time waits: for slow clients,
# for PostgreSQL.
BROWSERS = $(shell expr 2 \* $(PROCESSORS))
WORKERS = $(shell expr 1 + $(PROCESSORS))

# In CI a browser test that fails runs once more, and is named. A test that hangs doesn't: nothing would end it again.
RERUNS = $(if $(CI),--reruns 1 --rerun-except "from pytest-timeout" -r fER)

CHECKERS := tests/support/node/node_modules/.package-lock.json
# What the editor's scripts of others are built from; the site itself uses what is in static/vendor.
BUNDLER := requirements/editor/node_modules/.package-lock.json

# What the database, the pages and the static files are generated from.
INGREDIENTS := $(shell find articles/migrations articles/core/markdown articles/derived/pages articles/derived/checks/labels.py articles/workflow/governance/permissions.py content static templates -type f -not -name '*.pyc' 2>/dev/null)

NOT_TRANSLATED = $(addprefix -i ,.venv var tests docs bench build requirements vendor)

.DEFAULT_GOAL := help
.PHONY: help run dev passwords test test-postgresql check lint checkers lighthouse bench bench-evidence lock bundle sbom messages screenshots clean force

help: ## List the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/installed var/prepared ## Set up the site if necessary, and serve it on 127.0.0.1, port 8000 or PORT=…
	@$(CHECK_PORT)
	@echo "Articles:   $(BROWSER_ADDRESS)/"
	@echo "Ketamine:   $(BROWSER_ADDRESS)/articles/ketamine/"
	@echo "Admin:      $(BROWSER_ADDRESS)/admin/   (admin, editor, moderator; new passwords: make passwords)"
	@echo "Stop with Ctrl+C."
	@$(WITH_ENVIRONMENT) exec $(PYTHON) -m ketamine_site.server --bind 127.0.0.1:$(PORT)

dev: $(VENV)/installed var/prepared ## Serve with automatic reload, for development
	@$(CHECK_PORT)
	@$(WITH_ENVIRONMENT) export DEBUG=1 && { $(MANAGE) run_worker --stop-with $$$$ & exec $(MANAGE) runserver 127.0.0.1:$(PORT); }

passwords: $(VENV)/installed var/prepared ## Set new passwords for the accounts admin, editor and moderator
	@$(WITH_ENVIRONMENT) $(MANAGE) demo_accounts --reset

# Keep compiled modules even where the environment says not to, as containers often do: the tests start Python a
# hundred times, and each of those would compile the project again.
test test-postgresql lint: export PYTHONDONTWRITEBYTECODE =

# Three passes: tests without a browser, those of them that use a database again on PostgreSQL, and browser tests.
# A selection (PYTEST="-k name") is a single pass in one process, which starts fastest.
ifdef PYTEST
test: $(VENV)/installed-dev checkers ## Run all tests, or some of them: PYTEST="-k name"
	$(PYTHON) -m pytest $(PYTEST)
else
test: $(VENV)/installed-dev checkers
	$(PYTHON) -m pytest -q -n $(WORKERS) --dist worksteal -m "not browser"
	$(PYTHON) -m tests.support.postgresql -q -n $(WORKERS) --dist worksteal -m "not browser"
	$(PYTHON) -m pytest -q -n $(BROWSERS) --dist loadscope $(RERUNS) tests/browser
endif

test-postgresql: $(VENV)/installed-dev ## Run the tests without a browser on PostgreSQL, or some of them: PYTEST="-k name"
	$(PYTHON) -m tests.support.postgresql -m "not browser" $(PYTEST)

check: lint test ## Run lint and all tests

lint: $(VENV)/installed-dev ## Check style, types, import contracts, migrations and deployment settings
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html')
	$(VENV)/bin/djlint --lint --quiet templates
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	DJANGO_SETTINGS_MODULE=tests.support.settings $(MANAGE) makemigrations --check --dry-run
	@set -e; folder=$$(mktemp -d); trap 'rm -r "$$folder"' EXIT; export HTTPS=1 ALLOWED_HOSTS=example.org SECURITY_CONTACT=security@example.org; \
		export SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))'); \
		export SIGNING_KEY_FILE=$$folder/key.pem DATABASE_URL=sqlite:///$$folder/db.sqlite3; \
		$(MANAGE) signing_key --create --verbosity 0; \
		$(MANAGE) check --deploy --fail-level WARNING

# External programs that check pages. Without npm or Java, their tests are skipped with a message; CI has both.
checkers: ## Install Lighthouse and the Nu HTML checker for the tests (needs npm)
	@if ! command -v npm >/dev/null; then echo "npm isn't installed; tests with Lighthouse and the Nu HTML checker are skipped."; \
	elif ! $(MAKE) --no-print-directory $(CHECKERS) $(BUNDLER); then echo "npm couldn't install Lighthouse and the Nu HTML checker; their tests are skipped."; fi

lighthouse: $(VENV)/installed-dev checkers ## Check that article, home, episode, transcript and search score 100 in every Lighthouse category
	$(PYTHON) bench/lighthouse.py

bench: $(VENV)/installed-dev ## Run the benchmarks, each relative to a baseline of the same run
	$(PYTHON) bench/parsing.py
	$(PYTHON) bench/inspecting.py
	$(PYTHON) bench/comparing.py
	$(PYTHON) bench/importing.py
	$(PYTHON) bench/checking.py
	$(PYTHON) bench/review_queue.py
	$(PYTHON) bench/report.py
	$(PYTHON) bench/admin.py
	$(PYTHON) bench/search.py
	$(PYTHON) bench/serving.py
	$(PYTHON) bench/slow_clients.py
	$(PYTHON) bench/exporting.py
	$(PYTHON) bench/backup.py

bench-evidence: $(VENV)/installed-dev ## Measure how well claims are found in transcripts: FOLDER=… LABELS=… PUBLISH=1
	$(PYTHON) bench/evidence.py $(FOLDER) $(if $(LABELS),--labels $(LABELS)) $(if $(PUBLISH),--publish)
	$(if $(FOLDER),$(PYTHON) bench/source_issues.py $(FOLDER))

# Versions stay as they are unless pyproject.toml or UPGRADE=1 changes them. The smaller files follow dev.txt.
LOCK = $(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' | \
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
	--custom-compile-command "make lock" --annotation-style line $(if $(UPGRADE),--upgrade) pyproject.toml -

lock: $(VENV)/installed-dev ## Pin all dependencies, with hashes, in requirements/ (UPGRADE=1: to their latest versions)
	$(LOCK) --all-extras -o requirements/dev.txt
	$(LOCK) --extra postgresql -c requirements/dev.txt -o requirements/postgresql.txt
	$(LOCK) --extra postgresql --extra redis --extra s3 --extra metrics --extra sentry --extra opentelemetry -c requirements/dev.txt -o requirements/production.txt
	$(LOCK) -c requirements/dev.txt -o requirements/base.txt
	cd tests/support/node && npm install --package-lock-only --ignore-scripts --loglevel=error
	cd requirements/editor && npm install --package-lock-only --ignore-scripts --loglevel=error

bundle: $(BUNDLER) ## Bundle the editor's packages, as requirements/editor pins them, into static/vendor (needs npm)
	node requirements/editor/build.mjs static/vendor

sbom: $(VENV)/installed-dev ## Write the bill of materials (CycloneDX) to var/sbom.cdx.json
	$(PYTHON) requirements/sbom.py var/sbom.cdx.json

messages: $(VENV)/installed-dev ## Update and compile the translation catalogues (needs gettext)
	DJANGO_SETTINGS_MODULE=tests.support.settings $(MANAGE) makemessages -l de --no-location --no-obsolete --no-wrap $(NOT_TRANSLATED)
	DJANGO_SETTINGS_MODULE=tests.support.settings $(MANAGE) makemessages -d djangojs -l de --no-location --no-obsolete --no-wrap $(NOT_TRANSLATED)
	$(PYTHON) -c 'import pathlib, polib; [polib.pofile(str(f)).save_as_mofile(str(f.with_suffix(".mo"))) for f in pathlib.Path("ketamine_site/locale").rglob("*.po")]'

screenshots: $(VENV)/installed-dev ## Retake the documentation's screenshots
	$(PYTHON) docs/screenshots.py

clean: ## Remove the virtual environment, but not the data in var/
	rm -rf $(VENV)

# Only files with a recorded hash, and no code of a package runs while it is installed. The project itself has no hash
# and comes after them; its build uses the setuptools that is among them.
define INSTALL
	@echo "Installing into $(VENV) …"
	@test -x $(PYTHON) || python3.11 -m venv $(VENV) 2>/dev/null || python3 -m venv $(VENV)
	@$(PIP_INSTALL) --require-hashes --only-binary :all: -r
endef
INSTALL_PROJECT = @$(PIP_INSTALL) --no-deps --no-build-isolation -e .

$(VENV)/installed: pyproject.toml requirements/base.txt
	$(INSTALL) requirements/base.txt
	$(INSTALL_PROJECT)
	@touch $@

$(VENV)/installed-dev: pyproject.toml requirements/dev.txt
	$(INSTALL) requirements/dev.txt
	$(INSTALL_PROJECT)
	@touch $(VENV)/installed $@

$(CHECKERS): tests/support/node/package.json tests/support/node/package-lock.json
	@cd tests/support/node && npm ci --ignore-scripts --loglevel=error
	@touch $@

$(BUNDLER): requirements/editor/package.json requirements/editor/package-lock.json
	@cd requirements/editor && npm ci --ignore-scripts --loglevel=error
	@touch $@

$(ENVIRONMENT):
	@mkdir -p var
	@umask 077 && printf 'SECRET_KEY=%s\nALLOWED_HOSTS=127.0.0.1,localhost\n' \
		"$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))')" > $@

# If the database is elsewhere or missing, prepare it regardless of file dates.
ifneq ($(DATABASE_URL)$(if $(wildcard var/db.sqlite3),,missing),)
var/prepared: force
endif
var/prepared: $(VENV)/installed $(ENVIRONMENT) $(INGREDIENTS)
	@umask 077 && $(WITH_ENVIRONMENT) $(MANAGE) prepare_demo
	@touch $@
