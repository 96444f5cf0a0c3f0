import csv
import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles import workflow
from articles.core import evidence
from articles.core.evidence import measured
from articles.core.evidence.measured import Measured, MeasuredSet, Share
from articles.derived.rebuilding import citation_checks
from articles.importing import import_transcript
from articles.management.commands.check_citations import verdict_named
from articles.models import Article, Check, Citation, Tally
from articles.workflow.content import SectionContent, SourceContent
from tests.support.factories import make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.samples import shifted, talk
from tests.support.scenarios.published_pages import page_of

pytestmark = pytest.mark.django_db

TRANSCRIPT = """
00:05:00 Let us talk about the sea for a while, and about the boats that come in with it.
00:06:29 At night the brain clears its waste, and that is why we sleep.
00:20:00 Boats come in with the water and leave again with it, twice in a day and a night.
00:30:00 Sugar is what the liver stores, and it lasts for about eighteen hours.
00:31:00 Thank you all for listening to this.
"""


def run(**options):
    """Run the command and return its stdout, stderr and exit status."""
    out, err = StringIO(), StringIO()
    try:
        call_command("check_citations", stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue(), err.getvalue() + str(error), error.returncode
    return out.getvalue(), err.getvalue(), 0


def make_site():
    """Create two published articles on an episode with a transcript, one on an episode without, and a draft."""
    editor, moderator = make_user(), make_moderator()
    transcribed = make_episode("on-sleep")
    untranscribed = make_episode("on-bread", handle="day-talks")
    sections = (
        SectionContent("Why we *sleep*", "The brain clears waste at night [00:06:31]."),
        SectionContent("Sugar", "The liver stores sugar for hours [00:06:31-00:06:40]."),
    )
    make_published("sleep", by=editor, moderator=moderator, episode=transcribed, sections=sections)
    nothing = (SectionContent("Dogs", "=Puppies chew slippers [00:20:00]."),)
    make_published("dogs", by=editor, moderator=moderator, episode=transcribed, sections=nothing)
    make_published("bread", by=editor, moderator=moderator, episode=untranscribed)
    make_draft("draft", by=editor, episode=transcribed)
    import_transcript(transcribed, TRANSCRIPT.encode())
    return transcribed


def test_table_counts_the_published_citations():
    make_site()

    out, err, status = run()

    assert status == 0
    assert out.splitlines()[:9] == [
        "verdict                  published citations   share            reviewed",
        "said here                                  1    25 %                   0",
        "said nearby                                0     0 %                   0",
        "said but for a detail                      0     0 %                   0",
        "said elsewhere                             1    25 %                   0",
        "not found                                  1    25 %                   0",
        "can’t tell                                 0     0 %                   0",
        "not checked                                1    25 %                   0",
        "all                                        4                           0",
    ]
    assert out.splitlines()[-1].startswith("5 citations examined in ")
    assert out.splitlines()[-1].endswith(" s: 0 citations checked, 0 published pages rebuilt.")
    assert err == ""


def test_citations_without_a_check_and_those_that_could_not_be_checked_count_together():
    make_site()
    Check.objects.filter(citation__revision__article__slug="dogs").update(verdict="not checked")

    out, _, _ = run()

    assert out.splitlines()[7:9] == [
        "not checked                                2    50 %                   0",
        "all                                        4                           0",
    ]


def test_json_lists_every_published_citation():
    make_site()
    article = Article.objects.get(slug="sleep")
    citation = article.published_revision.citation_set.get(position=1)
    workflow.confirm_citation(
        article,
        by=make_moderator("ida"),
        episode=citation.episode,
        start_seconds=citation.start_seconds,
        end_seconds=citation.end_seconds,
        claim=citation.claim,
    )

    out, err, _ = run(format="json")

    listed = json.loads(out)
    assert listed["verdicts"] == {
        "said here": 1,
        "said nearby": 0,
        "partly": 0,
        "said elsewhere": 1,
        "not found": 1,
        "can't tell": 0,
        "not checked": 1,
    }
    assert [(row["article"], row["section"], row["moment"], row["verdict"]) for row in listed["citations"]] == [
        ("bread", "Why we sleep", "00:06:31", "not checked"),
        ("dogs", "Dogs", "00:20:00", "not found"),
        ("sleep", "Why we sleep", "00:06:31", "said here"),
        ("sleep", "Sugar", "00:06:31-00:06:40", "said elsewhere"),
    ]
    first, last = listed["citations"][2:]
    assert (first["episode"], first["claim"]) == ("night-talks/on-sleep", "The brain clears waste at night.")
    assert (first["confirmed_by"], first["where"], last["confirmed_by"], last["where"]) == ("ida", "", "", "00:30:00")
    assert first["score"] > 0.8
    assert listed["citations"][0]["score"] is None
    assert "examined in" in err


def test_csv_is_safe_in_spreadsheets_and_omits_the_transcript():
    make_site()

    out, _, _ = run(format="csv", verbosity=0)

    rows = list(csv.DictReader(StringIO(out)))
    assert [row["claim"] for row in rows] == [
        "The brain clears waste at night.",
        "'=Puppies chew slippers.",
        "The brain clears waste at night.",
        "The liver stores sugar for hours.",
    ]
    assert list(rows[0]) == [
        "article",
        "section",
        "episode",
        "moment",
        "claim",
        "verdict",
        "where",
        "score",
        "missing",
        "discrepancies",
        "confirmed_by",
        "dismissed_by",
        "source_issue",
    ]
    assert "eighteen" not in out


def test_article_and_show_limit_the_list():
    make_site()

    of_article = json.loads(run(format="json", article="dogs")[0])
    of_show = json.loads(run(format="json", show="day-talks")[0])
    of_both = json.loads(run(format="json", show="day-talks", article="dogs")[0])

    assert [row["article"] for row in of_article["citations"]] == ["dogs"]
    assert [row["article"] for row in of_show["citations"]] == ["bread"]
    verdicts = dict.fromkeys(evidence.VERDICTS, 0)
    assert (of_both["verdicts"], of_both["source_issues"], of_both["citations"]) == (verdicts, [], [])


def figures(version):
    shares = [Share(1, 51), Share(18, 18), Share(3, 5), Share(22, 23)]
    return Measured(version, date(2026, 11, 30), (MeasuredSet("recordings", 83, 2, 21, *shares),))


def test_the_command_says_how_often_the_check_is_right_and_when_that_was_measured(monkeypatch):
    monkeypatch.setattr(measured, "load", lambda: figures(evidence.CHECKER_VERSION))

    out, _, _ = run(verbosity=0)
    listed = json.loads(run(format="json", verbosity=0)[0])

    made = f"version {evidence.CHECKER_VERSION}, measured on 2026-11-30"
    empty, head, line = out.splitlines()[9:]
    assert empty == ""
    assert head == f"How often the check is right ({made}; in brackets the range at a confidence of 95 %):"
    assert line == (
        "83 claims of real articles: correct citations flagged by mistake 1 of 51 (0 to 11 %), wrong citations flagged "
        "18 of 18 (82 to 100 %), citations off by up to 150 s flagged 3 of 5 (23 to 89 %)"
    )
    assert listed["measured"]["measured_on"] == "2026-11-30"
    assert listed["measured"]["sets"][0]["false_alarms"] == {"part": 1, "whole": 51}


def test_the_command_says_that_figures_are_of_an_earlier_version(monkeypatch):
    monkeypatch.setattr(measured, "load", lambda: figures(evidence.CHECKER_VERSION - 1))

    out, _, _ = run(verbosity=0)

    assert (
        out.splitlines()[-1] == f"These are figures of an earlier version: this is version {evidence.CHECKER_VERSION}."
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"article": "none"}, "There is no article “none”."),
        ({"show": "none"}, "There is no show “none”."),
        (
            {"fail_on": ["wrong"]},
            "“wrong” isn’t a verdict. Choose from said here, said nearby, partly, said elsewhere, not found, can't tell, not checked.",
        ),
    ],
)
def test_unknown_names_are_reported(options, message):
    assert run(**options) == ("", message, 1)


