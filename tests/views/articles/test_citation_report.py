"""The public citation report of a revision: page, CSV and JSON, pinned to its text."""

import csv
import json
from io import StringIO

import pytest
from django.utils import timezone
from lxml.html import fromstring

from articles import workflow
from articles.derived.recordings import excerpts
from articles.importing import import_transcript
from articles.models import Article, Check, Dismissal, Episode
from articles.workflow.content import SectionContent
from tests.support.factories import make_change, make_draft, make_episode, make_published

pytestmark = pytest.mark.django_db

REPORT = "/articles/sleep/revisions/{}/citations"
TRANSCRIPT = """
00:05:00 Let us talk about the sea for a while, and about the boats that come in with it.
00:06:29 At night the brain clears its waste, and that is why we sleep so soundly.
00:20:00 Boats come in with the water and leave again with it, twice in a day and a night.
00:31:00 Thank you all for listening to this.
"""
SECTIONS = (
    SectionContent("Why we *sleep*", "The brain clears waste at night [00:06:31]. =Puppies chew slippers [00:20:00]."),
    SectionContent("Sea", "Boats come in with the water [00:20:00]. Gulls eat chips [00:31:00]."),
)
SPOKEN = ("soundly", "twice in a day", "listening")


@pytest.fixture
def article(people):
    episode = make_episode(youtube_id="abcdefghijk")
    import_transcript(episode, TRANSCRIPT.encode())
    return make_published("sleep", episode=episode, lead="", sections=SECTIONS, **people)


def confirm(article, position, by):
    citation = article.published_revision.citation_set.get(position=position)
    workflow.confirm_citation(
        article,
        by=by,
        episode=citation.episode,
        start_seconds=citation.start_seconds,
        end_seconds=citation.end_seconds,
        claim=citation.claim,
    )


def dismiss(article, position, by, **values):
    citation = article.published_revision.citation_set.select_related("finding").get(position=position)
    code, subject = citation.finding.verdict, citation.claim_key
    workflow.dismiss(article, by=by, code=code, subject=subject, text=citation.claim, **values)


def rows_of(client, number=1):
    """Return [claim, status, …] of each row of the page."""
    page = fromstring(client.get(f"{REPORT.format(number)}/").text)
    parts = "./div[@class='cited__claim']/p | ./div[@class='cited__claim']/q | ./div[@class='cited__found']/p"
    return [[words_of(part) for part in row.xpath(parts)] for row in page.find_class("cited__row")]


def words_of(element):
    return " ".join(element.text_content().split())


def listed(client, number=1):
    return json.loads(client.get(f"{REPORT.format(number)}.json").content)


def test_every_claim_is_listed_with_what_was_found_and_who_confirmed_it(client, article, people):
    confirm(article, 1, people["moderator"])
    dismiss(article, 4, people["moderator"], reason=Dismissal.Reason.ON_SCREEN, note="Zephyrine")

    page = client.get(f"{REPORT.format(1)}/").text
    headings = [words_of(section[0]) for section in fromstring(page).find_class("cited")]

    today = f"{timezone.localdate():%d %b %Y}".lstrip("0")
    name = people["moderator"].get_username()
    assert headings == ["Why we sleep", "Sea"]
    assert rows_of(client) == [
        ["The brain clears waste at night.", f"Confirmed by {name}, {today}", "Automatic check: Matches transcript"],
        ["=Puppies chew slippers.", f"Not found in transcript (automatic, {today})"],
        ["Boats come in with the water.", f"Matches transcript (automatic, {today})"],
        [
            "Gulls eat chips.",
            f"Shown on screen, according to {name}, {today}",
            "Automatic check: Not found in transcript",
        ],
    ]
    assert "Zephyrine" not in page
    assert '<a href="/articles/sleep/revisions/1/#c-391" dir="auto" lang="">' in page


def test_json_has_the_same_for_programs(client, article, people, settings):
    confirm(article, 1, people["moderator"])
    dismiss(article, 4, people["moderator"], reason=Dismissal.Reason.OTHER, note="Zephyrine")

    report = listed(client)
    assert "Zephyrine" not in json.dumps(report)
    first, second, _, last = report.pop("citations")

    assert report == {
        "title": "Sleep",
        "slug": "sleep",
        "revision": 1,
        "is_current": True,
        "permalink": "http://testserver/articles/sleep/revisions/1/",
        "report": "http://testserver/articles/sleep/revisions/1/citations/",
        "how_we_check": "http://testserver/how-we-check/",
        "site": settings.SITE_NAME,
        "states": {"confirmed": 1, "found": 1, "looked-at": 1, "missing": 1},
        "sources": client.get("/api/articles/sleep/").json()["sources"],
    }
    name = people["moderator"].get_username()
    assert (first["number"], first["claim"], first["start"]) == (1, "The brain clears waste at night.", 391)
    assert first["url"] == "http://testserver/articles/sleep/revisions/1/#c-391"
    assert first["confirmed"]["by"] == last["dismissed"]["by"] == name
    assert first["check"]["verdict"] == "said here"
    assert first["check"]["checker_version"] == Check.objects.first().checker_version
    assert (second["state"], second["confirmed"], second["dismissed"]) == ("missing", None, None)
    assert last["dismissed"]["because"] == "other"


def test_csv_is_safe_in_spreadsheets(client, article):
    response = client.get(f"{REPORT.format(1)}.csv")

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(StringIO(response.content.decode().removeprefix("\ufeff"))))
    assert [(row["number"], row["section"], row["claim"], row["state"]) for row in rows] == [
        ("1", "Why we sleep", "The brain clears waste at night.", "found"),
        ("2", "Why we sleep", "'=Puppies chew slippers.", "missing"),
        ("3", "Sea", "Boats come in with the water.", "found"),
        ("4", "Sea", "Gulls eat chips.", "missing"),
    ]
    assert rows[0]["link"] == "https://www.youtube.com/watch?v=abcdefghijk&t=391s"


