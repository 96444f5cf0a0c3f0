"""The services that the site uses (databases, cache, mail, bucket) and its places, as the environment gives them.

What is wrong with a variable is raised as ImproperlyConfigured when the settings are read.
"""

import itertools
import os
import re
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from ketamine_site import environment as env


def database(name, default=""):
    """Return the database of a variable, or of the address `default`, as Django's settings have it.

    ImproperlyConfigured if it names none that this site supports.

    What is wrong with it is said without repeating it: it may have a password.
    """
    usable = "Use sqlite:///path or postgres://user:password@host/name, with special characters percent-encoded."
    try:
        database = dj_database_url.parse(env.read(name) or default)
    except ValueError:
        database = {}
    if not database or "#" in env.read(name):  # what is after it would be left out
        raise ImproperlyConfigured(f"{name} can't be read. {usable}")
    kind = database["ENGINE"].rpartition(".")[2]
    if kind not in {"sqlite3", "postgresql"}:
        raise ImproperlyConfigured(f"{name} names {kind}, which this site doesn't support. {usable}")
    if database["NAME"] in {"", ":memory:"}:  # which each process would have its own of
        raise ImproperlyConfigured(f"{name} names no database. {usable}")
    if kind == "sqlite3" and (database["HOST"] or database.get("OPTIONS")):
        raise ImproperlyConfigured(
            f"{name} has a host or options, but SQLite has neither. {usable} A path from the root has four slashes."
        )
    if kind == "postgresql":
        if not find_spec("psycopg_pool"):
            raise ImproperlyConfigured(
                "PostgreSQL needs its driver: pip install --require-hashes -r requirements/postgresql.txt"
            )
        database["ENGINE"] = "ketamine_site.databases"  # notices a restart of PostgreSQL
    return database


def cache():
    """Return the cache of CACHE_URL as Django's settings have it. What is wrong with it is said without repeating it: it may have a password."""
    usable = "Use locmem://, db://table, redis://:password@host:6379/0 or rediss://…"
    try:
        url = urlsplit(env.read("CACHE_URL").strip() or "locmem://")
        url.port  # noqa: B018
    except ValueError:
        raise ImproperlyConfigured(f"CACHE_URL can't be read. {usable}") from None
    is_whole = not (url.query or url.fragment or url.path.strip("/"))
    if url.scheme == "locmem" and is_whole:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "site"}
    if url.scheme == "db" and is_whole:
        return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": url.netloc or "cache"}
    # The driver would read any other path as 0.
    is_redis = (
        url.scheme in {"redis", "rediss"} and url.hostname and re.fullmatch(r"/?\d*", url.path) and not url.fragment
    )
    if not is_redis:
        raise ImproperlyConfigured(f"CACHE_URL names no cache that this site supports. {usable}")
    env.require_driver("CACHE_URL", url.scheme)
    # A request waits that long at most for a cache that doesn't answer.
    waits = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
    return {"BACKEND": "ketamine_site.caching.RedisCache", "LOCATION": [url.geturl()], "OPTIONS": waits}


def mail_url():
    """Return EMAIL_URL in parts; its scheme is empty if nothing is mailed. What is wrong with it is said without repeating it, because it may have a password."""
    usable = "Use smtp://user:password@host:port, smtp+tls://, smtps:// or console://, with special characters percent-encoded."
    try:
        url = urlsplit(env.read("EMAIL_URL", "").strip())
        port = url.port
    except ValueError:
        raise ImproperlyConfigured(f"The host or port in EMAIL_URL can't be read. {usable}") from None
    if url.scheme not in {"", "smtp", "smtps", "smtp+tls", "console"}:
        raise ImproperlyConfigured(f"The scheme of EMAIL_URL, {url.scheme!r}, isn't supported. {usable}")
    if not url.scheme and url.path:
        raise ImproperlyConfigured(f"EMAIL_URL has no scheme. {usable}")
    if bool(url.hostname) != url.scheme.startswith("smtp"):
        wrong = "has no host name" if url.scheme.startswith("smtp") else "has a host name, but nothing is mailed"
        raise ImproperlyConfigured(f"EMAIL_URL {wrong}. {usable}")
    if port == 0:
        raise ImproperlyConfigured(f"The port in EMAIL_URL is 0. {usable}")
    if bool(url.username) != bool(url.password):  # then nothing logs in
        raise ImproperlyConfigured(f"EMAIL_URL needs user and password, or neither. {usable}")
    if url.path.strip("/") or url.query or url.fragment:
        raise ImproperlyConfigured(f"EMAIL_URL has more than scheme, user, password, host and port. {usable}")
    return url


def bucket(name):
    """Return the storage of uploads in the bucket `name`, as Django's settings have it; without one, only check its variables."""
    if name and not re.fullmatch(r"[\w.-]+|arn:\S+", name, re.ASCII):
        raise ImproperlyConfigured(f"MEDIA_BUCKET={name!r} isn't a bucket's name. Give it alone, such as images.")
    if name and not find_spec("storages"):
        raise ImproperlyConfigured(
            "MEDIA_BUCKET needs a package: pip install --require-hashes -r requirements/production.txt"
        )
    if bool(env.read("BUCKET_KEY_ID").strip()) != bool(env.read("BUCKET_SECRET_KEY").strip()):
        raise ImproperlyConfigured("BUCKET_KEY_ID and BUCKET_SECRET_KEY belong together. Set both, or neither.")
    return {
        "BACKEND": "ketamine_site.bucket.BucketStorage",
        "OPTIONS": {
            "bucket_name": name,
            "endpoint_url": env.origin("BUCKET_ENDPOINT") or None,
            "region_name": env.read("BUCKET_REGION").strip() or None,
            # Without them, boto3 looks for those of the machine.
            "access_key": env.read("BUCKET_KEY_ID").strip() or None,
            "secret_key": env.read("BUCKET_SECRET_KEY").strip() or None,
        },
    }


def require_own_places(**places):
    """Refuse a place within another one.

    Everybody gets whatever is in the folders of uploads and of static files, a restore deletes from the first what isn't
    in the backup, and signed heads are appended to whatever is there.
    """
    real = {name: Path(os.path.realpath(place)) for name, place in places.items() if place}
    for outer, name in itertools.permutations(real, 2):
        if real[name] == real[outer]:
            raise ImproperlyConfigured(f"{outer} and {name} are both {real[name]}. Give each a place of its own.")
        if outer != "BACKUP_FOLDER" and real[name].is_relative_to(real[outer]):
            raise ImproperlyConfigured(
                f"{outer}, {real[outer]}, has the place of {name} in it, {real[name]}. Give {outer} a place of its own."
            )
