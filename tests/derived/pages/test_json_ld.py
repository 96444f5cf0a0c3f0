"""Structured data of articles: its terms, its values, and that no text escapes from it."""

import json
import re
from types import SimpleNamespace

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles import workflow
from articles.derived.pages import json_ld, page
from articles.derived.pages.context import page_context
from articles.models import Article, Topic
from articles.workflow.content import SectionContent, SourceContent
from tests.support.factories import make_change, make_content, make_episode, make_published, make_user

pytestmark = pytest.mark.django_db

ORIGIN = "http://testserver"
SECTIONS = (
    SectionContent("Why we sleep", "The brain clears waste at night [00:06:31]. It rests [00:20:00-00:21:00]."),
    SectionContent("Again", "As was said [00:06:31]. And elsewhere [e2 00:01:00]."),
)
# Properties that schema.org allows for each type, including inherited ones.
WORK = {"citation", "dateModified", "datePublished", "description", "headline", "image", "isAccessibleForFree"}
WORK |= {"author", "editor", "inLanguage", "isBasedOn", "publisher", "url", "version"}
PROPERTIES = {
    "Article": WORK | {"mainEntityOfPage"},
    "WebPage": {"lastReviewed", "reviewedBy"},
    "MedicalWebPage": WORK | {"lastReviewed", "reviewedBy"},
    "Person": {"name"},
    "Organization": {"name", "url"},
    "PodcastSeries": {"name", "url"},
    "PodcastEpisode": {"associatedMedia", "datePublished", "duration", "hasPart", "name", "partOfSeries", "url"},
    "AudioObject": {"contentUrl"},
    "VideoObject": {"embedUrl"},
    "Clip": {"endOffset", "name", "startOffset", "url"},
}


def data_of(html):
    """Return the data of a page as a browser reads it, up to the first end tag of its element."""
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script', html, re.DOTALL | re.IGNORECASE)
    return json.loads(found)


def unknown_terms(value):
    """Return [(type, property)] that schema.org doesn't define, in `value` and everything below it."""
    if isinstance(value, list):
        return [found for part in value for found in unknown_terms(part)]
    if not isinstance(value, dict) or value.keys() == {"@id"}:
        return []
    kind = value["@type"]
    own = {key for key in value if not key.startswith("@")}
    return [(kind, key) for key in own - PROPERTIES[kind]] + unknown_terms(list(value.values()))


def published(people, **kwargs):
    episode = make_episode(youtube_id="abcdefghijk", published_on="2022-08-15", page_url="https://example.org/on-sleep")
    second = make_episode("second", audio_url="https://example.org/second.mp3")
    sources = (SourceContent(episode, "e1"), SourceContent(second, "e2"))
    return make_published("sleep", sources=sources, **({"sections": SECTIONS} | people | kwargs))


