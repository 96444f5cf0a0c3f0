"""Settings that don't fit each other or aren't safe, and the limits of the process."""

import resource
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.cache import cache
from django.db import connection
from django.http.request import validate_host

from ketamine_site.server import limits

from .types import Finding

PLACES = ("MEDIA_ROOT", "STATIC_ROOT", "SIGNING_KEY_FILE", "SIGNED_HEADS_FILE", "BACKUP_FOLDER")
OF_RECORD = {"articles.W001", "articles.W002", "articles.W003"}  # the checks of key and signed heads
# Django's checks of single settings that all follow from HTTPS, which is checked here.
OF_HTTPS = {f"security.W{number:03}" for number in (4, 5, 8, 12, 16, 21)}
# What to set instead of Django's own settings, for those of its checks that name a fault rather than advice.
REMEDIES = {
    "articles.W001": "Create a key with manage.py signing_key --create, or put back the one that you keep elsewhere and "
    "name it in SIGNING_KEY_FILE.",
    "staticfiles.E002": "Set STATIC_ROOT to an empty folder of its own.",
    "security.W009": "Set SECRET_KEY to 50 or more random characters: "
    "python -c 'import secrets; print(secrets.token_urlsafe(60))'. Everybody has to log in again.",
    "security.W018": "Remove DEBUG from the environment: it shows errors and settings to every visitor.",
    "security.W020": "Set ALLOWED_HOSTS to the site’s host names, such as example.org. Until then it answers nobody.",
}


def check_django():
    """What `manage.py check --deploy` finds."""
    for message in checks.run_checks(include_deployment_checks=True):
        if message.id in OF_HTTPS or message.is_silenced():
            continue
        is_advice = message.level < checks.ERROR and message.id.startswith(("security.", "ketamine_site."))
        remedy = REMEDIES.get(message.id)
        problem = message.msg.strip().rstrip(".")
        yield Finding(
            "signing key" if message.id in OF_RECORD else "settings",
            str(message.obj or message.id),
            problem,
            message.hint or remedy or "See manage.py check --deploy.",
            is_advice=is_advice and remedy is None,
        )


def check_addresses():
    """SITE_URL, ALLOWED_HOSTS, HTTPS and BEHIND_PROXY have to agree."""
    site, is_https = urlsplit(settings.SITE_URL), settings.SECURE_SSL_REDIRECT
    if site.hostname and not validate_host(site.hostname, settings.ALLOWED_HOSTS):
        yield Finding(
            "addresses",
            f"SITE_URL={settings.SITE_URL}",
            "its host isn’t in ALLOWED_HOSTS, so every link to the site leads to an error",
            f"Add {site.hostname} to ALLOWED_HOSTS, or correct SITE_URL.",
        )
    if site.scheme and (site.scheme == "https") is not is_https:
        yield Finding(
            "addresses",
            f"SITE_URL={settings.SITE_URL}",
            f"it is {site.scheme}, but HTTPS is {'on' if is_https else 'off'}",
            "Set HTTPS=1 if readers use https, else start SITE_URL with http://."
            if site.scheme == "https"
            else "Start SITE_URL with https://, or remove HTTPS=1.",
        )
    if not site.scheme and not settings.DEBUG:
        yield Finding(
            "addresses",
            "SITE_URL",
            "it isn’t set, so links in feeds and mails depend on the host that a request names",
            "Set it to the address that readers use, such as https://example.org.",
            is_advice=True,
        )
    if not is_https and not settings.DEBUG:
        yield Finding(
            "addresses",
            "HTTPS",
            "it isn’t on: passwords and cookies can be read on the way",
            "Let a proxy speak https (deploy/nginx.conf), then set HTTPS=1 and BEHIND_PROXY=1.",
            is_advice=True,
        )
    if is_https and settings.SECURE_PROXY_SSL_HEADER is None:
        yield Finding(
            "proxy",
            "HTTPS=1 without BEHIND_PROXY=1",
            "the supplied server speaks http only, and what a proxy says of the scheme isn’t trusted, so every page "
            "redirects to itself, and all visitors share one network address",
            "Set BEHIND_PROXY=1, and let the proxy set X-Forwarded-Proto and X-Forwarded-For (deploy/nginx.conf).",
        )


def check_unused():
    """What is set has an effect."""
    for name, needed in settings.UNUSED_VARIABLES:
        yield Finding("settings", name, f"nothing uses it without {needed}", f"Set {needed}, too, or remove {name}.")


def check_paths():
    """Places don't depend on where a command is run."""
    places = {name: getattr(settings, name) for name in PLACES}
    if connection.vendor == "sqlite":
        places["DATABASE_URL"] = Path(connection.settings_dict["NAME"])
    for name, place in places.items():
        if place is not None and not place.is_absolute():
            yield Finding(
                "settings",
                f"{name}={place}",
                f"it is another one for a command that isn’t run in {Path.cwd()}",
                f"Set it to the whole path, such as {place.absolute()}.",
                is_advice=True,
            )


def check_open_files():
    """A worker needs two open files for each connection; a quarter of the most that it takes is plenty for most sites."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = 2 * limits.CONNECTIONS + limits.OTHER_FILES
    connections = max(1, (hard - limits.OTHER_FILES) // 2)
    if hard >= 0 and connections < limits.CONNECTIONS // 4:
        yield Finding(
            "open files",
            f"limit of {hard} open files",
            f"each worker can have {connections} connections instead of {limits.CONNECTIONS}; further clients wait",
            f"Raise it to {wanted}: LimitNOFILE={wanted} in the systemd unit, or ulimit -Hn {wanted}.",
            is_advice=connections >= 256,
        )


def check_cache():
    """The cache takes values and returns them."""
    try:
        cache.set("doctor", "here", 10)
        problem = None if cache.get("doctor") == "here" else "it doesn’t return what was stored"
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    if problem:
        yield Finding(
            "cache", "CACHE_URL", problem, "Start the cache, correct CACHE_URL, or run createcachetable for db://."
        )
    location = settings.CACHES["default"]["LOCATION"]
    is_redis = isinstance(location, list) and settings.CELERY_BROKER_URL.startswith("redis")
    if is_redis and _redis(location[0]) == _redis(settings.CELERY_BROKER_URL):
        yield Finding(
            "cache",
            "CACHE_URL",
            "it names the database of CELERY_BROKER_URL, so a restore, which clears the cache, loses what waits there",
            "Give each its own: put another number at the end, such as /1.",
        )


def _redis(url):
    """Return (host and port, number) of a database of Redis."""
    url = urlsplit(url)
    return url.netloc.rpartition("@")[2].removesuffix(":6379"), url.path.strip("/") or "0"


CHECKS = [check_django, check_addresses, check_unused, check_paths, check_open_files, check_cache]