@pytest.mark.parametrize("written", ["can't tell", "can’t tell", "can’t-tell"])
def test_a_verdict_is_named_with_either_apostrophe(written):
    assert verdict_named(written) == evidence.CANT_TELL


def test_fail_on_ignores_reviewed_citations():
    make_site()
    before = run(fail_on=["not-found", "partly"])
    dogs = Article.objects.get(slug="dogs")
    citation = dogs.published_revision.citation_set.get()
    workflow.dismiss(
        dogs,
        by=make_moderator("ida"),
        code="not found",
        subject=citation.claim_key,
        text=citation.claim,
        reason="on_screen",
    )

    after = run(fail_on=["not found", "partly"])
    both = run(fail_on=["said_elsewhere", "not checked", "said elsewhere"])

    assert before[1:] == ("Published citations that nobody has confirmed or dismissed: 1 “not found”.", 1)
    assert after[2] == 0
    assert "not found                                  1    25 %                   1\n" in after[0]
    assert both[1:] == (
        "Published citations that nobody has confirmed or dismissed: 1 “said elsewhere”, 1 “not checked”.",
        1,
    )


@pytest.mark.parametrize("change", [{"checker_version": 0}, {"transcript_digest": "x"}])
def test_outdated_checks_are_rerun_and_pages_rebuilt(change):
    make_site()
    Check.objects.update(verdict="not found", **change)

    out, _, _ = run()

    assert "5 citations examined" in out
    assert ": 3 citations checked, 2 published pages rebuilt." in out
    assert Check.objects.filter(verdict="said here").count() == 1
    assert "Matches transcript (automatic" in page_of(Article.objects.get(slug="sleep"))
    assert ": 0 citations checked, 0 published pages rebuilt." in run()[0]


def test_a_single_article_can_be_rechecked():
    make_site()
    Check.objects.update(checker_version=0)

    out, _, _ = run(article="dogs")

    assert out.splitlines()[-1].startswith("1 citation examined")
    assert Check.objects.filter(checker_version=0).count() == 2


