"""An earlier text that was reviewed comes back in one action: by whom, when not, and what follows."""

import json
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from articles import workflow
from articles.core.recordings.transcripts import Cue, Reading
from articles.models import Article, LogEntry, Notice, Revision
from articles.views.articles.history import periods_of
from articles.workflow import integrity
from articles.workflow.history import audit_log, verification
from articles.workflow.history.consistency import contradiction
from tests.support.factories import make_draft, make_moderator, make_user
from tests.support.scenarios.moderation import edited, make_pair, submitted

pytestmark = pytest.mark.django_db


def replaced(article, moderator, name="vandal", words="Nonsense [00:06:31]."):
    """Publish another text over the article's, written by somebody new; returns (what was public, what is)."""
    before = article.published_revision
    change = submitted(article, name, waste=words)
    workflow.publish(workflow.approve(change, by=moderator), by=moderator)
    article.refresh_from_db()
    return before, article.published_revision


def test_an_earlier_text_comes_back_in_one_logged_action(client):
    article, moderator = make_pair()
    workflow.schedule(
        workflow.approve(submitted(article, "vandal", waste="Nonsense [00:06:31]."), by=moderator),
        by=moderator,
        publish_at=timezone.now() + timedelta(hours=1),
        take_down_at=timezone.now() + timedelta(hours=9),
    )
    workflow.publish_due(timezone.now() + timedelta(hours=2))
    article.refresh_from_db()
    first, second = Revision.objects.get(number=1), article.published_revision
    assert article.take_down_at is not None

    workflow.revert(first, by=moderator, reason="The earlier text was right.", seen=second.pk)

    article.refresh_from_db()
    assert (article.published_revision, article.take_down_at) == (first, None)
    entry = LogEntry.objects.filter(article=article).order_by("number").last()
    assert (entry.action, entry.revision, entry.by, entry.note) == (
        "reverted",
        first,
        moderator,
        "The earlier text was right.",
    )
    assert [(period.revision.number, period.until is None) for period in periods_of(article)] == [
        (1, True),
        (2, False),
        (1, False),
    ]
    assert audit_log.verify(article) is None
    assert list(verification.verify()) == []
    assert [str(found) for found in integrity.check(Article.objects.all())] == []
    page = client.get("/articles/sleep/").text
    assert "Nonsense" not in page
    assert "It takes 8 hours" in page
    assert "Reverted to an earlier text: " in page
    assert "The earlier text was right." in page


def test_readers_learn_why_it_came_back(client):
    article, moderator = make_pair()
    first, _ = replaced(article, moderator)
    workflow.revert(first, by=moderator, reason="See [x](http://evil.example).")

    history = client.get("/articles/sleep/history/").text
    revision = client.get("/articles/sleep/revisions/1/").text
    feed = json.loads(client.get("/feeds/corrections.json").content)
    entry = json.loads(client.get("/api/articles/sleep/revisions/1/").content)
    home = client.get("/").text

    for page in (history, revision, home):
        assert "See [x](http://evil.example)." in page
    assert history.count("Reverted to this earlier text.") == 1
    assert "Reverted to this earlier text." in feed["items"][0]["content_html"]
    assert feed["items"][0]["title"].endswith("revision 1")
    assert [(period["is_revert"], period["reason"]) for period in entry["public"]] == [
        (True, "See [x](http://evil.example)."),
        (False, None),
    ]


def test_authors_and_watchers_are_told():
    article, moderator = make_pair()
    first, _ = replaced(article, moderator)
    Notice.objects.all().delete()

    workflow.revert(first, by=moderator, reason="It was right.")

    told = dict(Notice.objects.filter(kind="published").values_list("user__username", "text"))
    assert told == dict.fromkeys(
        [first.author.username, "vandal"], "“Sleep” was reverted from revision 2 to revision 1: It was right."
    )


