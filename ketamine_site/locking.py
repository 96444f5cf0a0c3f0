"""Login limits with django-axes: its counts, the address they apply to, and the page for locked-out users."""

import hashlib
import ipaddress
import math
from datetime import timedelta

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.core import signing
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from articles.views.http import client_network

USERNAME_MAX = AccessAttempt._meta.get_field("username").max_length
KNOWN_BROWSER = "known_browser"
KNOWN_FOR = 180 * 24 * 3600  # seconds


class Backend(AxesStandaloneBackend):
    """Reject locked-out users before checking the password, so that the right one can't be recognised."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if request is None:  # one of our scripts: there is no address to count for
            return None
        return super().authenticate(request, username=username, password=password, **kwargs)


class Handler(AxesDatabaseHandler):
    """Count failures in the database, so that all processes share the counts and a restart keeps them.

    There are three counts: for an account from one address, for an address, and for an account from all addresses. The
    library has a single limit for all counts. Ours differ, so the other two are scaled to the first.
    """

    def get_failures(self, request, credentials=None):
        here, by_address, by_account = map(_failures, self.get_user_attempts(request, credentials))
        if by_account >= settings.LOGIN_FAILURES_PER_ACCOUNT and is_known(request, credentials):
            by_account = 0
        return max(
            here,
            by_address * settings.AXES_FAILURE_LIMIT // settings.LOGIN_FAILURES_PER_ADDRESS,
            by_account * settings.AXES_FAILURE_LIMIT // settings.LOGIN_FAILURES_PER_ACCOUNT,
        )

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        """Count the failure, also for a known browser: whoever has stolen its cookie could use it at many addresses."""
        knows = request is not None and is_known(request, credentials)
        super().user_login_failed(sender, credentials, request, **kwargs)
        if knows and not request.axes_locked_out:
            AccessAttempt.objects.create(
                username=_browser_name(request), failures_since_start=1, attempt_time=request.axes_attempt_time
            )

    def reset_user_attempts(self, request, credentials=None):
        """Reset only the failures of the account that has logged in.

        Otherwise, anyone with an account could guess other people's passwords forever by logging in in between.
        """
        here, *_ = self.filter_user_attempts(request, credentials)
        return here.delete()[0]

    def lock(self, request, credentials=None):
        """Return (end of the lock as a datetime, what it applies to: "here", "address" or "account").

        "here" is this account from this address. A failure counts for the cool-off time after it. The lock ends once
        fewer failures than the limit are left.
        """
        limits = (
            settings.AXES_FAILURE_LIMIT,
            settings.LOGIN_FAILURES_PER_ADDRESS,
            settings.LOGIN_FAILURES_PER_ACCOUNT,
        )
        ends = [
            _end(attempts, limit, get_cool_off(request))
            for attempts, limit in zip(self.get_user_attempts(request, credentials), limits, strict=True)
        ]
        until = max((end for end in ends if end), default=timezone.now())
        return until, "address" if ends[1] else "account" if ends[2] and not is_known(request, credentials) else "here"


def remember_browser(response, user):
    """Set a cookie that exempts this browser from the limit of `user`'s account, until the password changes.

    Otherwise whoever guesses at an account from many addresses would keep its owner out.
    """
    response.set_cookie(
        KNOWN_BROWSER,
        signing.dumps([user.pk, _fragment(user)], salt=KNOWN_BROWSER),
        max_age=KNOWN_FOR,
        path="/admin/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_known(request, credentials=None):
    """Whether this browser has logged in to the account that it names, and since the password was last changed.

    One that has just given too many wrong passwords itself is no longer trusted.
    """
    try:
        pk, fragment = signing.loads(request.COOKIES.get(KNOWN_BROWSER, ""), salt=KNOWN_BROWSER, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return False
    user = get_user_model()._default_manager.filter(pk=pk).first()
    is_same = user is not None and user.get_username() == get_client_username(request, credentials)
    if not is_same or fragment != _fragment(user):
        return False
    since = timezone.now() - get_cool_off(request)
    attempts = AccessAttempt.objects.filter(username=_browser_name(request), attempt_time__gte=since)
    return _failures(attempts) < settings.AXES_FAILURE_LIMIT


def _browser_name(request):
    """The name under which failures with the cookie of a known browser are counted; no account's has a colon."""
    return f"browser:{hashlib.sha256(request.COOKIES[KNOWN_BROWSER].encode()).hexdigest()[:32]}"


def _fragment(user):
    """What changes with the password, and tells nothing about it."""
    return user.get_session_auth_hash()[:16]


def is_locked(request):
    """Whether the user of `request` has given too many wrong passwords to be asked for another."""
    return not AxesProxyHandler.is_allowed(request, _credentials(request))


def count_failure(request):
    """Count a wrong password that the logged-in user gave, as one at the log-in is counted."""
    user_login_failed.send(__name__, credentials=_credentials(request), request=request)


def _credentials(request):
    return {"username": request.user.get_username()}


def address_of(request):
    """Return the address that the site's other limits use; None if there is none, as on a Unix socket."""
    address = client_network(request)
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def username_of(request, credentials=None):
    """Return the name that somebody tries to log in with, as much of it as a count has room for; None if there is none.

    No account has a name that is longer, but the log-in form lets longer ones through.
    """
    name = (credentials or request.POST).get("username")
    return name and name[:USERNAME_MAX]


def locked(request, response, credentials):
    """Respond with 429, whether or not the account exists: what happened, until when, and what to do."""
    until, what = Handler().lock(request, credentials)
    context = {
        **admin.site.each_context(request),
        # Rounded up, because the page shows no seconds and the lock must be over by then.
        "until": (until + timedelta(seconds=59)).replace(second=0, microsecond=0),
        "name": "" if what == "address" else get_client_username(request, credentials),
        "is_everywhere": what == "account",
    }
    page = render(request, "admin/articles/accounts/locked.html", context, status=429)
    page.headers["Retry-After"] = str(max(1, math.ceil((until - timezone.now()).total_seconds())))
    add_never_cache_headers(page)
    return page


def _failures(attempts):
    return sum(attempts.values_list("failures_since_start", flat=True))


def _end(attempts, limit, cool_off):
    """Return when fewer than `limit` failures will be left, or None if that is already so."""
    end, left = None, _failures(attempts)
    for attempt in attempts.order_by("attempt_time"):
        if left < limit:
            break
        left -= attempt.failures_since_start
        end = attempt.attempt_time + cool_off
    return end
