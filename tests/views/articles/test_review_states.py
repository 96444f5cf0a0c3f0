"""Wherever readers and programs first meet a text, they learn whether it was reviewed, and of its health notice."""

import json
import re
from html import unescape

import pytest

from articles import workflow
from articles.core import formats
from articles.core.recordings import share_image, timeline
from articles.importing import export_value
from articles.models import Article, Review, Revision, Topic
from articles.workflow.content import SectionContent
from tests.support.factories import make_change, make_content, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

NOTICE = "Health information, not advice"
LISTS = ["/", "/topics/rest/", "/search/?q=night", "/shows/night-talks/on-sleep/"]
FILES = ["/llms.txt", *(f"/feeds/{name}.{form}" for name in ("articles", "topics/rest") for form in ("atom", "rss"))]
ROWS = ["/api/articles/", "/api/search/?q=night", "/feeds/articles.json"]
STATES = {
    "imported": "Not reviewed",
    "overridden": "Published without a second review",
    "in part": "Reviewed in part",
    "as a whole": "Reviewed",
}


RELATED = re.compile(r'<li class="related__entry".*?</li>', re.DOTALL)


def publish_as(state):
    """Publish an article about health in this state of `STATES`, and return it."""
    root, moderator = make_user("root", is_superuser=True), make_moderator()
    sections = (SectionContent("Why we sleep", "The brain clears waste at night [00:06:31]. See [[naps]]."),)
    text = make_content(episode=make_episode(), notice="health", sections=sections)
    topic = Topic.objects.create(slug="rest", title="Rest")
    if state == "overridden":
        draft = workflow.submit(workflow.create_article(text, by=root), by=root)
        workflow.publish(workflow.approve(draft, by=root, override_reason="Nobody else is here."), by=root)
    else:
        draft = workflow.create_article(text, by=root, received_as="night/sleep", received_digest="0" * 64)
        workflow.publish_received(draft, by=root)
    article = Article.objects.select_related("published_revision").get(slug="sleep")
    if state == "in part":
        workflow.publish(
            workflow.approve(make_change(article, by=make_user(), lead="What a night does."), by=moderator),
            by=moderator,
        )
    elif state == "as a whole":
        workflow.review_whole(Revision.objects.get(article=article), by=moderator)
    workflow.assign_topics(article, [topic], by=moderator)
    return Article.objects.select_related("published_revision").get(slug="sleep")


def texts_of(response):
    """Return what stands between the tags of a page, and in its lists of facts between the marks."""
    return texts_in(response.text)


def texts_in(html):
    return {text.strip() for text in re.split(r"<[^>]*>", unescape(html))}


@pytest.mark.parametrize("state", STATES)
def test_related_articles_and_links_say_the_same(client, state):
    sections = (SectionContent("Naps", "See [[sleep]]."),)
    make_published("naps", by=make_user("author"), moderator=make_moderator("another"), sections=sections)
    publish_as(state)

    related, linking = RELATED.findall(client.get("/articles/naps/").text)
    (listed,) = RELATED.findall(client.get("/articles/naps/links/").text)

    assert related == linking == listed
    assert {STATES[state], NOTICE} <= texts_in(related)


@pytest.mark.parametrize("state", STATES)
def test_citations_for_programs_say_the_same_of_their_article(client, state):
    publish_as(state)
    article = client.get("/articles/sleep.json").json()

    (citation,) = client.get("/api/citations/").json()["results"]

    assert citation["article"]["reviewed"] == article["reviewed"]
    assert citation["article"]["notice"] == "health"


@pytest.mark.parametrize("state", STATES)
def test_lists_say_whether_a_text_was_reviewed_and_show_its_notice(client, state):
    publish_as(state)

    for address in LISTS:
        assert {STATES[state], NOTICE} <= texts_of(client.get(address)), address
    for address in FILES:
        assert re.search(rf"\b{STATES[state]}[.;] {NOTICE}[.)]", client.get(address).text), address


def test_an_ordinary_text_has_no_notice(client):
    make_published(episode=make_episode())

    for address in [*LISTS[:1], *LISTS[2:], *FILES[:2], "/articles/sleep/preview/", "/feeds/articles.json"]:
        response = client.get(address)
        assert "Reviewed" in response.text, address
        assert NOTICE not in response.text, address


def test_the_card_of_a_link_shows_the_notice(client):
    publish_as("imported")

    assert f"Not reviewed · {NOTICE}</span>" in client.get("/articles/sleep/preview/").text


@pytest.mark.parametrize("state", STATES)
def test_rows_for_programs_say_the_same_as_the_article(client, state):
    publish_as(state)
    article = client.get("/articles/sleep.json").json()

    for address in ROWS:
        (row,) = client.get(address).json()["results" if "/api/" in address else "items"]
        listed = row if "/api/" in address else row["_article"]
        assert (listed["reviewed"], listed["notice"]) == (article["reviewed"], "health"), address
    summary = json.loads(client.get("/feeds/articles.json").content)["items"][0]["summary"]
    assert summary.endswith(f". {STATES[state]}. {NOTICE}.")


@pytest.mark.parametrize("state", STATES)
def test_the_markdown_file_states_version_and_review_and_can_be_imported_again(client, state):
    article = publish_as(state)
    revision = article.published_revision

    text = client.get("/articles/sleep.md").text

    front = text.split("---")[1].splitlines()
    assert f'revision: "{revision.number}"' in front
    assert f'published: "{article.published_at.isoformat(timespec="seconds")}"' in front
    assert f'review: "{STATES[state]}"' in front
    assert f'permalink: "http://testserver/articles/sleep/revisions/{revision.number}/"' in front
    again = formats.read(text, "sleep.md")
    assert (again, again.problems) == (export_value(revision), ())


def test_the_picture_for_sharing_states_both(client):
    publish_as("imported")

    picture = client.get("/articles/sleep/share.png").content

    facts = f"1 citation · Not reviewed · {NOTICE} · Night Talks"
    strip = timeline.lay_out(3600, [], [("c-391", 391)])
    assert picture == share_image.draw("Sleep", "Said at", facts, strip)


def test_a_later_review_updates_the_item_and_the_feed(client):
    article = publish_as("imported")
    before = client.get("/feeds/articles.json")

    workflow.review_whole(article.published_revision, by=make_moderator("second"))

    after = client.get("/feeds/articles.json")
    (item,) = after.json()["items"]
    assert after["ETag"] != before["ETag"]
    assert item["date_modified"] == Review.objects.get().at.isoformat()
    assert item["date_published"] == article.first_published_at.isoformat()


def test_a_later_review_shows_where_the_article_is_related(client):
    sections = (SectionContent("Naps", "See [[sleep]]."),)
    make_published("naps", by=make_user("author"), moderator=make_moderator("another"), sections=sections)
    article = publish_as("imported")
    assert "Not reviewed" in client.get("/articles/naps/").text

    workflow.review_whole(article.published_revision, by=make_moderator("second"))

    assert all("Reviewed" in texts_in(entry) for entry in RELATED.findall(client.get("/articles/naps/").text))
    assert "Not reviewed" not in client.get("/articles/naps/").text
