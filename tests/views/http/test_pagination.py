"""Keyset pagination, redirects from previous slugs, and joining the runs of two texts."""

import operator
from functools import reduce

import pytest
from django.http import Http404, HttpResponse
from django.urls import resolve

from articles import workflow
from articles.core.revisions import diff
from articles.models import Article
from articles.views.base import published_or_redirect
from articles.views.http.pagination import Page, batches, conditions_behind, cut, page_of_articles
from articles.workflow.content import SectionContent, content_of
from tests.support.factories import make_change, make_moderator, make_published, make_user


@pytest.mark.parametrize(
    ("rows", "page"),
    [([], Page([], None)), ([1, 2], Page([1, 2], None)), ([1, 2, 3], Page([1, 2], 2))],
)
def test_a_page_knows_whether_something_follows(rows, page):
    assert cut(rows, 2) == page


@pytest.mark.django_db
def test_pages_of_articles_are_consecutive():
    by, moderator = make_user(), make_moderator()
    slugs = [make_published(f"sleep-{number}", by=by, moderator=moderator).slug for number in range(3)]
    listed = Article.objects.for_list()

    first = page_of_articles(listed, "", 2)
    second = page_of_articles(listed, first.last.slug, 2)

    assert [article.slug for article in (*first.rows, *second.rows)] == slugs[::-1]
    assert (first.is_first, second.is_first, second.last) == (True, False, None)
    with pytest.raises(Http404):
        page_of_articles(listed, "nowhere", 2)


@pytest.mark.django_db
def test_conditions_behind_a_row_match_the_rows_after_it():
    by, moderator = make_user(), make_moderator()
    for number in range(4):
        make_published(f"sleep-{number}", by=by, moderator=moderator)
    Article.objects.filter(slug__in=["sleep-0", "sleep-1"]).update(log_length=1)
    Article.objects.filter(slug__in=["sleep-2", "sleep-3"]).update(log_length=9)
    order = ["-log_length", "pk"]
    everything = list(Article.objects.order_by(*order))

    for index, article in enumerate(everything):
        behind = reduce(operator.or_, conditions_behind(order, [article.log_length, article.pk]))
        assert list(Article.objects.filter(behind).order_by(*order)) == everything[index + 1 :]


@pytest.mark.django_db
def test_a_former_slug_leads_to_the_same_page_of_the_article(rf):
    by, moderator = make_user(), make_moderator()
    article = make_published("sleep", by=by, moderator=moderator)
    change = make_change(article, by=by, slug="nights")
    workflow.publish(workflow.approve(change, by=moderator), by=moderator)

    @published_or_redirect()
    def view(request, article):
        return HttpResponse(content_of(article.published_revision).slug)

    def answer(slug):
        request = rf.get(f"/articles/{slug}/cite/?revision=1")
        request.resolver_match = resolve(f"/articles/{slug}/cite/")
        return view(request, slug=slug)

    former = answer("sleep")
    assert answer("nights").text == "nights"
    assert (former.status_code, former.headers["Location"]) == (301, "/articles/nights/cite/?revision=1")
    with pytest.raises(Http404):
        answer("nowhere")


def test_runs_of_two_single_texts_joined_are_both():
    runs = diff.runs_between("A rope holds 5 t [00:06:31].", "A rope holds 8 t [00:06:31].")

    assert "".join(run.text for run in runs if run.op != "insert") == "A rope holds 5 t [00:06:31]."
    assert "".join(run.text for run in runs if run.op != "delete") == "A rope holds 8 t [00:06:31]."
    assert [(run.op, run.text) for run in runs if run.op != "equal"] == [("delete", "5"), ("insert", "8")]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 9, 10])
@pytest.mark.parametrize("columns", [["level", "pk"], ["-level", "pk"], ["level", "-position", "pk"], ["-pk"]])
def test_batches_hold_every_row_once_in_order(size, columns, django_assert_num_queries, people):
    sections = tuple(
        SectionContent(f"Section {number}", level=level) for number, level in enumerate((1, 2, 3, 3, 2, 3, 1, 2, 3))
    )
    rows = make_published(sections=sections, **people).published_revision.section_set.all()
    expected = list(rows.order_by(*columns))

    with django_assert_num_queries(-(-len(expected) // size)):
        found = list(batches(rows, columns, size))

    assert [row for batch in found for row in batch] == expected
    assert {len(batch) for batch in found[:-1]} <= {size}
