"""Feeds: their contents in each format, and conditional requests."""

import json
import re

import pytest
from django.http import SimpleCookie
from django.utils.dateparse import parse_datetime
from lxml import etree

from articles import workflow
from articles.models import Article, LogEntry, Show, Topic
from articles.views import serializers
from articles.views.machine.feeds import formats
from articles.workflow.content import SectionContent, SourceContent
from articles.workflow.history import chain, keys
from tests.support.checkers import relax_ng, wrong_in
from tests.support.clients import logged_in
from tests.support.factories import make_change, make_draft, make_episode, make_published, make_user, published
from tests.views.machine.feeds import SECRET, correct, read

pytestmark = pytest.mark.django_db


HOSTILE = "<script>alert(1)</script> & ]]> \x08 \ufffe “so”"
FEEDS = [
    f"/feeds/{name}.{form}"
    for name in ("articles", "corrections", "shows/night-talks", "topics/rest")
    for form in ("atom", "rss", "json")
]


def file_under(slug, article, people):
    """Add the topic with this slug to `article`, creating it if necessary."""
    topic, _ = Topic.objects.get_or_create(slug=slug, defaults={"title": slug.title(), "description": f"On {slug}."})
    workflow.assign_topics(article, [topic], by=people["moderator"])


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_articles_are_a_constant_number_of_queries(client, people, count, form, django_assert_num_queries):
    published(count, people)
    chain.seal()

    with django_assert_num_queries(7):
        body = client.get(f"/feeds/articles.{form}").content.decode()

    assert body.count("What a night of sleep does.") == (2 if form == "json" else 1) * count


def test_atom_names_article_lead_and_dates(client, people):
    (article,) = published(1, people)

    feed = read(client, "/feeds/articles.atom")

    assert feed.version == "atom10"
    assert feed.feed.title == "Said at: articles"
    assert feed.feed.id == "http://testserver/feeds/articles.atom"
    assert [(link.rel, link.href) for link in feed.feed.links] == [
        ("alternate", "http://testserver/"),
        ("self", "http://testserver/feeds/articles.atom"),
    ]
    (entry,) = feed.entries
    assert entry.title == "Sleep 0"
    assert entry.link == "http://testserver/articles/sleep-0/"
    assert entry.id == f"tag:testserver,{article.first_published_at:%Y-%m-%d}:article/{article.pk}"
    assert entry.summary == (
        "<p>What a night of sleep does.</p>\n<p>Reviewed.</p>\n"
        '<p><a href="http://testserver/articles/sleep-0/">Read the article with its citations</a></p>'
    )
    assert [tag.term for tag in entry.tags] == ["Night Talks"]
    assert parse_datetime(entry.published) == article.first_published_at
    assert parse_datetime(entry.updated) == article.published_at


def test_rss_has_the_same_content(client, people):
    (article,) = published(1, people)

    feed = read(client, "/feeds/articles.rss")

    assert feed.version == "rss20"
    (entry,) = feed.entries
    assert (entry.title, entry.link) == ("Sleep 0", "http://testserver/articles/sleep-0/")
    assert entry.id == f"tag:testserver,{article.first_published_at:%Y-%m-%d}:article/{article.pk}"
    assert entry.guidislink is False


