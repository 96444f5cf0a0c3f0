"""Each citation has the same status and label wherever it is shown."""

import json
import re
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.formats import date_format

from articles import workflow
from articles.derived.checks import labels, status
from articles.derived.rebuilding.republishing import republish
from articles.models import Check, Citation
from articles.views import diff
from articles.workflow.content import SectionContent, SourceContent
from tests.admin.editor.screen.addresses import change_url
from tests.support.clients import logged_in
from tests.support.factories import make_episode, make_moderator, make_published, make_user
from tests.support.samples.cited import ELSEWHERE, HERE, UNHEARD, make_talk
from tests.support.scenarios.evidence_panel import claims_in
from tests.support.scenarios.reviewing import page_of

pytestmark = pytest.mark.django_db

WAVED = "Grey seals sleep on the sand at noon [00:41:00]."
HEARD = "Herring swim in large shoals at night [00:42:00]."
WITHOUT_TRANSCRIPT = "The brain clears waste at night [e2 00:06:31]."
BODIES = (HERE, ELSEWHERE, UNHEARD, WAVED, HEARD, WITHOUT_TRANSCRIPT)
STATES = ["found", "elsewhere", "missing", "looked-at", "confirmed", "unchecked"]


@pytest.fixture(scope="module")
def editor(module_rows):
    return make_user()


@pytest.fixture(scope="module")
def moderator(module_rows):
    return make_moderator()


@pytest.fixture(scope="module")
def article(editor, moderator):
    """A published article with a citation of nearly every status."""
    article = make_published(
        by=editor,
        moderator=moderator,
        lead="",
        sources=(SourceContent(make_talk()), SourceContent(make_episode(), "e2")),
        sections=tuple(SectionContent(f"Part {number}", body) for number, body in enumerate(BODIES, 1)),
    )
    cited = {citation.position: citation for citation in article.published_revision.citation_set.all()}
    workflow.dismiss(
        article,
        by=editor,
        code="not found",
        subject=cited[4].claim_key,
        text=cited[4].claim,
        reason="paraphrase",
    )
    workflow.confirm_citation(
        article,
        by=moderator,
        episode=cited[5].episode,
        start_seconds=cited[5].start_seconds,
        end_seconds=cited[5].end_seconds,
        claim=cited[5].claim,
    )
    return article


@pytest.fixture
def expected():
    today = date_format(timezone.localdate(), "DATE_FORMAT")
    automatic = f"(automatic, {today})"
    texts = [
        f"Matches transcript {automatic}",
        f"Better match at 19:06 {automatic}",
        f"Not found in transcript {automatic}",
        f"Paraphrase, according to editor, {today}",
        f"Confirmed by moderator, {today}",
        "Not checked",
    ]
    return list(zip(STATES, texts, strict=True))


def pairs(given):
    return [(label.state, label.text) for label in given]


def in_html(html, name):
    return [
        (state, unescape(text))
        for state, text in re.findall(rf'class="[^"]*{name} status status--([a-z-]+)">([^<]*)</span>', html)
    ]


def test_all_services_give_the_same_status(article, expected):
    cited = status.of_revision(article.published_revision)
    citations = list(Citation.objects.select_related("revision", "finding", "episode").order_by("position"))

    assert pairs(labels.label_of(citation_status) for _, citation_status in cited) == expected
    assert pairs(labels.labels_of(citations)) == expected
    assert [citation_status.is_flagged for _, citation_status in cited] == [False, True, True, False, False, False]
    assert [citation_status.is_settled for _, citation_status in cited] == [False, False, False, True, True, False]


def test_the_page_shows_it(article, client, expected):
    html = client.get(article.get_absolute_url()).text

    assert in_html(html, "cite-note__verdict") == expected
    assert sorted(in_html(html, "moments__status")) == sorted(expected)  # in order of time


def test_the_permanent_page_shows_it(article, client, expected):
    html = client.get(f"{article.get_absolute_url()}revisions/1/").text

    assert in_html(html, "cite-note__verdict") == expected


def test_the_editor_shows_it(article, editor, expected):
    page = logged_in(editor).get(change_url(article))

    claims = claims_in(page.context["reading"].panel)
    assert pairs(labels.label_of(claim.status) for claim in claims) == expected


def test_the_review_shows_it(article, moderator, expected):
    page = logged_in(moderator).get(page_of(article.published_revision))

    rows = [citation.moment.details for citation in page.context["citations"]]
    assert pairs(row.status_label for row in rows) == expected
    assert [row.confirmed.partition(" by ")[0] for row in rows] == ["", "", "", "", "Confirmed", ""]
    assert [row.dismissed.partition(" by ")[0] for row in rows] == ["", "", "", "Dismissed", "", ""]


def test_the_comparison_shows_it(article, expected):
    [compared] = diff.status.texts(article.published_revision, excerpts=False)

    assert pairs(row.status_label for row in compared.details) == expected


