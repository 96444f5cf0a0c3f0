import csv
import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml.html import fromstring

from articles import workflow
from articles.admin.report import queries, trend
from articles.derived.checks import statistics
from articles.models import LintIssue, SourceIssue, Tally
from tests.support.clients import logged_in
from tests.support.databases.shared import shared
from tests.support.factories import make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.samples import shifted
from tests.support.samples.cited import ELSEWHERE, HERE, UNHEARD, make_cited, make_talk, verdicts_of

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/evidence/"
EXPORT = "/admin/evidence/export.csv"
NO_CHOICE = "Select a valid choice. That choice is not one of the available choices."


editor, moderator = shared(make_user), shared(make_moderator)


@shared
def episode():
    return make_talk(chapters=[(0, "Opening"), (1500, "Relief")], youtube_id="abcdefghijk")


@shared
def article(editor, moderator, episode):
    return make_cited(episode=episode, by=editor, moderator=moderator)


@pytest.fixture
def client(editor):
    return logged_in(editor)


def ask(client, **query):
    return client.get(ADDRESS, query)


def moments(response):
    return [row.moment.label for row in response.context["rows"]]


def rows_in(response):
    return fromstring(response.text).find_class("report__row")


def numbers(response):
    return {verdict: number for verdict, number in response.context["counts"] if number}


def citation_of(article, position):
    return article.published_revision.citation_set.select_related("episode").get(position=position)


def hear(article, citation, by):
    return workflow.confirm_citation(
        article,
        by=by,
        episode=citation.episode,
        start_seconds=citation.start_seconds,
        end_seconds=citation.end_seconds,
        claim=citation.claim,
    )


def wave_through(article, citation, by, verdict):
    return workflow.dismiss(
        article, by=by, code=verdict, subject=citation.claim_key, text=citation.claim, reason="paraphrase"
    )


# Permissions --------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [ADDRESS, EXPORT])
def test_report_requires_login(address):
    response = Client().get(address)

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("address", [ADDRESS, EXPORT])
def test_report_is_refused_without_edit_permission(article, address):
    staff = User.objects.create_user("clerk", is_staff=True)

    assert logged_in(staff).get(address).status_code == 403


def test_report_is_in_the_navigation_of_editors(client):
    assert '<a href="/admin/evidence/">Citations</a>' in client.get("/admin/").text
    assert ADDRESS not in logged_in(User.objects.create_user("clerk", is_staff=True)).get("/admin/").text


# Content ------------------------------------------------------------------------------------------


def test_report_lists_and_counts_public_citations_riskiest_first(client, article, episode, editor):
    make_draft("dreams", by=editor, episode=episode)

    response = ask(client)

    assert verdicts_of(article) == ["said here", "said elsewhere", "not found"]
    assert moments(response) == ["40:00", "09:01", "25:05"]
    assert numbers(response) == {"not found": 1, "said elsewhere": 1, "said here": 1}
    assert response.context["total"] == 3


def test_report_shows_the_transcript_at_the_timestamp_and_elsewhere(client, article):
    [row] = ask(client, verdict="said elsewhere").context["rows"]

    assert row.citation.claim == "It blocks the NMDA receptor."
    assert "you can picture a seesaw" in row.details.excerpt
    assert row.details.where == "19:06"
    assert "it blocks the NMDA receptor" in row.details.where_excerpt


def test_report_escapes_user_input(client, episode, editor, moderator):
    make_cited(episode=episode, by=editor, moderator=moderator, bodies=["It says <b>so</b> & more [00:09:01]."])

    text = ask(client).text

    assert "It says &lt;b&gt;so&lt;/b&gt; &amp; more." in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"verdict": "not found"}, ["40:00"]),
        ({"verdict": "not checked"}, ["06:31"]),
        ({"article": "ketamine"}, ["40:00", "09:01", "25:05"]),
        ({"article": "http://testserver/articles/ketamine/"}, ["40:00", "09:01", "25:05"]),
        ({"article": "dreams"}, ["06:31"]),
        ({"episode": "on-dreams"}, ["06:31"]),
        ({"episode": "abcdefghijk", "verdict": "said here"}, ["25:05"]),
        ({"sort": "moment", "episode": "on-ketamine"}, ["09:01", "25:05", "40:00"]),
        ({"sort": "score"}, ["40:00", "09:01", "25:05"]),
        ({"sort": "article"}, ["25:05", "09:01", "40:00", "06:31"]),
        ({"sort": "nonsense", "verdict": "nonsense"}, ["40:00", "09:01", "06:31", "25:05"]),
    ],
)
def test_report_filters_and_orders(client, article, editor, moderator, query, expected):
    make_cited(
        "dreams",
        episode=make_episode("on-dreams", handle="day-talks"),
        by=editor,
        moderator=moderator,
        bodies=["We dream at night [00:06:31]."],
    )

    assert moments(ask(client, **query)) == expected