def test_json_feed_has_what_version_1_1_requires(client, people):
    (article,) = published(1, people)

    response = client.get("/feeds/articles.json")

    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    assert response.json() == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Said at: articles",
        "description": "What was said, and when it was said.",
        "home_page_url": "http://testserver/",
        "feed_url": "http://testserver/feeds/articles.json",
        "language": "en",
        "authors": [{"name": "Said at", "url": "http://testserver/"}],
        "items": [
            {
                "id": f"tag:testserver,{article.first_published_at:%Y-%m-%d}:article/{article.pk}",
                "url": "http://testserver/articles/sleep-0/",
                "title": "Sleep 0",
                "summary": "What a night of sleep does. Reviewed.",
                "content_html": "<p>What a night of sleep does.</p>\n<p>Reviewed.</p>\n"
                '<p><a href="http://testserver/articles/sleep-0/">Read the article with its citations</a></p>',
                "date_published": article.first_published_at.isoformat(),
                "date_modified": article.published_at.isoformat(),
                "tags": ["Night Talks"],
                "_record": serializers.head(chain.head_of(article)),
                "_article": {"reviewed": client.get("/articles/sleep-0.json").json()["reviewed"], "notice": "none"},
            }
        ],
    }


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
@pytest.mark.parametrize("feed", ["articles", "corrections", "topics/rest", "shows/night-talks"])
def test_items_state_the_signed_head_at_their_publication(client, people, feed, form):
    (article,) = published(1, people)
    file_under("rest", article, people)
    correct(article, people, lead="Said again.")
    entry = LogEntry.objects.filter(action="published").last()
    head = chain.heads_at([(article.pk, entry.number)])[article.pk, entry.number]
    workflow.protect(article, by=people["moderator"], reason="Edit wars.")  # logged, but no feed changes

    body = client.get(f"/feeds/{feed}.{form}").content

    if form == "json":
        assert json.loads(body)["items"][0]["_record"] == serializers.head(head)
        return
    (stated,) = etree.fromstring(body).iter(f"{{{formats.RECORD}}}head")
    assert dict(stated.attrib) == {
        "number": str(head.number),
        "digest": head.digest,
        "at": head.at.isoformat(timespec="seconds"),
        "key": head.key_id,
        "signature": head.signature,
    }
    assert keys.load().has_signed(str(head), head.key_id, head.signature)


def test_newest_come_first_and_a_change_moves_the_entry_up(client, people):
    first, _ = published(2, people)
    before = read(client, "/feeds/articles.atom").entries

    correct(first, people, title="Sleep, said again")

    after = read(client, "/feeds/articles.atom").entries
    assert [entry.title for entry in before] == ["Sleep 1", "Sleep 0"]
    assert [entry.title for entry in after] == ["Sleep, said again", "Sleep 1"]
    assert [entry.id for entry in after] == [before[1].id, before[0].id]
    assert after[0].updated > before[0].updated > before[1].updated
    assert after[0].published == before[1].published


def test_a_changed_slug_keeps_the_entry_id(client, people):
    (article,) = published(1, people)
    before = read(client, "/feeds/articles.atom").entries[0]

    correct(article, people, slug="slumber")

    after = read(client, "/feeds/articles.atom").entries[0]
    assert (before.id, after.link) == (after.id, "http://testserver/articles/slumber/")


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_feed_of_a_show_has_only_its_articles(client, people, form):
    episode, other = make_episode(), make_episode(handle="day-talks")
    both = (SourceContent(episode, "e1"), SourceContent(make_episode("second"), "e2"))
    make_published("sleep", title="Of the show", sources=both, **people)
    make_published("naps", title="Of another", episode=other, **people)

    body = client.get(f"/feeds/shows/night-talks.{form}").content.decode()

    assert (body.count("Of the show"), body.count("Of another")) == (1, 0)
    assert "Said at: articles based on Night Talks" in body
    assert "http://testserver/shows/night-talks/" in body


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_feed_of_a_topic_has_only_its_articles(client, people, form):
    first, second = published(2, people)
    file_under("rest", first, people)
    file_under("work", second, people)

    body = client.get(f"/feeds/topics/rest.{form}").content.decode()

    assert ("Sleep 0" in body, "Sleep 1" in body) == (True, False)
    assert "Said at: articles on Rest" in body
    assert "On rest." in body
    assert "http://testserver/topics/rest/" in body


@pytest.mark.parametrize("count", [1, 3])
def test_feed_of_a_topic_is_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    for article in published(count, people):
        file_under("rest", article, people)
    chain.seal()

    with django_assert_num_queries(8):
        client.get("/feeds/topics/rest.atom")


def test_an_entry_names_topics_before_shows(client, people):
    (article,) = published(1, people)
    file_under("rest", article, people)

    (entry,) = read(client, "/feeds/articles.atom").entries

    assert [tag.term for tag in entry.tags] == ["Rest", "Night Talks"]


def test_assigning_topics_updates_the_modification_time(client, people):
    first, second = published(2, people)
    file_under("rest", first, people)
    before = client.get("/feeds/topics/rest.atom")

    file_under("rest", second, people)

    after = client.get("/feeds/topics/rest.atom", headers={"If-None-Match": before["ETag"]})
    assert (before.content.decode().count("<entry>"), after.content.decode().count("<entry>")) == (1, 2)


