"""Submitting a revision and deciding about it: who can, and what is recorded."""

import pytest

from articles import workflow
from articles.models import LogEntry, Revision
from articles.workflow.content import SectionContent, content_of
from tests.support.factories import make_content, make_draft, make_moderator, make_user, publish_by_workflow

pytestmark = pytest.mark.django_db

Status = Revision.Status


def test_submit_lists_what_is_missing():
    draft = make_draft(title=" ", lead="", sections=(SectionContent(""), SectionContent("Named")))

    with pytest.raises(workflow.NotReady) as caught:
        workflow.submit(draft, by=draft.author)

    assert caught.value.missing == [
        "Give the article a title.",
        "Write some text: the lead and all sections are empty.",
        "Give section 1 a heading, or merge it into the section above.",
    ]
    assert Revision.objects.get().status == Status.DRAFT


def test_submit_requires_a_summary_for_a_change_to_a_published_text():
    article = publish_by_workflow()
    base = article.published_revision
    draft = workflow.start_draft(article, make_content(), by=base.author, base=base)

    with pytest.raises(workflow.NotReady, match="Describe your changes in the edit summary"):
        workflow.submit(draft, by=draft.author)


def test_submit_twice_happens_once():
    draft = make_draft()
    workflow.submit(draft, by=draft.author)

    with pytest.raises(workflow.InvalidTransition, match=r"was submitted for review \(editor, "):
        workflow.submit(Revision.objects.get(), by=draft.author)

    assert LogEntry.objects.filter(action="submitted").count() == 1


@pytest.mark.parametrize("is_superuser", [False, True])
def test_contributors_cannot_approve(is_superuser):
    draft = make_draft()
    writer = make_user("writer", groups=("Editors", "Moderators"), is_superuser=is_superuser)
    workflow.save_draft(draft, make_content(title="A letter more"), by=writer, version=1)
    workflow.submit(draft, by=draft.author)

    with pytest.raises(workflow.NotAllowed, match="You contributed to this revision"):
        workflow.approve(draft, by=writer)

    assert Revision.objects.get().status == Status.SUBMITTED


def test_contributors_to_a_returned_text_cannot_approve_its_successor():
    writer = make_user("writer", groups=("Editors", "Moderators"))
    sent_back = make_draft(by=writer)
    workflow.submit(sent_back, by=writer)
    workflow.request_changes(sent_back, by=make_moderator(), comment="Cite it.")
    second = make_user("second")
    draft = workflow.start_draft(sent_back.article, content_of(sent_back), by=second, base=sent_back)
    workflow.submit(draft, by=second)

    with pytest.raises(workflow.NotAllowed):
        workflow.approve(draft, by=writer)


def test_the_author_of_the_published_text_may_approve_a_change_to_it():
    writer = make_user("writer", groups=("Editors", "Moderators"))
    article = publish_by_workflow(by=writer)
    second = make_user("second")
    draft = workflow.start_draft(
        article, make_content(edit_summary="Shorter."), by=second, base=article.published_revision
    )
    workflow.submit(draft, by=second)

    workflow.approve(draft, by=writer)

    assert Revision.objects.get(pk=draft.pk).status == Status.APPROVED


@pytest.mark.parametrize("decide", [workflow.request_changes, workflow.reject])
def test_requesting_changes_and_rejecting_need_a_reason(decide):
    draft = make_draft()
    workflow.submit(draft, by=draft.author)

    with pytest.raises(
        workflow.InvalidTransition, match=r"Tell the author what to change\.|Give the author a reason\."
    ):
        decide(draft, by=make_moderator(), comment="  ")


@pytest.mark.parametrize(
    ("decide", "status"),
    [
        (workflow.approve, Status.APPROVED),
        (workflow.request_changes, Status.CHANGES_REQUESTED),
        (workflow.reject, Status.REJECTED),
    ],
)
def test_a_decision_is_recorded_as_a_review(decide, status):
    draft = make_draft()
    workflow.submit(draft, by=draft.author)

    decide(draft, by=make_moderator(), comment="Listened to it.")

    review = draft.review_set.get()
    assert (review.decision, review.by_name, review.comment) == (status, "moderator", "Listened to it.")
    assert Revision.objects.get().status == status


def test_a_second_decision_is_refused_and_names_the_first():
    draft = make_draft()
    workflow.submit(draft, by=draft.author)
    workflow.reject(draft, by=make_moderator(), comment="Not said there.")

    with pytest.raises(workflow.InvalidTransition, match=r"Revision 1 was rejected \(moderator, "):
        workflow.approve(draft, by=make_moderator("second"))

    assert draft.review_set.count() == 1


def test_only_contributors_can_withdraw():
    draft = make_draft()
    workflow.submit(draft, by=draft.author)

    with pytest.raises(workflow.NotAllowed, match="Only people who contributed to this revision"):
        workflow.withdraw(draft, by=make_user("second"))
    workflow.withdraw(draft, by=draft.author)

    assert Revision.objects.get().status == Status.WITHDRAWN


@pytest.mark.parametrize(
    ("transition", "needs"),
    [
        (lambda d, u: workflow.approve(d, by=u), "review revisions"),
        (lambda d, u: workflow.request_changes(d, by=u, comment="x"), "review revisions"),
        (lambda d, u: workflow.reject(d, by=u, comment="x"), "review revisions"),
        (lambda d, u: workflow.publish(d, by=u), "publish"),
        (lambda d, u: workflow.publish_received(d, by=u), "publish imported texts"),
        (lambda d, u: workflow.unpublish(d.article, by=u, reason="x"), "unpublish articles"),
    ],
)
def test_an_editor_decides_nothing(transition, needs):
    draft = make_draft()
    workflow.submit(draft, by=draft.author)

    with pytest.raises(workflow.NotAllowed, match=f"second isn’t allowed to {needs}"):
        transition(draft, make_user("second"))

    assert Revision.objects.get().status == Status.SUBMITTED


def test_an_inactive_account_does_nothing():
    draft = make_draft()
    draft.author.is_active = False
    draft.author.save()

    with pytest.raises(workflow.NotAllowed):
        workflow.submit(draft, by=draft.author)
