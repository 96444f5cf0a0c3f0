"""The inbox: a person's notices, ticking them off, and the articles that they watch."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from articles import workflow
from articles.models import Notice, Watch
from articles.workflow.collaboration import assigning
from tests.support.clients import logged_in
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

INBOX = "/admin/inbox/"
READ = "/admin/inbox/read/"


def texts(response):
    return [(notice.text, notice.read_at is None) for notice in response.context["page"]]


def watch_page(article):
    return reverse("admin:articles_article_watch", args=[article.pk])


@pytest.fixture
def submit(editor):
    """A function that submits a new article of the editor, of which moderators are told."""
    episode = make_episode()

    def submit(slug):
        draft = make_draft(slug, by=editor, title=slug.capitalize(), episode=episode)
        return workflow.submit(draft, by=editor)

    return submit


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_takes_a_constant_number_of_queries(moderator, submit, django_assert_num_queries, count):
    for number in range(count):
        revision = submit(f"text-{number}")
        Watch.objects.create(user=moderator, article=revision.article)
    client = logged_in(moderator)

    with django_assert_num_queries(9):
        response = client.get(INBOX)

    assert len(response.context["page"]) == count


def test_unread_notices_come_first_and_are_counted(moderator, submit):
    for slug in ("naps", "dreams", "tides"):
        submit(slug)
    newest = Notice.objects.filter(user=moderator).first()
    client = logged_in(moderator)

    client.post(READ, {"notice": newest.pk})
    response = client.get(INBOX)

    assert texts(response) == [
        ("editor submitted “Dreams” (revision 1) for review.", True),
        ("editor submitted “Naps” (revision 1) for review.", True),
        ("editor submitted “Tides” (revision 1) for review.", False),
    ]
    assert 'Inbox <b>2<span class="visually-hidden"> unread</span></b></a>' in response.text


def test_only_what_is_assigned_to_oneself_is_called_so(moderator, submit):
    revision, other = submit("naps"), make_moderator("other")
    for to in (moderator, Group.objects.get(name="Moderators")):
        assigning.assign(revision, by=other, to=to)
    client = logged_in(moderator)

    # The group took over, and both notices say so.
    assert [notice.word for notice in client.get(INBOX).context["page"]][:2] == ["review assigned", "review assigned"]
    assigning.assign(revision, by=other, to=moderator)
    assert client.get(INBOX).context["page"][0].word == "assigned to you"


def test_marking_all_as_read_leaves_out_newer_notices(moderator, submit):
    submit("naps")
    client = logged_in(moderator)
    until = client.get(INBOX).context["newest"]
    submit("dreams")

    client.post(READ, {"until": until})

    assert texts(client.get(INBOX)) == [
        ("editor submitted “Dreams” (revision 1) for review.", True),
        ("editor submitted “Naps” (revision 1) for review.", False),
    ]


@pytest.mark.parametrize("data", [{}, {"notice": "x"}, {"until": "-1"}, {"until": ""}])
def test_only_the_named_notices_are_marked_as_read(moderator, submit, data):
    submit("naps")

    response = logged_in(moderator).post(READ, data, headers={"Accept": "application/json"})

    assert response.json() == {"read": 0}
    assert Notice.objects.unread().count() == 1


def test_users_cannot_see_or_mark_other_peoples_notices(editor, moderator, submit, client):
    submit("naps")
    notice = Notice.objects.get(user=moderator)

    response = logged_in(editor).get(INBOX)
    logged_in(editor).post(READ, {"notice": notice.pk})
    logged_in(editor).post(READ, {"until": notice.pk})

    assert texts(response) == []
    assert Notice.objects.unread().count() == 1
    assert client.get(INBOX).headers["Location"] == f"/admin/login/?next={INBOX}"


def test_get_requests_change_nothing(moderator, submit):
    revision = submit("naps")
    client = logged_in(moderator)

    statuses = [client.get(address).status_code for address in (INBOX, READ, watch_page(revision.article))]

    assert statuses == [200, 405, 405]
    assert (Notice.objects.unread().count(), Watch.objects.count()) == (1, 0)


def test_notices_link_to_their_subject(editor, moderator, submit):
    revision = submit("naps")
    review_page = f"/admin/articles/revision/{revision.pk}/change/"
    asked = logged_in(moderator).get(INBOX).context["page"][0]
    workflow.approve(revision, by=moderator)
    workflow.publish(revision, by=moderator)
    decided_since = logged_in(moderator).get(INBOX).context["page"][0]
    published, decided = logged_in(editor).get(INBOX).context["page"]

    assert (asked.page, asked.word) == (review_page, "needs review")
    assert (decided_since.page, decided_since.word) == (review_page, "now approved")
    assert (decided.page, decided.word) == (review_page, "reviewed")
    assert (published.page, published.word) == ("/articles/naps/", "published")


def test_texts_are_escaped(moderator, submit):
    revision = submit("naps")
    Notice.objects.update(text="<b>1</b>")

    shown = logged_in(moderator).get(INBOX).text

    assert "&lt;b&gt;1&lt;/b&gt;" in shown
    assert "<b>1</b>" not in shown
    assert revision.get_absolute_url() in shown


def test_an_empty_inbox_explains_what_will_appear(editor):
    shown = logged_in(editor).get(INBOX).text

    assert "appear here and are mailed to editor@example.org." in shown
    assert "Mark all as read" not in shown


# Watching -----------------------------------------------------------------------------------------


def test_watchers_get_notices(editor, moderator):
    article = make_published(by=editor, moderator=moderator, episode=make_episode())
    second = make_user("second")
    client = logged_in(second)

    begun = client.post(watch_page(article), {"watch": "1", "back": "/admin/inbox/"})
    client.post(watch_page(article), {"watch": "1"})
    make_change(article, by=editor, lead="Other words.")

    assert begun.headers["Location"] == "/admin/inbox/"
    assert Watch.objects.filter(user=second).count() == 1
    assert list(Notice.objects.filter(user=second).values_list("kind", flat=True)) == ["submitted"]
    assert "Unwatch Sleep" in client.get(INBOX).text


def test_unwatching(editor, moderator):
    article = make_published(by=editor, moderator=moderator, episode=make_episode())
    Watch.objects.create(user=editor, article=article)
    client = logged_in(editor)

    ended = client.post(watch_page(article), {"watch": "0"}, headers={"Accept": "application/json"})
    outside = client.post(watch_page(article), {"watch": "0", "back": "//evil.example/"})

    assert ended.json() == {"isWatched": False}
    assert outside.headers["Location"] == f"/admin/articles/article/{article.pk}/change/"
    assert Watch.objects.count() == 0


def test_only_editors_can_watch(editor, moderator):
    article = make_published(by=editor, moderator=moderator, episode=make_episode())
    reader = make_user("reader", groups=())

    response = logged_in(reader).post(watch_page(article), {"watch": "1"})

    assert response.status_code == 403
    assert Watch.objects.count() == 0