def test_drafts_of_the_text_that_was_replaced_are_outdated_and_others_no_longer():
    article, moderator = make_pair()
    waiting = submitted(article, "patient", memory="Memory settles slowly [00:08:44].")
    first, second = replaced(article, moderator)
    draft = workflow.start_draft(article, edited(second), by=make_user("late"), base=second)

    workflow.revert(first, by=moderator, reason="It was right.")

    waiting, draft = (Revision.objects.select_related("article").get(pk=row.pk) for row in (waiting, draft))
    assert (waiting.is_outdated, draft.is_outdated) == (False, True)
    assert Notice.objects.filter(kind="behind", revision=draft).count() == 1
    workflow.rebase(draft, by=draft.author)
    workflow.publish(workflow.approve(waiting, by=moderator), by=moderator)
    assert audit_log.verify(Article.objects.get()) is None


def test_one_can_revert_back_and_forth_with_another_address():
    article, moderator = make_pair()
    base = article.published_revision
    content = edited(base)
    draft = workflow.start_draft(
        article, type(content)(**{**content.__dict__, "slug": "slumber"}), by=make_user("mover"), base=base
    )
    workflow.publish(workflow.approve(workflow.submit(draft, by=draft.author), by=moderator), by=moderator)
    moved = Revision.objects.get(number=2)

    for revision, slug in ((base, "sleep"), (moved, "slumber"), (base, "sleep")):
        workflow.revert(Revision.objects.get(pk=revision.pk), by=moderator, reason="Again.")
        assert Article.objects.get().slug == slug

    assert audit_log.verify(Article.objects.get()) is None
    assert len(periods_of(Article.objects.get())) == 5


# Who and when ----------------------------------------------------------------------------------------


def refused(revision, by, match, error=workflow.InvalidTransition, **values):
    before = Article.objects.get(pk=revision.article_id).published_revision_id
    with pytest.raises(error, match=match):
        workflow.revert(
            Revision.objects.select_related("article").get(pk=revision.pk), by=by, **{"reason": "x", **values}
        )
    assert Article.objects.get(pk=revision.article_id).published_revision_id == before
    assert not LogEntry.objects.filter(action="reverted").exists()


def test_whoever_wrote_any_of_the_text_that_comes_back_cannot_bring_it_back():
    article, moderator = make_pair()
    writer = make_moderator("writing-moderator")
    own = workflow.start_draft(
        article,
        edited(article.published_revision, waste="Mine [00:06:31]."),
        by=writer,
        base=article.published_revision,
    )
    workflow.publish(workflow.approve(workflow.submit(own, by=writer), by=moderator), by=moderator)
    article.refresh_from_db()
    replaced(article, moderator, "second", "Mine, and more [00:06:31].")
    built, _ = replaced(article, moderator, "third", "Something else [00:06:31].")
    message = "You wrote part of the text that would come back"

    refused(own, writer, message, workflow.NotAllowed)
    refused(built, writer, message, workflow.NotAllowed)  # somebody else's change of their text

    with override_settings(FOUR_EYES=False):
        workflow.revert(built, by=writer, reason="Alone here.")


def test_two_accounts_of_one_person_are_one():
    article, moderator = make_pair()
    first, _ = replaced(article, moderator)
    admin = make_user("admin", groups=("Administrators",))
    workflow.issue_password(first.author, by=admin)

    refused(first, admin, "set the password of", workflow.NotAllowed)


def test_editors_cannot_and_a_protected_article_is_for_those_who_may():
    article, moderator = make_pair()
    first, _ = replaced(article, moderator)

    refused(first, make_user("someone"), "isn’t allowed to review revisions", workflow.NotAllowed)
    workflow.protect(article, by=moderator, reason="Disputed.")
    workflow.revert(Revision.objects.select_related("article").get(pk=first.pk), by=moderator, reason="They may.")


