"""Accepting, rejecting and withdrawing changes of recordings that wait."""

from itertools import permutations

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from articles import workflow
from articles.core.recordings import state
from articles.models import Article, Episode, LogEntry, Show
from articles.workflow.history import audit_log, verification
from articles.workflow.recordings import decisions
from tests.support.factories import make_user
from tests.workflow.recordings.waiting.writers import (
    WORDS,
    WRITERS,
    cite,
    correct_words,
    fresh,
    import_words,
    notified_of,
    remove_words,
    replace_words,
    seen_state,
    set_stretches,
    set_title,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("citing", ["submitted", "approved", "scheduled", "published", "unpublished"], indirect=True)
@pytest.mark.parametrize("writer", WRITERS)
def test_an_accepted_change_is_as_if_it_had_been_made(writer, citing, revision, episode, second, other):
    row = WRITERS[writer](episode, other)

    decisions.accept(row, by=second, comment="Right.")

    row.refresh_from_db()
    assert (row.outcome, row.decided_by, row.comment, row.cues) == ("applied", second, "Right.", None)
    stored = seen_state(episode)
    assert state.digest(stored) == fresh(episode).recording_digest
    if writer != "save_show":
        assert row.after_digest == fresh(episode).recording_digest
    entry = LogEntry.objects.filter(article=revision.article).order_by("number").last()
    assert (entry.action, entry.by) == ("recording_changed", second)
    assert entry.recordings == [[episode.pk, fresh(episode).recording_digest]]
    assert notified_of(other) == [row]
    assert audit_log.verify(Article.objects.get(pk=revision.article_id)) is None
    assert list(verification.recordings.contradictions()) == []


def test_whoever_proposed_it_cannot_accept_it(episode, moderator, second):
    cite(episode, second, moderator, "published")
    row = set_title(episode, second)

    with pytest.raises(workflow.NotAllowed, match="someone else has to accept it"):
        decisions.accept(row, by=second, comment="Mine.")
    with pytest.raises(workflow.NotAllowed):
        decisions.accept(row, by=make_user("third"))


def test_an_override_needs_a_reason(episode, moderator):
    root = make_user("root", is_superuser=True)
    cite(episode, root, moderator, "published")
    row = set_title(episode, root)
    assert row.is_waiting

    with pytest.raises(workflow.InvalidTransition, match="Give a reason for accepting your own change"):
        decisions.accept(row, by=root)
    decisions.accept(row, by=root, comment="Nobody else is here.")

    assert fresh(episode).title == "Another title"


@pytest.mark.parametrize("citing", ["published"], indirect=True)
@pytest.mark.parametrize("writer", WRITERS)
def test_a_change_is_refused_if_the_recording_has_changed_since(writer, revision, episode, second, other):
    row = WRITERS[writer](episode, other)
    again = {"save_stretches": set_stretches, "replace_transcript": remove_words}.get(writer, WRITERS[writer])
    again(episode, second)
    before = seen_state(episode)

    with pytest.raises(workflow.InvalidTransition, match="Changed since this was proposed"):
        decisions.accept(row, by=second)

    row.refresh_from_db()
    assert (row.outcome, seen_state(episode)) == ("waiting", before)


@pytest.mark.parametrize("citing", ["published"], indirect=True)
@pytest.mark.parametrize("writers", [*permutations(WRITERS, 2)], ids="-".join)
def test_changes_of_different_parts_can_both_be_accepted(writers, revision, episode, second, other):
    changes = [WRITERS[writer](episode, other) for writer in writers]
    decisions.accept(changes[0], by=second)
    try:
        decisions.accept(changes[1], by=second)
    except workflow.InvalidTransition as refusal:
        assert "Changed since this was proposed" in str(refusal)  # noqa: PT017  (most pairs are accepted, not all)
        first, last = ({name.replace("cue", "transcript") for name in change.after} for change in changes)
        assert first & last

    assert audit_log.verify(Article.objects.get(pk=revision.article_id)) is None
    assert list(verification.recordings.contradictions()) == []
    assert state.digest(seen_state(episode)) == fresh(episode).recording_digest


@pytest.mark.parametrize("citing", ["published"], indirect=True)
@pytest.mark.parametrize(("column", "value"), [("title", "Lies"), ("handle", "lies"), ("url", "https://lies.example/")])
def test_an_episode_moves_only_to_the_show_that_the_reviewer_saw(column, value, revision, episode, moderator, other):
    """A show without cited episodes changes at once, also while a move to it waits."""
    show, moved = Show.objects.create(handle="truths", title="Truths"), fresh(episode)
    moved.show = show
    row = workflow.save_episode(moved, ["show"], by=other)
    setattr(show, column, value)
    workflow.save_show(show, [column], by=other)
    before = seen_state(episode)

    with pytest.raises(workflow.InvalidTransition, match="show that the episode was to move to"):
        decisions.accept(row, by=moderator)

    assert seen_state(episode) == before


@pytest.mark.parametrize("citing", ["published"], indirect=True)
def test_a_rejected_and_a_withdrawn_change_change_nothing(revision, episode, author, moderator, other):
    before = seen_state(episode)
    rejected, withdrawn = set_title(episode, other), replace_words(episode, other)

    with pytest.raises(workflow.InvalidTransition, match="Say why"):
        decisions.reject(rejected, by=moderator, comment=" ")
    decisions.reject(rejected, by=moderator, comment="No.")
    with pytest.raises(workflow.NotAllowed):
        decisions.withdraw(withdrawn, by=author)
    decisions.withdraw(withdrawn, by=other)

    assert seen_state(episode) == before
    actions = [entry.action for entry in revision.article.logentry_set.order_by("number")][-4:]
    assert actions == ["recording_proposed", "recording_proposed", "recording_rejected", "recording_withdrawn"]
    for row in (rejected, withdrawn):
        with pytest.raises(workflow.InvalidTransition, match="already decided"):
            decisions.reject(row, by=moderator, comment="Again.")
    assert notified_of(other) == [rejected]
    assert notified_of(moderator) == [rejected, withdrawn]


def test_the_reviewer_of_a_transcript_is_named_on_the_page(client, episode, author, moderator, second, other):
    remove_words(episode, None)
    revision = cite(episode, author, moderator, "published")
    row = replace_words(episode, other)
    page = reverse("article", args=[revision.slug])
    assert "Automatic checks use" not in client.get(page).text

    decisions.accept(row, by=second)

    assert "Automatic checks use a transcript reviewed by second-moderator on" in client.get(page).text
    assert fresh(episode).transcript_set.get(replaced_at=None).imported_by == other
    import_words(episode, WORDS, at_once=True)
    assert "Nobody has reviewed it." in client.get(page).text


def test_whoever_corrects_a_reviewed_transcript_is_named_next_to_its_reviewer(
    client, episode, author, moderator, second, other
):
    """Whoever reviewed it hasn't seen what was corrected since, even if they corrected it themselves."""
    remove_words(episode, None)
    revision = cite(episode, author, moderator, "published")
    Episode.objects.update(allows_transcript=True)
    reviewed_words = replace_words(episode, other)
    decisions.accept(reviewed_words, by=second)
    pages = [reverse("article", args=[revision.slug]), f"{episode.get_absolute_url()}transcript/"]
    admin_page = reverse("admin:articles_episode_transcript", args=[episode.pk])

    def read_all():
        client.logout()
        shown = [client.get(address).text for address in pages]
        client.force_login(second)
        return [" ".join(text.split()) for text in (*shown, client.get(admin_page).text)]

    assert [text for text in read_all() if "corrected since" in text] == []

    correct_words(episode, second)

    day = date_format(localtime(), "DATE_FORMAT")
    corrected = f"It was corrected since, last by second-moderator on {day}."
    article, transcript, facts = read_all()
    assert f"Automatic checks use a transcript reviewed by second-moderator on {day}. {corrected}" in article
    assert f"A second person reviewed it. {corrected}" in transcript
    assert "corrected since, last by second-moderator <time" in facts

    correct_words(episode, moderator, text="Salt keeps the brain clean at dawn.")
    article, transcript, facts = read_all()
    corrected = f"It was corrected since, last by {moderator.get_username()} on {day}."
    assert (corrected in article, corrected in transcript) == (True, True)

    replaced = import_words(episode, WORDS, by=other).change
    decisions.accept(replaced, by=second)  # having seen these words as they are
    article, transcript, facts = read_all()
    assert ("corrected since" in article, "corrected since" in transcript) == (False, False)
    assert facts.count("corrected since") == 1  # that of the former one, in its history
