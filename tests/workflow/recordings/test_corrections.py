"""Corrections of cues: recorded with their author, held where readers would see them, and kept by every import."""

from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from articles import workflow
from articles.admin.recordings.changes.effects import listed
from articles.core.recordings.transcripts import Cue as ReadCue
from articles.core.recordings.transcripts import Reading
from articles.derived import source_issues
from articles.importing import import_transcript
from articles.models import Citation, Cue, Episode, LogEntry, RecordingChange, SourceIssue, Transcript
from articles.workflow.content import SectionContent
from articles.workflow.history import verification
from articles.workflow.recordings import cue_history, decisions
from articles.workflow.recordings.effects import Effects
from tests.support.factories import make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.samples import shifted, talk

pytestmark = pytest.mark.django_db

WORDS = """00:00:04 Ann: Let us talk about the see for a while.
00:06:31 At night the brain clears its waste, and that is why we sleep.
00:40:00 Bob: Thank you all for listening to this.
"""
SAID = "Let us talk about the sea for a while."


def make_transcript(**options):
    episode = make_episode(**options)
    import_transcript(episode, WORDS.encode(), "words.txt")
    return fresh(episode)


def fresh(episode):
    return Episode.objects.select_related("show").get(pk=episode.pk)


def cue_at(episode, second):
    return Cue.objects.get(episode=episode, start_seconds=second)


def correct(episode, second, text, *, speaker=None, **options):
    cue = cue_at(episode, second)
    speaker = cue.speaker if speaker is None else speaker
    return workflow.correct_cue(
        fresh(episode), cue.pk, speaker=speaker, text=text, expected=(cue.speaker, cue.text), **options
    )


def texts(episode):
    return list(Cue.objects.filter(episode=episode).order_by("start_seconds", "pk").values_list("text", flat=True))


def test_a_correction_keeps_the_cue_and_says_who_changed_what_when_and_why():
    episode, editor = make_transcript(), make_user()
    before = cue_at(episode, 4)

    change = correct(episode, 4, "  Let us talk  about the sea for a while. ", by=editor, reason="Misheard.")

    after = cue_at(episode, 4)
    assert (after.pk, after.start_seconds, after.end_seconds) == (before.pk, before.start_seconds, before.end_seconds)
    assert (after.speaker, after.text, after.correction) == ("Ann", SAID, change)
    assert (change.outcome, change.proposed_by, change.reason) == ("applied", editor, "Misheard.")
    assert change.before["cue"]["original"] == ["Ann", "Let us talk about the see for a while."]
    assert change.after["cue"] == {"start": 4.0, "end": after.end_seconds, "speaker": "Ann", "text": SAID}
    transcript = Transcript.objects.current().get(episode=episode)
    assert transcript.digest == fresh(episode).transcript_digest != episode.transcript_digest
    assert list(verification.recordings.contradictions()) == []


def test_undoing_gives_back_what_was_said_before_and_keeps_the_history():
    episode, editor = make_transcript(), make_user()
    correct(episode, 4, "Let us talk about the seas for a while.", by=editor)
    correct(episode, 4, SAID, by=editor)
    cue = cue_at(episode, 4)

    workflow.undo_correction(fresh(episode), cue.pk, by=editor)
    once = texts(episode)[0]
    history = cue_history.histories_of(episode)[cue_at(episode, 4).correction_id]

    assert once == "Let us talk about the seas for a while."
    assert len(history.changes) == 3
    assert history.original == ("Ann", "Let us talk about the see for a while.")
    assert history.is_corrected


def test_what_says_the_same_changes_nothing():
    episode = make_transcript()

    assert correct(episode, 4, "Let us talk about the see  for a while.", by=make_user()) is None
    assert RecordingChange.objects.filter(after__has_key="cue").count() == 0


def test_nothing_invisible_can_be_typed_into_a_cue():
    episode = make_transcript()

    change = correct(
        episode,
        4,
        "Let us\x00 talk\x1b about \u202ethe\u2067 sea\u200b for\ufffe a while.\x9c",
        speaker="A\x07nn",
        by=make_user(),
        reason="A \u202eslip\x07.",
    )

    assert (cue_at(episode, 4).speaker, texts(episode)[0]) == ("A nn", SAID)
    assert change.reason == "A slip ."


