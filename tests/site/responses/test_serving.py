"""What a stored response is like over HTTP: the same as a rendered one, in the form that the client can take."""

import gzip

import brotli
import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory

from articles.derived.responses import stored
from articles.models import Chapter, Episode, StoredResponse, Topic
from ketamine_site.public import stored_answer
from ketamine_site.server.application import Application
from tests.site.server.test_application import Client as ServerClient
from tests.support.databases import template
from tests.support.factories import make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.sites.full_site import make_everything
from tests.support.scenarios.sites.public_responses import stored_addresses

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article():
    return make_published(episode=make_episode())


def is_stored(path, **headers):
    return stored_answer(RequestFactory(headers=headers).get(path).META) is not None


def without_store(settings, path, **headers):
    settings.STORED_RESPONSES_BYTES = 0
    try:
        return Client(headers=headers).get(path)
    finally:
        settings.STORED_RESPONSES_BYTES = 100_000_000


@pytest.mark.parametrize("accepted", ["", "br", "gzip"])
def test_stored_response_is_the_rendered_one(settings, accepted):
    for path in stored_addresses(template.filled(make_everything)):
        rendered = without_store(settings, path, accept_encoding=accepted)

        first, second = (Client(headers={"accept-encoding": accepted}).get(path) for _ in range(2))

        assert first.status_code == 200, path
        assert is_stored(path) or is_stored(path.partition("?")[0]), path
        assert dict(first.items()) == dict(second.items()) == dict(rendered.items()), path
        assert first.content == second.content == rendered.content, path


def test_server_sends_it_without_asking_django(client, article):
    path = article.get_absolute_url()
    rendered = client.get(path, headers={"accept-encoding": "br"})

    def wsgi(environ, start_response):
        raise AssertionError("Django was asked")

    server = ServerClient(Application(wsgi, stored=stored_answer))
    headers = ((b"host", b"testserver"), (b"accept-encoding", b"br"))
    status, sent, body = server.ask("GET", path.encode(), *headers)

    assert (status, body) == (200, rendered.content)
    assert sent == {name.lower(): value for name, value in rendered.items()}
    assert server.ask("HEAD", path.encode(), *headers) == (200, sent, b"")


@pytest.mark.parametrize("name", ["٣", "é", "睡眠", "%FF"])
def test_an_address_with_other_letters_is_not_found(client, article, name):
    for path in (f"/articles/{name}/", f"/articles/{article.slug}/revisions/{name}/citations/", f"/{name}"):
        assert client.get(path).status_code == 404, path


def test_every_coding_has_the_same_text(client, article):
    path = article.get_absolute_url()
    plain, br, zipped = (client.get(path, headers={"accept-encoding": coding}) for coding in ("", "br", "gzip"))

    assert brotli.decompress(br.content) == gzip.decompress(zipped.content) == plain.content
    assert [r.get("Content-Encoding") for r in (plain, br, zipped)] == [None, "br", "gzip"]
    assert len({r["ETag"] for r in (plain, br, zipped)}) == 3
    assert {r["Vary"] for r in (plain, br, zipped)} == {"Accept-Encoding"}
    assert [int(r["Content-Length"]) for r in (plain, br, zipped)] == [len(r.content) for r in (plain, br, zipped)]


@pytest.mark.parametrize("path", ["/", "/articles/sleep/", "/feeds/articles.atom", "/api/articles/"])
def test_client_that_has_it_gets_304_with_all_policies(client, article, path):
    first = client.get(path, headers={"accept-encoding": "br"})

    for known in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}', "*"):
        again = client.get(path, headers={"accept-encoding": "br", "if-none-match": known})

        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        about = {"Content-Type", "Content-Length", "Content-Encoding"}
        assert dict(again.items()) == {name: value for name, value in first.items() if name not in about}
    for known in ('"other"', "", first["ETag"].replace('"', '"x', 1)):
        assert client.get(path, headers={"accept-encoding": "br", "if-none-match": known}).status_code == 200


def test_other_conditions_are_evaluated(client, article):
    feed = client.get("/feeds/articles.atom")

    assert client.get("/feeds/articles.atom", headers={"if-modified-since": feed["Last-Modified"]}).status_code == 304
    assert client.get("/feeds/articles.atom", headers={"if-match": '"other"'}).status_code == 412
    both = {"if-modified-since": feed["Last-Modified"], "if-none-match": '"other"'}
    assert client.get("/feeds/articles.atom", headers=both).status_code == 200


def test_range_is_ignored(client, article):
    """Nobody reads a page in parts, and a server may send the whole (RFC 9110, 14.2)."""
    for _ in range(2):
        response = client.get(article.get_absolute_url(), headers={"range": "bytes=0-9"})

        assert (response.status_code, response.get("Accept-Ranges")) == (200, None)


def test_browsers_ask_again_each_time(client, article):
    for path in ("/", article.get_absolute_url(), "/feeds/articles.rss", "/sitemap.xml", "/robots.txt", "/api/topics/"):
        assert client.get(path)["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_people_with_a_session_get_the_same(client, article):
    client.force_login(get_user_model().objects.get(username="moderator"))

    seen = client.get("/"), client.get("/")

    assert seen[0].content == seen[1].content == Client().get("/").content
    assert not seen[0].cookies


def test_nothing_of_a_request_is_stored(client, article):
    poison = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "forwarded": "host=evil.example",
        "cookie": "django_language=de; sessionid=x",
        "accept-language": "de",
        "origin": "https://evil.example",
        "referer": "https://evil.example/",
        "user-agent": "evil",
    }
    for path in ("/", "/sitemap.xml", "/feeds/articles.atom", "/articles/sleep/"):
        first = client.get(f"{path}?evil=1", headers=poison)

        assert b"evil" not in first.content
        assert client.get(path).content == first.content
    assert not StoredResponse.objects.filter(key__contains="evil").exists()


