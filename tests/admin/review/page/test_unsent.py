"""What is chosen on a review page but not sent stays when another of its buttons is pressed, without scripts too."""

from datetime import date

import pytest
from django.urls import reverse

from articles import workflow
from articles.workflow.collaboration import priorities
from articles.workflow.recordings import review_digest
from tests.support.clients import logged_in
from tests.support.factories import make_draft, make_episode
from tests.support.scenarios.reviewing import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision(editor):
    return workflow.submit(make_draft(by=editor, episode=make_episode()), by=editor)


def press(client, revision, name, **fields):
    sent = {"revision": revision.pk, "back": page_of(revision), **fields}
    return client.post(reverse(f"admin:articles_revision_{name}", args=[revision.pk]), sent)


def fields_of(page):
    """The due date and urgency that the page offers, and whether their panel is open."""
    panel = page.text.split('<details class="dropdown-form" data-panel')[1].split("</details>")[0]
    due_on = panel.split('id="priority-due_on"')[0].rpartition("<input")[2]
    urgency = panel.split('name="is_urgent"')[1].split(">")[0]
    return due_on.partition('value="')[2].partition('"')[0], "checked" in urgency, panel.startswith(" open")


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"due_on": "2031-05-04"}, ("2031-05-04", False, True)),
        ({"due_on": "2031-05-04", "is_urgent": "on"}, ("2031-05-04", True, True)),
        ({"due_on": "soon"}, ("soon", False, True)),
        ({"due_on": ""}, ("", False, False)),
    ],
)
def test_a_due_date_that_is_not_saved_stays(revision, moderator, chosen, expected):
    client = logged_in(moderator)

    press(client, revision, "comment", **{"text:": "Who says so?", "place": ""}, **chosen)

    assert fields_of(client.get(page_of(revision))) == expected


def test_one_that_would_be_removed_stays_removed(revision, moderator):
    client = logged_in(moderator)
    press(client, revision, "set_priority", due_on="2031-05-04", is_urgent="on")

    press(client, revision, "acquire_lock", due_on="")

    assert fields_of(client.get(page_of(revision))) == ("", False, True)


def test_a_saved_due_date_is_no_longer_unsent(revision, moderator):
    client = logged_in(moderator)

    press(client, revision, "set_priority", due_on="2031-05-04")
    priorities.set_priority(revision, by=moderator, due_on=date(2032, 1, 2), is_urgent=True)

    assert fields_of(client.get(page_of(revision))) == ("2032-01-02", True, False)


def test_the_section_that_a_sent_comment_was_about_is_not_kept_for_the_next_one(revision, moderator):
    client = logged_in(moderator)
    about = f"section:{revision.section_set.first().key}"

    press(client, revision, "comment", **{"text:": "Who says so?", "place": "", "about": about})

    assert revision.comment_set.get().section_key == revision.section_set.first().key
    choice = client.get(page_of(revision)).text.split('id="new-comment-place"')[1].split("</select>")[0]
    assert " selected" not in choice


@pytest.mark.parametrize(
    ("typed", "is_refused"),
    [
        ({"text:": "Who says so?"}, True),
        ({"quote:": "A lead", "replacement:": "One lead"}, True),
        ({"quote:": "A lead", "delete:": "1", "replacement:": ""}, True),
        ({"quote:": "A lead", "replacement:": "A lead"}, False),
    ],
)
def test_no_decision_drops_a_comment_or_suggested_edit_that_is_not_sent(revision, moderator, typed, is_refused):
    client = logged_in(moderator)
    digest = review_digest(revision)

    answer = press(client, revision, "decide", act="approve", digest=digest, **typed)

    revision.refresh_from_db()
    assert (answer.status_code, revision.status) == ((400, "submitted") if is_refused else (302, "approved"))
    assert ("A comment isn’t sent yet. Add it or clear it first." in answer.text) == is_refused