def test_undoing_gives_back_even_what_nobody_can_type():
    episode = make_transcript()
    odd = "Let us talk \u202babout the see."
    Cue.objects.filter(episode=episode, start_seconds=4).update(text=odd)

    assert correct(episode, 4, odd, by=make_user("first")) is None
    correct(episode, 4, SAID, by=make_user("second"))
    workflow.undo_correction(fresh(episode), cue_at(episode, 4).pk, by=make_user("third"))

    assert texts(episode)[0] == odd
    assert [history.is_corrected for history in cue_history.histories_of(episode).values()] == [False]


@pytest.mark.parametrize(
    ("text", "speaker", "message"),
    [
        (" ", "Ann", "A cue needs a text"),
        ("word " * 500, "Ann", "at most 2000 characters"),
        (SAID, "A" * 201, "at most 200 characters"),
    ],
)
def test_what_cannot_be_a_cue_is_refused(text, speaker, message):
    episode = make_transcript()

    with pytest.raises(workflow.InvalidTransition, match=message):
        correct(episode, 4, text, speaker=speaker, by=make_user())
    assert texts(episode)[0] == "Let us talk about the see for a while."


def test_a_correction_of_what_someone_else_has_changed_is_refused():
    episode, cue = make_transcript(), cue_at(make_episode_of_cue := Episode.objects.get(), 4)
    correct(make_episode_of_cue, 4, SAID, by=make_user())

    with pytest.raises(workflow.InvalidTransition, match="Someone else changed this part"):
        workflow.correct_cue(episode, cue.pk, speaker="Ann", text="Other.", expected=("Ann", cue.text))


# What waits ---------------------------------------------------------------------------------------


def cited(state="published", **options):
    """An episode that a text in this `state` cites at 00:06:31, and an editor who wrote nothing of it."""
    episode = make_transcript(**options)
    author = make_user("author")
    if state == "published":
        make_published(by=author, episode=episode)
    else:
        draft = make_draft(by=author, episode=episode)
        workflow.submit(draft, by=author)
        if state == "approved":
            workflow.approve(draft, by=make_moderator("approver"))
    return fresh(episode), make_user("other")


def test_a_slip_elsewhere_in_a_cited_recording_is_corrected_at_once_and_logged():
    episode, editor = cited()

    change = correct(episode, 4, SAID, by=editor)

    assert (change.outcome, change.is_cited, texts(episode)[0]) == ("applied", True, SAID)
    entry = LogEntry.objects.order_by("-pk").first()
    assert (entry.action, entry.by, entry.note) == ("recording_changed", editor, "On sleep: transcript correction")
    assert list(verification.recordings.contradictions()) == []


def test_what_changes_the_status_of_a_published_claim_waits():
    episode, editor = cited()
    verdicts = list(Citation.objects.order_by("pk").values_list("finding__verdict", flat=True))

    change = correct(episode, 391, "At night the train leaves its place, and that is why we wait.", by=editor)

    assert change.is_waiting
    assert texts(episode)[1] == "At night the brain clears its waste, and that is why we sleep."
    assert list(Citation.objects.order_by("pk").values_list("finding__verdict", flat=True)) == verdicts

    decisions.accept(change, by=make_moderator("second"))

    cue = cue_at(episode, 391)
    assert (cue.text, cue.correction) == (change.after["cue"]["text"], change)
    assert list(Citation.objects.order_by("pk").values_list("finding__verdict", flat=True)) != verdicts
    assert list(verification.recordings.contradictions()) == []


@pytest.mark.parametrize(
    ("state", "options", "text"),
    [
        ("published", {"allows_transcript": True}, SAID),
        ("approved", {}, SAID),
        ("published", {}, "Tomorrow I will sell you a powder."),
    ],
    ids=["readers see it", "an approval covers it", "not a correction"],
)
def test_other_reasons_to_wait(state, options, text):
    episode, editor = cited(state, **options)

    assert correct(episode, 4, text, by=editor).is_waiting
    assert texts(episode)[0] == "Let us talk about the see for a while."


NO_EFFECTS = listed(Effects())
REASONS = {
    "public": "It waits because the transcript is public.",
    "approved": "It waits because a text that was approved, but isn’t published yet, cites this recording.",
    "another": "It waits because less than half of the text stays.",
    "citations": "It waits because what is shown of citations would change.",
    "together": "It waits because the issue of all citations of the recording together would change.",
}


