"""Tells a CDN which stored responses it must forget, by their tags (`Cache-Tag`)."""

import json
import logging
import urllib.request
from itertools import islice

from django.conf import settings
from django.db.models import F

from articles.models import PublicVersion

from .rules import SITE

TAGS = 30  # in one request, as many as CDNs take
SECONDS = 10  # for the CDN's answer
logger = logging.getLogger(__name__)


def tag_of(scope):
    return "site" if scope == SITE else f"article-{scope}"


def purge():
    """Have the CDN forget whatever has changed since `purge_finally`, at once; a failure is logged.

    Call it outside a transaction.
    """
    try:
        _send(_changed())
    except OSError as error:
        logger.warning("The CDN can’t be told what has changed, the scheduler will do it: %s", error)


def purge_finally():
    """Have the CDN forget whatever has changed since the last time; return how many tags that were.

    So it is told of each change twice: a response that was on its way at the first time may have reached it afterwards.
    Raises OSError if it can't be told.
    """
    changed = _changed()
    _send(changed)
    for scope, number in changed.items():
        PublicVersion.objects.filter(scope=scope).update(purged=number)
    return len(changed)


def _changed():
    return dict(PublicVersion.objects.exclude(number=F("purged")).values_list("scope", "number"))


def _send(scopes):
    scopes = iter(scopes)
    while tags := [tag_of(scope) for scope in islice(scopes, TAGS)]:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.CDN_PURGE_TOKEN}"}
        request = urllib.request.Request(  # noqa: S310  (an https address from the settings)
            settings.CDN_PURGE_URL, json.dumps({"tags": tags}).encode(), headers, method="POST"
        )
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
            response.read()
