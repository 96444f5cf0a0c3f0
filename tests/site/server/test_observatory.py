"""MDN's HTTP Observatory grades the shipped server behind a TLS proxy: A+, and less for whatever is missing."""

import re
import shutil
from contextlib import ExitStack

import pytest

from tests.support.checkers import needs, node_version, observatory
from tests.support.servers.https import https_proxy, make_certificate
from tests.support.servers.production import environment_in, manage, running

OLDEST_NODE = 20  # of what the Observatory says that it needs
LOG_IN = """
import time
from django.contrib.auth.models import User
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
user = User.objects.get(username="admin")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session["used_at"] = int(time.time())
session.save()
print(session.session_key)
"""
ARTICLE = "/articles/ketamine/"
LOGIN = "/admin/login/"
API = "/api/topics/"
PAGES = {
    "home": "/",
    "article": ARTICLE,
    "search": "/search/?q=ketamine",
    "correction request": f"{ARTICLE}challenge/",
    "login": LOGIN,
    "review queue": "/admin/",
    "editor": "/admin/articles/article/1/change/",
    "accounts": "/admin/auth/user/",
    "API": API,
}


# What a server might do wrong: its page, a function (headers, body) -> the same, the checks that must notice, and the
# grade that is left. The Observatory forgives a page that gains more points elsewhere, but the score is lower.


def without(*names, directive=None):
    """Return a change that drops headers, and with `directive` one directive of the policy."""

    def change(headers, body):
        headers = [(name, value) for name, value in headers if name.lower() not in names]
        if directive:
            headers = [(name, re.sub(f"; {directive} [^;]*", "", value)) for name, value in headers]
        return headers, body

    return change


def replacing(header, old, new):
    def change(headers, body):
        assert header == "body" or any(name.lower() == header for name, _ in headers) or not body
        changed = [(name, value.replace(old, new) if name.lower() == header else value) for name, value in headers]
        return changed, body.replace(old.encode(), new.encode()) if header == "body" else body

    return change


def adding(*pairs):
    return lambda headers, body: ([*headers, *pairs], body)


WORSE = {
    "no policy": (ARTICLE, without("content-security-policy"), {"content-security-policy"}, "B"),
    "inline scripts": (ARTICLE, replacing("content-security-policy", "script-src 'self'", "script-src 'self' 'unsafe-inline'"), {"content-security-policy"}, "B+"),
    "scripts from everywhere": (ARTICLE, replacing("content-security-policy", "script-src 'self'", "script-src https:"), {"content-security-policy"}, "B+"),
    "framed by others": (ARTICLE, without("x-frame-options", directive="frame-ancestors"), {"x-frame-options"}, "B+"),
    "types guessed": (ARTICLE, without("x-content-type-options"), {"x-content-type-options"}, "A+"),
    "no HSTS": (ARTICLE, without("strict-transport-security"), {"strict-transport-security"}, "B+"),
    "HSTS for a week": (ARTICLE, replacing("strict-transport-security", "max-age=31536000", "max-age=604800"), {"strict-transport-security"}, "A+"),
    "referrers leak": (ARTICLE, replacing("referrer-policy", "strict-origin-when-cross-origin", "unsafe-url"), {"referrer-policy"}, "A+"),
    "no referrer policy": (ARTICLE, without("referrer-policy"), set(), "A+"),
    "embedded by others": (ARTICLE, replacing("cross-origin-resource-policy", "same-origin", "cross-origin"), set(), "A+"),
    "cookies in the clear": (LOGIN, replacing("set-cookie", "Secure", ""), {"cookies"}, "A+"),
    "cookies for other sites": (LOGIN, replacing("set-cookie", "SameSite=Lax; ", ""), {"cookies"}, "B+"),
    "scripts read the session": (LOGIN, adding(("Set-Cookie", "sessionid=1; Secure; SameSite=Lax; Path=/")), {"cookies"}, "B"),
    "a foreign script": (ARTICLE, replacing("body", "</head>", '<script src="https://scripts.example/a.js"></script></head>'), {"subresource-integrity"}, "A+"),
    "no redirect to https": (ARTICLE, None, {"redirection"}, "B+"),
}  # fmt: skip


@pytest.fixture(scope="module")
def found(prepared, tmp_path_factory):
    """The results {page or fault: result of the Observatory}, all from one server."""
    needs("HTTP Observatory")
    if node_version() < OLDEST_NODE:  # also in CI: Debian 12 itself has Node 18
        pytest.skip(f"Node {OLDEST_NODE} or later isn't installed: the HTTP Observatory did NOT run.")
    folder = tmp_path_factory.mktemp("site")
    key, certificate = make_certificate(folder)
    shutil.copytree(prepared, folder, ignore=shutil.ignore_patterns("static"), dirs_exist_ok=True)
    options = {"ALLOWED_HOSTS": "localhost,127.0.0.1", "HTTPS": "1", "BEHIND_PROXY": "1"}
    environment = environment_in(folder, STATIC_ROOT=str(prepared / "static"), **options)
    cookie = f"sessionid={manage(environment, 'shell', '--no-imports', '-c', LOG_IN).split()[-1]}"
    with ExitStack() as stack:
        _, url = stack.enter_context(running(environment, ready="/health/"))
        port = int(url.rpartition(":")[2])

        def proxy(**options):
            return stack.enter_context(https_proxy(port, key, certificate, **options))

        outside, inside = proxy(), proxy(cookie=cookie)
        hosts = {name: (outside if path == LOGIN else inside) + path for name, path in PAGES.items()}
        for name, (path, change, *_) in WORSE.items():
            hosts[name] = proxy(change=change, is_secure=None if change else True) + path
        return dict(zip(hosts, observatory(hosts.values(), certificate), strict=True))


def failed(result):
    return {name for name, check in result["tests"].items() if not check["pass"]}


@pytest.mark.parametrize("name", PAGES)
def test_every_kind_of_page_gets_the_best_grade(found, name):
    result = found[name]

    assert result["scan"]["statusCode"] == 200
    shown = result["tests"]["redirection"]["route"][-1]
    assert shown.endswith(PAGES[name])
    assert "login" not in shown or name == "login"
    assert failed(result) == set()
    assert result["scan"]["grade"] == "A+"
    assert "access-control-allow-credentials" not in result["scan"]["responseHeaders"]  # its check overlooks this


@pytest.mark.parametrize("name", WORSE)
def test_whatever_is_missing_is_noticed(found, name):
    path, _, checks, grade = WORSE[name]
    (as_shipped,) = [result for page, result in found.items() if PAGES.get(page) == path]

    assert failed(found[name]) == checks
    assert found[name]["scan"]["grade"] == grade
    assert found[name]["scan"]["score"] < as_shipped["scan"]["score"]