@pytest.mark.parametrize(
    ("state", "options", "start", "text", "reason"),
    [
        ("published", {"allows_transcript": True}, 4, SAID, "public"),
        ("approved", {}, 4, SAID, "approved"),
        ("published", {}, 4, "Tomorrow I will sell you a powder.", "another"),
        ("published", {}, 391, "At night the train leaves its place, and that is why we wait.", "citations"),
    ],
)
def test_the_page_of_a_waiting_correction_says_why_it_waits_and_what_would_change(
    client, state, options, start, text, reason
):
    episode, editor = cited(state, **options)
    change = correct(episode, start, text, by=editor)
    moderator = make_moderator("second")
    client.force_login(moderator)
    citation = Citation.objects.order_by("pk").first()

    context = client.get(f"/admin/articles/recordingchange/{change.pk}/change/").context
    shown = [(row.citation.pk, row.details) for row in context["effects"].found.rows]

    assert context["why"] == REASONS[reason]
    details = [("", "Matches transcript", "Unclear from transcript")]
    assert shown == ([(citation.pk, details)] if reason == "citations" else [])
    decisions.accept(change, by=moderator)
    page = client.get(f"/admin/articles/recordingchange/{change.pk}/change/")
    assert (page.context["why"], page.context["effects"]) == ("", NO_EFFECTS)


@pytest.fixture
def an_hour_late():
    """A published text with nine citations that are an hour late; three of them are past the end, and so cite nothing."""
    episode = make_episode(duration_seconds=talk.DURATION)
    import_transcript(episode, talk.as_vtt(), "talk.vtt")
    sections = shifted.sections(lambda second: second + 3600)
    return make_published("talk", by=make_user("author"), episode=episode, lead="", sections=sections)


def correct_what_a_mark_past_the_end_means(episode):
    text = "They are dangerous. They can lead to a bad end, in the worst of cases, and together with alcohol or other"
    return correct(episode, 5456, text, by=make_user("other"))


def test_what_changes_only_what_is_said_of_all_citations_together_waits(client, an_hour_late):
    episode = Episode.objects.get()
    before = cue_at(episode, 5456).text

    change = correct_what_a_mark_past_the_end_means(episode)

    assert (change.is_waiting, cue_at(episode, 5456).text) == (True, before)
    client.force_login(moderator := make_moderator("second"))
    context = client.get(f"/admin/articles/recordingchange/{change.pk}/change/").context
    assert context["why"] == REASONS["together"]
    words = "{} of 9 timestamps are too late by 1 hour."
    issues = ((an_hour_late.published_revision, words.format(9), words.format(8)),)
    assert context["effects"] == replace(NO_EFFECTS, issues=issues)
    assert SourceIssue.objects.get().explained_count == 9
    decisions.accept(change, by=moderator)
    assert SourceIssue.objects.get().explained_count == 8


def test_an_issue_of_all_citations_that_somebody_dismissed_holds_no_correction(an_hour_late):
    [(found, _)] = source_issues.of_revision(an_hour_late.published_revision)
    about = {"code": source_issues.CODE, "subject": found.subject, "text": found.in_words, "reason": "other"}
    workflow.dismiss(an_hour_late, by=make_moderator("second"), **about, note="Another clock.")

    assert correct_what_a_mark_past_the_end_means(Episode.objects.get()).outcome == "applied"


def test_an_excerpt_that_readers_see_waits(settings):
    settings.EXCERPTS_MAX_PERCENT = 100
    episode, editor = cited(allows_excerpts=True)

    change = correct(episode, 391, "At night the brain clears its waste, and this is why we sleep.", by=editor)

    assert change.is_waiting


def test_what_the_check_found_waits_even_if_a_person_has_judged_the_citation():
    episode, editor = cited()
    for citation in Citation.objects.select_related("revision__article", "section"):
        workflow.confirm_citation(
            citation.revision.article,
            by=make_moderator(f"listener{citation.pk}"),
            episode=episode,
            start_seconds=citation.start_seconds,
            end_seconds=citation.end_seconds,
            claim=citation.claim,
            section_key=citation.section.key if citation.section_id else None,
        )

    change = correct(episode, 391, "At night the train leaves its place, and that is why we wait.", by=editor)

    assert change.is_waiting  # the citation report shows the check next to the confirmation


def test_a_correction_that_changes_a_published_score_waits():
    episode = make_transcript()
    claim = "The brain is cleaned when we sleep at night in a bed. [00:06:31]"
    make_published(by=make_user("author"), episode=episode, sections=(SectionContent("Why we sleep", claim),))
    before = Citation.objects.get().finding

    change = correct(episode, 4, "Let us talk about the brain for a while.", by=make_user("other"))

    assert change.is_waiting  # the citation report shows the score, in hundredths
    decisions.accept(change, by=make_moderator("second"))
    after = Citation.objects.get().finding
    assert (after.verdict, after.excerpt, after.where_seconds) == (before.verdict, before.excerpt, before.where_seconds)
    assert (before.published_score, after.published_score) == (1.0, 0.99)


