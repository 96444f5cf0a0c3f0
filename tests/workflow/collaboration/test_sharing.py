"""Links to drafts for people without an account: who makes them, when they end, what is logged, and guests' comments."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import DraftLink, GuestComment, LogEntry, Notice
from articles.workflow.collaboration import sharing
from articles.workflow.history import audit_log
from articles.workflow.notifications.links import url_of
from tests.support.clients import logged_in
from tests.support.factories import make_draft, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(editor):
    return make_draft("dreams", by=editor, title="Dreams")


def shared(draft, editor, **values):
    return workflow.share(draft, by=editor, **({"days": 7} | values))


def works(link):
    return sharing.works(DraftLink.objects.select_related("revision__article", "made_by").get(pk=link.pk))


def test_a_link_is_logged_and_its_token_is_stored_nowhere(draft, editor):
    link, token = shared(draft, editor, days=3, allows_comments=True)

    assert len(token) == 43
    assert token not in str(DraftLink.objects.values().get())
    assert abs(link.expires_at - timezone.now() - timedelta(days=3)) < timedelta(minutes=1)
    entry = LogEntry.objects.latest("pk")
    assert (entry.action, entry.revision, entry.by) == ("shared", draft, editor)
    assert entry.note.startswith("with comments, until ")
    assert token not in entry.note
    assert (sharing.link_of(token), sharing.link_of(token[:-1]), sharing.link_of("")) == (link, None, None)
    assert audit_log.verify(draft.article) is None


@pytest.mark.parametrize("days", [0, 2, 31, -1, 10**9])
def test_only_the_offered_times_can_be_chosen(draft, editor, days):
    with pytest.raises(workflow.InvalidTransition, match="how long"):
        shared(draft, editor, days=days)


def test_authors_and_reviewers_share_and_nobody_else(draft, editor):
    shared(draft, make_moderator("other"))
    reader = make_user("reader", groups=())
    for user in (make_user("bystander"), reader):
        with pytest.raises(workflow.NotAllowed):
            shared(draft, user)
        with pytest.raises(workflow.NotAllowed):
            workflow.revoke(DraftLink.objects.get(), by=user)


def test_a_link_is_revoked_once_by_the_author_or_a_reviewer(draft, editor):
    link, _ = shared(draft, editor)
    workflow.revoke(link, by=make_moderator("other"))

    assert (link.revoked_by_name, works(link)) == ("other", False)
    assert LogEntry.objects.latest("pk").action == "sharing_ended"
    with pytest.raises(workflow.InvalidTransition, match="other has revoked this link already"):
        workflow.revoke(link, by=editor)


def test_a_link_ends_with_its_time_its_maker_or_the_state_of_the_text(draft, editor, people):
    link, _ = shared(draft, editor)
    assert works(link)

    def ends(change, undo):
        change()
        ended = not works(link)
        undo()
        return ended and works(link)

    article, chief = draft.article, make_user("chief", groups=("Administrators",))
    user = type(editor).objects.filter(pk=editor.pk)
    now = timezone.now()
    row, groups = DraftLink.objects.filter(pk=link.pk), list(editor.groups.all())
    assert ends(lambda: row.update(expires_at=now), lambda: row.update(expires_at=now + timedelta(days=1)))
    assert ends(lambda: user.update(is_active=False), lambda: user.update(is_active=True))
    assert ends(editor.groups.clear, lambda: editor.groups.set(groups))
    assert ends(
        lambda: workflow.protect(article, by=chief, reason="Hands off."), lambda: workflow.release(article, by=chief)
    )
    workflow.submit(draft, by=editor)
    assert works(link)
    workflow.withdraw(draft, by=editor)
    assert not works(link)
    with pytest.raises(workflow.InvalidTransition, match="Only drafts"):
        shared(draft, editor)


@pytest.mark.parametrize("decide", ["approve", "reject", "request_changes"])
def test_a_decision_ends_a_link_unless_it_approves(draft, editor, moderator, decide):
    link, _ = shared(draft, editor)
    workflow.submit(draft, by=editor)

    getattr(workflow, decide)(draft, by=moderator, comment="So it is.")

    assert works(link) is (decide == "approve")
    if decide == "approve":
        workflow.publish(draft, by=moderator)
        assert not works(link)
        workflow.unpublish(draft.article, by=moderator, reason="Wrong.")
        assert not works(link)


def test_the_text_of_a_published_revision_cannot_be_shared(people):
    article = make_published(**people)

    with pytest.raises(workflow.InvalidTransition, match="Only drafts"):
        shared(article.published_revision, people["moderator"])


def test_links_of_one_text_are_limited(draft, editor, monkeypatch):
    monkeypatch.setattr(sharing, "LINKS_MAX", 2)
    first, _ = shared(draft, editor)
    shared(draft, editor)

    with pytest.raises(workflow.InvalidTransition, match="2 links to this text work already"):
        shared(draft, editor)
    workflow.revoke(first, by=editor)
    shared(draft, editor)


def test_openings_are_counted(draft, editor):
    link, _ = shared(draft, editor)
    for _number in range(2):
        sharing.count_opening(link)

    link.refresh_from_db()
    assert link.opened_count == 2
    assert timezone.now() - link.last_opened_at < timedelta(minutes=1)


def commented(link, number=0, **values):
    values = {"name": "Aunt May", "text": f"I like it {number}.", "sender": "a"} | values
    return sharing.comment(link, **values)


def test_a_comment_is_stored_once_and_tells_the_author_and_whoever_made_the_link(draft, editor):
    moderator = make_moderator("other")
    link, _ = shared(draft, moderator, allows_comments=True)
    make_user("bystander")

    assert commented(link).pk == commented(link).pk

    notices = Notice.objects.filter(kind="guest_commented").order_by("user__username")
    assert [notice.user.username for notice in notices] == ["editor", "other"]
    assert notices[0].text == "A guest commented on “Dreams” by a link that shares it."  # deleting takes the words away
    page = url_of(notices[0], editor)
    assert page == reverse("admin:articles_revision_share", args=[draft.pk]) + "#comments"
    shown = logged_in(editor).get(page).text
    assert '<h2 id="comments">' in shown
    assert "I like it 0." in shown


def test_comments_need_a_link_that_takes_them_and_works(draft, editor):
    silent, _ = shared(draft, editor)
    link, _ = shared(draft, editor, allows_comments=True)
    workflow.revoke(link, by=editor)

    for ended in (silent, link):
        with pytest.raises(workflow.NotAllowed, match="takes no comments"):
            commented(ended)


def test_comments_are_limited_by_address_and_by_link(draft, editor, monkeypatch):
    link, _ = shared(draft, editor, allows_comments=True)
    for number in range(5):
        commented(link, number)
    with pytest.raises(sharing.TooMany):
        commented(link, 5)
    commented(link, 5, sender="b")
    GuestComment.objects.update(at=timezone.now() - timedelta(hours=2))
    commented(link, 6)
    monkeypatch.setattr(sharing, "COMMENTS_MAX", 7)
    with pytest.raises(sharing.TooMany):
        commented(link, 7, sender="c")


def test_reviewers_delete_what_a_guest_wrote(draft, editor, moderator):
    link, _ = shared(draft, editor, allows_comments=True)
    comment = commented(link)

    with pytest.raises(workflow.NotAllowed):
        sharing.delete_comment(comment, by=editor)
    sharing.delete_comment(comment, by=moderator)

    assert (comment.name, comment.text, comment.deleted_by_name) == ("Erased", "Erased", "moderator")