def test_the_report_shows_it(article, editor, expected):
    rows = logged_in(editor).get("/admin/evidence/", {"sort": "article"}).context["rows"]

    assert pairs(row.details.status_label for row in rows) == expected


@pytest.mark.parametrize(
    ("state", "positions"), [("heard", [5]), ("dismissed", [4]), ("nobody", [1, 2, 3, 6]), ("", [1, 2, 3, 4, 5, 6])]
)
def test_the_report_filters_by_it(article, editor, state, positions):
    rows = logged_in(editor).get("/admin/evidence/", {"sort": "article", "state": state}).context["rows"]

    assert [row.citation.position for row in rows] == positions


def test_the_api_returns_it(article, client, expected):
    results = client.get(f"/api/articles/{article.slug}/citations/").json()["results"]

    assert [(citation["state"], citation["stands"]) for citation in results] == expected


@pytest.mark.parametrize("state", labels.STATES)
def test_the_api_filters_by_it(article, client, expected, state):
    results = client.get("/api/citations/", {"state": state}).json()["results"]

    assert [(citation["state"], citation["stands"]) for citation in results] == [
        pair for pair in expected if pair[0] == state
    ]


def test_the_exports_contain_it(article, client, expected):
    exported = client.get(f"/articles/{article.slug}.json").json()["citations"]
    track = client.get("/shows/night-talks/on-ketamine/citations.vtt").text
    cues = [json.loads(line) for line in track.splitlines() if line.startswith("{")]

    assert [(citation["state"], citation["stands"]) for citation in exported] == expected
    assert sorted((citation["state"], citation["stands"]) for citation in cues) == sorted(expected[:-1])


def test_the_command_lists_it(article):
    out = StringIO()
    call_command("check_citations", format="json", verbosity=0, stdout=out)

    listed = json.loads(out.getvalue())["citations"]
    statuses = [citation_status for _, citation_status in status.of_revision(article.published_revision)]
    assert [(row["verdict"], row["confirmed_by"], row["dismissed_by"]) for row in listed] == [
        ("said here", "", ""),
        ("said elsewhere", "", ""),
        ("not found", "", ""),
        ("not found", "", "editor"),
        ("not found", "moderator", ""),
        ("not checked", "", ""),
    ]
    assert [(row["verdict"], bool(row["confirmed_by"] or row["dismissed_by"])) for row in listed] == [
        (citation_status.verdict, citation_status.is_settled) for citation_status in statuses
    ]


def test_the_command_counts_it(article):
    out = StringIO()
    call_command("check_citations", verbosity=0, stdout=out)

    counted = {line[:24].strip(): [int(line[24:44]), int(line[52:])] for line in out.getvalue().splitlines()[1:9]}
    assert counted == {
        "said here": [1, 0],
        "said nearby": [0, 0],
        "said but for a detail": [0, 0],
        "said elsewhere": [1, 0],
        "not found": [3, 2],
        "can’t tell": [0, 0],
        "not checked": [1, 0],
        "all": [6, 2],
    }


def test_a_dismissal_counts_in_its_article_and_a_confirmation_in_all_articles(article, editor, moderator):
    other = make_published(
        "other",
        by=editor,
        moderator=moderator,
        lead="",
        sources=(SourceContent(Citation.objects.get(position=1).episode),),
        sections=(SectionContent("One", WAVED), SectionContent("Two", HEARD)),
    )

    citations = Citation.objects.filter(revision=other.published_revision).select_related("revision", "finding")

    assert [label.state for label in labels.labels_of(citations.order_by("position"))] == ["missing", "confirmed"]
    assert [citation_status.state for _, citation_status in status.of_revision(other.published_revision)] == [
        "missing",
        "confirmed",
    ]
    assert list(status.in_state(citations, "confirmed")) == [citations.get(position=2)]


@pytest.mark.parametrize("count", [1, 3])
def test_labels_of_many_articles_take_two_queries(article, editor, moderator, count, django_assert_num_queries):
    for number in range(count - 1):
        make_published(f"other-{number}", by=editor, moderator=moderator, episode=make_episode(f"e-{number}"))
    citations = list(Citation.objects.select_related("revision", "finding"))

    with django_assert_num_queries(2):
        labels.labels_of(citations)


def test_what_the_check_cannot_tell_is_neutral(article, client):
    citation = article.published_revision.citation_set.select_related("revision", "finding").get(position=1)
    Check.objects.filter(pk=citation.finding_id).update(verdict="can't tell")
    republish(article)
    [citation_status] = status.of_citations(
        [Citation.objects.select_related("revision", "finding", "episode").get(pk=citation.pk)]
    )

    assert (citation_status.state, citation_status.is_flagged) == ("unclear", False)
    today = date_format(timezone.localdate(), "DATE_FORMAT")
    assert labels.label_of(citation_status).text == f"Unclear from transcript (automatic, {today})"
    [listed] = client.get("/api/citations/?state=unclear").json()["results"]
    assert (listed["state"], listed["stands"]) == ("unclear", f"Unclear from transcript (automatic, {today})")