def test_corrections_that_add_up_to_another_text_wait():
    episode, editor = cited()
    texts_after = [
        "Let us talk about a boat for a while.",
        "Let us walk to a boat for some cash.",
        "Let us take a boat full of cash.",
        "Take a boat full of stolen cash.",
    ]

    changes = [correct(episode, 4, text, by=editor) for text in texts_after]

    assert [change.is_waiting for change in changes] == [False, False, False, True]


def test_proposals_for_different_cues_do_not_get_in_each_others_way():
    episode, editor = cited(allows_transcript=True)
    first = correct(episode, 4, SAID, by=editor)
    second = correct(episode, 2400, "Thank you all for hearing this.", by=editor)
    moderator = make_moderator("second")

    decisions.accept(first, by=moderator)
    decisions.accept(second, by=moderator)

    assert texts(episode) == [SAID, texts(episode)[1], "Thank you all for hearing this."]
    corrections = [history.latest for history in cue_history.histories_of(episode).values()]
    assert [(made.proposed_by, made.decided_by) for made in corrections] == [(editor, moderator)] * 2
    assert set(cue_history.histories_of(episode)) == set(
        Cue.objects.exclude(correction=None).values_list("correction", flat=True)
    )
    assert list(verification.recordings.contradictions()) == []
    import_transcript(episode, WORDS.encode(), "words.txt")
    assert texts(episode)[0] == SAID


def test_a_proposal_for_a_cue_that_changed_meanwhile_is_not_accepted():
    episode, editor = cited(allows_transcript=True)
    proposal = correct(episode, 4, SAID, by=editor)
    moderator = make_moderator("second")
    correct(episode, 4, "Let us talk about the seas for a while.", by=moderator)
    workflow.undo_correction(fresh(episode), cue_at(episode, 4).pk, by=moderator)

    with pytest.raises(workflow.InvalidTransition, match="Changed since this was proposed: transcript correction"):
        decisions.accept(proposal, by=moderator)
    assert RecordingChange.objects.waiting().get() == proposal


# Importing again ----------------------------------------------------------------------------------


def test_importing_the_same_file_again_changes_nothing():
    episode = make_transcript()
    correct(episode, 4, SAID, speaker="Anne", by=make_user())
    rows = list(Cue.objects.values())

    again = import_transcript(fresh(episode), WORDS.encode(), "words.txt")

    assert (again.is_unchanged, again.problems, list(Cue.objects.values())) == (True, (), rows)


def test_another_file_keeps_the_corrections_of_the_cues_that_it_has():
    episode = make_transcript()
    change = correct(episode, 4, SAID, by=make_user())
    other = WORDS.replace("00:00:04 Ann", "00:00:06 SPEAKER_01").replace("Thank you all", "Thanks")

    import_transcript(fresh(episode), other.encode(), "other.txt")

    cue = cue_at(episode, 6)
    assert (cue.text, cue.speaker, cue.correction) == (SAID, "SPEAKER_01", change)


def test_corrections_that_fit_nothing_are_reported_and_fit_again_later():
    episode = make_transcript()
    correct(episode, 4, SAID, by=make_user("ann"))
    other = "00:10:00 Let us talk about the see for a while.\n00:11:00 Then it ends."

    result = import_transcript(fresh(episode), other.encode(), "other.txt", is_confirmed=True)

    assert [(problem.text, str(problem.reason)) for problem in result.problems][-1] == (
        SAID,
        (
            "ann corrected the transcript at 00:04, and this correction fits no cue of the file. It was kept: apply or "
            "discard it on the transcript’s page."
        ),
    )
    assert [history.text for history in cue_history.unplaced(episode)] == [SAID]
    import_transcript(fresh(episode), WORDS.encode(), "words.txt")
    assert (texts(episode)[0], cue_history.unplaced(episode)) == (SAID, [])


def test_a_removed_transcript_leaves_its_corrections():
    episode = make_transcript()
    correct(episode, 4, SAID, by=make_user())

    workflow.remove_transcript(fresh(episode))
    assert [history.text for history in cue_history.unplaced(episode)] == [SAID]

    import_transcript(fresh(episode), WORDS.encode(), "words.txt")
    assert texts(episode)[0] == SAID


