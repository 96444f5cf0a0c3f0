"""Every way to change a recording, under a text in every state: held, applied or let through, and always recorded.

The tables are complete: a new column, form field or function that changes recordings fails until it has a row.
"""

import json
from datetime import timedelta
from io import StringIO
from itertools import permutations

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.admin.recordings import admin as episode_admin
from articles.admin.recordings.changes import address_of
from articles.core.recordings import state
from articles.core.recordings.editions import OffsetMap, Piece
from articles.models import Article, Chapter, Cue, Edition, Episode, LogEntry, Notice, RecordingChange, Show, Stretch
from articles.workflow import recordings as workflow_recordings
from articles.workflow.content import recordings as content
from articles.workflow.history import audit_log, verification
from articles.workflow.integrity import people
from articles.workflow.notifications.links import url_of
from articles.workflow.recordings import decisions, review_digest
from tests.support.databases.shared import shared
from tests.support.factories import make_draft, make_episode, make_moderator, make_user

pytestmark = pytest.mark.django_db

WORDS = "00:06:31 The brain clears its waste at night.\n00:07:00 Then it dreams."
INVENTED = "00:06:31 Salt keeps the brain clear at night.\n00:07:00 So eat more of it."
VIDEO = "abcdefghijk"

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


@shared
def moderator():
    return make_moderator()


@shared
def second():
    """A moderator besides the one who approves."""
    return make_moderator("second-moderator")


@shared
def author():
    return make_user("author")


@shared
def other():
    """An editor who wrote nothing."""
    return make_user("other-editor")


@shared
def episode():
    episode = make_episode(youtube_id=VIDEO, chapters=[(0, "Welcome"), (300, "Why we sleep")])
    edition = Edition(episode=episode, key="feed", title="Feed", audio_url="https://audio.example/feed.mp3")
    with workflow.change_episode(episode) as change:
        change.save_editions([(edition, OffsetMap([Piece(0, 3000, 10)]))])
    import_words(episode, WORDS)
    episode.refresh_from_db()
    return episode


def import_words(episode, words, *, by=None, **options):
    from articles.importing import import_transcript

    return import_transcript(episode, words.encode(), "words.txt", by=by, is_confirmed=True, **options)


def cite(episode, author, moderator, state):
    """Make a text that cites the episode, in this state; None makes none."""
    if state == "none":
        return None
    draft = make_draft(by=author, episode=episode)
    if state == "draft":
        return draft
    workflow.submit(draft, by=author)
    if state == "submitted":
        return draft
    workflow.approve(draft, by=moderator)
    if state == "scheduled":
        workflow.schedule(draft, by=moderator, publish_at=timezone.now() + timedelta(days=1))
    if state in {"published", "unpublished"}:
        workflow.publish(draft, by=moderator)
    if state == "unpublished":
        workflow.unpublish(draft.article, by=moderator, reason="Wrong.")
    return draft


@pytest.fixture(scope="module")
def citing(request):
    return request.param


@shared
def revision(episode, author, moderator, citing):
    return cite(episode, author, moderator, citing)


def fresh(episode):
    return Episode.objects.select_related("show").get(pk=episode.pk)


# Every writer of `workflow.recordings`, by name: functions of (episode, user, options) that change something readers see.


def set_title(episode, by, **options):
    episode = fresh(episode)
    episode.title = "Another title"
    return workflow.save_episode(episode, ["title"], by=by, **options)


def set_show_title(episode, by, **options):
    show = Show.objects.get(pk=episode.show_id)
    show.title = "Another show"
    return workflow.save_show(show, ["title"], by=by, **options)


def set_chapters(episode, by, **options):
    with workflow.change_episode(fresh(episode), by=by, **options) as change:
        rows = list(Chapter.objects.filter(episode=episode))
        rows[0].title = "Another chapter"
        change.save_chapters(rows[:1], rows[1:])
    return change.row


def set_stretches(episode, by, **options):
    edition = Edition.objects.select_related("episode__show").get(episode=episode)
    return workflow.save_stretches(edition, OffsetMap([Piece(0, 2000, 99)]), by=by, **options)


def remove_words(episode, by, **options):
    return workflow.remove_transcript(fresh(episode), by=by, **options)


def replace_words(episode, by, **options):
    return import_words(fresh(episode), INVENTED, by=by, **options).change


