"""Every way to change a recording, under a text in every state: held, applied or let through, and always recorded.

The tables are complete: a new column or function that changes recordings fails until it has a row.
"""

import json

import pytest

from articles import workflow
from articles.core.recordings import state
from articles.models import Article, Chapter, Cue, Edition, Episode, LogEntry, Notice, Show, Stretch
from articles.workflow import recordings as workflow_recordings
from articles.workflow.content import recordings as content
from articles.workflow.history import audit_log, verification
from articles.workflow.recordings import decisions
from tests.workflow.recordings.waiting.writers import HELD, WRITERS, cite, fresh, notified_of, seen_state

pytestmark = pytest.mark.django_db


# What a change to a column does: "seen" by readers or evidence, "internal", or never changed by itself ("identity").
COLUMNS = {
    Show: {
        "handle": "seen",
        "title": "seen",
        "url": "seen",
        "allows_transcripts": "seen",
        "allows_excerpts": "seen",
        "people": "seen",
        "handle_key": "identity",
        "id": "identity",
    },
    Episode: {
        "id": "identity",
        "show": "seen",
        "title": "seen",
        "slug": "seen",
        "published_on": "seen",
        "duration_seconds": "seen",
        "page_url": "seen",
        "audio_url": "seen",
        "youtube_id": "seen",
        "allows_excerpts": "seen",
        "allows_transcript": "seen",
        "people": "seen",
        "guid": "internal",
        "chapters_url": "internal",
        "transcript_url": "internal",
        "transcript_digest": "identity",
        "transcript_seconds": "identity",
        "excerpt_length": "identity",
        "excerpt_share": "identity",
        "recording_digest": "identity",
    },
    Chapter: {"id": "identity", "episode": "identity", "start_seconds": "seen", "title": "seen", "is_sponsor": "seen"},
    Edition: {
        "id": "identity",
        "episode": "identity",
        "key": "seen",
        "title": "seen",
        "audio_url": "seen",
        "youtube_id": "seen",
        "duration_seconds": "seen",
    },
    Stretch: {
        "id": "identity",
        "edition": "identity",
        "start_seconds": "seen",
        "end_seconds": "seen",
        "offset_seconds": "seen",
    },
    Cue: {
        "id": "identity",
        "episode": "identity",
        "start_seconds": "seen",
        "end_seconds": "seen",
        "speaker": "seen",
        "text": "seen",
        "correction": "identity",
    },
}


# These don't change a recording: they read, create, delete what nothing cites, or decide on what was proposed.
OTHERS = {
    "with_changed_recordings",
    "get_or_create_show",
    "delete_recordings",
    "undo_correction",  # which is a correction
    "discard_correction",
    "rename_speakers",  # for a suppressed name, which can't wait
    "rename_file",
    "changed_since_approval",
    "changes_to",
    "require_as_submitted",
    "require_reviewed",
    "require_unchanged",
    "review_digest",
    "why_second_person",
    "EpisodeChange",
    "ReplacedTranscript",
    "rechecking",
}


def test_every_column_has_a_row():
    for model, columns in COLUMNS.items():
        assert set(columns) == {field.name for field in model._meta.concrete_fields}, model
    seen = {name for name, kind in COLUMNS[Episode].items() if kind == "seen"}
    assert {*seen, "chapters", "editions", "transcript"} == set(state.PARTS)
    assert {name for name, kind in COLUMNS[Episode].items() if kind == "internal"} == content.NOT_SHOWN
    assert {name for name, kind in COLUMNS[Show].items() if kind == "seen"} == set(content.SHOW_COLUMNS)


def test_every_writer_has_a_row():
    names = {name for name in vars(workflow_recordings) if not name.startswith("_")}
    modules = {
        "corrections",
        "approved_recordings",
        "cue_history",
        "decisions",
        "effects",
        "episodes",
        "records",
        "speakers",
        "steps",
        "stored_cues",
        "transcripts",
    }
    assert names - modules == set(WRITERS) | OTHERS