def test_a_file_that_says_what_was_corrected_needs_no_correction():
    episode = make_transcript()
    change = correct(episode, 4, SAID, by=make_user())

    result = import_transcript(fresh(episode), WORDS.replace("the see", "the sea").encode(), "words.txt")

    assert (result.problems, cue_at(episode, 4).correction, cue_history.unplaced(episode)) == ((), change, [])


def test_what_no_longer_fits_is_applied_to_another_cue_or_discarded():
    episode, editor = make_transcript(), make_user()
    correct(episode, 4, SAID, by=editor)
    correct(episode, 2400, "Thank you all for hearing this.", by=editor)
    other = "00:00:30 Let’s talk about the see.\n00:40:01 Good bye."
    import_transcript(fresh(episode), other.encode(), "other.txt", is_confirmed=True)
    first, second = cue_history.unplaced(episode)

    applied = correct(episode, 30, "Let’s talk about the sea.", by=editor, settles=first.latest)
    discarded = workflow.discard_correction(fresh(episode), second.latest, by=editor, reason="Cut.")

    assert cue_history.unplaced(episode) == []
    assert (applied.outcome, discarded.outcome, discarded.is_visible) == ("applied", "applied", False)
    assert discarded.before["cue"]["text"] == "Thank you all for hearing this."
    with pytest.raises(workflow.InvalidTransition, match="already dealt with"):
        workflow.discard_correction(fresh(episode), second.latest, by=editor)
    import_transcript(fresh(episode), other.encode(), "other.txt", is_confirmed=True)
    assert texts(episode) == ["Let’s talk about the sea.", "Good bye."]
    import_transcript(fresh(episode), WORDS.encode(), "words.txt")
    assert texts(episode)[2] == "Thank you all for listening to this."


def test_a_waiting_import_is_not_carried_out_with_other_corrections():
    episode, editor = cited()
    other = WORDS.replace("00:40:00 Bob", "00:40:00 Eve")
    proposed = import_transcript(episode, other.encode(), "other.txt", by=editor).change
    correct(episode, 4, SAID, by=editor)

    with pytest.raises(workflow.InvalidTransition, match="Changed since this was proposed: transcript"):
        decisions.accept(proposed, by=make_moderator("second"))


FILES = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(["Yes.", "No.", "It rises.", "It sets."])), min_size=1, max_size=6
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("correct"), st.integers(0, 5), st.sampled_from(["Yes!", "No!", "It rises.", "It rose."])),
        st.tuples(st.just("undo"), st.integers(0, 5), st.none()),
        st.tuples(st.just("import"), FILES, st.none()),
    ),
    max_size=8,
)


def reading(rows):
    cues, at = [], 0.0
    for gap, text in rows:
        at += gap
        cues.append(ReadCue(at, at + 1, "", text))
    return Reading(tuple(cues), (), "lines")


@hypothesis_settings(max_examples=60, deadline=None)
@given(first=FILES, steps=STEPS)
def test_no_sequence_of_corrections_and_imports_loses_one(first, steps):
    with transaction.atomic():
        go_through(first, steps)
        transaction.set_rollback(True)


def go_through(first, steps):
    episode = make_episode()
    workflow.replace_transcript(episode, reading(first), at_once=True)
    for act, which, text in steps:
        episode = fresh(episode)
        cues = list(Cue.objects.filter(episode=episode).order_by("start_seconds", "pk"))
        if act == "import":
            workflow.replace_transcript(episode, reading(which), at_once=True)
            again = workflow.replace_transcript(fresh(episode), reading(which), at_once=True)
            assert again.is_unchanged
        elif act == "correct":
            cue = cues[which % len(cues)]
            workflow.correct_cue(episode, cue.pk, speaker="", text=text, expected=("", cue.text), at_once=True)
        elif cues[which % len(cues)].correction_id:
            workflow.undo_correction(episode, cues[which % len(cues)].pk, at_once=True)

        histories = cue_history.histories_of(episode)
        placed = {cue.correction_id: cue.text for cue in Cue.objects.filter(episode=episode).exclude(correction=None)}
        open_ones = {history.latest.pk for history in cue_history.unplaced(episode)}
        standing = {pk for pk, history in histories.items() if history.is_corrected}
        assert placed == {pk: histories[pk].text for pk in placed}
        assert standing == open_ones | (standing & placed.keys())
        changes = [change for history in histories.values() for change in history.changes]
        assert len(changes) == RecordingChange.objects.filter(episode=episode, after__has_key="cue").count()
    assert list(verification.recordings.contradictions()) == []
