"""What readers search for is kept in memory only, is never outdated, and takes a bounded amount of it."""

import brotli
import pytest

from articles import workflow
from articles.derived import search
from articles.derived.responses import fresh, recent, stored
from articles.models import Article, SearchEntry, StoredResponse
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db(transaction=True)

SEARCHES = ["/search/?q=sleep", "/search/suggest/?q=sle", "/api/search/?q=sleep"]


@pytest.fixture
def article():
    return make_published(episode=make_episode())


@pytest.fixture
def renderings(monkeypatch):
    """The addresses that are rendered from now on."""
    rendered, render = [], fresh.render
    monkeypatch.setattr(fresh, "render", lambda site, address: rendered.append(address) or render(site, address))
    return rendered


@pytest.mark.parametrize("path", SEARCHES)
def test_a_search_is_rendered_once_and_never_stored(client, article, renderings, path):
    first, second = (client.get(path, headers={"accept-encoding": "br"}) for _ in range(2))

    assert len(renderings) == 1
    assert first.status_code == second.status_code == 200
    assert (first.content, dict(first.items())) == (second.content, dict(second.items()))
    known = client.get(path, headers={"accept-encoding": "br", "if-none-match": first["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert not StoredResponse.objects.exists()


def test_every_client_gets_a_coding_that_it_takes(client, article):
    pages = "".join(f"{word} " for word in ("brain", "night"))
    plain, br = (client.get(f"/search/?q={pages}", headers={"accept-encoding": coding}) for coding in ("", "br"))

    assert brotli.decompress(br.content) == plain.content
    assert len({plain["ETag"], br["ETag"]}) == 2
    assert client.head(f"/search/?q={pages}").content == b""


def test_unknown_parameters_lead_to_the_same_response(client, article, renderings):
    for query in ("q=sleep", "utm_source=x&q=sleep", "q=sleep&page=1"):
        client.get(f"/search/?{query}")

    assert [address.query for address in renderings] == ["q=sleep", "q=sleep&page=1"]


@pytest.mark.parametrize("path", SEARCHES)
def test_a_publication_is_found_at_once(client, article, path):
    before = client.get(path)

    change = make_change(article, by=make_user("second"), title="Sleep and dreams")
    moderator = make_moderator("third")
    workflow.publish(workflow.approve(change, by=moderator), by=moderator)

    after = client.get(path)
    assert b"and dreams" not in before.content
    assert b"and dreams" in after.content


def test_a_rebuilt_index_is_used_at_once(client, article):
    SearchEntry.objects.all().delete()
    assert "No results" in client.get("/search/?q=sleep").text

    search.rebuild()

    assert "1 article" in client.get("/search/?q=sleep").text


def test_what_is_rendered_during_a_change_is_not_kept_as_current(client, article, monkeypatch):
    path, find = "/search/?q=sleep", search.find

    def change_meanwhile(*arguments):
        found = find(*arguments)
        Article.objects.filter(pk=article.pk).update(slug="rest")
        return found

    monkeypatch.setattr(search, "find", change_meanwhile)
    client.get(path)
    monkeypatch.undo()

    assert recent.find(next(iter(recent._answers))) is None


def test_memory_is_bounded_and_what_is_asked_for_stays(article, monkeypatch):
    monkeypatch.setattr(recent, "MOST_BYTES", 10_000)
    version = stored.site_version()

    for number in range(100):
        recent.save(f"key {number}", stored.Answer([], "x", {"": b"x" * 1000}), version)
        assert recent.find("key 0") is not None

    assert list(recent._answers)[-1] == "key 0"
    assert len(recent._answers) == 10


def test_one_that_is_larger_than_all_is_not_kept(article, monkeypatch):
    monkeypatch.setattr(recent, "MOST_BYTES", 10)

    recent.save("key", stored.Answer([], "x", {"": b"x" * 1000}), stored.site_version())

    assert recent.find("key") is None
