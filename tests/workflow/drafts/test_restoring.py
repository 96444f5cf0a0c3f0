"""Restoring an older text: who can then review it, and what an erasure in between leaves of it."""

import pytest

from articles import workflow
from articles.models import Revision
from articles.workflow.content import content_of
from tests.support.factories import make_change, make_draft, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_moderator()


@pytest.fixture
def restorer():
    return make_user("restorer")


def replaced_by(article, moderator, **changes):
    """Publish a change of `article` by somebody else, and return the revision that was public before."""
    before = article.published_revision
    revision = make_change(article, by=make_user("successor"), **changes)
    workflow.publish(workflow.approve(revision, by=moderator), by=moderator)
    article.refresh_from_db()
    return before


def restored(base, by):
    draft = workflow.restore(base, by=by, edit_summary="Restores an earlier text.")
    return workflow.submit(draft, by=by)


def published_alone(by):
    draft = make_draft(by=by)
    workflow.submit(draft, by=by)
    workflow.approve(draft, by=by, override_reason="Nobody else is here.")
    return workflow.publish(draft, by=by).article


def test_whoever_wrote_a_text_that_nobody_reviewed_does_not_approve_it_once_it_is_restored(root, moderator, restorer):
    base = replaced_by(published_alone(root), moderator, lead="Quite another lead.")
    draft = restored(base, restorer)

    with pytest.raises(workflow.NotAllowed, match="You contributed to this revision"):
        workflow.approve(draft, by=root)
    workflow.approve(draft, by=moderator)


def test_nor_after_it_was_unpublished(root, moderator, restorer):
    article = published_alone(root)
    workflow.unpublish(article, by=moderator, reason="Wrong.")
    draft = restored(Revision.objects.get(pk=article.revision_set.get().pk), restorer)

    with pytest.raises(workflow.NotAllowed, match="You contributed to this revision"):
        workflow.approve(draft, by=root)


def test_whoever_wrote_a_text_that_was_reviewed_may_approve_its_restoration(moderator, restorer):
    author = make_moderator("author")
    base = replaced_by(make_published(by=author, moderator=moderator), moderator, lead="Quite another lead.")

    workflow.approve(restored(base, restorer), by=author)


def test_an_erased_text_is_not_restored_although_the_page_was_opened_before(moderator, restorer):
    admin = make_user("chief", groups=("Administrators",))
    base = replaced_by(make_published(by=make_user(), moderator=moderator), moderator, lead="Quite another lead.")
    opened = Revision.objects.select_related("article").get(pk=base.pk)
    workflow.erase(base, by=admin, reason="A court order.")

    with pytest.raises(workflow.InvalidTransition, match="erased"):
        workflow.restore(opened, by=restorer, edit_summary="Restores it.")


def test_a_draft_does_not_start_from_a_text_that_was_erased_meanwhile(moderator, restorer):
    admin = make_user("chief", groups=("Administrators",))
    base = replaced_by(make_published(by=make_user(), moderator=moderator), moderator, lead="Quite another lead.")
    content = content_of(base)
    workflow.erase(base, by=admin, reason="A court order.")

    with pytest.raises(workflow.InvalidTransition, match="erased"):
        workflow.start_draft(base.article, content, by=restorer, base=base)


def test_a_version_that_was_deleted_meanwhile_is_not_restored():
    author = make_user()
    draft = make_draft(by=author)
    version = draft.draftversion_set.first()
    draft.draftversion_set.all().delete()

    with pytest.raises(workflow.InvalidTransition, match="deleted in the meantime"):
        workflow.restore_version(version, by=author, loaded=draft.version)
