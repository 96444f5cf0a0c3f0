"""The previous release serves while this one's migrations run, and this one while the next one's do."""

import pytest
from django.core.management import call_command
from django.db import connection

from articles import workflow
from articles.models import Article, PublicVersion, Rendering, Topic
from articles.models.packed import MARK, Packed, unpacked
from tests.support.factories import make_change, make_draft, make_published
from tests.support.scenarios.published_pages import page_of

pytestmark = pytest.mark.django_db(transaction=True)

# The columns of `Rendering` that one of the neighbours doesn't know.
UNKNOWN = {"the previous release": "page_changes", "the next release": "page_html"}


@pytest.fixture
def article(people):
    return make_published("sleep", **people)


@pytest.mark.parametrize("release", UNKNOWN)
def test_a_rendering_is_added_without_the_columns_that_a_release_does_not_know(article, release):
    row = Rendering.objects.filter(pk=article.published_revision_id).values().get()
    Rendering.objects.all().delete()
    del row[UNKNOWN[release]]
    columns, places = ", ".join(row), ", ".join(["%s"] * len(row))

    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO articles_rendering ({columns}) VALUES ({places})", list(row.values()))  # noqa: S608

    default = Rendering._meta.get_field(UNKNOWN[release]).default
    assert Rendering.objects.values().get() == row | {UNKNOWN[release]: default}


def test_a_page_that_the_previous_release_stores_outdates_its_responses(article):
    before = PublicVersion.objects.get(scope=article.pk).number

    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_rendering SET page_html = 'Made by the previous release.'")

    assert PublicVersion.objects.get(scope=article.pk).number > before


def test_what_the_previous_release_stored_is_not_shown(article, client):
    Rendering.objects.update(page_html="Made by the previous release.")

    page = client.get("/articles/sleep/").text

    assert "The brain clears waste" in page
    assert "previous release" not in page


def stored_pages():
    """Return {slug: whether the stored page is that of the published text, None if there is none}."""
    rows = {article: article.published_revision.rendering.page_html for article in Article.objects.published()}
    return {article.slug: html == page_of(article) if html else None for article, html in rows.items()}


def publish(slug, people, **content):
    draft = make_draft(slug, by=people["by"], **content)
    revision = workflow.approve(workflow.submit(draft, by=people["by"]), by=people["moderator"])
    return workflow.publish(revision, by=people["moderator"])


def test_the_previous_release_gets_whole_pages_of_whatever_this_one_publishes(article, people):
    Rendering.objects.update(page_html="Made by the previous release.")

    publish("naps", people, lead="See [[owls]].")
    publish("owls", people)  # to which a published text links
    topic = Topic(slug="nights", title="Nights")
    workflow.save_topic(topic)
    workflow.assign_topics(article, [topic], by=people["moderator"])

    assert stored_pages() == {"sleep": True, "naps": True, "owls": True}


def stored_html():
    """Return {slug: the HTML of the published text as the database has it}."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.slug, r.text_html FROM articles_article a"
            " JOIN articles_rendering r ON r.revision_id = a.published_revision_id"
        )
        return dict(cursor.fetchall())


def test_html_is_packed_once_the_previous_release_need_not_read_it(article, people):
    Rendering.objects.update(page_html="Made by the previous release.")

    publish("naps", people, lead="See [[owls]].")
    publish("owls", people)  # to which a published text links
    beside = stored_html()
    call_command("rebuild", verbosity=0)

    html = {each.slug: each.published_revision.rendering.text_html for each in Article.objects.published()}
    assert (beside["naps"], beside["owls"]) == (html["naps"], html["owls"])
    assert {slug: unpacked(stored) for slug, stored in stored_html().items()} == html
    assert all(stored.startswith(MARK) for stored in stored_html().values())
    assert "The brain clears waste" in html["sleep"]


def test_packed_html_stays_packed_when_it_is_stored_again(article):
    before = stored_html()

    Rendering.objects.get().save()

    assert stored_html() == before


def test_a_text_that_is_not_packed_can_not_look_as_if_it_were(article):
    forged = Packed("<script>").stored

    Rendering.objects.update(text_html=forged)

    assert Rendering.objects.get().text_html == forged.removeprefix(MARK)


def test_the_only_page_stays_stored_when_its_text_changes(article, people):
    Rendering.objects.update(page_html="Made by the previous release.")

    change = workflow.approve(make_change(article, by=people["by"], lead="Another."), by=people["moderator"])
    workflow.publish(change, by=people["moderator"])

    assert stored_pages() == {"sleep": True}


def test_pages_are_not_stored_where_none_are(article, people):
    publish("naps", people, lead="See [[owls]].")
    publish("owls", people)

    assert stored_pages() == {"sleep": None, "naps": None, "owls": None}


def test_rebuilding_all_texts_ends_the_storing_of_pages(article, people):
    Rendering.objects.update(page_html="Made by the previous release.")

    call_command("rebuild", "--stale", verbosity=0)
    assert stored_pages() == {"sleep": False}
    call_command("rebuild", "--article", "sleep", verbosity=0)
    assert stored_pages() == {"sleep": True}
    call_command("rebuild", verbosity=0)
    publish("naps", people)

    assert stored_pages() == {"sleep": None, "naps": None}
