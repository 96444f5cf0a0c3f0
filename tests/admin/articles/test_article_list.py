"""The list of articles: who was saved last comes first, without looking at every revision."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.admin.articles.changelist import columns, filters
from articles.derived import republish
from articles.derived.checks.status import FLAGGED
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Article, SavedView, Topic
from articles.workflow import integrity
from articles.workflow.collaboration import saved_views
from articles.workflow.content import content_of
from tests.support.clients import logged_in
from tests.support.factories import make_change, make_content, make_draft, make_episode, make_published, make_user

LIST = "/admin/articles/article/"


def slugs(response):
    return [article.slug for article in response.context["cl"].result_list]


@pytest.mark.django_db
def test_the_article_saved_last_comes_first(editor, moderator):
    make_published("sleep", by=editor, moderator=moderator)
    naps = make_draft("naps", by=editor)
    make_published("tides", by=editor, moderator=moderator)
    client = logged_in(editor)
    assert slugs(client.get(LIST)) == ["tides", "naps", "sleep"]

    workflow.save_draft(naps, content_of(naps), by=editor, version=naps.version)

    assert slugs(client.get(LIST)) == ["naps", "tides", "sleep"]
    assert slugs(client.get(LIST + "?o=0")) == ["naps", "sleep", "tides"]


@pytest.mark.django_db
def test_the_list_reads_the_rows_of_one_page_by_an_index(editor, moderator):
    for number in range(3):
        make_published(f"sleep-{number}", by=editor, moderator=moderator)
    client = logged_in(editor)
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)

    [listing] = [query["sql"] for query in queries if "newest_saved_at" in query["sql"] and "LIMIT" in query["sql"]]
    assert 'ORDER BY "articles_article"."last_saved_at" DESC' in listing
    assert "GROUP BY" not in listing.split('FROM "articles_article" LEFT')[-1]


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "expected"), [("draft", ["naps"]), ("waiting", ["tides"]), ("published", ["sleep"])])
def test_the_list_is_filtered_by_the_state_of_revisions(editor, moderator, state, expected):
    make_published("sleep", by=editor, moderator=moderator)
    make_draft("naps", by=editor)
    workflow.submit(make_draft("tides", by=editor), by=editor)

    assert slugs(logged_in(editor).get(f"{LIST}?state={state}")) == expected
    assert Article.objects.filter(last_saved_at=None).count() == 0


# Filters ---------------------------------------------------------------------------------------------


@pytest.fixture
def states(editor, moderator):
    """An article in each state, named after it."""
    for slug in ("published", "protected", "taken-down", "two-states"):
        make_published(slug, by=editor, moderator=moderator)
    workflow.protect(Article.objects.get(slug="protected"), by=moderator, reason="Disputed.")
    workflow.unpublish(Article.objects.get(slug="taken-down"), by=moderator, reason="Wrong.")
    make_draft("draft", by=editor)
    for slug in ("waiting", "approved", "scheduled"):
        draft = workflow.submit(make_draft(slug, by=editor), by=editor)
        if slug != "waiting":
            workflow.approve(draft, by=moderator)
        if slug == "scheduled":
            workflow.schedule(draft, by=moderator, publish_at=timezone.now() + timedelta(hours=1))
    make_change(Article.objects.get(slug="two-states"), by=editor, lead="Another lead.")
    workflow.publish(workflow.approve(make_change(Article.objects.get(slug="published"), by=make_user("third"), lead="New."), by=moderator), by=moderator)  # fmt: skip


BY_STATE = {
    "published": {"published", "protected", "two-states"},
    "unpublished": {"taken-down", "draft", "waiting", "approved", "scheduled"},
    "taken_down": {"taken-down"},
    "draft": {"draft"},
    "waiting": {"waiting", "two-states"},
    "approved": {"approved"},
    "scheduled": {"scheduled"},
    "protected": {"protected"},
    "nonsense": {
        *("published", "protected", "two-states", "taken-down", "draft", "waiting", "approved", "scheduled"),
    },
}


@pytest.mark.django_db
@pytest.mark.parametrize("most", [0, 1000], ids=["of many", "of few"])
def test_each_state_has_its_articles_whether_few_or_many_match(states, editor, monkeypatch, most):
    monkeypatch.setattr(filters.NarrowingFilter, "looked_up", most)
    client = logged_in(editor)

    assert {state: set(slugs(client.get(f"{LIST}?state={state}"))) for state in BY_STATE} == BY_STATE


@pytest.mark.django_db
def test_who_may_not_read_drafts_filters_published_texts_only(states):
    viewer = make_user("viewer", groups=())
    viewer.user_permissions.add(Permission.objects.get(codename="view_article"))
    client = logged_in(viewer)
    for state in ("draft", "waiting", "approved", "scheduled", "unpublished"):
        assert slugs(client.get(f"{LIST}?state={state}")) == [], state


@pytest.mark.django_db
def test_the_list_is_filtered_by_show_also_of_drafts(editor, moderator):
    first, second = make_episode("one"), make_episode("two", handle="day-talks")
    make_published("sleep", by=editor, moderator=moderator, episode=first)
    make_published("naps", by=editor, moderator=moderator, episode=second)
    make_draft("draft", by=editor, episode=second)
    client = logged_in(editor)

    assert slugs(client.get(f"{LIST}?show={first.show_id}")) == ["sleep"]
    assert slugs(client.get(f"{LIST}?show={second.show_id}")) == ["draft", "naps"]
    assert slugs(client.get(f"{LIST}?show={second.show_id}&state=draft")) == ["draft"]


@pytest.mark.django_db
def test_flagged_citations_and_the_last_review_are_kept_with_the_article(editor, moderator):
    episode = make_episode()
    import_transcript(episode, "WEBVTT\n\n00:06:31.000 --> 00:06:39.000\nnothing of the kind\n", "a.vtt")
    make_published("sleep", by=editor, moderator=moderator, episode=episode)
    root = make_user("root", is_superuser=True)
    text = make_content("imported", episode=make_episode("other"))
    imported = workflow.create_article(text, by=root, received_as="x/y", received_digest="0" * 64)
    workflow.publish_received(imported, by=root)
    sleep = Article.objects.get(slug="sleep")
    republish(sleep)
    sleep.refresh_from_db()
    client = logged_in(editor)
    flagged = sleep.published_revision.citation_set.filter(verdict__in=FLAGGED).count()

    assert flagged > 0
    assert (sleep.flag_count, sleep.last_reviewed_at) == (flagged, sleep.published_revision.review_set.get().at)
    assert slugs(client.get(f"{LIST}?issues=flagged")) == ["sleep"]
    assert slugs(client.get(f"{LIST}?issues=none")) == ["imported"]
    assert slugs(client.get(f"{LIST}?review=never")) == ["imported"]
    assert slugs(client.get(f"{LIST}?review=30")) == []
    Article.objects.filter(pk=sleep.pk).update(last_reviewed_at=timezone.now() - timedelta(days=31))
    assert slugs(client.get(f"{LIST}?review=30")) == ["sleep"]
    assert slugs(client.get(f"{LIST}?review=90")) == []
    [found] = [found for found in integrity.check(Article.objects.all()) if found.check == "listing"]
    assert "its last_reviewed_at is" in found.problem


@pytest.mark.django_db
def test_a_judgement_is_counted_at_once(editor, moderator):
    episode = make_episode()
    import_transcript(episode, "WEBVTT\n\n00:06:31.000 --> 00:06:39.000\nnothing of the kind\n", "a.vtt")
    article = make_published("sleep", by=editor, moderator=moderator, episode=episode)
    republish(article)
    article.refresh_from_db()
    before, citation = article.flag_count, article.published_revision.citation_set.filter(verdict__in=FLAGGED).first()
    said = {"code": citation.verdict, "subject": citation.claim_key, "text": citation.claim, "reason": "paraphrase"}

    workflow.dismiss(article, by=moderator, **said)

    article.refresh_from_db()
    assert article.flag_count == before - 1


@pytest.mark.django_db
def test_more_matches_than_are_counted_are_said_to_be_more(states, editor, monkeypatch):
    monkeypatch.setattr(filters, "FEW", 2)
    client = logged_in(editor)

    few, many = client.get(f"{LIST}?state=protected"), client.get(f"{LIST}?state=published")

    assert "articles match; these are the first" not in few.text
    assert "More than 2 articles match; these are the first 2." in many.text
    assert client.get(LIST).context["cl"].result_count == 8


# Columns, order and saved views ------------------------------------------------------------------------


@pytest.mark.django_db
def test_columns_are_chosen_in_the_address(editor, moderator):
    article = make_published("sleep", by=editor, moderator=moderator, episode=make_episode())
    topic = Topic(slug="nights", title="Nights")
    workflow.save_topic(topic)
    workflow.assign_topics(article, [topic], by=moderator)
    client = logged_in(editor)

    page = client.get(f"{LIST}?columns=topics_of,shows,nonsense")

    assert page.context["cl"].list_display == ["title", "shows", "topics_of"]
    assert 'class="field-shows">Night Talks</td>' in page.text
    assert 'class="field-topics_of">Nights</td>' in page.text
    assert "show “state”" in page.text
    assert "?columns=state%2Cshows%2Ctopics_of" in page.text
    assert client.get(LIST).context["cl"].list_display == ["title", *columns.DEFAULT]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "expected"), [("flags", ["no-flag", "one-flag"]), ("reviewed", ["one-flag", "no-flag"])]
)
def test_the_list_is_sorted_either_way(editor, moderator, column, expected):
    now = timezone.now()
    for slug, count, days in (("one-flag", 1, 9), ("no-flag", 0, 2)):
        article = make_published(slug, by=editor, moderator=moderator)
        values = {"flag_count": count, "last_reviewed_at": now - timedelta(days=days)}
        Article.objects.filter(pk=article.pk).update(**values)
    make_draft("draft", by=editor)
    place = ["title", *columns.DEFAULT].index(column)
    client = logged_in(editor)

    assert slugs(client.get(f"{LIST}?o={place}")) == ["draft", *expected]
    assert slugs(client.get(f"{LIST}?o=-{place}")) == [*expected[::-1], "draft"]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("query", "number"),
    [("", 11), ("state=draft&issues=none", 12), ("columns=shows,topics_of&show={show}&review=30", 15)],
)
def test_the_list_takes_the_same_queries_for_any_number(editor, moderator, count, query, number):
    episode = make_episode()
    for place in range(count):
        make_published(f"sleep-{place}", by=editor, moderator=moderator, episode=episode)
        make_draft(f"draft-{place}", by=editor, episode=episode)
        SavedView.objects.create(user=editor, name=f"View {place}", query="state=draft")
    long_ago = timezone.now() - timedelta(days=31)
    Article.objects.published().update(last_reviewed_at=long_ago, flag_count=0)
    client = logged_in(editor)
    client.get(LIST)

    with CaptureQueriesContext(connection) as queries:
        client.get(f"{LIST}?{query.format(show=episode.show_id)}")

    assert len(queries) == number, [query["sql"][:200] for query in queries]


@pytest.mark.django_db
def test_a_view_is_saved_shown_shared_replaced_and_deleted(editor):
    client, other = logged_in(editor), logged_in(make_user("other"))
    query = "p=3&state=draft&o=-1&columns=shows&nonsense=1&q=sleep"

    response = client.post(f"{LIST}views/save/", {"name": "  My <b>drafts</b> ", "query": query}, follow=True)

    view = SavedView.objects.get()
    assert (view.user, view.name, view.query) == (editor, "My <b>drafts</b>", "columns=shows&o=-1&q=sleep&state=draft")
    assert "View “My &lt;b&gt;drafts&lt;/b&gt;” saved." in response.text
    assert 'href="/admin/articles/article/?columns=shows&amp;o=-1&amp;q=sleep&amp;state=draft" dir="auto" aria-current="true"' in response.text  # fmt: skip
    assert "drafts" not in other.get(LIST).text
    assert other.get(f"{LIST}?{view.query}").status_code == 200
    again = client.post(f"{LIST}views/save/", {"name": "My <b>drafts</b>", "query": view.query}, follow=True)
    assert "View “My &lt;b&gt;drafts&lt;/b&gt;” saved.</li>" in again.text
    replaced = client.post(f"{LIST}views/save/", {"name": "My <b>drafts</b>", "query": ""}, follow=True)
    assert SavedView.objects.get().query == ""
    assert (
        "View “My &lt;b&gt;drafts&lt;/b&gt;” saved. It replaces the one that had this name: "
        '<a href="/admin/articles/article/?columns=shows&amp;o=-1&amp;q=sleep&amp;state=draft">show what that was</a>.'
    ) in replaced.text
    assert other.post(f"{LIST}views/{view.pk}/delete/").status_code == 404
    client.post(f"{LIST}views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


@pytest.mark.django_db
def test_a_view_needs_a_name_and_there_is_a_limit(editor, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST", 1)
    client = logged_in(editor)

    def saved(**values):
        return client.post(f"{LIST}views/save/", {"query": "", "name": "One", **values}, follow=True).text

    assert "Give the view a name." in saved(name=" ")
    assert "Shorten the name to 60 characters or fewer." in saved(name="x" * 61)
    assert "These filters are too long to be saved." in saved(query=f"q={'x' * 1000}")
    assert "View “One” saved." in saved()
    assert "You have 1 saved views, which is the most." in saved(name="Two")


@pytest.mark.django_db
def test_withholding_a_name_deletes_the_views_that_search_for_it(editor):
    root = make_user("root", is_superuser=True)
    make_user("ines", first_name="Ines", last_name="Alba")
    SavedView.objects.create(user=editor, name="x", query="q=Ines+Alba")
    SavedView.objects.create(user=editor, name="y", query="q=Ines+Other")

    workflow.suppress_name("ines", by=root)

    assert SavedView.objects.get().name == "y"