def test_an_article_lists_its_sources(client, people):
    article = published(people)
    review = article.published_revision.review_set.get()

    data = data_of(client.get("/articles/sleep/").content.decode())

    assert data == {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": f"{ORIGIN}/articles/sleep/#article",
        "headline": "Sleep",
        "description": "What a night of sleep does.",
        "url": f"{ORIGIN}/articles/sleep/",
        "author": {"@type": "Person", "name": "editor"},
        "image": f"{ORIGIN}/articles/sleep/share.png",
        "datePublished": article.first_published_at.isoformat(timespec="seconds"),
        "dateModified": article.published_at.isoformat(timespec="seconds"),
        "version": 1,
        "isAccessibleForFree": True,
        "publisher": {"@type": "Organization", "name": "Said at", "url": f"{ORIGIN}/"},
        "isBasedOn": [
            {
                "@type": "PodcastEpisode",
                "@id": f"{ORIGIN}/shows/night-talks/on-sleep/",
                "name": "On sleep",
                "url": "https://example.org/on-sleep",
                "datePublished": "2022-08-15",
                "duration": "PT1H",
                "partOfSeries": {
                    "@type": "PodcastSeries",
                    "@id": f"{ORIGIN}/shows/night-talks/",
                    "name": "Night Talks",
                    "url": f"{ORIGIN}/shows/night-talks/",
                },
                "associatedMedia": {
                    "@type": "VideoObject",
                    "embedUrl": "https://www.youtube-nocookie.com/embed/abcdefghijk",
                },
                "hasPart": [
                    {
                        "@type": "Clip",
                        "@id": f"{ORIGIN}/articles/sleep/#c-391",
                        "name": "The brain clears waste at night.",
                        "startOffset": 391,
                        "url": "https://www.youtube.com/watch?v=abcdefghijk&t=391s",
                    },
                    {
                        "@type": "Clip",
                        "@id": f"{ORIGIN}/articles/sleep/#c-1200",
                        "name": "It rests.",
                        "startOffset": 1200,
                        "endOffset": 1260,
                        "url": "https://www.youtube.com/watch?v=abcdefghijk&t=1200s",
                    },
                ],
            },
            {
                "@type": "PodcastEpisode",
                "@id": f"{ORIGIN}/shows/night-talks/second/",
                "name": "Second",
                "url": f"{ORIGIN}/shows/night-talks/second/",
                "duration": "PT1H",
                "partOfSeries": data["isBasedOn"][0]["partOfSeries"],
                "associatedMedia": {"@type": "AudioObject", "contentUrl": "https://example.org/second.mp3"},
                "hasPart": [
                    {
                        "@type": "Clip",
                        "@id": f"{ORIGIN}/articles/sleep/#c-e2-60",
                        "name": "And elsewhere.",
                        "startOffset": 60,
                        "url": "https://example.org/second.mp3#t=60",
                    }
                ],
            },
        ],
        "citation": [{"@id": f"{ORIGIN}/articles/sleep/#c-{seconds}"} for seconds in ("391", "1200", "e2-60")],
        "mainEntityOfPage": {
            "@type": "WebPage",
            "@id": f"{ORIGIN}/articles/sleep/",
            "lastReviewed": review.at.date().isoformat(),
            "reviewedBy": {"@type": "Person", "name": "moderator"},
        },
    }
    assert unknown_terms(data) == []


def test_a_text_about_health_is_a_medical_page_with_its_review(client, people):
    published(people, notice="health")

    data = data_of(client.get("/articles/sleep/").content.decode())

    assert (data["@type"], data["@id"]) == ("MedicalWebPage", f"{ORIGIN}/articles/sleep/")
    assert data["reviewedBy"] == {"@type": "Person", "name": "moderator"}
    assert data["lastReviewed"] == timezone.localdate().isoformat()
    assert "mainEntityOfPage" not in data
    assert unknown_terms(data) == []


def test_every_clip_is_an_anchor_on_the_page(client, people):
    published(people)
    html = client.get("/articles/sleep/").content.decode()

    for cited in data_of(html)["citation"]:
        assert f' id="{cited["@id"].split("#")[1]}"' in html


def test_an_article_without_review_names_no_reviewer(client):
    importer = make_user("importer", is_superuser=True)
    content = make_content(episode=make_episode())
    draft = workflow.create_article(content, by=importer, received_as="night-talks/sleep", received_digest="0" * 64)
    workflow.publish_received(draft, by=importer)

    data = data_of(client.get("/articles/sleep/").content.decode())

    assert data["mainEntityOfPage"] == {"@type": "WebPage", "@id": f"{ORIGIN}/articles/sleep/"}
    assert data.keys() & {"author", "editor"} == set()


def test_who_changed_an_imported_text_is_its_editor(client, people):
    importer = make_user("importer", is_superuser=True)
    content = make_content(episode=make_episode())
    draft = workflow.create_article(content, by=importer, received_as="night-talks/sleep", received_digest="0" * 64)
    workflow.publish_received(draft, by=importer)
    change = make_change(Article.objects.get(), by=people["by"], lead="What a night does.")
    workflow.publish(workflow.approve(change, by=people["moderator"]), by=people["moderator"])

    data = data_of(client.get("/articles/sleep/").content.decode())

    assert data["editor"] == {"@type": "Person", "name": "editor"}
    assert "author" not in data
    assert "moderator" not in json.dumps(data)  # what was there before is unreviewed, and schema.org has no word for it
    assert unknown_terms(data) == []


