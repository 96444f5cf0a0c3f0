"""Pages, feeds and API responses stay bounded on a site with 100,000 citations of one episode.

Every address is requested twice: when each article cites the episode once, and when the same articles have 2,500
citations each. Files of everything may grow; test_batches.py is about them.
"""

import time
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Citation
from tests.admin.editor.screen.addresses import sent_back
from tests.support.clients import logged_in
from tests.support.factories import make_published
from tests.support.scenarios.many_citations import PER_ARTICLE, copy_citations
from tests.support.scenarios.sites.every_address import every_address
from tests.support.scenarios.sites.full_site import make_everything

pytestmark = pytest.mark.one_database(
    reason="bytes, queries and Python's time are the same on PostgreSQL; test_hostile_requests.py asks for all there"
)

ARTICLES = 40
TRACK = "/shows/night-talks/on-sleep/citations.vtt"
PLAYLIST, SOUNDBITES = "/shows/night-talks/on-sleep/citations.m3u8", "/shows/night-talks/on-sleep/soundbites.xml"
REPORT = "/admin/evidence/export.csv"


@dataclass(frozen=True)
class Cost:
    size: int
    queries: int
    seconds: float  # of processor time, so that a busy machine makes no difference

    def __le__(self, limit):
        return self.size <= limit.size and self.queries <= limit.queries and self.seconds <= limit.seconds


def cost(client, address, data=None):
    """Return what it costs to get the address, or to post what `data` returns to it."""
    with CaptureQueriesContext(connection) as queries:
        started = time.process_time()
        response = client.get(address) if data is None else client.post(address, data())
        size = sum(map(len, response.streaming_content)) if response.streaming else len(response.content)
        seconds = time.process_time() - started
    assert response.status_code in ({200, 403, 404, 503} if data is None else {200, 302}), address
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
def of_one_text(site):
    """Return the addresses that show one of the long texts."""
    return set(every_address(site, site.long[0]).values()) - set(every_address(site).values())


@pytest.fixture(scope="module")
def addresses(site):
    return {**every_address(site), **every_address(site, site.long[0])}


@pytest.fixture(scope="module")
def posts(site):
    """Return {address: what is posted to it} for the answers that show something of texts, lists or recordings."""
    client = logged_in(site.draft.author)
    editor = client.get(reverse("admin:articles_article_change", args=[site.long[0].pk]))
    form = sent_back(editor) | {"article": site.long[0].pk}
    pasted = "\\[00:06:31\\] <b>Said</b> so. ![](data:image/png;base64,AAAA)\n" * 200
    return {
        reverse("admin:queue_select"): lambda: {"revision": [site.waiting.pk, site.behind.pk], "comment": "x" * 9000},
        reverse("admin:articles_clean"): lambda: {"text": SimpleUploadedFile("pasted.txt", pasted.encode())},
        reverse("admin:articles_preview"): lambda: {
            "content": "Said [00:06:31]. " * 200,
            "source": site.episode.reference,
        },
        reverse("admin:articles_check"): lambda: form,
    }


@pytest.fixture(scope="module")
def small(site, addresses):
    client = logged_in(site.draft.author)
    return {name: cost(client, address) for name, address in addresses.items()}


@pytest.fixture(scope="module")
def small_posts(site, posts):
    client = logged_in(site.draft.author)
    return {address: cost(client, address, data) for address, data in posts.items()}


@pytest.fixture(scope="module")
def large(site, small, small_posts):
    """The same site with 100,000 citations of the episode."""
    copy_citations(site.long)
    connection.cursor().execute("ANALYZE")
    return site


@pytest.mark.django_db
def test_no_answer_grows_with_the_citations_of_an_episode(large, small, addresses, of_one_text):
    client = logged_in(large.draft.author)
    assert Citation.objects.filter(episode=large.episode, is_public=True).count() > ARTICLES * PER_ARTICLE

    grown = {}
    for name, address in addresses.items():
        if address in {TRACK, PLAYLIST, SOUNDBITES, REPORT}:
            continue
        limit = limit_of(small[name], PER_ARTICLE if address in of_one_text else 0)
        if not (after := cost(client, address)) <= limit and not (after := cost(client, address)) <= limit:
            grown[name] = f"{small[name]} → {after}"  # twice, because the machine may have been busy

    assert grown == {}


@pytest.mark.django_db
def test_no_answer_to_a_post_grows_with_the_citations_of_an_episode(large, small_posts, posts):
    client = logged_in(large.draft.author)

    grown = {}
    for address, data in posts.items():
        limit = limit_of(small_posts[address], 0)
        if not (after := cost(client, address, data)) <= limit and not (after := cost(client, address, data)) <= limit:
            grown[address] = f"{small_posts[address]} → {after}"

    assert grown == {}
    assert client.get(reverse("admin:index")).context["review_queue"]["bulk"].chosen == {
        large.waiting.pk,
        large.behind.pk,
    }


def limit_of(before, own_citations):
    """Return the most that an answer may cost; what shows one text may grow with its own citations.

    What is cut into pages and counted by the database takes up to ten more queries than what fits.
    """
    size = 2 * before.size + 250_000 + 1500 * own_citations
    return Cost(size, before.queries + 10, 10 * before.seconds + 0.5 + 0.001 * own_citations)
