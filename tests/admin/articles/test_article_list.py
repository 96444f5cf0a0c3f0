"""The list of articles: who was saved last comes first, without looking at every revision."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Article
from articles.workflow.content import content_of
from tests.support.clients import logged_in
from tests.support.factories import make_draft, make_published

LIST = "/admin/articles/article/"


def slugs(response):
    return [article.slug for article in response.context["cl"].result_list]


@pytest.mark.django_db
def test_the_article_saved_last_comes_first(editor, moderator):
    make_published("sleep", by=editor, moderator=moderator)
    naps = make_draft("naps", by=editor)
    make_published("tides", by=editor, moderator=moderator)
    client = logged_in(editor)
    assert slugs(client.get(LIST)) == ["tides", "naps", "sleep"]

    workflow.save_draft(naps, content_of(naps), by=editor, version=naps.version)

    assert slugs(client.get(LIST)) == ["naps", "tides", "sleep"]
    assert slugs(client.get(LIST + "?o=0")) == ["naps", "sleep", "tides"]


@pytest.mark.django_db
def test_the_list_reads_the_rows_of_one_page_by_an_index(editor, moderator):
    for number in range(3):
        make_published(f"sleep-{number}", by=editor, moderator=moderator)
    client = logged_in(editor)
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)

    [listing] = [query["sql"] for query in queries if "newest_saved_at" in query["sql"] and "LIMIT" in query["sql"]]
    assert 'ORDER BY "articles_article"."last_saved_at" DESC' in listing
    assert "GROUP BY" not in listing.split('FROM "articles_article" LEFT')[-1]


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "expected"), [("draft", ["naps"]), ("waiting", ["tides"]), ("published", ["sleep"])])
def test_the_list_is_filtered_by_the_state_of_revisions(editor, moderator, state, expected):
    make_published("sleep", by=editor, moderator=moderator)
    make_draft("naps", by=editor)
    workflow.submit(make_draft("tides", by=editor), by=editor)

    assert slugs(logged_in(editor).get(f"{LIST}?state={state}")) == expected
    assert Article.objects.filter(last_saved_at=None).count() == 0