def test_all_who_wrote_a_text_are_its_authors_and_a_suppressed_name_is_left_out(client, people, root):
    article = published(people)
    nora = make_user("nora", first_name="Nóra", last_name="Zqxwvjk")
    change = make_change(article, by=nora, lead="What a night does.")
    workflow.publish(workflow.approve(change, by=people["moderator"]), by=people["moderator"])
    both = data_of(client.get("/articles/sleep/").content.decode())["author"]

    for name in ("nora", people["moderator"].username):
        workflow.suppress_name(name, by=root)

    html = client.get("/articles/sleep/").content.decode()
    assert [person["name"] for person in both] == ["editor", "Nóra Zqxwvjk"]
    assert "Zqxwvjk" not in html
    data = data_of(html)
    assert data["author"] == {"@type": "Person", "name": "editor"}
    assert data["mainEntityOfPage"].keys() == {"@type", "@id", "lastReviewed"}


def test_an_article_without_recording_lists_no_sources(client, people):
    make_published("sleep", lead="", **people)

    data = data_of(client.get("/articles/sleep/").content.decode())

    assert {"isBasedOn", "citation", "description"} & data.keys() == set()


def test_clips_are_capped_over_all_episodes(client, people, monkeypatch):
    monkeypatch.setattr("articles.derived.pages.json_ld.MAX_CLIPS", 2)
    published(people)

    data = data_of(client.get("/articles/sleep/").content.decode())

    assert [len(episode.get("hasPart", [])) for episode in data["isBasedOn"]] == [2, 0]
    assert len(data["citation"]) == 2


def test_addresses_use_the_requested_host(client, people, settings):
    published(people)
    settings.ALLOWED_HOSTS = ["one.example.org", "two.example.org"]

    first = client.get("/articles/sleep/", headers={"host": "one.example.org"}).content.decode()
    second = client.get("/articles/sleep/", headers={"host": "two.example.org"}, secure=True).content.decode()
    settings.SITE_URL = "https://talks.example.org"
    own = client.get("/articles/sleep/", headers={"host": "one.example.org"}).content.decode()

    assert [data_of(html)["url"] for html in (first, second, own)] == [
        "http://one.example.org/articles/sleep/",
        "https://two.example.org/articles/sleep/",
        "https://talks.example.org/articles/sleep/",
    ]
    assert '<link rel="canonical" href="https://talks.example.org/articles/sleep/">' in own
    assert "one.example.org" not in own
    assert "<origin>" not in first + second + own


def test_head_names_title_picture_and_address(client, people):
    published(people, title='"Sleep" & <b>', lead="What it does.")

    head = client.get("/articles/sleep/").content.decode().split("</head>")[0]

    title = "&quot;Sleep&quot; &amp; &lt;b&gt;"
    assert f'<meta property="og:title" content="{title}">' in head
    assert '<meta property="og:description" content="What it does.">' in head
    assert f'<meta property="og:url" content="{ORIGIN}/articles/sleep/">' in head
    assert f'<meta property="og:image" content="{ORIGIN}/articles/sleep/share.png">' in head
    assert f'<link rel="canonical" href="{ORIGIN}/articles/sleep/">' in head
    assert f"<title>{title} · Said at</title>" in head
    addresses = re.findall(r'(?:href|content)="(?:http://testserver)?(/(?:articles|feeds)/[^"]*)"', head)
    assert [client.get(address).status_code for address in addresses] == [200] * 6


def test_addresses_in_other_scripts_are_uris(client, people):
    make_published("睡眠", title="睡眠", episode=make_episode("夜"), **people)

    html = client.get("/articles/%E7%9D%A1%E7%9C%A0/").content.decode()

    assert f'<link rel="canonical" href="{ORIGIN}/articles/%E7%9D%A1%E7%9C%A0/">' in html
    assert data_of(html)["url"] == f"{ORIGIN}/articles/%E7%9D%A1%E7%9C%A0/"


