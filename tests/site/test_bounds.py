"""No page, feed, file or API response grows without bound: each is requested on a site with 100,000 citations of one episode.

Every address is requested twice: when each article cites the episode once, and when the same articles have 2,500
citations each. What may grow, because it is one file of everything, is made in batches; see `GROWING`.
"""

import time
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Citation
from tests.support.clients import logged_in
from tests.support.factories import make_published
from tests.support.many_citations import PER_ARTICLE, copy_citations
from tests.support.scenarios.every_address import every_address
from tests.support.scenarios.full_site import make_everything

ARTICLES = 40
# Files of everything: (address, items, most bytes of memory at once, most seconds, most queries).
MEMORY = 24 * 1024 * 1024
GROWING = {"/admin/evidence/export.csv", "/shows/night-talks/on-sleep/citations.vtt"}


@dataclass(frozen=True)
class Cost:
    size: int
    queries: int
    seconds: float


def cost(client, address):
    with CaptureQueriesContext(connection) as queries:
        started = time.perf_counter()
        response = client.get(address)
        size = sum(map(len, response.streaming_content)) if response.streaming else len(response.content)
        seconds = time.perf_counter() - started
    assert response.status_code in {200, 403, 404}, address
    return Cost(size, len(queries), seconds)


@pytest.fixture(scope="module")
def site(module_rows):
    rows = make_everything()
    people = {"by": rows.draft.author, "moderator": rows.profile.user}
    rows.long = [
        make_published(f"long-{number}", title=f"Long {number}", episode=rows.episode, **people)
        for number in range(ARTICLES)
    ]
    return rows


@pytest.fixture(scope="module")
def addresses(site):
    return {**every_address(site), **every_address(site, site.long[0])}


@pytest.fixture(scope="module")
def small(site, addresses):
    client = logged_in(site.draft.author)
    for address in addresses.values():  # imports modules, compiles templates, fills caches
        client.get(address)
    return {name: cost(client, address) for name, address in addresses.items()}


@pytest.fixture(scope="module")
def large(site, small):
    """The same site with 100,000 citations."""
    copy_citations(site.long)
    connection.cursor().execute("ANALYZE")
    return site


@pytest.mark.django_db
def test_no_answer_grows_with_the_citations_of_an_episode(large, small, addresses):
    client = logged_in(large.draft.author)
    assert Citation.objects.filter(episode=large.episode, is_public=True).count() >= ARTICLES * PER_ARTICLE

    grown = {}
    for name, address in addresses.items():
        if address in GROWING:
            continue
        before, after = small[name], cost(client, address)
        if is_grown(before, after):
            after = cost(client, address)  # the machine may have been busy
        if is_grown(before, after):
            grown[name] = f"{before} → {after}"

    assert grown == {}


def is_grown(before, after):
    return (
        after.size > 2 * before.size + 250_000
        or after.queries > before.queries + 1
        or after.seconds > 10 * before.seconds + 0.5
    )