def correct_words(episode, by, **options):
    cue = Cue.objects.filter(episode=episode).order_by("pk").first()
    said = {"speaker": cue.speaker, "text": "Salt keeps the eye dry."}
    return workflow.correct_cue(fresh(episode), cue.pk, **said, expected=(cue.speaker, cue.text), by=by, **options)


WRITERS = {
    "save_episode": set_title,
    "save_show": set_show_title,
    "change_episode": set_chapters,
    "save_stretches": set_stretches,
    "replace_transcript": replace_words,
    "remove_transcript": remove_words,
    "correct_cue": correct_words,
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
HELD = {"none": False, "draft": False, "submitted": True, "approved": True, "scheduled": True, "published": True}
HELD |= {"unpublished": True}  # it can be published again


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
        "coverage",
        "cue_history",
        "decisions",
        "episodes",
        "records",
        "speakers",
        "steps",
        "transcripts",
    }
    assert names - modules == set(WRITERS) | OTHERS


def seen_state(episode):
    return content.states_of(Episode.objects.filter(pk=episode.pk))[episode.pk]


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


# Publication --------------------------------------------------------------------------------------


@pytest.mark.parametrize("citing", ["approved"], indirect=True)
@pytest.mark.parametrize("writer", WRITERS)
def test_an_approved_text_is_not_published_with_another_recording(writer, revision, episode, author, moderator, second):
    WRITERS[writer](episode, second)

    with pytest.raises(workflow.InvalidTransition, match=r"Changed after the approval: “.*” \(.+\)\. Review it again"):
        workflow.publish(revision, by=moderator)
    with pytest.raises(workflow.InvalidTransition, match="Changed after the approval"):
        workflow.schedule(revision, by=moderator, publish_at=timezone.now() + timedelta(days=1))

    workflow.approve_again(revision, by=moderator, digest=review_digest(revision))
    workflow.publish(revision, by=moderator)
    assert audit_log.verify(Article.objects.get(pk=revision.article_id)) is None


def test_a_scheduled_text_is_not_published_with_another_recording(episode, author, moderator, second):
    revision = cite(episode, author, moderator, "scheduled")
    replace_words(episode, second)

    published, _, failed = workflow.publish_due(timezone.now() + timedelta(days=2))

    assert (published, [failure[0] for failure in failed]) == ([], [revision])
    revision.refresh_from_db()
    assert (revision.publish_at, revision.article.published_revision) == (None, None)
    entry = LogEntry.objects.filter(revision=revision, action="not_published").get()
    assert entry.note == "Changed after the approval: “On sleep” (transcript). Review it again, then publish it."
    assert Notice.objects.filter(kind="not_published", user__in=[author, moderator]).count() == 2


@pytest.mark.parametrize("citing", ["submitted"], indirect=True)
@pytest.mark.parametrize("writer", WRITERS)
def test_only_the_recording_that_the_page_showed_is_approved(writer, revision, episode, author, moderator, second):
    shown = review_digest(revision)
    WRITERS[writer](episode, second)

    with pytest.raises(workflow.InvalidTransition, match="The text or a recording that it cites has changed"):
        workflow.approve(revision, by=moderator, digest=shown)

    workflow.approve(revision, by=moderator, digest=review_digest(revision))
    workflow.publish(revision, by=moderator)


def test_a_change_that_was_undone_needs_no_second_approval(episode, author, moderator, second):
    revision = cite(episode, author, moderator, "approved")
    title = episode.title
    set_title(episode, second)
    episode = fresh(episode)
    episode.title = title
    workflow.save_episode(episode, ["title"], by=second)

    workflow.publish(revision, by=moderator)


def test_who_is_alone_approves_again_with_a_reason(episode, moderator):
    alone = make_user("alone", is_superuser=True)
    revision = cite(episode, alone, moderator, "scheduled")
    decisions.accept(set_title(episode, alone), by=alone, comment="The show renamed it.")

    with pytest.raises(workflow.NotAllowed, match="You contributed to this revision"):
        workflow.approve_again(revision, by=alone)
    with pytest.raises(workflow.NotAllowed, match="isn’t allowed to approve without a second review"):
        workflow.approve_again(revision, by=moderator, override_reason="In a hurry.")
    workflow.approve_again(revision, by=alone, override_reason="Nobody else is here.")

    revision.refresh_from_db()
    assert (revision.status, revision.needs_second_review, revision.publish_at is None) == ("approved", True, False)
    entry = LogEntry.objects.filter(article=revision.article).order_by("number").last()
    assert (entry.action, entry.note) == ("overridden", "Nobody else is here.")
    workflow.publish(revision, by=alone)
    article = Article.objects.get(pk=revision.article_id)
    assert audit_log.verify(article) is None
    assert list(people.check_reviewers(article)) == []


