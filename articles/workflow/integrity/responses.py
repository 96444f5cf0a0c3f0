"""Stored responses, which are what readers get: each is rendered again and compared."""

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from articles.derived.responses import fresh, keys, stored, triggers
from articles.models import PublicVersion, StoredResponse

from .types import REBUILD_STALE, STALE, Finding

FORGET = "Ask who changed it outside the site; `manage.py rebuild --stale` deletes what is stored"
OTHER = f"{REBUILD_STALE}, which deletes it, or run this with the server’s settings"  # nobody is sent it any longer


def check_page_responses(article):
    """What is stored of an article's own page is what would be rendered now."""
    yield from _wrong(_current().filter(scope=article.pk))


def check_responses(*, quick):
    """Changes of public content are counted, and what else is stored is what would be rendered now."""
    for name in triggers.missing():
        yield Finding("responses", "the database", f"its trigger {name} is missing", "Run `manage.py migrate`")
    if not quick:
        articles = Q(scope__gt=stored.SITE)
        yield from _wrong(_current().exclude(articles))


def _current():
    numbers = PublicVersion.objects.filter(scope=OuterRef("scope")).values("number")
    return StoredResponse.objects.annotate(number=Coalesce(Subquery(numbers), 0)).filter(version=F("number"))


def _wrong(rows):
    for row in rows.order_by("pk").iterator(chunk_size=20):
        release, _, address = row.key.partition(" ")
        if release != keys.release():
            yield Finding(STALE, address, "it was stored by another release, or with other settings", OTHER)
        elif problem := _problem_of(row):
            yield Finding("responses", address, problem, FORGET)


def _problem_of(row):
    try:
        address = keys.address_in(row.key)
    except ValueError:
        return "its key isn’t an address"
    if address.key != row.key:
        return "its key isn’t that of its address"
    response = fresh.response_at(address)
    if response.status_code != 200:
        return f"it is stored, but the site answers {response.status_code}"
    answer = stored.Answer.of(fresh.tagged(response, row.scope))
    if row.etag != answer.etag:
        return "it isn’t what the site shows"
    if row.headers != stored.headers_text(answer):
        return "its headers aren’t those of the site"
    for name, form in stored.forms_of(answer).items():
        kept = getattr(row, name)
        if (kept if kept is None else bytes(kept)) != form:
            return f"its form “{name}” isn’t what the site shows"
    return ""
