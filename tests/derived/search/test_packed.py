"""On SQLite the words of search entries are packed beside the index, and nothing is found that is gone."""

import pytest
from django.db import connection

from articles import workflow
from articles.derived import search
from articles.derived.search import packed
from articles.models import SearchEntry
from articles.workflow.integrity.derived import check_published_rows
from tests.support.factories import make_change, make_episode, make_published

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database(reason="PostgreSQL keeps the words in the rows, from which it computes its index"),
]


def kept():
    """Return the articles with packed words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT article_id FROM articles_search_words ORDER BY article_id")
        return [pk for (pk,) in cursor.fetchall()]


def indexed(token):
    """Return the keys of the rows that either full-text table has for `token`."""
    found = []
    for table in ("articles_search_names", "articles_search_texts"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH %s", [token])  # noqa: S608
            found += [pk for (pk,) in cursor.fetchall()]
    return found


@pytest.fixture
def article(people):
    return make_published(episode=make_episode(), **people)


def by_the_previous_release(article):
    """Give the rows of `article` their words, as the previous release does, which doesn't know of the packed ones."""
    rows = search.rows_of(article)
    names = [field.attname for field in SearchEntry._meta.concrete_fields]
    SearchEntry.objects.filter(article=article).delete()
    SearchEntry.objects.bulk_create(SearchEntry(**dict(zip(names, row, strict=True))) for row in rows)


def test_words_are_only_packed(article):
    assert kept() == [article.pk]
    assert set(SearchEntry.objects.values_list("words", flat=True)) == {""}
    assert [row for row in search.stored_rows_of(article) if "wast" in row[packed_place()]]


def packed_place():
    return [field.attname for field in SearchEntry._meta.concrete_fields].index("words")


def test_another_text_takes_the_words_of_the_one_before_out_of_the_index(article, people):
    assert indexed("wast")
    change = make_change(article, by=people["by"], lead="Owls are awake.", sections=())

    workflow.publish(workflow.approve(change, by=people["moderator"]), by=people["moderator"])

    assert not indexed("wast")
    assert indexed("owl")
    assert kept() == [article.pk]


def test_nothing_is_kept_of_what_is_taken_down(article, people):
    workflow.unpublish(article, by=people["moderator"], reason="Wrong.")

    assert not kept()
    assert not indexed("wast")


@pytest.mark.parametrize("query", ["waste", "brain waste", '"brain clears waste"', "sleep"])
def test_rows_of_the_previous_release_are_found_by_their_own_words(article, query):
    expected = str(search.find(query).found)
    packed.remove(article.pk)

    by_the_previous_release(article)

    assert str(search.find(query).found) == expected
    assert search.index(article) is False  # by the same version, so that they stay


def test_indexing_again_what_the_previous_release_indexed_leaves_nothing_of_it(article, people):
    by_the_previous_release(article)
    SearchEntry.objects.update(digest="of another version")

    assert search.index(article)

    assert set(SearchEntry.objects.values_list("words", flat=True)) == {""}
    workflow.unpublish(article, by=people["moderator"], reason="Wrong.")
    assert not indexed("wast")


def test_damaged_words_are_found(article):
    assert not list(check_published_rows(article))

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search_words")

    assert [finding.check for finding in check_published_rows(article)] == ["search"]


def test_rebuilding_empties_the_index_first(article):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO articles_search_texts(rowid, words) VALUES (12345, ' leftover ')")

    search.rebuild()

    assert not indexed("leftover")
    assert [found.article for found in search.find("waste").found] == [article]