def test_checks_without_a_citation_are_deleted_after_a_day():
    make_site()
    Citation.objects.filter(revision__article__slug="dogs").delete()

    run()
    recent = Check.objects.count()
    Check.objects.update(checked_at=timezone.now() - timezone.timedelta(days=2))
    run()

    assert (recent, Check.objects.count()) == (3, 2)


def test_checks_of_a_removed_transcript_are_deleted():
    episode = make_site()
    type(episode).objects.update(transcript_digest="")

    out, _, _ = run()

    assert "not checked                                4   100 %" in out
    assert "2 published pages rebuilt." in out
    assert Check.objects.count() == 0


def test_the_numbers_of_the_day_cover_the_whole_site_and_are_updated():
    make_site()

    run(article="dogs")
    first = dict(Tally.objects.values_list("verdict", "citation_count"))
    workflow.unpublish(Article.objects.get(slug="dogs"), by=make_moderator("ida"), reason="Nobody said so.")
    run()

    assert (first["not found"], first["said here"]) == (1, 1)
    assert list(Tally.objects.values_list("on", "verdict", "citation_count").order_by("verdict")) == [
        (timezone.localdate(), "can't tell", 0),
        (timezone.localdate(), "not checked", 1),
        (timezone.localdate(), "not found", 0),
        (timezone.localdate(), "partly", 0),
        (timezone.localdate(), "said elsewhere", 1),
        (timezone.localdate(), "said here", 1),
        (timezone.localdate(), "said nearby", 0),
    ]


def test_progress_is_a_bar_on_a_terminal(monkeypatch):
    class Terminal(StringIO):
        def isatty(self):
            return True

    make_site()
    terminal = Terminal()
    monkeypatch.setattr(citation_checks, "BATCH", 2)

    call_command("check_citations", stdout=StringIO(), stderr=terminal)

    assert "[########################] 5/5 " in terminal.getvalue()


@pytest.mark.parametrize(("count", "batches"), [(1, 1), (3, 2)])
def test_listing_takes_two_queries_per_batch_of_citations(monkeypatch, count, batches, django_assert_num_queries):
    editor, moderator, episode = make_user(), make_moderator(), make_episode()
    for number in range(count):
        make_published(f"text-{number}", by=editor, moderator=moderator, episode=episode)
    import_transcript(episode, TRANSCRIPT.encode())
    monkeypatch.setattr(citation_checks, "BATCH", 2)

    with django_assert_num_queries(1 + 2 * batches):
        listed = list(citation_checks.rows(citation_checks.Scope()))

    assert [row["article"] for row in listed] == [f"text-{number}" for number in range(count)]


def test_an_issue_of_all_citations_of_a_recording_is_listed():
    episode = make_episode("a-talk", duration_seconds=talk.DURATION)
    import_transcript(episode, talk.as_vtt(), "talk.vtt")
    episode.refresh_from_db()
    late = shifted.sections(lambda second: second + 3600)
    make_published("late", by=make_user(), episode=episode, lead="", sections=late)

    table, _, _ = run(verbosity=0)
    out, _, _ = run(format="json", verbosity=0)

    assert "late (night-talks/a-talk): 9 of 9 timestamps are too late by 1 hour." in table
    assert table.splitlines()[-3:] == [
        "all: 1 issue, 9 timestamps",
        "",
        "Past the end of the recording, not counted above: 3 timestamps in 1 article",
    ]
    listed = json.loads(out)
    assert listed["past_end"] == {"late": 3}
    assert listed["source_issues"] == [
        {
            "article": "late",
            "episode": "night-talks/a-talk",
            "kind": "shifted",
            "offset_seconds": -3600,
            "explained": 9,
            "of": 9,
        }
    ]
    assert [row["source_issue"] for row in listed["citations"]] == ["shifted"] * 6


def test_timestamps_past_the_end_are_counted_in_what_was_asked_for():
    episode, other = (make_episode(handle=name, duration_seconds=600) for name in ("one", "two"))
    sources = (SourceContent(episode), SourceContent(other, "e2"))
    editor, moderator = make_user(), make_moderator()
    of_both = SectionContent("Sea", "Boats come in [e1 00:20:00, 00:05:00]. Gulls eat chips [e2 00:20:00] [e2 nine].")
    make_published("both", by=editor, moderator=moderator, lead="", sections=(of_both,), sources=sources)
    of_one = SectionContent("Sea", "Boats come in [00:20:00, 00:30:00-00:31:00].")
    make_published("one", by=editor, moderator=moderator, lead="", sections=(of_one,), episode=episode)
    make_draft("unpublished", by=editor, episode=episode, sections=(of_one,))

    totals = [run(verbosity=0, **options)[0].splitlines()[-1] for options in ({}, {"article": "both"}, {"show": "two"})]

    assert [total.partition(": ")[2] for total in totals] == [
        "4 timestamps in 2 articles",
        "2 timestamps in 1 article",
        "1 timestamp in 1 article",
    ]
    assert "Past the end" not in run(verbosity=0, article="one", show="two")[0]
