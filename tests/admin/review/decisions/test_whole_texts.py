"""Reviewing, after publication, what was imported and published without a review."""

import pytest

from articles import workflow
from articles.models import ApprovalRule, Review, Revision
from articles.workflow.content import SectionContent
from tests.support.clients import logged_in, messages_of
from tests.support.factories import make_change, make_content, make_episode, make_moderator, make_published
from tests.support.scenarios.reviewing import acts_of, decide, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(moderator):
    return logged_in(moderator)


@pytest.fixture
def imported(root):
    sections = (SectionContent("Waste", "It takes five hours. The brain is *cleaned* [00:06:31]."),)
    content = make_content("naps", lead="What a nap does.", sections=sections, episode=make_episode("on-naps"))
    draft = workflow.create_article(content, by=root, received_digest="a" * 64)
    workflow.publish_received(draft, by=root)
    return Revision.objects.get()


def unreviewed_in(response):
    """The part of the page that shows what nobody has reviewed, or None."""
    _, _, rest = " ".join(response.text.split()).partition("<section data-unreviewed ")
    return rest.partition("</section>")[0] or None


def test_a_moderator_sees_and_approves_what_was_imported_without_a_review(imported, desk):
    response = desk.get(page_of(imported))

    shown = unreviewed_in(response)
    assert "What a nap does." in shown
    assert '<h3 dir="auto">Waste</h3>' in shown
    assert "It takes five hours. The brain is cleaned" in shown
    assert acts_of(response)[0] == "review_whole"
    assert "Some of this text was published without a review." in response.text

    answer = decide(desk, imported, "review_whole")

    assert answer.headers["Location"] == page_of(imported)
    response = desk.get(page_of(imported))
    assert "Reviewed as a whole: “Sleep”, revision 1." in messages_of(response)
    assert unreviewed_in(response) is None
    assert "review_whole" not in acts_of(response)
    assert Review.objects.get(revision=imported).decision == "reviewed"


def test_the_head_of_a_published_text_does_not_count_the_approvals_of_what_is_unreviewed(imported, desk):
    workflow.save_approval_rule(ApprovalRule(show=imported.source_set.get().episode.show))

    response = desk.get(page_of(imported))

    assert "Approve unreviewed text (1 of 2)" in response.text
    assert "0 of 2 approvals</span>" not in response.text


def test_only_what_is_left_of_an_imported_text_is_shown(imported, editor, moderator, desk):
    change = make_change(imported.article, by=editor, lead="What a short nap does.")
    workflow.approve(change, by=moderator)
    workflow.publish(change, by=moderator)

    shown = unreviewed_in(desk.get(page_of(change)))

    assert "nap does" not in shown
    assert "It takes five hours." in shown
    assert unreviewed_in(desk.get(page_of(imported))) is None  # it is no longer public
    assert "has changed since you opened the page" in decide(desk, imported, "review_whole").text


def test_who_imported_a_text_cannot_review_it(imported, root):
    client = logged_in(root)
    response = client.get(page_of(imported))

    assert "You wrote some of the text that nobody has reviewed" in response.text
    assert "review_whole" not in acts_of(response)
    assert decide(client, imported, "review_whole").status_code == 403


def test_of_two_approvals_none_is_offered_to_who_wrote_another_part(imported, moderator, desk):
    second = make_moderator("second")
    change = make_change(imported.article, by=second, lead="What a short nap does.", notice="health")
    workflow.publish(workflow.approve(change, by=moderator), by=moderator)
    workflow.save_approval_rule(ApprovalRule(notice="health"))
    client = logged_in(second)

    response = client.get(page_of(change))

    assert "You contributed to this revision, so someone else has to approve it." in response.text
    assert "Check it, and approve it" not in response.text
    assert "review_whole" not in acts_of(response)
    assert decide(client, change, "review_whole").status_code == 403
    assert "review_whole" in acts_of(desk.get(page_of(change)))


def test_editors_are_not_asked_to_review_an_imported_text(imported, editor):
    response = logged_in(editor).get(page_of(imported))

    assert "Some of this text was published without a review." not in response.text
    assert acts_of(response) == []


def test_the_list_of_articles_finds_what_was_not_reviewed_as_a_whole(imported, editor, moderator, desk):
    make_published("ropes", by=editor, moderator=moderator)

    def listed():
        response = desk.get("/admin/articles/article/?state=unreviewed")
        return [article.slug for article in response.context["cl"].result_list]

    assert listed() == ["naps"]
    change = make_change(imported.article, by=editor, lead="What a short nap does.")
    workflow.approve(change, by=moderator)
    workflow.publish(change, by=moderator)
    assert listed() == ["naps"]

    workflow.review_whole(change, by=moderator)

    assert listed() == []
