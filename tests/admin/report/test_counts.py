"""The numbers of citations on the report, which are counted again only after a change."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from tests.support.samples.cited import make_cited, make_talk


@pytest.mark.django_db(transaction=True)  # on PostgreSQL, changes count when they are committed
def test_all_citations_are_counted_once_after_each_public_change(editor_client, editor, moderator):
    episode = make_talk()

    def total():
        with CaptureQueriesContext(connection) as queries:
            response = editor_client.get("/admin/evidence/")
        everything = re.compile(
            r'SELECT [^()]*"verdict"[^()]*COUNT\([^()]*\) AS "number" FROM "articles_citation" WHERE "\w+"."is_public" GROUP'
        )
        return response.context["total"], sum(bool(everything.match(query["sql"])) for query in queries)

    make_cited("text-0", episode=episode, by=editor, moderator=moderator)
    number, _ = total()
    assert [total(), total()] == [(number, 0)] * 2

    other = make_cited("text-1", episode=episode, by=editor, moderator=moderator)
    assert total() == (2 * number, 1)
    workflow.unpublish(other, by=moderator, reason="A court.")
    assert [total(), total()] == [(number, 1), (number, 0)]
