"""The project’s settings, from environment variables (listed in docs/configuration.md)."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from ketamine_site import environment as env
from ketamine_site import services
from ketamine_site.databases import add_pool
from ketamine_site.operations.monitoring.logs import without_traceback
from ketamine_site.server.limits import STAFF_THREADS

PACKAGE = Path(__file__).resolve().parent
BASE_DIR = PACKAGE.parent  # of templates, static files and sample content: the repository, or …
VAR_DIR = BASE_DIR / "var"
if not (BASE_DIR / "templates").is_dir():  # … an installed wheel, whose data is where it is run
    BASE_DIR, VAR_DIR = PACKAGE / "files", Path.cwd() / "var"

DEBUG = env.flag("DEBUG")

# Secure by default: without a key and host names, the site serves nobody.
SECRET_KEY = env.read("SECRET_KEY") or ("for-development-only-" + "x" * 40 if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY isn't set. Set it to a long random string that all processes of the site share. For the demo site of "
        "`make run`, load its environment first: set -a; . var/environment; set +a"
    )
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS") or (["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])

SITE_NAME = env.read("SITE_NAME", "Said at").strip()
# The start of absolute URLs in feeds, sitemaps and structured data. If empty, the request's host is used (`origin`).
SITE_URL = env.origin("SITE_URL")

INSTALLED_APPS = [
    "articles",
    "ketamine_site.apps.AdminConfig",
    "ketamine_site.operations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "markdownx",
    "axes",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "ketamine_site.operations.monitoring.logs.RequestIDMiddleware",
    "ketamine_site.operations.monitoring.probes.ProbesMiddleware",
    "ketamine_site.public.StoredResponseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "ketamine_site.middleware.ContentSecurityPolicyMiddleware",
    "ketamine_site.static_files.StaticFilesMiddleware",
    "ketamine_site.middleware.ErrorMiddleware",
    "ketamine_site.middleware.PlainRequestMiddleware",
    "ketamine_site.middleware.PublicResponseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "ketamine_site.sessions.IdleSessionMiddleware",
]

ROOT_URLCONF = "ketamine_site.urls"
WSGI_APPLICATION = "ketamine_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["articles.templatetags.display"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ketamine_site.context_processors.site",
            ],
        },
    },
]

# Data ---------------------------------------------------------------------------------------------


# With PostgreSQL each process has a pool, in which every thread of a worker can have a connection, so that those of
# staff don't keep readers waiting; with fewer, they wait for each other. Scheduler, task and its signs of life mustn't.
DATABASE_CONNECTIONS = env.number("DATABASE_CONNECTIONS", default=STAFF_THREADS + 2, least=3, most=100)
DATABASES = {"default": services.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock when a transaction begins, so that concurrent writers wait instead of failing.
    # With FULL, a commit is on the disk when it returns, so that what was published survives a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000;",  # 16 MB per connection
    }
    # Each thread keeps its connection: opening SQLite costs as much as rendering a page.
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    add_pool(DATABASES["default"], most=DATABASE_CONNECTIONS)

# A copy that PostgreSQL keeps up to date (docs/decisions/0016-past-one-machine.md). Readers' two threads use it.
REPLICA = "replica" if env.read("REPLICA_URL") else None
if REPLICA:
    DATABASES[REPLICA] = services.database("REPLICA_URL")
    if {database["ENGINE"] for database in DATABASES.values()} != {"ketamine_site.databases"}:
        raise ImproperlyConfigured("REPLICA_URL is for a replica of PostgreSQL. Set DATABASE_URL to its primary, too.")
    add_pool(DATABASES[REPLICA], most=min(2, DATABASE_CONNECTIONS), seconds=1, is_needed=False)
    DATABASES[REPLICA]["TEST"] = {"MIRROR": "default"}
    DATABASE_ROUTERS = ["articles.derived.responses.replica.Router"]


CACHES = {"default": services.cache()}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People -------------------------------------------------------------------------------------------

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "ketamine_site.passwords.AnotherPassword"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Too many wrong passwords lock logins for a while (ketamine_site/locking.py, docs/configuration.md).
AUTHENTICATION_BACKENDS = ["ketamine_site.locking.Backend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_FAILURES_PER_ADDRESS = 20
LOGIN_FAILURES_PER_ACCOUNT = 50  # from all addresses; browsers that have logged in to the account before are exempt
AXES_FAILURE_LIMIT = 5  # for one account from one address
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address", "username"]
AXES_HANDLER = "ketamine_site.locking.Handler"
AXES_LOCKOUT_CALLABLE = "ketamine_site.locking.locked"
AXES_CLIENT_IP_CALLABLE = "ketamine_site.locking.address_of"
AXES_USERNAME_CALLABLE = "ketamine_site.locking.username_of"
# Further attempts don't extend the lock, because the page has promised when it ends.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # for privacy: successful logins aren't recorded
AXES_SENSITIVE_PARAMETERS = ["username"]  # people sometimes type their password there; logs show the address
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Without a request for this long, a log-in ends (ketamine_site/sessions.py).
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", default=24, least=1, most=24 * 14) * 3600

# Nobody may approve a revision they have worked on. Turn it off only if one person runs the site; the queue says so.
FOUR_EYES = env.flag("FOUR_EYES", default=True)


_email_url = services.mail_url()
EMAIL_IS_ON = bool(_email_url.scheme)
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if _email_url.hostname
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = _email_url.hostname or ""
EMAIL_PORT = _email_url.port or (465 if _email_url.scheme == "smtps" else 25)
EMAIL_HOST_USER = unquote(_email_url.username or "")
EMAIL_HOST_PASSWORD = unquote(_email_url.password or "")
EMAIL_USE_SSL = _email_url.scheme == "smtps"
EMAIL_USE_TLS = _email_url.scheme == "smtp+tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.sender("EMAIL_FROM", "webmaster@localhost")
# How long the address of a reader who waits for the outcome of a correction request is kept at most.
CORRECTION_ADDRESS_DAYS = env.number("CORRECTION_ADDRESS_DAYS", default=90, least=1, most=365)

# Language and time --------------------------------------------------------------------------------

# One language for the whole site, because texts are stored as HTML, and pages for everybody.
LANGUAGE_CODE = env.choice("SITE_LANGUAGE", ("en", "de"))
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["ketamine_site.formats"]
TIME_ZONE = env.time_zone("TIME_ZONE")
USE_I18N = True
USE_TZ = True

# Work in the background ---------------------------------------------------------------------------

# Tasks wait in the site's database for `run_worker`, or in the queue of a broker for Celery's workers.
CELERY_BROKER_URL = env.optional("CELERY_BROKER_URL", "celery", "pip install celery")
env.require_driver("CELERY_BROKER_URL", CELERY_BROKER_URL)
CELERY_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}  # seconds after which Redis gives a message to another worker
TASKS = {
    "default": {
        "BACKEND": "ketamine_site.celery.CeleryBackend" if CELERY_BROKER_URL else "django_tasks_db.DatabaseBackend"
    }
}
# Whether the server starts a worker, which hosts the scheduler, and how often the scheduler runs its jobs.
SCHEDULER = env.flag("SCHEDULER", default=True)
SCHEDULER_SECONDS = env.number("SCHEDULER_SECONDS", default=30, least=1, most=3600)
DIGEST_HOUR = env.number("DIGEST_HOUR", default=7, least=0, most=23)  # in TIME_ZONE

# Public responses that are stored complete (docs/decisions/0013-one-store-of-public-responses.md); 0 is for none.
STORED_RESPONSES_BYTES = env.megabytes("STORED_RESPONSES_MB", default=0 if DEBUG else 2000, least=0)

# A CDN in front of the site: where to post the tags of what it must forget, and with which token.
CDN_PURGE_URL = env.link("CDN_PURGE_URL")
CDN_PURGE_TOKEN = env.header("CDN_PURGE_TOKEN", env.read("CDN_PURGE_TOKEN").strip())

# Processes of the server that answer requests.
WORKERS = env.number("WORKERS", default=2, least=1, most=64)

# Files --------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", VAR_DIR / "media")
SERVE_MEDIA = env.flag("SERVE_MEDIA", default=True)
MEDIA_BUCKET = env.read("MEDIA_BUCKET").strip()  # of object storage that speaks S3; empty for the folder
MEDIA_PUBLIC_URL = env.link("MEDIA_PUBLIC_URL").rstrip(
    "/"
)  # where readers get the bucket's objects; empty: from the site
if MEDIA_PUBLIC_URL and (re.search("[?#;,]", MEDIA_PUBLIC_URL) or MEDIA_PUBLIC_URL in {SITE_URL, f"{SITE_URL}/media"}):
    raise ImproperlyConfigured(
        "MEDIA_PUBLIC_URL isn't where a bucket's objects are. Give the address to which / and an object's name are added, "
        "which isn't this site's own, such as https://images.example.org."
    )
if not MEDIA_BUCKET:
    MEDIA_PUBLIC_URL = ""
_bucket = services.bucket(MEDIA_BUCKET)
STORAGES = {
    "default": services.bucket(MEDIA_BUCKET)
    if MEDIA_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "ketamine_site.static_files.JoinedStaticFilesStorage"
    },
}
# A draft is a single form: its whole text arrives in one request.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
UPLOAD_IMAGE_MAX_BYTES = 5 * 1024 * 1024
UPLOAD_IMAGE_MAX_PIXELS = 2400
UPLOAD_DAY_BYTES = env.megabytes("UPLOAD_DAY_MB", default=100)
UPLOAD_TOTAL_BYTES = env.megabytes("UPLOAD_TOTAL_MB", default=2000)
PREVIEW_MAX_CHARACTERS = 200_000
INSPECTION_OFF = env.words("CHECKS_OFF")
COVERAGE_POLICY = env.choice("COVERAGE_POLICY", ("warn", "off", "block"))
COVERAGE_TARGET = env.share("COVERAGE_TARGET", default=0.5)
EXCERPTS_MAX_PERCENT = env.number("EXCERPTS_MAX_PERCENT", 10, least=0, most=100)
# deploy/nginx.conf takes this much and a draft in one request.
TRANSCRIPT_MAX_BYTES = env.megabytes("TRANSCRIPT_MAX_MB", default=10, most=32)

# The record: the key that signs it, and what was signed. Both stay outside the database (docs/history.md).
SIGNING_KEY_FILE = env.path("SIGNING_KEY_FILE", VAR_DIR / "signing-key.pem")
_heads_file = VAR_DIR / "signed-heads.txt"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # of each database its own
    _heads_file = Path(f"{DATABASES['default']['NAME']}-signed-heads.txt")
SIGNED_HEADS_FILE = env.path("SIGNED_HEADS_FILE", _heads_file)

# Where `manage.py backup` writes unless told otherwise, and `manage.py doctor` looks for backups.
BACKUP_FOLDER = env.path("BACKUP_FOLDER")


services.require_own_places(
    DATABASE_URL=DATABASES["default"]["NAME"]
    if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
    else None,
    MEDIA_ROOT=None if MEDIA_BUCKET else MEDIA_ROOT,
    STATIC_ROOT=STATIC_ROOT,
    SIGNING_KEY_FILE=SIGNING_KEY_FILE,
    SIGNED_HEADS_FILE=SIGNED_HEADS_FILE,
    BACKUP_FOLDER=BACKUP_FOLDER,
)

# Security -----------------------------------------------------------------------------------------

_is_https = env.flag("HTTPS", default=False)
SECURE_SSL_REDIRECT = _is_https
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc or None
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # monitors ask a server behind the proxy directly
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _is_https
SECURE_HSTS_PRELOAD = _is_https
SESSION_COOKIE_SECURE = _is_https
CSRF_COOKIE_SECURE = _is_https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
# For /.well-known/security.txt, which doesn't exist without a contact: nobody's private address is published unasked.
SECURITY_CONTACT = env.contacts("SECURITY_CONTACT")
SECURITY_POLICY = env.link("SECURITY_POLICY")
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
CSRF_FAILURE_VIEW = "articles.admin.editor.saving.lost_session.csrf_failure"
# Django's default, same-origin, keeps embedded video players from starting.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

# Django 6 reads this setting itself; until then ketamine_site.middleware does.
SECURE_CSP = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    # Only the site's own: another site could swap an image after its review, and would see readers' addresses.
    "img-src": ["'self'", *([MEDIA_PUBLIC_URL + "/"] if MEDIA_PUBLIC_URL else [])],
    "media-src": ["'self'", "https:"],
    "frame-src": ["https://www.youtube-nocookie.com"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}

# Editing ------------------------------------------------------------------------------------------

MARKDOWNX_EDITOR_RESIZABLE = True
MARKDOWNX_URLS_PATH = "/admin/articles/article/preview/"
MARKDOWNX_UPLOAD_URLS_PATH = "/admin/articles/article/upload/"

# Monitoring ---------------------------------------------------------------------------------------


LOG_FORMAT = env.choice("LOG_FORMAT", ("line", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"short": {"()": "django.utils.log.CallbackFilter", "callback": without_traceback}},
    "formatters": {
        "line": {"format": "{levelname} {name}: {message}", "style": "{"},
        "json": {"()": "ketamine_site.operations.monitoring.logs.JSONFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["short"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}


METRICS_TOKEN = env.header("METRICS_TOKEN", env.optional("METRICS_TOKEN", "prometheus_client"))
if 0 < len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("METRICS_TOKEN is too short to be a secret. Use 20 characters or more.")
SENTRY_DSN = env.optional("SENTRY_DSN", "sentry_sdk")
if SENTRY_DSN and not env.has_form(rf"https?://[\w-]+(?::[\w-]+)?@{env.HOST}/(?:[\w./-]+/)?\d+", SENTRY_DSN):
    raise ImproperlyConfigured("SENTRY_DSN isn't a DSN. Copy it from Sentry, such as https://key@sentry.example.org/1.")
# The SDK reads it, and its other OTEL_… variables, itself; set, it switches tracing on.
OTEL_EXPORTER_OTLP_ENDPOINT = env.optional("OTEL_EXPORTER_OTLP_ENDPOINT", "opentelemetry")
if OTEL_EXPORTER_OTLP_ENDPOINT and not env.has_form(
    rf"https?://(?:[^/@\s]+@)?{env.HOST}(?:/[\x21-\x7e]*)?", OTEL_EXPORTER_OTLP_ENDPOINT
):
    raise ImproperlyConfigured(
        "OTEL_EXPORTER_OTLP_ENDPOINT isn't the address of a collector, such as http://localhost:4318."
    )

# What is set in vain, with what it needs; the doctor says so.
_NEEDED = {
    "MEDIA_BUCKET": ("MEDIA_PUBLIC_URL", "BUCKET_ENDPOINT", "BUCKET_REGION", "BUCKET_KEY_ID", "BUCKET_SECRET_KEY"),
    "CDN_PURGE_URL": ("CDN_PURGE_TOKEN",),
    "SECURITY_CONTACT": ("SECURITY_POLICY",),
}
UNUSED_VARIABLES = [
    (name, needed)
    for needed, names in _NEEDED.items()
    for name in names
    if env.read(name).strip() and not env.read(needed).strip()
]
