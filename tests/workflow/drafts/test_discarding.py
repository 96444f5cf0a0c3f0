"""Discarding a draft: who can, what of it stays on record, and how it comes back."""

import pytest
from django.db import IntegrityError, transaction

from articles import workflow
from articles.models import Article, LogEntry, Notice, Revision, RowRecord
from articles.workflow.collaboration import sharing
from articles.workflow.content import content_of
from articles.workflow.drafts import discarding
from articles.workflow.history import audit_log
from tests.support.factories import make_content, make_draft, make_moderator, make_published, make_user
from tests.workflow.history.test_chain import sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_user()


def discard(draft, by, **given):
    return workflow.discard(draft, by=by, version=draft.version, **given)


def test_the_only_draft_of_an_article_takes_it_out_of_the_lists_and_gives_its_slug_back(editor):
    draft = discard(make_draft("naps", by=editor), editor)

    article = Article.objects.get()
    assert (draft.status, article.slug) == ("discarded", f"discarded-{article.pk}")
    assert list(Article.objects.kept()) == []
    assert list(Article.objects.discarded()) == [article]
    assert make_draft("naps", by=editor).article.slug == "naps"
    assert list(Article.objects.discarded()) == [article]
    entry = LogEntry.objects.get(article=article, action="discarded")
    assert (entry.by, entry.revision, entry.note) == (editor, draft, "")
    assert audit_log.verify(article) is None


def test_it_is_restored_as_a_draft_with_its_slug(editor):
    discarded = discard(make_draft("naps", by=editor, title="Naps"), editor)

    draft = workflow.restore(discarded, by=editor, edit_summary="Restores it.")

    assert (draft.number, draft.title, draft.article.slug, draft.base) == (2, "Naps", "naps", discarded)
    assert list(Article.objects.kept()) == [draft.article]
    assert audit_log.verify(draft.article) is None
    assert workflow.submit(draft, by=editor).status == "submitted"


def test_it_is_restored_under_a_numbered_slug_if_another_article_has_taken_it(editor):
    discarded = discard(make_draft("naps", by=editor), editor)
    make_draft("naps", by=editor)

    draft = workflow.restore(discarded, by=editor, edit_summary="")

    assert (draft.slug, draft.article.slug) == ("naps-2", "naps-2")


def test_an_earlier_version_of_it_can_be_restored(editor):
    draft = make_draft("naps", by=editor, lead="First.")
    draft = workflow.save_draft(draft, make_content("naps", lead="Second."), by=editor, version=draft.version)
    discarded = discard(draft, editor)
    make_draft("naps", by=editor)

    version = discarded.draftversion_set.get(number=1)
    draft, _ = workflow.restore_version(version, by=editor, loaded=None)

    assert (draft.lead, draft.slug) == ("First.", "naps-2")


def test_a_published_text_and_other_drafts_stay_as_they_are(editor):
    article = make_published("naps", by=editor)
    published = article.published_revision
    other = workflow.start_draft(article, content_of(published), by=make_user("other"), base=published)
    draft = workflow.start_draft(article, content_of(published), by=editor, base=published)

    discard(draft, editor)

    article.refresh_from_db()
    other.refresh_from_db()
    assert (article.slug, article.published_revision, other.status) == ("naps", published, "draft")
    assert list(Article.objects.kept()) == [article]
    assert workflow.start_draft(article, content_of(published), by=editor, base=published).is_draft


def test_whoever_shares_another_article_text_keeps_it(editor):
    draft = make_draft("naps", by=editor)
    workflow.submit(draft, by=editor)
    workflow.withdraw(draft, by=editor)
    again = workflow.start_draft(draft.article, content_of(draft), by=editor, base=draft)
    assert not discarding.is_last(again)

    discard(again, editor)

    assert Article.objects.kept().get().slug == "naps"


def test_a_moderator_gives_a_reason_that_the_author_gets(editor):
    draft, moderator = make_draft("naps", by=editor, title="Naps"), make_moderator()
    with pytest.raises(workflow.InvalidTransition, match="Give the author a reason"):
        discard(draft, moderator)

    discard(draft, moderator, reason="Nobody works on it.")

    assert LogEntry.objects.get(action="discarded").note == "Nobody works on it."
    notice = Notice.objects.get()
    assert (notice.user, notice.kind) == (editor, "decided")
    assert notice.text == "moderator discarded your draft of “Naps” (revision 1): Nobody works on it."


def test_other_editors_cannot(editor):
    with pytest.raises(workflow.NotAllowed, match="Only the author of a draft and moderators"):
        discard(make_draft(by=editor), make_user("other"))


def test_what_was_saved_since_is_not_discarded(editor):
    draft = make_draft("naps", by=editor)
    seen = draft.version
    draft = workflow.save_draft(draft, make_content("naps", lead="New."), by=make_user("other"), version=seen)

    with pytest.raises(workflow.InvalidTransition, match=r"other saved this draft at .*Read it, then decide again"):
        workflow.discard(draft, by=editor, version=seen)
    assert Revision.objects.get().is_draft


def test_a_text_in_review_is_not_discarded(editor):
    draft = make_draft(by=editor)
    workflow.submit(draft, by=editor)

    with pytest.raises(workflow.InvalidTransition, match="Revision 1 was submitted for review"):
        discard(draft, editor)


def test_links_that_share_it_stop_working(editor):
    draft = make_draft(by=editor)
    link, _ = workflow.share(draft, by=editor, days=1)

    discard(draft, editor)

    link.refresh_from_db()
    assert not sharing.works(link)


def test_nothing_of_it_can_be_changed_or_deleted(editor):
    draft = discard(make_draft(by=editor), editor)

    with pytest.raises(workflow.InvalidTransition, match="Revision 1 was discarded"):
        workflow.save_draft(draft, make_content(lead="Changed."), by=editor, version=draft.version)
    for statement in (
        "UPDATE articles_revision SET lead = 'x'",
        "UPDATE articles_revision SET status = 'draft'",
        "UPDATE articles_section SET body = 'x'",
        "DELETE FROM articles_section",
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            sql(statement)


def test_a_discarded_text_without_digest_or_log_entry_is_noticed(editor):
    article = discard(make_draft(by=editor), editor).article
    other = make_draft("other", by=editor).article
    sql("UPDATE articles_revision SET status = 'discarded' WHERE article_id = %s", other.pk)

    assert str(audit_log.verify(other)) == "other: revision 1: it was discarded but has no digest"
    assert audit_log.verify(article) is None
    assert RowRecord.objects.exists()


def test_it_can_be_erased(editor):
    draft = discard(make_draft(by=editor, title="Secret", lead="A secret."), editor)

    workflow.erase(draft, by=make_user("root", is_superuser=True), reason="A court says so.")

    draft.refresh_from_db()
    assert (draft.title, draft.lead, draft.draftversion_set.count()) == ("Erased", "", 0)
    assert audit_log.verify(draft.article) is None
    with pytest.raises(workflow.InvalidTransition, match="was erased"):
        workflow.restore(draft, by=editor, edit_summary="")