def test_report_filters_by_show(client, article, episode, editor, moderator):
    other = make_episode("on-dreams", handle="day-talks")
    make_cited("dreams", episode=other, by=editor, moderator=moderator, bodies=["We dream at night [00:06:31]."])

    by_number, by_handle = ask(client, show=other.show_id), ask(client, show="day-talks")

    for response in (by_number, by_handle):
        assert moments(response) == ["06:31"]
        assert numbers(response) == {"not checked": 1}
        assert f'<option value="{other.show_id}" selected>' in response.text


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"show": "nowhere"}, f"Show: {NO_CHOICE} This filter was ignored."),
        ({"show": "9" * 30}, f"Show: {NO_CHOICE} This filter was ignored."),
        ({"show": "\0"}, f"Show: {NO_CHOICE} This filter was ignored."),
        ({"source_issue": "x"}, f"Issue: {NO_CHOICE} This filter was ignored."),
        (
            {"verdict": "wrong"},
            "Verdict: Select a valid choice. wrong is not one of the available choices. This filter",
        ),
        (
            {"episode": "nowhere"},
            "Episode: No episode has the address or YouTube id “nowhere”. This filter was ignored.",
        ),
        ({"article": "nowhere"}, "Article: No published article has the address “nowhere”. This filter was ignored."),
    ],
)
def test_report_names_ignored_filters(client, article, query, problem):
    response = ask(client, **query)

    assert problem in response.text
    assert len(response.context["rows"]) == 3


def test_report_shows_and_filters_by_review_status(client, article, editor, moderator):
    heard, waved = citation_of(article, 3), citation_of(article, 2)
    hear(article, heard, moderator)
    wave_through(article, waved, editor, "said elsewhere")
    today = f"{timezone.localdate():%-d %b %Y}"

    by_state = {state: ask(client, state=state) for state in ("", "heard", "dismissed", "nobody")}

    assert {state: moments(response) for state, response in by_state.items()} == {
        "": ["25:05", "40:00", "09:01"],
        "heard": ["40:00"],
        "dismissed": ["09:01"],
        "nobody": ["25:05"],
    }
    assert {state: numbers(response) for state, response in by_state.items()} == {
        "": {"not found": 1, "said elsewhere": 1, "said here": 1},
        "heard": {"not found": 1},
        "dismissed": {"said elsewhere": 1},
        "nobody": {"said here": 1},
    }
    assert by_state["heard"].context["rows"][0].details.confirmed == f"Confirmed by moderator, {today}"
    assert by_state["dismissed"].context["rows"][0].details.dismissed == (
        f"Dismissed by editor, {today}: a paraphrase: said in other words"
    )


def test_settled_citations_come_last_and_without_a_risk_by_default(client, article, editor, moderator):
    hear(article, citation_of(article, 3), moderator)
    wave_through(article, citation_of(article, 2), editor, "said elsewhere")

    response = ask(client)
    risks = [[tag.text for tag in row.find_class("tag")] for row in rows_in(response)]

    assert moments(response) == ["25:05", "40:00", "09:01"]
    assert risks == [["low risk"], [], []]
    assert moments(ask(client, sort="moment")) == ["09:01", "25:05", "40:00"]


def test_a_withdrawn_confirmation_counts_as_unchecked(client, article, moderator):
    workflow.withdraw_confirmation(hear(article, citation_of(article, 3), moderator), by=moderator)

    assert moments(ask(client, state="nobody")) == ["40:00", "09:01", "25:05"]


def test_a_dismissal_applies_to_one_article_only(client, article, episode, editor, moderator):
    other = make_cited("other", episode=episode, by=editor, moderator=moderator, bodies=[ELSEWHERE])
    wave_through(other, citation_of(other, 1), editor, "said elsewhere")

    [row] = ask(client, state="dismissed").context["rows"]

    assert row.citation.revision.article == other


