"""An approved revision whose recording has changed: who can approve it again, and what the page says to the others."""

import html

import pytest

from articles import workflow
from articles.admin.review.actions.available import AvailableActions
from articles.models import Article, Episode, Revision
from articles.workflow.recordings import review_digest
from tests.support.clients import logged_in, messages_of
from tests.support.factories import make_draft, make_episode, make_moderator, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_moderator()


def approved_with_a_changed_recording(author, moderator):
    draft = make_draft(by=author, episode=make_episode())
    workflow.approve(workflow.submit(draft, by=author), by=moderator)
    episode = Episode.objects.get()
    episode.title = "Renamed"
    workflow.save_episode(episode, ["title"], by=moderator)
    return Revision.objects.get(pk=draft.pk)


@pytest.mark.parametrize(
    ("who", "note", "buttons", "has_override"),
    [
        ("moderator", "Approve it again to publish it.", ["approve_again"], False),
        ("author", "another moderator has to approve it again. If there is none, ask an administrator", [], False),
        ("alone", "If nobody else can, use “Override”.", [], True),
        ("editor", "It is published once a moderator has approved it again.", [], False),
    ],
)
def test_the_page_says_who_can_approve_again(who, note, buttons, has_override, moderator):
    author = {"author": lambda: make_moderator("author"), "alone": lambda: make_user("alone", is_superuser=True)}
    author = author.get(who, make_user)()
    revision = approved_with_a_changed_recording(author, moderator)

    user = {"moderator": moderator, "editor": author}.get(who, author)
    available = AvailableActions(revision, user)

    assert [action.name for action in available.buttons] == buttons
    assert (available.override is not None) is has_override
    assert available.notes[0] == "A recording that this cites has changed since the approval."
    assert note in available.notes[1]
    assert note in html.unescape(logged_in(user).get(revision.get_absolute_url()).text)


def test_somebody_alone_publishes_with_a_reason_that_everyone_sees(moderator):
    alone = make_user("alone", is_superuser=True)
    revision = approved_with_a_changed_recording(alone, moderator)
    client, address = logged_in(alone), f"/admin/articles/revision/{revision.pk}/decide/"
    values = {"act": "override", "digest": review_digest(revision)}

    refused = client.post(address, values)
    done = client.post(address, values | {"reason": "Nobody else is here."}, follow=True)

    assert "Give a reason for publishing without a second review." in refused.text
    assert "Published without a second review" in messages_of(done)[0]
    assert Article.objects.get().published_revision == revision
    assert Revision.objects.get(pk=revision.pk).needs_second_review
