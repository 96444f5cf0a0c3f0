"""Settings for the tests: a known environment, plain static files, a fast password hash."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "tests-only-" + "x" * 50)
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("SECURITY_CONTACT", "security@example.org")
# Tests see what is rendered, and their queries; those of the stored responses turn them on.
os.environ.setdefault("STORED_RESPONSES_MB", "0")
_folder = tempfile.TemporaryDirectory(prefix="tests-")
os.environ.setdefault("MEDIA_ROOT", str(Path(_folder.name, "media")))
# One key for all processes of a test run; a file of signed heads for each worker, as it has its own database.
_key = Path(_folder.name, "signing-key.pem")
_key.touch(mode=0o600)
_key.write_text(
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIHRlc3RzIG9ubHksIG5vIHNlY3JldCBhbmQgbm8gc2l0\n-----END PRIVATE KEY-----\n"
)
os.environ.setdefault("SIGNING_KEY_FILE", str(_key))
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
os.environ["SIGNED_HEADS_FILE"] = str(Path(os.environ["SIGNING_KEY_FILE"]).with_name(f"signed-heads-{_worker}.txt"))
# Playwright's synchronous API runs an event loop in the test's thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from ketamine_site.settings import *  # noqa: E402, F403  (the environment must be set first)

# Makes branches that both add a migration conflict, in articles/migrations/max_migration.txt.
INSTALLED_APPS = [*INSTALLED_APPS, "django_linear_migrations"]  # noqa: F405
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A file, as in production: an in-memory database is one connection shared by all threads of the live server.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_folder.name, "test.sqlite3"))}  # noqa: F405
    # It is thrown away, so nothing waits for the disk.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"  # noqa: F405
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = Path(_folder.name, "static")
STATIC_ROOT.mkdir()