def test_report_filters_by_issue_and_lists_issues_outside_citations(client, article):
    revision = article.published_revision
    LintIssue.objects.all().delete()
    LintIssue.objects.create(
        revision=revision,
        citation=citation_of(article, 2),
        code="sponsor",
        text="[00:09:01]",
        message="An advertisement.",
    )
    LintIssue.objects.create(revision=revision, code="uncited-dose", text="5 mg", message="Nothing is cited.")

    of_citation, of_place = ask(client, check="sponsor"), ask(client, check="uncited-dose")

    assert moments(of_citation) == ["09:01"]
    assert of_citation.context["flagged_number"] == 0
    assert moments(of_place) == []
    assert [(place.text, place.message) for place in of_place.context["flagged"]] == [("5 mg", "Nothing is cited.")]


def test_a_dismissed_issue_counts_as_reviewed(client, article, editor):
    LintIssue.objects.all().delete()
    for position in (1, 2):
        LintIssue.objects.create(
            revision=article.published_revision, citation=citation_of(article, position),
            code="sponsor", subject=f"{position}", text="[00:09:01]", message="An advertisement.",
        )  # fmt: skip
    workflow.dismiss(article, by=editor, code="sponsor", subject="1", text="[00:25:05]", reason="heard")

    by_state = {state: ask(client, check="sponsor", state=state) for state in ("", "dismissed", "nobody")}
    flags = [(flag.title, flag.is_dismissed) for row in by_state[""].context["rows"] for flag in row.flags]

    assert {state: moments(response) for state, response in by_state.items()} == {
        "": ["09:01", "25:05"],
        "dismissed": ["25:05"],
        "nobody": ["09:01"],
    }
    assert numbers(by_state["nobody"]) == {"said elsewhere": 1}
    assert flags == [("In a sponsor’s chapter", False), ("In a sponsor’s chapter", True)]


# Pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["", "risk", "moment", "article", "score"])
def test_pages_follow_each_other_without_a_gap(article, episode, editor, moderator, sort):
    make_cited("other", episode=episode, by=editor, moderator=moderator, bodies=[HERE, ELSEWHERE, UNHEARD, HERE])
    hear(article, citation_of(article, 2), moderator)
    wave_through(article, citation_of(article, 3), editor, "not found")
    citations = queries.matching({"sort": sort})

    whole, end = queries.page(citations, sort, size=10)
    paged, place = [], None
    while True:
        rows, last = queries.page(citations, sort, place, size=2)
        paged += rows
        if last is None:
            break
        place = queries.place_of(queries.place_in_address(last), sort)

    assert [row.pk for row in paged] == [row.pk for row in whole]
    assert (len(whole), end) == (7, None)


@pytest.mark.parametrize("text", ["", "x", "1", "1_2_3_4", "1_x", "nan_nan_nan"])
def test_an_invalid_place_shows_the_first_page(text):
    assert queries.place_of(text, "") is None


def test_next_page_keeps_the_filters(client, article, episode, editor, moderator, monkeypatch):
    monkeypatch.setattr(queries.page, "__defaults__", (None, 2))

    first = ask(client, article="ketamine")
    [next_page] = re.findall(r'<a href="([^"]+)" rel="next">', first.text)
    assert next_page.endswith("#report-list")
    second = client.get(ADDRESS + unescape(next_page))

    assert (moments(first), moments(second)) == (["40:00", "09:01"], ["25:05"])
    assert 'rel="next"' not in second.text
    assert '<a href="?article=ketamine#report-list">First page</a>' in second.text


@pytest.mark.parametrize("count", [1, 3])
def test_report_and_each_batch_of_its_export_take_a_constant_number_of_queries(
    client, episode, editor, moderator, django_assert_num_queries, count
):
    for number in range(count):
        make_cited(f"text-{number}", episode=episode, by=editor, moderator=moderator)

    with django_assert_num_queries(22):
        ask(client, article="text-0", verdict="not found")
    with django_assert_num_queries(24):
        ask(client)
    with django_assert_num_queries(14):
        assert len(read(client.get(EXPORT))) == 3 * count


