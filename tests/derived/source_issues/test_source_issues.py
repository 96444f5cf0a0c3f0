"""Issues of all citations of a recording in saved texts: found with the marks past its end, and said in words."""

import pytest

from articles import workflow
from articles.derived import republish, source_issues
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Article, Citation, SourceIssue
from articles.workflow.integrity import derived
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_episode, make_published, make_user, publish_by_workflow
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
        (lambda second: second - 310, "9 of 9 timestamps are too early by about 05:06."),
        (lambda second: second * 60, "9 of 9 timestamps have their minutes in the place of the hours."),
    ],
)
def test_other_readings_are_said_in_words(editor, episode, moment, words):
    [(found, _)] = source_issues.of_revision(revision(editor, episode, shifted.sections(moment)))

    assert found.in_words == words


def test_marks_past_the_end_are_found_without_a_transcript(editor):
    silent = make_episode("silent", duration_seconds=600)

    [(found, _)] = source_issues.of_revision(revision(editor, silent, shifted.sections(lambda second: second + 3600)))

    assert found.in_words == "9 of 9 timestamps are past the end of the recording (10:00)."


def test_another_recording_is_named(editor, episode):
    [(found, _)] = source_issues.of_revision(revision(editor, episode, shifted.foreign_sections()))

    assert found.kind == "other recording"
    assert len(found.explained) == 11  # of the twelfth the check can’t tell


def test_another_recording_is_named_if_many_marks_are_past_the_end_of_this_one(editor, episode):
    [(found, _)] = source_issues.of_revision(revision(editor, episode, shifted.foreign_sections(apart=900)))

    assert found.kind == "other recording"
    assert sum(isinstance(ref, source_issues.PastEnd) for ref in found.explained) == 6


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


# Stored -------------------------------------------------------------------------------------------


def stored(article):
    return [
        (row.kind, row.offset_seconds, row.explained_count, row.citation_count, row.citation_set.count())
        for row in SourceIssue.objects.filter(revision__article=article)
    ]


def test_a_published_correction_removes_what_was_stored(client, editor, episode):
    article = publish_by_workflow("talk", by=editor, episode=episode, lead="", sections=shifted.sections())
    assert stored(article) == []
    change = make_change(article, by=editor, sections=shifted.sections(lambda second: second + 600))
    assert stored(article) == []  # only of published texts
    moderator = change.article.published_revision.review_set.get().by
    workflow.approve(change, by=moderator)
    workflow.publish(change, by=moderator)
    assert stored(article) == [("shifted", -604, 9, 9, 9)]
    # Programs are told of it, of the published text only.
    issue = {"kind": "shifted", "offset": -604, "explained": 9, "citations": 9}
    assert [source["issue"] for source in client.get("/api/articles/talk/").json()["sources"]] == [issue]
    assert client.get("/api/articles/talk/revisions/1/").json()["sources"][0]["issue"] is None

    workflow.unpublish(Article.objects.get(pk=article.pk), by=moderator, reason="Wrong.")

    assert stored(article) == []


def test_what_is_stored_follows_the_transcript_and_judgements(editor, episode):
    late = revision(editor, episode, shifted.sections(lambda second: second + 600))
    article = late.article
    assert stored(article) == [("shifted", -604, 9, 9, 9)]
    row = SourceIssue.objects.get()

    republish(article)
    assert SourceIssue.objects.get() == row  # nothing is written again

    citation = late.citation_set.first()
    workflow.dismiss(
        article,
        by=editor,
        code=citation.finding.verdict,
        subject=citation.claim_key,
        text=citation.claim,
        reason="paraphrase",
    )
    assert stored(article) == [("shifted", -604, 8, 9, 8)]

    found = source_issues.of_revision(late)[0][0]
    dismissal = workflow.dismiss(
        article, by=editor, code=source_issues.CODE, subject=found.subject, text=found.in_words, reason="heard"
    )
    assert stored(article) == []
    workflow.withdraw_dismissal(dismissal, by=editor)
    assert stored(article) == [("shifted", -604, 8, 9, 8)]

    workflow.remove_transcript(episode, by=editor, at_once=True)
    assert stored(article) == []


def test_damage_is_found(editor, episode):
    article = revision(editor, episode, shifted.sections(lambda second: second + 600)).article
    assert list(derived.check_source_issues(article)) == []

    Citation.objects.filter(revision=article.published_revision).update(source_issue=None)

    [finding] = derived.check_source_issues(article)
    assert (finding.check, finding.place) == ("source issues", "talk: issues of sources")
    republish(article)
    assert list(derived.check_source_issues(article)) == []


@pytest.mark.parametrize("shift", [0, 600])
def test_storing_takes_few_queries(editor, episode, shift, django_assert_max_num_queries):
    article = revision(editor, episode, shifted.sections(lambda second: second + shift)).article

    with django_assert_max_num_queries(4 if not shift else 14):
        source_issues.store(article)
