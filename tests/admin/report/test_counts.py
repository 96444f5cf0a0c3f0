"""The numbers of citations and of flags on the report, which are counted again only after a change."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from tests.support.samples.cited import UNHEARD, make_cited, make_talk


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


@pytest.mark.django_db(transaction=True)
def test_how_often_flags_are_right_is_computed_again_after_a_judgement(editor_client, editor, moderator):
    article = make_cited("seals", episode=make_talk(), by=editor, moderator=moderator, bodies=(UNHEARD,))
    citation = article.published_revision.citation_set.get()

    def counts():
        flags = editor_client.get("/admin/evidence/precision/").context["all"]
        return flags.open, flags.dismissed

    assert counts() == (1, 0)
    subject, text = citation.claim_key, citation.claim
    dismissal = workflow.dismiss(
        article, by=moderator, code="not found", subject=subject, text=text, reason="paraphrase"
    )
    assert counts() == (0, 1)
    workflow.withdraw_dismissal(dismissal, by=moderator)
    assert counts() == (1, 0)
