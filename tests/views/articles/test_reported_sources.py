"""What is wrong with all citations of a recording, as the report on an article says it: page, CSV, JSON and API."""

import csv
import json
from io import StringIO

import pytest
from lxml.html import fromstring

from articles import workflow
from articles.derived import source_issues
from articles.importing import import_transcript
from articles.workflow.content import SectionContent, SourceContent
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_episode, make_published
from tests.support.samples import shifted, talk

pytestmark = pytest.mark.django_db

REPORT = "/articles/talk/revisions/{}/citations"

SHIFTED = (
    "Automatic check: 9 of 9 timestamps are too late by 1 hour. "
    "3 timestamps are past the end of the recording (1:42:41) and aren’t listed here."
)


@shared
def episode():
    episode = make_episode("a-talk", duration_seconds=talk.DURATION)
    import_transcript(episode, talk.as_vtt(), "talk.vtt")
    episode.refresh_from_db()
    return episode


def sentences(client, number=1):
    page = fromstring(client.get(f"{REPORT.format(number)}/").text)
    return [" ".join(element.text_content().split()) for element in page.find_class("cited__source")]


def lines(client, number=1):
    """Return the CSV's rows as dictionaries."""
    text = client.get(f"{REPORT.format(number)}.csv").content.decode().removeprefix("\ufeff")
    return list(csv.DictReader(StringIO(text)))


def told(client, number=1):
    """Return what the CSV says of each source: {episode: [its issue, …, past_end]}, the same in all rows of one."""
    names = ("issue", "issue_offset", "issue_explained", "issue_citations", "past_end")
    found = {}
    for row in lines(client, number):
        values = [row[name] for name in names]
        assert found.setdefault(row["episode"], values) == values
    return found


def as_cells(source):
    values = [*(source["issue"] or dict.fromkeys(("kind", "offset", "explained", "citations"))).values()]
    return ["" if value is None else str(value) for value in [*values, source["past_end"]]]


def check_that_all_agree(client, number=1):
    """Assert that page, CSV, JSON, the article's JSON and the API count the same; return the API's sources."""
    sources = json.loads(client.get(f"{REPORT.format(number)}.json").content)["sources"]
    revision = client.get(f"/api/articles/talk/revisions/{number}/").json()
    assert sources == revision["sources"]
    if revision["is_current"]:
        assert sources == client.get("/api/articles/talk/").json()["sources"]
        assert sources == client.get("/articles/talk.json").json()["sources"]
    rows = [row["episode"] for row in lines(client, number) if row["number"]]
    assert len(rows) == len(revision["citations"])
    for source in sources:
        if source["issue"]:
            assert source["issue"]["citations"] == rows.count(source["episode"]) + source["past_end"]
        if source["issue"] or source["past_end"]:
            assert told(client, number)[source["episode"]] == as_cells(source)
    return sources


@pytest.mark.parametrize(
    ("sections", "issue", "past_end", "words"),
    [
        (shifted.sections(), None, 0, []),
        (
            shifted.sections(lambda second: second + 3600),
            {"kind": "shifted", "offset": -3600, "explained": 9, "citations": 9},
            3,
            [SHIFTED],
        ),
        (
            shifted.foreign_sections(),
            {"kind": "other recording", "offset": None, "explained": 11, "citations": 12},
            0,
            ["Automatic check: 11 of 12 timestamps don’t match this recording. It may be the wrong one."],
        ),
        (
            shifted.sections(lambda second: second if second < 5000 else second * 9),
            None,
            1,
            ["1 timestamp is past the end of the recording (1:42:41) and isn’t listed here."],
        ),
    ],
)
def test_page_files_and_api_say_the_same(client, people, episode, sections, issue, past_end, words):
    make_published("talk", episode=episode, lead="", sections=sections, **people)

    [source] = check_that_all_agree(client)

    assert (source["issue"], source["past_end"]) == (issue, past_end)
    assert sentences(client) == words


def test_timestamps_that_are_all_past_the_end_are_in_the_table(client, people):
    silent = make_episode("silent", duration_seconds=300)
    make_published("talk", episode=silent, lead="", sections=shifted.sections(), **people)

    [source] = check_that_all_agree(client)

    assert source["issue"] == {"kind": "past the end", "offset": None, "explained": 9, "citations": 9}
    assert source["past_end"] == 9
    words = (
        "Automatic check: 9 of 9 timestamps are past the end of the recording (05:00). They can’t be listened to "
        "and aren’t listed here."
    )
    assert sentences(client) == [words]
    [line] = lines(client)
    assert {name: value for name, value in line.items() if value} == {
        "episode": "night-talks/silent",
        "issue": "past the end",
        "issue_explained": "9",
        "issue_citations": "9",
        "past_end": "9",
    }


def test_each_of_several_recordings_is_named(client, people, episode):
    short = make_episode("short", title="A <short> talk", duration_seconds=60)
    sections = (SectionContent("Sea", "Boats come in [e1 00:06:50]. Gulls eat chips [e2 00:06:50]."),)
    sources = (SourceContent(episode), SourceContent(short, "e2"))
    make_published("talk", lead="", sections=sections, sources=sources, **people)

    assert [source["past_end"] for source in check_that_all_agree(client)] == [0, 1]
    assert sentences(client) == [
        "A <short> talk: 1 timestamp is past the end of the recording (01:00) and isn’t listed here."
    ]
    assert [(row["number"], row["episode"], row["past_end"]) for row in lines(client)] == [
        ("1", "night-talks/a-talk", "0"),
        ("", "night-talks/short", "1"),
    ]


def test_an_earlier_text_keeps_its_timestamps_past_the_end_but_has_no_issue(client, people, episode):
    late = shifted.sections(lambda second: second + 3600)
    article = make_published("talk", episode=episode, lead="", sections=late, **people)
    change = workflow.approve(
        make_change(article, by=people["by"], sections=shifted.sections()), by=people["moderator"]
    )
    workflow.publish(change, by=people["moderator"])

    [earlier], [current] = (check_that_all_agree(client, number) for number in (1, 2))

    assert (earlier["issue"], earlier["past_end"]) == (None, 3)
    assert (current["issue"], current["past_end"]) == (None, 0)
    assert sentences(client) == ["3 timestamps are past the end of the recording (1:42:41) and aren’t listed here."]
    assert sentences(client, 2) == []


def test_a_dismissed_issue_isn_t_told(client, people, episode):
    late = shifted.sections(lambda second: second + 3600)
    article = make_published("talk", episode=episode, lead="", sections=late, **people)
    [(found, _)] = source_issues.of_revision(article.published_revision)
    workflow.dismiss(
        article, by=people["by"], code="source-issue", subject=found.subject, text="A talk", reason="heard"
    )

    [source] = check_that_all_agree(client)

    assert (source["issue"], source["past_end"]) == (None, 3)
