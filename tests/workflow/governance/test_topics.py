"""Topics: assigning them to articles, their public pages, and permissions in the admin."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import SimpleCookie
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import workflow
from articles.models import Article, LogEntry, Topic
from articles.workflow.content import SourceContent
from articles.workflow.history import audit_log
from tests.support.clients import messages_of
from tests.support.factories import make_draft, make_episode, make_user, publish_by_workflow, published
from tests.support.scenarios.published_pages import outdated, page_of

pytestmark = pytest.mark.django_db

SECRET = "Zephyrine"
HOSTILE = '<script>alert(1)</script> & "so"'


def make_topic(title="Rest", **kwargs):
    return Topic.objects.create(**({"title": title, "slug": title.lower().replace(" ", "-")} | kwargs))


# Assigning ----------------------------------------------------------------------------------------


def test_assigning_topics_updates_the_log_and_the_page(people):
    (article,) = published(1, people)
    rest, work = make_topic(), make_topic("Work")

    is_changed = workflow.assign_topics(article, [work, rest], by=people["moderator"])

    entry = LogEntry.objects.get(action=LogEntry.Action.FILED)
    assert is_changed is True
    assert list(article.topics.all()) == [rest, work]
    assert entry.note == "Added “Rest”, “Work”."
    assert (entry.by, entry.revision) == (people["moderator"], article.published_revision)
    assert audit_log.verify(article) is None
    page = page_of(article)
    assert '<a href="/topics/rest/" rel="tag" dir="auto">Rest</a>' in page
    assert '<a href="/topics/work/" rel="tag" dir="auto">Work</a>' in page


def test_the_note_names_added_and_removed_topics(people):
    (article,) = published(1, people)
    rest, work = make_topic(), make_topic("Work")
    workflow.assign_topics(article, [rest], by=people["moderator"])

    workflow.assign_topics(article, [work], by=people["moderator"])

    entry = LogEntry.objects.filter(action=LogEntry.Action.FILED).last()
    assert entry.note == "Added “Work”. Removed “Rest”."


def test_assigning_the_same_topics_does_nothing(people):
    (article,) = published(1, people)
    rest = make_topic()
    workflow.assign_topics(article, [rest], by=people["moderator"])

    is_changed = workflow.assign_topics(article, [rest], by=people["moderator"])

    assert is_changed is False
    assert LogEntry.objects.filter(action=LogEntry.Action.FILED).count() == 1


def test_assigning_over_a_concurrent_change_is_refused(people):
    (article,) = published(1, people)
    rest, work = make_topic(), make_topic("Work")
    workflow.assign_topics(article, [rest], by=people["moderator"])

    with pytest.raises(workflow.InvalidTransition, match="Someone changed the topics"):
        workflow.assign_topics(article, [work], by=people["moderator"], seen=[])

    assert list(article.topics.all()) == [rest]


def test_assigning_topics_requires_permission_to_publish(people):
    (article,) = published(1, people)

    with pytest.raises(workflow.NotAllowed, match=r"editor isn’t allowed to change the topics of articles\."):
        workflow.assign_topics(article, [make_topic()], by=people["by"])

    assert list(article.topics.all()) == []


def test_an_unpublished_article_can_have_topics_and_stays_hidden(client, people):
    article = make_draft("naps", by=people["by"], title=SECRET).article
    rest = make_topic()

    workflow.assign_topics(article, [rest], by=people["moderator"])

    assert LogEntry.objects.get(action=LogEntry.Action.FILED).revision is None
    assert client.get("/topics/rest/").status_code == 404
    assert "Rest" not in client.get("/topics/").content.decode()


# The public pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_topics_are_listed_in_one_query(client, people, count, django_assert_num_queries):
    (article,) = published(1, people)
    workflow.assign_topics(article, [make_topic(f"Topic {n}") for n in range(count)], by=people["moderator"])
    make_topic("Nothing filed")

    with django_assert_num_queries(1):
        page = client.get("/topics/").content.decode()

    assert page.count(">1 article<") == count
    assert "Nothing filed" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_a_topic_shows_its_articles_and_recordings_in_a_constant_number_of_queries(
    client, people, count, django_assert_num_queries
):
    rest = make_topic(description="What lying down does.")
    for number in range(count):
        article = publish_by_workflow(
            f"sleep-{number}", title=f"Sleep {number}", episode=make_episode(f"e-{number}"), **people
        )
        workflow.assign_topics(article, [rest], by=people["moderator"])
    publish_by_workflow("naps", title="Elsewhere", episode=make_episode("other"), **people)

    with django_assert_num_queries(5):
        page = client.get("/topics/rest/").content.decode()

    assert [page.count(f'href="/articles/sleep-{number}/"') for number in range(count)] == [1] * count
    assert [page.count(f'href="/shows/night-talks/e-{number}/"') for number in range(count)] == [1] * count
    assert "What lying down does." in page
    assert "Elsewhere" not in page
    assert 'href="/shows/night-talks/other/"' not in page
    assert page.count('href="/feeds/topics/rest.atom"') == 2


def test_source_episodes_are_listed_once_most_used_first_with_a_note_on_the_rest(client, people, monkeypatch):
    monkeypatch.setattr("articles.views.collections.topics.RECORDINGS_NAMED", 1)
    rest, once, twice = make_topic(), make_episode("once"), make_episode("twice")
    both = (SourceContent(twice, "e1"), SourceContent(once, "e2"))
    for slug, sources in (("sleep", both), ("naps", both[:1])):
        workflow.assign_topics(publish_by_workflow(slug, sources=sources, **people), [rest], by=people["moderator"])

    page = client.get("/topics/rest/").content.decode()

    assert page.count('href="/shows/night-talks/twice/"') == 1
    assert 'href="/shows/night-talks/once/"' not in page
    assert "<span>2 articles</span>" in page
    assert "These are the most cited episodes on this topic." in page


def test_a_long_topic_is_paginated(client, people, monkeypatch):
    monkeypatch.setattr("articles.views.collections.topics.PER_PAGE", 2)
    rest = make_topic(description="What lying down does.")
    for article in published(5, people):
        workflow.assign_topics(article, [rest], by=people["moderator"])

    pages = [client.get("/topics/rest/", query).content.decode() for query in ({}, {"after": "sleep-3"})]
    last = client.get("/topics/rest/", {"after": "sleep-1"}).content.decode()

    assert ["?after=sleep-3" in pages[0], "?after=sleep-1" in pages[1], "?after=" in last] == [True, True, False]
    shown = [[n for n in range(5) if f'href="/articles/sleep-{n}/"' in page] for page in (*pages, last)]
    assert shown == [[3, 4], [1, 2], [0]]
    assert ["Source episodes" in page for page in pages] == [True, False]
    assert client.get("/topics/rest/", {"after": "nothing"}).status_code == 404
    assert client.get("/topics/rest/", {"after": "\0"}).status_code == 404


@pytest.mark.parametrize("address", ["/topics/", "/topics/rest/"])
def test_pages_are_public_and_set_no_cookie(client, people, address):
    (article,) = published(1, people)
    workflow.assign_topics(article, [make_topic(HOSTILE, slug="rest", description=HOSTILE)], by=people["moderator"])
    anonymous = client.get(address)
    client.force_login(people["by"])

    response = client.get(address)

    assert response.content == anonymous.content
    assert (anonymous.cookies, response.cookies) == (SimpleCookie(), SimpleCookie())
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert client.post(address).status_code == 405
    assert HOSTILE not in response.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;so&quot;" in response.content.decode()


def test_a_topic_in_another_script_has_a_url(client, people):
    (article,) = published(1, people)
    workflow.assign_topics(article, [make_topic("休息", slug="休息")], by=people["moderator"])

    assert client.get("/topics/休息/").status_code == 200


# The admin ----------------------------------------------------------------------------------------


def filing(article):
    return reverse("admin:articles_article_topics", args=[article.pk])


def test_a_moderator_sets_topics_on_the_article_page(client, people):
    (article,) = published(1, people)
    rest, work = make_topic(), make_topic("Work")
    workflow.assign_topics(article, [rest], by=people["moderator"])
    client.force_login(people["moderator"])
    screen = client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()

    response = client.post(filing(article), {"topics": [work.pk], "seen": [rest.pk]})

    assert f'<input type="hidden" name="seen" value="{rest.pk}"' in screen
    assert messages_of(response) == ["Topics saved: Work."]
    assert list(article.topics.all()) == [work]


def test_an_outdated_form_changes_no_topics(client, people):
    (article,) = published(1, people)
    rest, work = make_topic(), make_topic("Work")
    workflow.assign_topics(article, [rest], by=people["moderator"])
    client.force_login(people["moderator"])

    stale = client.post(filing(article), {"topics": [work.pk]})
    gone = client.post(filing(article), {"topics": [work.pk + 1], "seen": [rest.pk]})

    assert messages_of(stale) == [
        "Someone changed the topics of this article after you opened it. Check them, then try again."
    ]
    assert messages_of(gone)[-1] == "Topics not saved: one of them no longer exists. Choose again."
    assert list(article.topics.all()) == [rest]


def test_an_editor_reads_the_topics_and_may_not_change_them(client, people):
    (article,) = published(1, people)
    workflow.assign_topics(article, [make_topic()], by=people["moderator"])
    client.force_login(people["by"])

    screen = client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    listed = client.get(reverse("admin:articles_article_changelist")).content.decode()

    assert '<span dir="auto">Rest</span>' in screen
    assert filing(article) not in screen
    assert "file_under" not in listed
    assert client.post(filing(article), {"topics": []}).status_code == 403
    assert client.get(reverse("admin:articles_topic_add")).status_code == 403


def bulk(client, articles, **values):
    data = {"action": "file_under", "_selected_action": [article.pk for article in articles]} | values
    return client.post(reverse("admin:articles_article_changelist"), data)


def test_topics_of_several_articles_are_set_from_the_list(client, people):
    first, second, third = published(3, people)
    rest, work = make_topic(), make_topic("Work")
    workflow.assign_topics(first, [rest], by=people["moderator"])
    client.force_login(people["moderator"])

    asked = bulk(client, [first, second]).content.decode()
    added = bulk(client, [first, second], apply="1", act="add", topics=[rest.pk, work.pk])
    removed = bulk(client, [first, third], apply="1", act="remove", topics=[rest.pk])

    assert ("Sleep 0" in asked, "Sleep 1" in asked, "Sleep 2" in asked) == (True, True, False)
    assert messages_of(added) == ["<b>Topics of 2 articles changed:</b><ul><li>Sleep 0</li><li>Sleep 1</li></ul>"]
    assert messages_of(removed)[-1] == "<b>Topics of 1 article changed:</b><ul><li>Sleep 0</li></ul>"
    assert [sorted(topic.title for topic in article.topics.all()) for article in (first, second, third)] == [
        ["Work"],
        ["Rest", "Work"],
        [],
    ]


def test_setting_topics_of_several_articles_requires_a_topic(client, people):
    articles = published(2, people)
    client.force_login(people["moderator"])

    response = bulk(client, articles, apply="1", act="add")

    assert response.status_code == 400
    assert "Choose at least one topic." in response.content.decode()
    assert LogEntry.objects.filter(action=LogEntry.Action.FILED).count() == 0


def test_renaming_a_topic_updates_the_pages_of_its_articles_and_keeps_its_url(client, people):
    first, second = published(2, people)
    rest = make_topic()
    workflow.assign_topics(first, [rest], by=people["moderator"])
    client.force_login(people["moderator"])
    untouched = outdated(second)

    response = client.post(
        reverse("admin:articles_topic_change", args=[rest.pk]), {"title": "Repose", "slug": "x", "description": ""}
    )

    rest.refresh_from_db()
    assert (response.status_code, rest.title, rest.slug) == (302, "Repose", "rest")
    assert (
        '<a href="/topics/rest/" rel="tag" dir="auto">Repose</a>' in client.get("/articles/sleep-0/").content.decode()
    )
    assert outdated(second) == untouched


def test_a_moderator_adds_a_topic(client, people):
    client.force_login(people["moderator"])

    client.post(reverse("admin:articles_topic_add"), {"title": "Rest", "slug": "rest", "description": "Lying down."})

    assert list(Topic.objects.values_list("title", "slug", "description")) == [("Rest", "rest", "Lying down.")]


def test_only_topics_without_articles_can_be_deleted(client, people):
    (article,) = published(1, people)
    rest = make_topic()
    workflow.assign_topics(article, [rest], by=people["moderator"])
    client.force_login(people["moderator"])
    address = reverse("admin:articles_topic_delete", args=[rest.pk])

    asked = client.get(address).content.decode()
    client.post(address, {"post": "yes"})
    is_kept = Topic.objects.filter(pk=rest.pk).exists()
    workflow.assign_topics(article, [], by=people["moderator"])
    client.post(address, {"post": "yes"})

    assert "Can’t delete Rest" in asked
    assert "article:" in asked
    assert (is_kept, Topic.objects.count()) == (True, 0)


def test_who_may_not_read_drafts_does_not_learn_which_keep_a_topic(client, people):
    (article,) = published(1, people)
    draft = make_draft(SECRET.lower(), by=people["by"], title=SECRET, episode=make_episode(SECRET))
    rest = make_topic()
    for filed in (article, draft.article):
        workflow.assign_topics(filed, [rest], by=people["moderator"])
    librarian = make_user("librarian", groups=())
    librarian.user_permissions.set(Permission.objects.filter(codename__endswith="_topic"))
    client.force_login(librarian)

    asked = client.get(reverse("admin:articles_topic_delete", args=[rest.pk])).content.decode()

    assert SECRET.lower() not in asked.lower()
    assert f"{reverse('admin:articles_article_change', args=[article.pk])}" in asked
    assert "articles that aren’t public" in asked


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_topics_is_a_constant_number_of_queries(client, people, count):
    (article,) = published(1, people)
    workflow.assign_topics(article, [make_topic(f"Topic {n}") for n in range(count)], by=people["moderator"])
    client.force_login(people["moderator"])
    client.get(reverse("admin:articles_topic_changelist"))

    with CaptureQueriesContext(
        connection,
    ) as captured:
        page = client.get(reverse("admin:articles_topic_changelist")).content.decode()

    assert page.count("topics__id__exact=") == count
    assert len(captured) == LIST_QUERIES


LIST_QUERIES = 8


def test_articles_are_listed_by_topic(client, people):
    first, _ = published(2, people)
    rest = make_topic()
    workflow.assign_topics(first, [rest], by=people["moderator"])
    client.force_login(people["moderator"])

    page = client.get(reverse("admin:articles_article_changelist"), {"topics__id__exact": rest.pk}).content.decode()

    assert ("Sleep 0" in page, "Sleep 1" in page) == (True, False)
    assert Article.objects.count() == 2
