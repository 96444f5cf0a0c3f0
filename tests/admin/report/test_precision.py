"""The page on how often flags were right, and the judgements as files."""

import csv
import json
from io import StringIO

import pytest
from django.core.cache import cache
from lxml.html import fromstring

from articles import workflow
from articles.models import Dismissal
from tests.support.clients import logged_in
from tests.support.databases.shared import shared
from tests.support.factories import make_moderator, make_user
from tests.support.samples.cited import HERE, make_cited, make_talk

pytestmark = pytest.mark.django_db

PAGE = "/admin/evidence/precision/"
FORMULA = "=Harbour seals hunt herring in winter [00:40:00]."

editor, moderator = shared(make_user), shared(make_moderator)


@shared
def article(editor, moderator):
    article = make_cited(episode=make_talk(), by=editor, moderator=moderator, bodies=(HERE, FORMULA))
    citation = article.published_revision.citation_set.get(position=2)
    subject, text = citation.claim_key, citation.claim
    workflow.dismiss(article, by=moderator, code="not found", subject=subject, text=text, reason="paraphrase")
    return article


@pytest.fixture
def client(editor):
    return logged_in(editor)


def tables(response):
    page = fromstring(response.text)
    return [[[cell.text_content().strip() for cell in row] for row in table.iter("tr")] for table in page.iter("table")]


def test_the_page_counts_flags_by_show_author_and_month(client, article, editor):
    shows, authors, _ = tables(client.get(PAGE))

    head = ["flags", "open", "right", "heard there", "dismissed", "share right"]
    assert shows == [["show", *head], ["Night Talks", "1", "0", "0", "0", "1", "0 %"]]
    assert authors == [["author", *head], [editor.get_username(), "1", "0", "0", "0", "1", "0 %"]]


MONTHLESS = "No flag was settled in this period; open ones aren’t listed by month."
NOTHING = "No flags are open, and none was settled in this period."


def empty_texts(client, period):
    cache.clear()  # on PostgreSQL, what it depends on is counted when a transaction is committed
    page = fromstring(client.get(f"{PAGE}?period={period}").text)
    return [text.text for text in page.xpath("//section[starts-with(@aria-labelledby, 'flags-')]/p")]


@pytest.mark.parametrize("period", ["30", "all"])
def test_what_is_empty_says_whether_flags_are_open(client, article, period):
    assert empty_texts(client, period) == []
    workflow.withdraw_dismissal(Dismissal.objects.get(), by=make_user("third"))
    assert empty_texts(client, period) == [MONTHLESS]


@pytest.mark.parametrize("period", ["30", "all"])
def test_without_any_flags_each_table_says_so(client, period):
    assert empty_texts(client, period) == [NOTHING, NOTHING, MONTHLESS]


@pytest.mark.parametrize(
    ("asked", "current"),
    [("", "A year"), ("?period=30", "30 days"), ("?period=all", "All time"), ("?period=x", "A year")],
)
def test_the_period_can_be_chosen(client, article, asked, current):
    page = fromstring(client.get(f"{PAGE}{asked}").text)

    assert [link.text for link in page.xpath("//a[@aria-current]")] == [current]


def test_judgements_are_lines_of_json_or_csv_without_formulas(client, article):
    lines = client.get("/admin/evidence/judgements.jsonl")
    table = client.get("/admin/evidence/judgements.csv")

    assert lines.headers["Content-Type"] == "application/jsonl; charset=utf-8"
    (line,) = map(json.loads, b"".join(lines.streaming_content).decode().splitlines())
    assert (line["claim"], line["label"]) == ("=Harbour seals hunt herring in winter.", "supported")
    text = b"".join(table.streaming_content).decode().removeprefix("\ufeff")
    (row,) = csv.DictReader(StringIO(text))
    assert (row["claim"], row["label"]) == ("'=Harbour seals hunt herring in winter.", "supported")
    assert list(row) == list(line)
