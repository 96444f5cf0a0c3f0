"""Login limits with django-axes: its counts, the address they apply to, and the page for locked-out users."""

import ipaddress
import math
from datetime import timedelta

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username, get_cool_off
from django.conf import settings
from django.contrib import admin
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from articles.views.http import client_network


class Backend(AxesStandaloneBackend):
    """Reject locked-out users before checking the password, so that the right one can't be recognised."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if request is None:  # one of our scripts: there is no address to count for
            return None
        return super().authenticate(request, username=username, password=password, **kwargs)


class Handler(AxesDatabaseHandler):
    """Count failures in the database, so that all processes share the counts and a restart keeps them.

    The library has a single limit for all counts. Ours differ, so the count per address is scaled to the other limit.
    """

    def get_failures(self, request, credentials=None):
        by_account, by_address = (_failures(attempts) for attempts in self.get_user_attempts(request, credentials))
        return max(by_account, by_address * settings.AXES_FAILURE_LIMIT // settings.LOGIN_FAILURES_PER_ADDRESS)

    def reset_user_attempts(self, request, credentials=None):
        """Reset only the failures of the account that has logged in.

        Otherwise, anyone with an account could guess other people's passwords forever by logging in in between.
        """
        by_account, _ = self.filter_user_attempts(request, credentials)
        return by_account.delete()[0]

    def lock(self, request, credentials=None):
        """Return (end of the lock as a datetime, whether it applies to the whole address or only to this account).

        A failure counts for the cool-off time after it. The lock ends once fewer failures than the limit are left.
        """
        limits = (settings.AXES_FAILURE_LIMIT, settings.LOGIN_FAILURES_PER_ADDRESS)
        ends = [
            _end(attempts, limit, get_cool_off(request))
            for attempts, limit in zip(self.get_user_attempts(request, credentials), limits, strict=True)
        ]
        until = max((end for end in ends if end), default=timezone.now())
        return until, ends[1] is not None


def address_of(request):
    """Return the address that the site's other limits use; None if there is none, as on a Unix socket."""
    address = client_network(request)
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def locked(request, response, credentials):
    """Respond with 429, whether or not the account exists: what happened, until when, and what to do."""
    until, is_whole_address = Handler().lock(request, credentials)
    context = {
        **admin.site.each_context(request),
        # Rounded up, because the page shows no seconds and the lock must be over by then.
        "until": (until + timedelta(seconds=59)).replace(second=0, microsecond=0),
        "name": "" if is_whole_address else get_client_username(request, credentials),
    }
    page = render(request, "admin/locked.html", context, status=429)
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
