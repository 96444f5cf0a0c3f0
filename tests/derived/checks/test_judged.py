"""What people decided about citations, as labels, and how often flags were right."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.derived.checks import judged, precision
from articles.models import Article, Confirmation, Dismissal
from articles.workflow.content import SectionContent
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_moderator, make_user
from tests.support.samples.cited import ELSEWHERE, HERE, UNHEARD, make_cited, make_talk

pytestmark = pytest.mark.django_db

NEAR = "It blocks the NMDA receptor [00:10:31]."  # 90 seconds after ELSEWHERE
FAR = "It blocks the NMDA receptor [00:19:10]."  # where it is said

editor, moderator = shared(make_user), shared(make_moderator)


@shared
def article(editor, moderator):
    return make_cited(episode=make_talk(), by=editor, moderator=moderator)


def citation_at(article, position):
    return article.published_revision.citation_set.select_related("finding", "episode").get(position=position)


def confirm(article, position, by):
    citation = citation_at(article, position)
    return workflow.confirm_citation(
        article,
        by=by,
        episode=citation.episode,
        start_seconds=citation.start_seconds,
        end_seconds=citation.end_seconds,
        claim=citation.claim,
    )


def dismiss(article, position, by, reason):
    citation = citation_at(article, position)
    code, subject = citation.finding.verdict, citation.claim_key
    return workflow.dismiss(article, by=by, code=code, subject=subject, text=citation.claim, reason=reason, note="Why")


def change(article, editor, moderator, *bodies):
    """Publish the article with other bodies of its sections."""
    sections = tuple(
        SectionContent(section.heading, body, section.level, section.key)
        for section, body in zip(article.published_revision.section_set.all(), bodies, strict=True)
    )
    revision = workflow.approve(make_change(article, by=editor, sections=sections), by=moderator)
    workflow.publish(revision, by=moderator)
    return Article.objects.get(pk=article.pk)


def lines():
    return [
        (line["claim"], line["start_seconds"], line["label"], line["said_at_seconds"], line["kind"])
        for line in map(judged.entry, judged.judged())
    ]


def test_confirmations_and_dismissals_say_that_a_citation_is_supported(article, moderator):
    confirm(article, 2, moderator)
    dismiss(article, 3, moderator, "paraphrase")

    assert lines() == [
        ("It blocks the NMDA receptor.", 541, "supported", None, "confirmed"),
        ("Harbour seals hunt herring in winter.", 2400, "supported", None, "dismissed"),
    ]


def test_what_is_only_shown_cannot_be_decided_by_a_transcript(article, moderator):
    dismiss(article, 3, moderator, "on_screen")

    assert [line[2] for line in lines()] == ["too vague"]


def test_a_published_move_says_where_the_claim_is_said(article, editor, moderator):
    change(article, editor, moderator, HERE, FAR, UNHEARD)

    assert lines() == [("It blocks the NMDA receptor.", 541, "elsewhere or nowhere", 1150, "moved")]
    (one,) = judged.judged()
    assert (one.verdict, one.is_flag_right, one.show.handle) == ("said elsewhere", True, "night-talks")
    assert judged.entry(one)["heading"] == "Part 2"


def test_a_move_to_a_moment_that_is_flagged_counts_once_somebody_heard_the_claim_there(article, editor, moderator):
    article = change(article, editor, moderator, HERE, NEAR, UNHEARD)
    assert lines() == []

    confirm(article, 2, moderator)
    assert ("It blocks the NMDA receptor.", 541, "nearby", 631, "moved") in lines()


def test_nothing_else_that_changes_is_a_move(article, editor, moderator):
    article = change(article, editor, moderator, HERE, f"{ELSEWHERE} {FAR}", "Harbour seals hunt cod [00:01:00].")
    assert lines() == []

    make_change(article, by=editor, sections=(SectionContent("Part 2", NEAR),))  # not published
    assert lines() == []


def test_a_claim_that_swaps_places_in_the_text_is_not_a_move(article, editor, moderator):
    change(article, editor, moderator, UNHEARD, HERE, ELSEWHERE)

    assert lines() == []


def test_judgements_in_texts_that_were_never_published_do_not_count(article, moderator):
    confirm(article, 2, moderator)
    article.revision_set.update(first_public_at=None)

    assert lines() == []


def test_withdrawn_and_earlier_judgements_do_not_count(article, moderator):
    workflow.withdraw_confirmation(confirm(article, 2, moderator), by=moderator)
    dismiss(article, 3, moderator, "paraphrase")
    assert len(judged.judged()) == 1

    assert len(judged.judged(timezone.now() - timedelta(days=1))) == 1
    assert judged.judged(timezone.now() + timedelta(days=1)) == []


def test_the_last_judgement_of_a_citation_counts(article, editor, moderator):
    dismiss(article, 2, moderator, "paraphrase")
    confirm(article, 2, moderator)
    assert [line[4] for line in lines()] == ["confirmed"]

    change(article, editor, moderator, HERE, FAR, UNHEARD)
    assert [line[4] for line in lines()] == ["moved"]


def test_a_dismissal_of_a_lint_issue_is_no_label(article, moderator):
    citation = citation_at(article, 1)
    workflow.dismiss(
        article, by=moderator, code="sponsor", subject=citation.claim_key, text=citation.claim, reason="paraphrase"
    )

    assert judged.judged() == []


def test_labels_name_nobody_and_say_nothing_of_the_note(article, moderator):
    dismiss(article, 3, moderator, "other")

    (one,) = judged.judged()
    line = judged.entry(one)
    assert tuple(line) == judged.COLUMNS
    assert moderator.get_username() not in str(line)
    assert "Why" not in str(line)


def row(flags):
    return (flags.name, flags.raised, flags.open, flags.right, flags.confirmed, flags.dismissed, flags.percent)


def test_flags_are_counted_by_show_author_and_month(article, editor, moderator):
    confirm(article, 1, moderator)  # matches, so it was no flag
    dismiss(article, 3, moderator, "paraphrase")
    other = make_cited("seals", episode=make_talk("on-seals"), by=editor, moderator=moderator)
    confirm(other, 2, moderator)
    change(article, editor, moderator, HERE, FAR, UNHEARD)
    make_cited("dogs", episode=make_talk("on-dogs", handle="day-talks"), by=editor, moderator=moderator)

    measured = precision.measure(None)

    name = editor.get_username()
    assert [row(flags) for flags in measured["shows"]] == [
        ("Night Talks", 4, 1, 1, 1, 1, 33),
        ("Day Talks", 2, 2, 0, 0, 0, None),
    ]
    assert [row(flags) for flags in measured["authors"]] == [(name, 6, 3, 1, 1, 1, 33)]
    month = timezone.localdate().replace(day=1)
    assert [row(flags) for flags in measured["months"]] == [(month, 3, 0, 1, 1, 1, 33)]
    assert row(measured["all"]) == ("", 6, 3, 1, 1, 1, 33)


def test_flags_settled_before_the_period_are_left_out(article, moderator):
    dismiss(article, 3, moderator, "paraphrase")

    measured = precision.measure(timezone.now() + timedelta(days=1))

    assert row(measured["all"]) == ("", 1, 1, 0, 0, 0, None)
    assert measured["months"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(editor, moderator, count, django_assert_num_queries):
    for number in range(count):
        article = make_cited(f"seals-{number}", episode=make_talk(f"on-{number}"), by=editor, moderator=moderator)
        confirm(article, 1, moderator)
        dismiss(article, 3, moderator, "paraphrase")
        change(article, editor, moderator, HERE, FAR, UNHEARD)
    assert Confirmation.objects.count() == Dismissal.objects.count() == count

    with django_assert_num_queries(8):
        measured = precision.measure(None)
    assert measured["all"].settled == 2 * count
