"""Discrepancies between claims and recordings, from the check to each place that shows or counts them."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from articles.derived.checks import discrepancies, run
from articles.models import Check
from tests.support.clients import logged_in
from tests.support.databases.shared import shared
from tests.support.factories import make_moderator, make_published, make_user
from tests.support.samples.cited import HERE, UNHEARD, make_cited, make_talk
from tests.support.scenarios.evidence_panel import claims_in
from tests.support.scenarios.reviewing import page_of

pytestmark = pytest.mark.django_db

MISQUOTED = (
    "On relief the talk is clear: “it comes within minutes to centuries, the symptoms of boredom ease” [00:25:05]."
)
QUOTED = "“The striking thing is how fast relief comes” [00:25:05]."
NAMED = "The symptoms of depression ease within minutes to hours, says Bartholomew Quigley in 1873 [00:25:05]."
QUOTATION = "it comes within minutes to centuries, the symptoms of boredom ease"
CLOSEST = "relief comes: within minutes to hours the symptoms of depression ease"

editor, moderator = shared(make_user), shared(make_moderator)


@shared
def article(editor, moderator):
    bodies = [HERE, MISQUOTED, QUOTED, NAMED, UNHEARD]
    return make_cited(episode=make_talk(youtube_id="abcdefghijk"), by=editor, moderator=moderator, bodies=bodies)


def test_a_block_quote_is_compared_like_what_stands_between_marks(moderator):
    plain = QUOTATION.capitalize()
    bodies = [f"> {plain} [00:25:05].", f"{plain} [00:25:05]."]
    make_cited(episode=make_talk(), by=moderator, moderator=moderator, bodies=bodies)

    quoted, said = Check.objects.order_by("-is_quotation")

    assert (quoted.claim, quoted.is_quotation) == (said.claim, not said.is_quotation)
    assert [[*row[:2]] for row in quoted.discrepancies] == [["quotation", f"{plain}."]]
    assert said.discrepancies == []
    assert run.differing(quoted) == run.differing(said) == []


def test_a_check_stores_what_the_recording_does_not_say(article):
    citations = article.published_revision.citation_set.order_by("position").select_related("finding")
    checks = [citation.finding for citation in citations]

    assert [check.verdict for check in checks] == ["said here", "partly", "said here", "partly", "not found"]
    assert [check.discrepancies for check in checks] == [
        [],
        [["quotation", QUOTATION, CLOSEST, 1506]],
        [],
        [["name", "Bartholomew Quigley", "", None], ["number", "1873", "", None]],
        [],
    ]
    assert [check.discrepancy_kinds for check in checks] == ["", "quotation", "", "name number", ""]
    assert [run.differing(check) for check in checks] == [[], [], [], [], []]


def test_a_check_of_an_earlier_version_has_none(article):
    citation = article.published_revision.citation_set.get(position=2)
    Check.objects.filter(pk=citation.finding_id).update(checker_version=1, discrepancies=[], discrepancy_kinds="")
    citation.finding.refresh_from_db()

    assert discrepancies.shown(citation.finding, citation.episode, may_quote=True) == ()
    assert discrepancies.as_values(None) == []
    assert client_of(make_user("other")).get(page_of(article.published_revision)).status_code == 200


def client_of(user):
    return logged_in(user)


def test_the_editor_sees_each_with_the_closest_wording_and_where_it_is(article, editor):
    response = client_of(editor).get(reverse("admin:articles_article_change", args=[article.pk]))

    shown = {claim.text: claim.discrepancies for claim in claims_in(response.context["reading"].panel)}
    [quotation] = shown[MISQUOTED.replace(" [00:25:05]", "")]
    assert (quotation.title, quotation.text) == ("Quotation not said like this", QUOTATION)
    assert (quotation.closest, quotation.where) == (CLOSEST, "25:06")
    assert quotation.where_href == "https://www.youtube.com/watch?v=abcdefghijk&t=1506s"
    assert [found.title for found in shown[NAMED.replace(" [00:25:05]", "")]] == [
        "Name not in the recording",
        "Number not in the recording",
    ]
    assert f'<q dir="auto">{CLOSEST}</q>' in response.content.decode()


def test_the_review_shows_and_counts_them(article, moderator):
    response = client_of(moderator).get(page_of(article.published_revision))

    page = response.content.decode()
    assert f'<q dir="auto">{CLOSEST}</q>' in page
    assert "Quotation not said like this: <b>1</b> · Number not in the recording: <b>1</b>" in page


@pytest.mark.parametrize(("kind", "count"), [("quotation", 1), ("number", 1), ("name", 1)])
def test_the_report_counts_and_filters_them(article, editor, kind, count):
    client = client_of(editor)

    everything = client.get("/admin/evidence/")
    filtered = client.get("/admin/evidence/", {"discrepancy": kind})

    assert everything.context["discrepancies"] == [(name, str(title), 1) for name, title in discrepancies.KINDS.items()]
    assert f'href="?discrepancy={kind}"' in everything.content.decode()
    assert [row.citation.finding.discrepancy_kinds.split() for row in filtered.context["rows"]] == [
        ["quotation"] if kind == "quotation" else ["name", "number"]
    ]
    assert filtered.context["total"] == count


def test_the_reports_file_lists_them(article, editor):
    answer = client_of(editor).get("/admin/evidence/export.csv", {"discrepancy": "name"})

    [row] = csv.DictReader(StringIO(answer.getvalue().decode("utf-8-sig")))
    assert row["not in the recording"] == (
        "Name not in the recording: Bartholomew Quigley; Number not in the recording: 1873"
    )


def test_check_citations_lists_and_counts_them_without_the_transcripts_words(article):
    out = {form: StringIO() for form in ("table", "json", "csv")}
    for form, stream in out.items():
        call_command("check_citations", format=form, stdout=stream, stderr=StringIO())

    listed = json.loads(out["json"].getvalue())["citations"]
    assert [row["discrepancies"] for row in listed][1] == [{"kind": "quotation", "text": QUOTATION, "start": 1506}]
    rows = list(csv.DictReader(StringIO(out["csv"].getvalue())))
    assert rows[3]["discrepancies"] == "name: Bartholomew Quigley; number: 1873"
    assert (
        "Quotation not said like this: 1 citation\nNumber not in the recording: 1 citation\n" in out["table"].getvalue()
    )
    assert not any("symptoms of depression ease" in row["discrepancies"] for row in rows)


def test_the_api_gives_them_without_the_transcripts_words(article):
    answer = Client().get(f"/api/articles/{article.slug}/citations/").json()

    assert [citation["discrepancies"] for citation in answer["results"]][1] == [
        {"kind": "quotation", "text": QUOTATION, "start": 1506}
    ]
    assert "how fast relief comes: within" not in json.dumps(answer)


def test_readers_of_a_comparison_do_not_see_the_closest_wording(article):
    for address in (article.get_absolute_url(), f"{article.get_absolute_url()}revisions/1/"):
        page = Client().get(address, follow=True).content.decode()

        assert QUOTATION in page
        assert CLOSEST not in page


def test_counting_takes_one_query(article, django_assert_num_queries):
    make_published("other", by=make_user("other"), episode=article.published_revision.source_set.get().episode)

    with django_assert_num_queries(1):
        counted = discrepancies.counts(article.published_revision.citation_set.all())

    assert [(kind, number) for kind, _, number in counted] == [("quotation", 1), ("number", 1), ("name", 1)]
