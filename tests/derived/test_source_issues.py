"""Issues of all citations of a recording in saved texts: found with the marks past its end, and said in words."""

import pytest

from articles import workflow
from articles.derived import source_issues
from articles.importing.transcripts.transcript import import_transcript
from tests.support.databases.shared import shared
from tests.support.factories import make_episode, make_published, make_user
from tests.support.samples import shifted, talk

pytestmark = pytest.mark.django_db


@shared
def editor():
    return make_user(first_name="Ines", last_name="Alba")


@shared
def episode():
    episode = make_episode("a-talk", duration_seconds=talk.DURATION)
    import_transcript(episode, talk.as_vtt(), "talk.vtt")
    episode.refresh_from_db()
    return episode


def revision(editor, episode, sections):
    return make_published("talk", by=editor, episode=episode, lead="", sections=sections).published_revision


def test_a_right_text_has_none(editor, episode):
    assert source_issues.of_revision(revision(editor, episode, shifted.sections())) == []


def test_an_hour_too_late_counts_the_marks_past_the_end(editor, episode):
    late = revision(editor, episode, shifted.sections(lambda second: second + 3600))

    [(found, dismissal)] = source_issues.of_revision(late)

    assert (found.kind, found.offset_seconds, dismissal) == ("shifted", -3600, None)
    assert found.in_words == "9 of 9 timestamps are too late by 1 hour."
    past_end = [ref for ref in found.explained if isinstance(ref, source_issues.PastEnd)]
    assert late.citation_count == 6
    assert [mark.citation.start_seconds for mark in past_end] == [6961, 7036, 9061]
    assert [mark.part for mark in past_end] == [2, 2, 2]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (lambda second: second - 310, "9 of 9 timestamps are too early by 05:06."),
        (lambda second: second * 60, "9 of 9 timestamps have their minutes in the place of the hours."),
    ],
)
def test_other_readings_are_said_in_words(editor, episode, moment, words):
    [(found, _)] = source_issues.of_revision(revision(editor, episode, shifted.sections(moment)))

    assert found.in_words == words


def test_marks_past_the_end_are_found_without_a_transcript(editor):
    silent = make_episode("silent", duration_seconds=600)

    [(found, _)] = source_issues.of_revision(revision(editor, silent, shifted.sections(lambda second: second + 3600)))

    assert found.in_words == "9 of 9 timestamps are past the end of the recording (00:10:00)."


def test_another_recording_is_named(editor, episode):
    [(found, _)] = source_issues.of_revision(revision(editor, episode, shifted.foreign_sections()))

    assert found.kind == "other recording"
    assert len(found.explained) == 11  # of the twelfth the check can’t tell


def test_a_confirmed_citation_is_not_explained(editor, episode):
    late = revision(editor, episode, shifted.sections(lambda second: second + 600))
    citation = late.citation_set.first()
    workflow.confirm_citation(
        late.article,
        by=make_user("other"),
        episode=episode,
        start_seconds=citation.start_seconds,
        end_seconds=None,
        claim=citation.claim,
        section_key=citation.section.key,
    )

    [(found, _)] = source_issues.of_revision(late)

    assert citation.pk not in found.explained
    assert len(found.explained) == 8