def test_topics_without_public_articles_have_no_feed(client, people):
    draft = make_draft("sleep", by=people["by"], episode=make_episode())
    file_under("rest", draft.article, people)

    assert client.get("/feeds/topics/rest.atom").status_code == 404
    assert client.get("/feeds/topics/nothing.atom").status_code == 404


def test_an_entry_names_its_language_if_it_differs(client, people):
    episode = make_episode()
    make_published("sleep", title="Sleep", episode=episode, **people)
    make_published("sono", title="Sono", lead="O que faz uma noite.", language="pt-BR", episode=episode, **people)

    atom = read(client, "/feeds/articles.atom")
    rss = client.get("/feeds/articles.rss").content.decode()
    items = client.get("/feeds/articles.json").json()["items"]

    assert atom.feed.language == "en"
    assert [entry.title_detail.language for entry in atom.entries] == ["pt-BR", "en"]
    assert rss.count('<dc:language xmlns:dc="http://purl.org/dc/elements/1.1/">pt-BR</dc:language>') == 1
    assert rss.count("dc:language") == 2
    assert [item.get("language") for item in items] == ["pt-BR", None]
    assert items[0]["content_html"].startswith('<p lang="pt-BR" dir="auto">O que faz uma noite.</p>')
    assert items[1]["content_html"].startswith("<p>What a night of sleep does.</p>")


def test_addresses_in_other_scripts_are_uris(client, people):
    make_published("睡眠", title="睡眠", episode=make_episode(handle="夜"), **people)

    feed = read(client, "/feeds/shows/夜.atom")

    assert feed.feed.id == "http://testserver/feeds/shows/%E5%A4%9C.atom"
    assert [link.href for link in feed.feed.links] == ["http://testserver/shows/%E5%A4%9C/", feed.feed.id]
    assert feed.entries[0].link == "http://testserver/articles/%E7%9D%A1%E7%9C%A0/"


def test_shows_without_public_articles_have_no_feed(client, people):
    make_draft("sleep", by=people["by"], episode=make_episode())

    assert client.get("/feeds/shows/night-talks.atom").status_code == 404
    assert client.get("/feeds/shows/nobody.atom").status_code == 404
    assert client.get("/feeds/articles.xml").status_code == 404


def test_drafts_never_leak(client, people):
    (article,) = published(1, people)
    file_under("rest", article, people)
    secret = {"title": SECRET, "lead": SECRET, "edit_summary": SECRET, "public_note": SECRET}
    make_change(article, by=people["by"], **{key: secret[key] for key in ("title", "lead", "edit_summary")})
    make_draft(
        "unseen",
        by=make_user("second"),
        title=SECRET,
        lead=SECRET,
        episode=Article.objects.get().published_revision.source_set.get().episode,
    )

    for address in FEEDS:
        assert SECRET not in client.get(address).content.decode(), address


def test_hostile_titles_stay_text(client, people):
    episode = make_episode(title=HOSTILE)
    Show.objects.update(title=HOSTILE)
    sections = (SectionContent(HOSTILE, "Yes [00:06:31]."),)
    article = make_published("sleep", title=HOSTILE, lead="A < b & c", episode=episode, sections=sections, **people)
    correct(article, people, public_note=HOSTILE)
    file_under("rest", article, people)
    Topic.objects.update(title=HOSTILE, description=HOSTILE)

    for address in FEEDS:
        body = client.get(address).content.decode()
        if address.endswith(".json"):
            feed = json.loads(body)
            assert "<script" not in "".join(item["content_html"] for item in feed["items"]), address
        else:
            feed = read(client, address)
            assert "<script" not in body, address
            assert "<script" not in "".join(entry.summary for entry in feed.entries), address
        assert body.count("alert(1)") > 0, address


def test_titles_are_text_in_atom_and_cannot_open_a_tag_in_rss(client, people):
    make_published("sleep", title="<b>Sleep</b> & dreams", episode=make_episode(), **people)

    atom = client.get("/feeds/articles.atom").content.decode()
    rss = client.get("/feeds/articles.rss").content.decode()

    assert "<title>&lt;b&gt;Sleep&lt;/b&gt; &amp; dreams</title>" in atom
    assert "<title>&amp;lt;b&amp;gt;Sleep&amp;lt;/b&amp;gt; &amp; dreams</title>" in rss