def test_nothing_is_approved_again_without_a_change(episode, author, moderator):
    revision = cite(episode, author, moderator, "approved")

    with pytest.raises(workflow.InvalidTransition, match="Nothing has changed since this revision was approved"):
        workflow.approve_again(revision, by=moderator)


def test_an_approval_from_before_recordings_were_covered_covers_them_as_they_were_then(
    episode, author, moderator, second, without_triggers
):
    revision = cite(episode, author, moderator, "approved")
    with without_triggers():
        LogEntry._base_manager.filter(article=revision.article).update(recordings=None)

    assert workflow_recordings.changed_since_approval(revision) == []
    set_title(episode, second)
    assert workflow_recordings.changed_since_approval(revision) == [{"episode": "Another title", "parts": "title"}]


# Decisions ----------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("writer", WRITERS)
def test_a_change_is_refused_if_the_recording_has_changed_since(writer, episode, author, moderator, second, other):
    cite(episode, author, moderator, "published")
    row = WRITERS[writer](episode, other)
    again = {"save_stretches": set_stretches, "replace_transcript": remove_words}.get(writer, WRITERS[writer])
    again(episode, second)
    before = seen_state(episode)

    with pytest.raises(workflow.InvalidTransition, match="Changed since this was proposed"):
        decisions.accept(row, by=second)

    row.refresh_from_db()
    assert (row.outcome, seen_state(episode)) == ("waiting", before)


@pytest.mark.parametrize("writers", [*permutations(WRITERS, 2)], ids="-".join)
def test_changes_of_different_parts_can_both_be_accepted(writers, episode, author, moderator, second, other):
    revision = cite(episode, author, moderator, "published")
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


@pytest.mark.parametrize(("column", "value"), [("title", "Lies"), ("handle", "lies"), ("url", "https://lies.example/")])
def test_an_episode_moves_only_to_the_show_that_the_reviewer_saw(column, value, episode, author, moderator, other):
    """A show without cited episodes changes at once, also while a move to it waits."""
    cite(episode, author, moderator, "published")
    show, moved = Show.objects.create(handle="truths", title="Truths"), fresh(episode)
    moved.show = show
    row = workflow.save_episode(moved, ["show"], by=other)
    setattr(show, column, value)
    workflow.save_show(show, [column], by=other)
    before = seen_state(episode)

    with pytest.raises(workflow.InvalidTransition, match="show that the episode was to move to"):
        decisions.accept(row, by=moderator)

    assert seen_state(episode) == before


def test_a_rejected_and_a_withdrawn_change_change_nothing(episode, author, moderator, other):
    revision = cite(episode, author, moderator, "published")
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


def notified_of(user):
    """Return the changes that the notices of `user` lead to."""
    changes = {address_of(change): change for change in RecordingChange.objects.all()}
    return [
        changes.get(url_of(notice, user))
        for notice in Notice.objects.filter(user=user, kind="recording").order_by("pk")
    ]


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


# Forms --------------------------------------------------------------------------------------------


def form_data(client, address):
    response = client.get(address)
    forms = [response.context["adminform"].form, *(f.formset for f in response.context["inline_admin_formsets"])]
    data = {}
    for form in forms:
        for each in (form, *getattr(form, "forms", ()), getattr(form, "management_form", form)):
            for name in getattr(each, "fields", {}):
                value = each[name].value()
                if value not in (None, False):
                    data[each.add_prefix(name)] = value
                if each.fields[name].show_hidden_initial:
                    data[each.add_initial_prefix(name)] = "" if value is None else value
    return data