def test_a_reason_is_needed_and_only_what_was_seen_is_replaced():
    article, moderator = make_pair()
    first, second = replaced(article, moderator)
    third = replaced(article, moderator, "third", "Third [00:06:31].")[1]

    refused(first, moderator, "Give a reason", reason="  ")
    refused(first, moderator, "What is published has changed", seen=second.pk)
    refused(third, moderator, "This revision is published already")
    workflow.unpublish(article, by=moderator, reason="x")
    refused(first, moderator, "This article isn’t public")


def test_only_what_was_reviewed_and_public_comes_back():
    article, moderator = make_pair()
    root = make_user("root", is_superuser=True)
    never = submitted(article, "never", memory="Never public [00:08:44].")
    alone = workflow.start_draft(
        article,
        edited(article.published_revision, waste="Alone [00:06:31]."),
        by=root,
        base=article.published_revision,
    )
    workflow.submit(alone, by=root)
    workflow.publish(workflow.approve(alone, by=root, override_reason="Nobody else is here."), by=root)
    article.refresh_from_db()
    replaced(article, moderator, "next", "Next [00:06:31].")

    refused(never, moderator, "Only a text that was approved and public before")
    refused(alone, moderator, "Nobody but its writers has approved")
    workflow.confirm(Revision.objects.get(pk=alone.pk), by=moderator)
    workflow.revert(Revision.objects.select_related("article").get(pk=alone.pk), by=moderator, reason="Confirmed now.")
    assert [str(found) for found in integrity.check(Article.objects.all())] == []


def test_what_was_approved_by_its_author_without_the_rule_does_not_come_back_with_it():
    article, _ = make_pair()
    writer, moderator = make_moderator("alone"), make_moderator("later")
    with override_settings(FOUR_EYES=False):
        own = workflow.start_draft(
            article,
            edited(article.published_revision, waste="Own [00:06:31]."),
            by=writer,
            base=article.published_revision,
        )
        workflow.publish(workflow.approve(workflow.submit(own, by=writer), by=writer), by=writer)
    article.refresh_from_db()
    replaced(article, moderator)

    refused(own, moderator, "Nobody but its writers has approved")


def test_an_imported_or_erased_text_does_not_come_back():
    article, moderator = make_pair()
    first, _ = replaced(article, moderator)
    workflow.erase(first, by=make_user("root", is_superuser=True), reason="A court says so.")

    refused(first, moderator, "was erased")


def test_a_text_whose_recording_has_changed_does_not_come_back():
    article, moderator = make_pair()
    first, _ = replaced(article, moderator)
    episode = first.source_set.get().episode
    reading = Reading((Cue(391.0, 399.0, "", "other words"),), (), "vtt")
    workflow.replace_transcript(episode, reading, by=moderator, at_once=True)

    refused(first, moderator, "Changed after the approval: “On sleep”")


def test_what_only_an_override_approved_again_does_not_come_back():
    article, moderator = make_pair()
    first, _ = replaced(article, moderator)
    Revision.objects.filter(pk=first.pk).update(needs_second_review=True)

    refused(first, moderator, "Nobody but its writers has approved")


def test_what_was_replaced_is_not_published_again_without_a_reason():
    article, moderator = make_pair()
    first, second = replaced(article, moderator)
    workflow.revert(first, by=moderator, reason="It was right.")
    second = Revision.objects.select_related("article").get(pk=second.pk)

    with pytest.raises(workflow.InvalidTransition, match="was public before and has been replaced"):
        workflow.publish(second, by=moderator)
    with pytest.raises(workflow.InvalidTransition, match="was public before and has been replaced"):
        workflow.schedule(second, by=moderator, publish_at=timezone.now() + timedelta(hours=1))

    assert Article.objects.get().published_revision == first


def test_the_record_notices_a_revert_to_what_was_never_public():
    draft = make_draft()
    article = draft.article
    entry = LogEntry(article=article, revision=draft, action="reverted", by_name="x", number=9)

    assert contradiction(article, [draft], [entry]) == (
        "revision 1",
        "it came back, but it was never public before",
    )