def test_what_the_recording_never_says_like_this_is_named(client, article, people):
    check = article.published_revision.citation_set.get(claim__contains="Boats").finding
    Check.objects.filter(pk=check.pk).update(discrepancies=[["name", "Boats", "", None]], discrepancy_kinds="name")

    rows = list(csv.DictReader(StringIO(client.get(f"{REPORT.format(1)}.csv").content.decode().removeprefix("\ufeff"))))

    assert rows_of(client)[2][-1] == "Name not in the recording: Boats"
    assert [row["discrepancies"] for row in rows] == ["", "", "name: Boats", ""]
    assert listed(client)["citations"][2]["discrepancies"] == [{"kind": "name", "text": "Boats", "start": None}]


def test_no_words_of_the_transcript_are_shown_unless_excerpts_are_allowed(client, article, settings):
    answers = [client.get(f"{REPORT.format(1)}{end}").content.decode() for end in ("/", ".csv", ".json")]
    assert not any(word in answer for word in SPOKEN for answer in answers)

    Episode.objects.update(allows_excerpts=True)
    settings.EXCERPTS_MAX_PERCENT = 100
    excerpts.store(Episode.objects.all())

    page, lines, data = (client.get(f"{REPORT.format(1)}{end}").content.decode() for end in ("/", ".csv", ".json"))
    assert "soundly" in page
    assert "soundly" in lines
    assert "soundly" in data


def test_a_report_stays_with_its_revision(client, article, people, settings):
    settings.EXCERPTS_MAX_PERCENT = 100
    Episode.objects.update(allows_excerpts=True)
    sections = (SectionContent("Sea", "Boats leave again with the water [00:20:00]."),)
    change = workflow.approve(make_change(article, by=people["by"], sections=sections), by=people["moderator"])
    workflow.publish(change, by=people["moderator"])

    earlier, current = client.get(f"{REPORT.format(1)}/").text, client.get(f"{REPORT.format(2)}/").text

    assert [len(rows_of(client, number)) for number in (1, 2)] == [4, 1]
    assert '<meta name="robots" content="noindex">' in earlier
    assert '<a href="/articles/sleep/citations/">the report on the current text, revision 2</a>' in earlier
    assert '<meta name="robots"' not in current
    assert "<q" not in earlier
    assert "<q" in current
    assert all(row["excerpt"] is None for row in listed(client, 1)["citations"])
    assert (
        '<a href="/articles/sleep/citations/">How this article was checked</a>' in client.get("/articles/sleep/").text
    )
    assert (
        '<a href="/articles/sleep/revisions/1/citations/">How this article was checked</a>'
        in client.get("/articles/sleep/revisions/1/").text
    )


def test_an_address_that_stays_shows_the_report_on_the_current_text(client, article, people):
    address, canonical = (
        "/articles/sleep/citations/",
        'rel="canonical" href="http://testserver/articles/sleep/citations/"',
    )
    assert client.get("/articles/sleep.json").json()["report"] == f"http://testserver{address}"
    before = client.get(address).text
    assert before == client.get(f"{REPORT.format(1)}/").text
    sections = (SectionContent("Sea", "Boats leave again with the water [00:20:00]."),)
    change = workflow.approve(make_change(article, by=people["by"], sections=sections), by=people["moderator"])
    workflow.publish(change, by=people["moderator"])

    after, earlier = client.get(address).text, client.get(f"{REPORT.format(1)}/").text

    assert "This is the report on revision 1, the current text." in before
    assert "This is the report on revision 2, the current text." in after
    assert after == client.get(f"{REPORT.format(2)}/").text
    assert canonical in before
    assert canonical in after
    assert "canonical" not in earlier


@pytest.mark.parametrize("end", ["/", ".csv", ".json"])
def test_only_public_revisions_have_a_report(client, article, people, end):
    make_change(article, by=people["by"])
    make_draft("naps", by=people["by"])

    assert client.get(f"{REPORT.format(2)}{end}").status_code == 404
    assert client.get(f"/articles/naps/revisions/1/citations{end}").status_code == 404
    assert client.get(f"{REPORT.format(9)}{end}").status_code == 404


@pytest.mark.parametrize("end", ["/", ".csv", ".json"])
def test_the_report_on_an_erased_text_is_gone(client, article, people, administrator, end):
    change = workflow.approve(make_change(article, by=people["by"], lead="Another."), by=people["moderator"])
    workflow.publish(change, by=people["moderator"])
    workflow.erase(Article.objects.get().revision_set.get(number=1), by=administrator, reason="By request.")

    response = client.get(f"{REPORT.format(1)}{end}")

    assert response.status_code == 410
    assert "Puppies" not in response.content.decode()
    assert "By request." in response.content.decode()


def test_a_suppressed_name_is_replaced(client, article, people, administrator):
    confirm(article, 1, people["moderator"])
    name = people["moderator"].get_username()
    assert name in client.get(f"{REPORT.format(1)}.json").content.decode()

    workflow.suppress_name(name, by=administrator)

    for end in ("/", ".csv", ".json"):
        assert name not in client.get(f"{REPORT.format(1)}{end}").content.decode(), end


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("end", ["/", ".csv", ".json"])
def test_the_number_of_queries_does_not_grow(client, people, count, end, django_assert_num_queries):
    body = " ".join(f"Claim number {number} [00:0{number}:31]." for number in range(count))
    make_published("sleep", episode=make_episode(), lead="", sections=(SectionContent("Sea", body),), **people)

    with django_assert_num_queries(9):
        assert client.get(f"{REPORT.format(1)}{end}").status_code == 200