@pytest.mark.parametrize("citing", HELD, indirect=True)
@pytest.mark.parametrize("writer", WRITERS)
def test_an_editors_change_is_held_under_a_text_that_relies_on_it(writer, citing, revision, episode, moderator, other):
    before = seen_state(episode)

    row = WRITERS[writer](episode, other, reason="Heard again.")

    assert row.is_waiting is HELD[citing]
    assert (seen_state(episode) == before) is HELD[citing]
    assert (row.reason, row.proposed_by, row.is_visible, row.is_cited) == ("Heard again.", other, True, HELD[citing])
    assert row.before != row.after
    assert row.before.keys() == row.after.keys()
    assert fresh(episode).recording_digest == state.digest(seen_state(episode))
    if revision is not None and HELD[citing]:
        entry = LogEntry.objects.filter(article=revision.article).order_by("number").last()
        assert (entry.action, entry.by, entry.recordings) == ("recording_proposed", other, None)
        assert Notice.objects.filter(kind="recording", user=moderator).count() == 1


@pytest.mark.parametrize("citing", ["published"], indirect=True)
@pytest.mark.parametrize("writer", WRITERS)
def test_a_moderators_and_a_commands_changes_are_applied_and_recorded(
    writer, revision, episode, author, moderator, second
):

    row = WRITERS[writer](episode, second)

    assert (row.outcome, row.is_cited, row.proposed_by) == ("applied", True, second)
    assert notified_of(author) == [row]
    entry = LogEntry.objects.filter(article=revision.article).order_by("number").last()
    assert (entry.action, entry.by) == ("recording_changed", second)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_moderator_who_wrote_the_text_needs_somebody_else(writer, episode, moderator, second):
    cite(episode, second, moderator, "published")

    assert WRITERS[writer](episode, second).is_waiting


@pytest.mark.parametrize("citing", ["published"], indirect=True)
@pytest.mark.parametrize("writer", [name for name in WRITERS if name != "save_stretches"])
def test_a_commands_change_is_applied_whoever_runs_it(writer, revision, episode, author, moderator):

    row = WRITERS[writer](episode, author, at_once=True)

    assert (row.outcome, row.is_command, row.proposed_by) == ("applied", True, author)


@pytest.mark.parametrize("citing", HELD, indirect=True)
@pytest.mark.parametrize("name", sorted(content.NOT_SHOWN))
def test_what_decides_on_later_imports_is_held_as_well(name, citing, revision, episode, second, other):
    episode = fresh(episode)
    before = getattr(episode, name)
    setattr(episode, name, "https://feed.example/1")

    row = workflow.save_episode(episode, [name], by=other)

    assert (row.is_visible, row.is_cited, row.after) == (False, HELD[citing], {name: "https://feed.example/1"})
    assert row.is_waiting is HELD[citing]
    assert getattr(fresh(episode), name) == (before if HELD[citing] else "https://feed.example/1")
    if HELD[citing]:
        label = content.part_label(name)
        decisions.accept(row, by=second)
        assert getattr(fresh(episode), name) == "https://feed.example/1"
        logged = LogEntry.objects.filter(article=revision.article, action__startswith="recording_").order_by("number")
        assert [(entry.action, entry.note) for entry in logged] == [
            ("recording_proposed", f"On sleep: {label}"),
            ("recording_changed", f"On sleep: {label}"),
        ]
        assert audit_log.verify(Article.objects.get(pk=revision.article_id)) is None
        assert list(verification.recordings.contradictions()) == []
        assert workflow_recordings.changed_since_approval(revision) == []


def test_the_digest_is_canonical():
    value = dict.fromkeys(state.PARTS)
    assert state.digest(value) == state.digest(dict(reversed(value.items())))
    with pytest.raises(ValueError, match="title"):
        state.digest({name: None for name in state.PARTS if name != "title"})
    assert (
        len({state.digest(value | {name: "x"}) for name in state.PARTS} | {state.digest(value)})
        == len(state.PARTS) + 1
        == 15
    )
    assert json.dumps(value)
