"""Settings that don't fit each other or aren't safe, and the limits of the process."""

import resource
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.cache import cache
from django.http.request import validate_host

from ketamine_site.server import limits

from .types import Finding

OF_RECORD = {"articles.W001", "articles.W002", "articles.W003"}  # the checks of key and signed heads
# Django's checks of single settings that all follow from HTTPS, which is checked here.
OF_HTTPS = {f"security.W{number:03}" for number in (4, 5, 8, 12, 16, 21)}
# What to set instead of Django's own settings, for those of its checks that name a fault rather than advice.
REMEDIES = {
    "articles.W001": "Create a key with manage.py signing_key --create, or put back the one that you keep elsewhere and "
    "name it in SIGNING_KEY_FILE.",
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
            remedy or message.hint or "See manage.py check --deploy.",
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


CHECKS = [check_django, check_addresses, check_open_files, check_cache]
