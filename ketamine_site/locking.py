"""How django-axes limits wrong passwords here: by which counts, for which address, and the page that says so."""

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
    """Turns away who is locked out, before a password is looked at: the right one does not show either."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if request is None:  # a script of ours: there is no address to count for
            return None
        return super().authenticate(request, username=username, password=password, **kwargs)


class Handler(AxesDatabaseHandler):
    """Counts in the database, which all processes share and a restart keeps.

    The library has one limit for all counts; ours differ. That of the address alone is scaled down to the other.
    """

    def get_failures(self, request, credentials=None):
        by_account, by_address = (_failures(attempts) for attempts in self.get_user_attempts(request, credentials))
        return max(by_account, by_address * settings.AXES_FAILURE_LIMIT // settings.LOGIN_FAILURES_PER_ADDRESS)

    def reset_user_attempts(self, request, credentials=None):
        """Forget the failures of who has logged in, and only theirs.

        Else somebody with an account could try the passwords of others for ever, logging in in between.
        """
        by_account, _ = self.filter_user_attempts(request, credentials)
        return by_account.delete()[0]

    def lock(self, request, credentials=None):
        """Until when it holds, as a time, and whether the whole address is locked or this account's name only.

        A failure counts for the cool-off time after it; the lock ends when too few of them are left.
        """
        limits = (settings.AXES_FAILURE_LIMIT, settings.LOGIN_FAILURES_PER_ADDRESS)
        ends = [
            _end(attempts, limit, get_cool_off(request))
            for attempts, limit in zip(self.get_user_attempts(request, credentials), limits, strict=True)
        ]
        until = max((end for end in ends if end), default=timezone.now())
        return until, ends[1] is not None


def address_of(request):
    """The address as the other limits of this site take it; None where there is none, as on a socket."""
    address = client_network(request)
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def locked(request, response, credentials):
    """429, the same whether the account exists or not: what happened, until when, and what to do."""
    until, is_whole_address = Handler().lock(request, credentials)
    context = {
        **admin.site.each_context(request),
        # What is shown has no seconds: then it is over for certain.
        "until": (until + timedelta(seconds=59)).replace(second=0, microsecond=0),
        "name": "" if is_whole_address else get_client_username(request, credentials),
    }
    answer = render(request, "admin/locked.html", context, status=429)
    answer.headers["Retry-After"] = str(max(1, math.ceil((until - timezone.now()).total_seconds())))
    add_never_cache_headers(answer)
    return answer


def _failures(attempts):
    return sum(attempts.values_list("failures_since_start", flat=True))


def _end(attempts, limit, cool_off):
    """When fewer than `limit` failures are left, or None where that is so now."""
    end, left = None, _failures(attempts)
    for attempt in attempts.order_by("attempt_time"):
        if left < limit:
            break
        left -= attempt.failures_since_start
        end = attempt.attempt_time + cool_off
    return end