FIELDS = {
    "show": None,  # another show, made in the test
    "title": "Another title",
    "slug": "another-slug",
    "published_on": "2024-05-06",
    "duration_seconds": "1:10:00",
    "youtube_id": "ABCDEFGHIJK",
    "audio_url": "https://audio.example/1.mp3",
    "page_url": "https://page.example/1",
    "allows_excerpts": "on",
    "allows_transcript": "on",
    "people": "Ada Lovelace | voice: SPEAKER_00 | role: guest",
    "chapter_lines": "00:00:00 Welcome\n00:06:00 Another chapter",
    "chapter_set-0-title": "Another chapter",
    "edition_set-0-title": "Another edition",
    "edition_set-0-stretch_lines": "00:00:00-00:30:00 +20",
}
INTERNAL = {
    "guid": "another",
    "chapters_url": "https://feed.example/c.json",
    "transcript_url": "https://feed.example/t.vtt",
}
NOT_A_FIELD = {"confirm_recording", "change_reason", "chapters_file"}


def test_every_form_field_has_a_row():
    fields = set(episode_admin.EpisodeForm.base_fields) | {
        field for _, options in episode_admin.EpisodeAdmin.fieldsets for field in options["fields"]
    }
    named = {name for name in (*FIELDS, *INTERNAL) if "-" not in name}
    assert fields == named | NOT_A_FIELD | {"chapters_download", "cited_by"}


@pytest.mark.parametrize("name", [*FIELDS, *INTERNAL])
def test_every_form_field_is_held(name, client, episode, author, moderator, other):
    cite(episode, author, moderator, "approved")
    before = seen_state(episode)
    value = (FIELDS | INTERNAL)[name] or str(Show.objects.create(handle="another", title="Another show").pk)
    client.force_login(other)
    address = reverse("admin:articles_episode_change", args=[episode.pk])

    response = client.post(
        address, form_data(client, address) | {name: value, "change_reason": "Heard again.", "confirm_recording": "on"}
    )

    assert response.status_code == 302, response.context["adminform"].form.errors
    row = RecordingChange.objects.order_by("pk").last()
    assert row.reason == "Heard again."
    assert (row.is_waiting, row.is_visible) == (True, name in FIELDS)
    assert seen_state(episode) == before


def test_the_queue_the_review_and_the_episode_show_what_waits(client, episode, author, moderator, other):
    revision = cite(episode, author, moderator, "submitted")
    row = set_title(episode, other, reason="Heard again.")
    page = reverse("admin:articles_recordingchange_change", args=[row.pk])
    client.force_login(moderator)

    for address in (
        reverse("admin:index", query={"tab": "recordings"}),
        revision.get_absolute_url(),
        reverse("admin:articles_episode_change", args=[episode.pk]),
    ):
        text = client.get(address).text
        assert page in text, address
        assert "Heard again." in text, address
    text = client.get(page).text
    assert "<del>On sleep</del>" in text
    assert "<ins>Another title</ins>" in text

    decide = reverse("admin:articles_recordingchange_decide", args=[row.pk])
    assert client.post(decide, {"act": "reject"}).status_code == 409
    assert client.post(decide, {"act": "nothing"}).status_code == 404
    assert client.post(decide, {"act": "accept"}).status_code == 302
    assert fresh(episode).title == "Another title"
    client.force_login(other)
    assert client.post(decide, {"act": "accept"}).status_code == 403


def test_the_queue_does_not_approve_unseen_changes(client, episode, author, moderator, second):
    revision = cite(episode, author, moderator, "submitted")
    set_title(episode, second)
    client.force_login(moderator)

    decide = reverse("admin:queue_bulk_decide")
    page = client.post(decide, {"act": "approve", "revision": [revision.pk]}, follow=True)

    assert "Changed after the submission: “Another title” (title)." in page.text

    revision.refresh_from_db()
    assert revision.status == "submitted"


def test_an_import_lists_what_it_changed_under_texts(tmp_path, episode, author, moderator):
    root = make_user("root", is_superuser=True)
    cite(episode, author, moderator, "published")
    file = tmp_path / f"{episode.slug}.txt"
    file.write_text(INVENTED)
    out = StringIO()

    call_command("import_transcript", episode.reference, str(file), username="root", confirm=True, stdout=out)

    assert f"{episode.reference}: transcript" in out.getvalue()
    assert RecordingChange.objects.order_by("pk").last().proposed_by == root


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