def test_other_hosts_are_refused_or_have_their_own(client, article, settings):
    client.get("/sitemap.xml")

    assert client.get("/sitemap.xml", headers={"host": "evil.example"}).status_code == 400
    assert b"http://localhost/" in client.get("/sitemap.xml", headers={"host": "localhost"}).content
    assert b"http://testserver/" in client.get("/sitemap.xml").content
    settings.ALLOWED_HOSTS = [".example.org"]  # any number of hosts
    stored.keys.forget()
    assert client.get("/sitemap.xml", headers={"host": "a.example.org"}).status_code == 200
    assert not is_stored("/sitemap.xml", host="a.example.org")


def test_insecure_requests_are_redirected_although_it_is_stored(client, article, settings):
    settings.SITE_URL, settings.SECURE_SSL_REDIRECT = "https://testserver", True
    settings.SECURE_HSTS_SECONDS = 60
    stored.keys.forget()
    client = Client()  # whose middleware has the settings

    secure = [client.get("/", secure=True) for _ in range(2)]
    plain = [client.get("/") for _ in range(2)]

    assert [r.status_code for r in secure] == [200, 200]
    assert {r["Strict-Transport-Security"].split(";")[0] for r in secure} == {"max-age=60"}
    assert [(r.status_code, r["Location"]) for r in plain] == [(301, "https://testserver/")] * 2


NOT_STORED = [
    "/search/?q=brain",
    "/search/suggest/?q=br",
    "/api/search/?q=brain",
    "/articles/sleep/challenge/",
    "/articles/SLEEP/",
    "/articles/nothing/",
    "/.well-known/security.txt",
    "/record/keys.json",
    "/health/",
    "/admin/login/",
    "/words.js",
    "/nothing/",
    "/?after=nothing",
    "/api/articles/?colour=red",
    "/api/articles/?limit=2&limit=3",
    "/articles/sl%3Feep/",
    "/articles/%ff/",
]


@pytest.mark.parametrize("path", NOT_STORED)
def test_what_varies_or_is_not_found_is_not_stored(client, article, path):
    for _ in range(2):
        client.get(path)

    assert not StoredResponse.objects.exists()


def test_post_is_not_answered_from_the_store(client, article):
    client.get("/")

    assert client.post("/").status_code == 405


def test_unknown_parameters_lead_to_the_same_response(client, article):
    plain = client.get("/")

    for query in ("utm_source=x", "utm_source=y&after=", "a=1&a=2"):
        assert client.get(f"/?{query}").content == plain.content
    assert StoredResponse.objects.filter(has_query=True).count() <= 1


def test_redirects_keep_unknown_parameters(client, article):
    response = client.get("/articles/SLEEP/?t=391")

    assert (response.status_code, response["Location"]) == (301, "/articles/sleep/?t=391")


def test_requests_with_a_query_push_out_only_each_other(client, monkeypatch):
    monkeypatch.setattr(stored, "MOST_WITH_QUERY", 20)
    monkeypatch.setattr(stored, "SAVES_BETWEEN", 1)
    episode = make_episode()
    for number in range(3):
        make_published(f"sleep-{number}", episode=episode, by=None if number == 0 else get_user_model().objects.get(username="editor"))  # fmt: skip
    client.get("/")
    for number in range(1, 60):
        assert client.get(f"/api/articles/?limit={number}").status_code == 200

    assert StoredResponse.objects.filter(has_query=True).count() <= 20
    assert is_stored("/")


def test_store_stays_below_its_size(client, article, settings, monkeypatch):
    monkeypatch.setattr(stored, "SAVES_BETWEEN", 1)
    settings.STORED_RESPONSES_BYTES = 25_000
    for path in ("/about/", "/how-we-check/", "/", "/feeds/", "/api/", "/topics/", "/shows/", "/articles/sleep/"):
        client.get(path)

        assert sum(StoredResponse.objects.values_list("size", flat=True)) <= 25_000
    assert is_stored("/articles/sleep/")  # the newest stay
    assert not is_stored("/about/")


def test_a_share_image_is_drawn_again_only_for_what_it_shows(client, article):
    path = f"{article.get_absolute_url()}share.png"
    before = client.get(path)

    make_published("naps", by=make_user("second"), moderator=make_moderator("other"), episode=make_episode("naps"))
    assert is_stored(path)
    Chapter.objects.create(
        episode=Episode.objects.get(source__revision=article.published_revision), start_seconds=9, title="Naps"
    )

    assert not is_stored(path)
    assert client.get(path).content != before.content


def test_changes_are_seen_at_once(client, article):
    Topic.objects.create(slug="nights", title="Nights").article_set.add(article)
    assert b"Nights" in client.get("/topics/").content

    Topic.objects.update(title="Days")

    assert b"Days" in client.get("/topics/").content
    assert not is_stored("/")


def test_site_without_tables_answers_as_before(client, monkeypatch):
    monkeypatch.setattr(stored, "_statement", lambda *_, **__: "SELECT * FROM nothing_here")

    assert stored_answer(RequestFactory().get("/about/").META) is None


def test_only_what_differs_between_requests_is_above_the_store():
    above = django_settings.MIDDLEWARE[
        : django_settings.MIDDLEWARE.index("ketamine_site.public.StoredResponseMiddleware")
    ]

    assert [name.rpartition(".")[2] for name in above] == ["RequestIDMiddleware", "ProbesMiddleware"]