def test_unchanged_feeds_answer_conditional_requests_with_304(client, people):
    (article,) = published(1, people)
    file_under("rest", article, people)
    tags = {}
    for address in FEEDS:
        first = client.get(address)
        tags[address] = first["ETag"]

        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        since = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})

        assert [again.status_code, since.status_code] == [304, 304], address
        assert (again.content, again["ETag"]) == (b"", first["ETag"]), address
        assert again["Cache-Control"] == "public, max-age=0, must-revalidate", address

    correct(article, people, title="Sleep, said again")

    for address, tag in tags.items():
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200, address


def test_feeds_are_the_same_for_everybody(client, people):
    (article,) = published(1, people)
    file_under("rest", article, people)
    own = logged_in(people["by"])

    for address in FEEDS:
        anonymous, response = client.get(address), own.get(address)

        assert response.content == anonymous.content, address
        assert (anonymous.cookies, response.cookies) == (SimpleCookie(), SimpleCookie()), address
        assert response["Vary"] == "Accept-Encoding", address
        assert response["Cache-Control"] == "public, max-age=0, must-revalidate", address
        assert response["Access-Control-Allow-Origin"] == "*", address
        assert own.head(address).status_code == 200, address
        assert own.post(address).status_code == 405, address


@pytest.mark.parametrize("address", ["/feeds/articles.atom", "/feeds/corrections.rss", "/feeds/articles.json"])
def test_an_empty_feed_is_valid_and_does_not_change(client, address):
    first, second = client.get(address), client.get(address)

    assert (first.status_code, first["ETag"]) == (200, second["ETag"])
    if not address.endswith("json"):
        assert read(client, address).entries == []


def test_an_empty_feed_matches_its_schema(client):
    found = {form: wrong_in(relax_ng(form), client.get(f"/feeds/articles.{form}").content) for form in ("atom", "rss")}

    assert found == {"atom": [], "rss": []}


def test_urls_start_with_the_configured_origin(client, people, settings):
    settings.SITE_URL = "https://talks.example.org"
    published(1, people)

    feed = read(client, "/feeds/articles.atom")

    assert feed.entries[0].link == "https://talks.example.org/articles/sleep-0/"
    assert feed.entries[0].id.startswith("tag:talks.example.org,")
    assert "testserver" not in client.get("/feeds/articles.atom").content.decode()


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/", '<link rel="alternate" type="application/rss+xml" title="Articles" href="/feeds/articles.rss">'),
        ("/", '<link rel="alternate" type="application/feed+json" title="Articles" href="/feeds/articles.json">'),
        (
            "/articles/sleep-0/",
            '<link rel="alternate" type="application/atom+xml" title="Articles" href="/feeds/articles.atom">',
        ),
        ("/articles/sleep-0/history/", 'title="Corrections" href="/feeds/corrections.atom">'),
        ("/shows/night-talks/", 'title="Articles based on Night Talks" href="/feeds/shows/night-talks.atom">'),
        ("/shows/night-talks/on-sleep/", 'title="Articles based on Night Talks" href="/feeds/shows/night-talks.atom">'),
    ],
)
def test_pages_name_their_feeds(client, people, address, link):
    published(1, people)

    assert link in client.get(address).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_feeds_lists_every_topic_and_show_in_two_queries(client, people, count, django_assert_num_queries):
    for number in range(count):
        article = make_published(f"sleep-{number}", episode=make_episode(handle=f"show-{number}"), **people)
        file_under(f"topic-{number}", article, people)
    unseen = make_draft("unseen", by=make_user("second"), episode=make_episode(handle=SECRET))
    file_under(SECRET, unseen.article, people)

    with django_assert_num_queries(2):
        html = client.get("/feeds/").content.decode()

    addresses = re.findall(r'href="(/feeds/[^"]+)"', html)
    names = ["articles", "corrections", *(f"topics/topic-{number}" for number in range(count))]
    names += [f"shows/show-{number}" for number in range(count)]
    # Before these come the links in every page's header and footer.
    assert addresses[1:] == [f"/feeds/{name}.{form}" for name in names for form in ("atom", "rss", "json")]
    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)
    assert html.count(">Articles based on Show ") == count
    assert SECRET not in html