@pytest.mark.parametrize(("by", "is_said"), [(3600, True), (600, False)])
def test_an_issue_says_that_marks_past_the_end_are_not_among_its_citations(
    client, editor, moderator, episode, by, is_said
):
    late = shifted.sections(lambda second: second + by)
    make_published("late", by=editor, moderator=moderator, episode=episode, lead="", sections=late)

    said = "timestamps past the end of the recording cite nothing, so they aren’t listed"
    assert (said in ask(client).text) == is_said


def test_an_issue_of_all_citations_stands_for_those_it_explains(client, editor, moderator, episode):
    late = shifted.sections(lambda second: second + 600)
    article = make_published("late", by=editor, moderator=moderator, episode=episode, lead="", sections=late)

    report = ask(client)
    issue = SourceIssue.objects.get()
    folded = ask(client, source_issue=issue.pk)

    assert [row.in_words for row in report.context["source_issues"]] == [
        "9 of 9 timestamps are too late by about 10:04."
    ]
    assert (moments(report), report.context["total"]) == ([], 0)
    assert f"?source_issue={issue.pk}#report-list" in report.text
    assert len(moments(folded)) == folded.context["total"] == 9
    assert [row["issue of all citations"] for row in read(client.get(EXPORT))] == ["shifted"] * 9
    flags = client.get("/admin/evidence/precision/")
    assert (flags.context["all"].open, flags.context["in_source_issues"]) == (9, 9)
    assert "9 open flags are part of one issue of all citations of a recording." in flags.text
    workflow.unpublish(article, by=moderator, reason="Wrong.")
    assert ask(client).context["source_issue_number"] == 0


# CSV ----------------------------------------------------------------------------------------------


def read(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_export_has_all_matching_citations(client, article, moderator):
    hear(article, citation_of(article, 1), moderator)

    response = client.get(EXPORT, {"sort": "moment"})
    rows = read(response)

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="citations-{timezone.localdate():%Y-%m-%d}.csv"'
    )
    assert [(row["verdict"], row["moment"], row["risk"]) for row in rows] == [
        ("said elsewhere", "541", "6"),
        ("said here", "1505", "1"),
        ("not found", "2400", "10"),
    ]
    assert rows[1]["heard"].startswith("Confirmed by moderator, ")
    assert rows[1]["chapter"] == "Relief"


def test_export_names_the_open_issues_of_a_citation(client, article):
    LintIssue.objects.all().delete()
    LintIssue.objects.create(
        revision=article.published_revision, citation=citation_of(article, 2), code="sponsor", text="[00:09:01]"
    )

    rows = read(client.get(EXPORT, {"sort": "moment"}))

    assert [list(row.values())[-1] for row in rows] == ["In a sponsor’s chapter", "", ""]


def test_export_neutralises_formulas(client, episode, editor, moderator):
    make_cited(episode=episode, by=editor, moderator=moderator, bodies=["=SUM(A1) is said [00:09:01]."])

    [row] = read(client.get(EXPORT))

    assert row["claim"] == "'=SUM(A1) is said."


def test_export_reads_in_batches(client, article, monkeypatch):
    monkeypatch.setattr(queries, "BATCH", 2)

    rows = read(client.get(EXPORT))

    assert [row["moment"] for row in rows] == ["2400", "541", "1505"]


# The trend ----------------------------------------------------------------------------------------


def test_one_day_makes_no_trend(client, article):
    statistics.record(timezone.localdate())

    response = ask(client)

    assert response.context["trend"] is None
    assert "No trend yet" in response.text


def test_trend_is_drawn_to_scale_with_numbers(client, article):
    today = timezone.localdate()
    for days, number in ((10, 8), (5, 4), (0, 2)):
        day = today - timedelta(days=days)
        statistics.record(day)
        Tally.objects.filter(on=day, verdict="not found").update(citation_count=number)

    response = ask(client)
    line = response.context["trend"].lines[0]

    assert (line.verdict, line.first, line.last, line.change) == ("not found", 8, 2, "−6")
    assert line.points == "0.00,0.00 50.00,12.00 100.00,18.00"
    assert 'aria-label="not found: from 8 to 2"' in response.text


def test_trend_of_nothing():
    assert trend.of([]) is None
    assert trend.of([(date(2026, 11, 1), {})]) is None


def test_addresses():
    assert (reverse("admin:evidence_report"), reverse("admin:evidence_export")) == (ADDRESS, EXPORT)
