"""A CDN keeps responses only if it can be told to forget them, and is told of every change, twice."""

import json
import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest
from django.test import Client

from articles.derived.responses import keys, purging
from articles.models import PublicVersion, Topic
from articles.workflow.scheduling import run_jobs
from tests.support.factories import make_episode, make_published, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def posts(settings, monkeypatch):
    """What is posted to the CDN: (address, token, tags)."""
    settings.CDN_PURGE_URL, settings.CDN_PURGE_TOKEN = "https://cdn.example/purge", "secret"
    keys.forget()
    sent = []

    class Response(SimpleNamespace):
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def read(self):
            return b"{}"

    def urlopen(request, timeout):
        sent.append((request.full_url, request.headers["Authorization"], json.loads(request.data)["tags"]))
        return Response()

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    return sent


def test_without_a_cdn_nothing_may_be_kept(client):
    make_published(episode=make_episode())

    response = client.get("/")

    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not {"Cache-Tag", "CDN-Cache-Control"} & set(response.headers)


def test_with_a_cdn_it_keeps_what_it_can_be_told_to_forget(client, posts):
    article = make_published(episode=make_episode())

    tags = {path: client.get(path).get("Cache-Tag") for path in ("/", "/articles/sleep/", "/search/?q=sleep", "/none/")}

    assert tags == {
        "/": "site",
        "/articles/sleep/": f"article-{article.pk}",
        "/search/?q=sleep": "site",
        "/none/": None,
    }
    assert client.get("/")["Cache-Control"] == "public, max-age=0, must-revalidate, s-maxage=86400"
    assert "stale-while-revalidate" in client.get("/")["CDN-Cache-Control"]


def test_it_is_told_after_the_request_and_again_by_the_scheduler(posts):
    PublicVersion.objects.all().delete()
    root = make_user("root", is_superuser=True)
    PublicVersion.objects.all().delete()
    client = Client()
    client.force_login(root)

    response = client.post("/admin/articles/topic/add/", {"title": "Nights", "slug": "nights", "description": ""})

    assert (response.status_code, Topic.objects.count()) == (302, 1)
    assert posts == [("https://cdn.example/purge", "Bearer secret", ["site"])]
    assert run_jobs() == []
    assert posts[1:] == posts[:1]
    assert run_jobs() == []
    assert len(posts) == 2


def test_many_tags_are_sent_in_several_requests(posts):
    PublicVersion.objects.all().delete()
    PublicVersion.objects.bulk_create(PublicVersion(scope=number, number=1) for number in range(65))

    assert purging.purge_finally() == 65

    assert [len(tags) for *_, tags in posts] == [30, 30, 5]
    assert purging.purge_finally() == 0


def test_a_cdn_that_fails_is_told_later(posts, monkeypatch):
    Topic.objects.create(slug="nights", title="Nights")

    def fail(request, timeout):
        raise urllib.error.URLError("unreachable")

    with monkeypatch.context() as broken:
        broken.setattr(urllib.request, "urlopen", fail)
        purging.purge()
        assert run_jobs() == ["purge"]

    assert run_jobs() == []
    assert posts[-1][2] == ["site"]