def test_hostile_texts_are_escaped(client, people):
    hostile = '</script><script>alert(1)</script><!-- <origin>/x "\\u0000/ & \u2028'
    published(people, title=hostile, sections=(SectionContent(hostile, f"So: {hostile} [00:06:31]."),))

    html = client.get("/articles/sleep/").content.decode()

    assert data_of(html)["headline"] == hostile
    assert "<script>alert" not in html


def test_data_is_small(people):
    body = " ".join(
        f"Claim number {n} says something new about a night [00:{n // 60:02}:{n % 60:02}]." for n in range(200)
    )
    article = published(people, sections=(SectionContent("All", body),))
    revision = Article.objects.select_related("published_revision__rendering").get(pk=article.pk).published_revision
    revision.article = article

    script = json_ld.script(article, revision, None, page_context(revision)["recordings"], page.writers_of(revision))

    assert script.count('"Clip"') == json_ld.MAX_CLIPS
    assert len(script.encode()) < 40_000


# Texts that end a script element or begin a comment or a mark, and arbitrary ones.
texts = st.lists(
    st.sampled_from(["</script>", "<!--", "<script", "-->", "<origin>", "\0", "\0/", "\\u0000", '"', "&"])
    | st.text(max_size=9)
).map("".join)


@given(title=texts, lead=texts, claim=texts, name=texts)
def test_any_text_is_read_back_and_stays_inside(title, lead, claim, name):
    citation = SimpleNamespace(anchor="c-1", claim=claim, start_seconds=1, end_seconds=None)
    moment = SimpleNamespace(citation=citation, href="/shows/s/e/")
    show = SimpleNamespace(title=name, url="", get_absolute_url=lambda: "/shows/s/")
    episode = SimpleNamespace(
        title=name,
        show=show,
        page_url="",
        audio_url="",
        youtube_id="",
        published_on=None,
        duration_seconds=None,
        get_absolute_url=lambda: "/shows/s/e/",
    )
    revision = SimpleNamespace(
        title=title, notice="health", language="", number=1, rendering=SimpleNamespace(lead_text=lead)
    )
    article = SimpleNamespace(
        slug="a", first_published_at=None, published_at=None, get_absolute_url=lambda: "/articles/a/"
    )

    writers = {"names": [name], "is_received": False}
    script = json_ld.script(article, revision, None, [{"episode": episode, "moments": [moment]}], writers)
    html = json_ld.with_origin(f"<article>{json_ld.ORIGIN}</article>{script}", "https://example.org")

    inside = script.removeprefix(json_ld.OPENING).removesuffix("</script>\n")
    assert not set("<>&") & set(inside.replace(json_ld.ORIGIN, ""))
    assert html.startswith("<article>https://example.org</article>")
    data = data_of(html)
    assert data["author"]["name"] == name.replace("\0", "\ufffd")
    assert data.get("headline", "") == title.replace("\0", "\ufffd")
    assert data.get("description", "") == lead.replace("\0", "\ufffd")
    assert data["isBasedOn"][0].get("name", "") == name.replace("\0", "\ufffd")
    assert data["url"] == "https://example.org/articles/a/"
    assert data["isBasedOn"][0]["hasPart"][0]["url"] == "https://example.org/shows/s/e/"


def test_every_address_gets_the_origin():
    page = '<a href="<origin>/a/">&lt;origin&gt;</a>'

    assert json_ld.with_origin(page, "https://example.org") == '<a href="https://example.org/a/">&lt;origin&gt;</a>'


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/", "Said at"),
        ("/shows/night-talks/", "Night Talks"),
        ("/shows/night-talks/on-sleep/", "On sleep &lt;b&gt;"),
        ("/topics/nights/", "Nights"),
    ],
)
def test_other_pages_describe_themselves(client, people, address, title):
    article = make_published("sleep", episode=make_episode(title="On sleep <b>"), **people)
    article.topics.add(Topic.objects.create(slug="nights", title="Nights", description="What happens at night."))

    head = client.get(address).content.decode().partition("</head>")[0]

    assert f'<meta property="og:title" content="{title}">' in head
    assert f'<meta property="og:url" content="{ORIGIN}{address}">' in head
    assert '<meta property="og:site_name" content="Said at">' in head
    assert head.count('property="og:type"') == 1
