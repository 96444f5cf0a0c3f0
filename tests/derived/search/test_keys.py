"""Keys of search entries keep the order of articles in every stretch, and each stretch has its own index."""

import pytest
from django.db import connection

from articles.derived.search import backends
from articles.derived.search import keys as places
from articles.derived.search.query import parse
from articles.models import Article, SearchEntry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", SearchEntry.Kind)
def test_the_first_rows_of_all_stretches_are_in_the_order_of_articles(kind):
    numbers = [1, 256, 257, 2048, 2049, 16384, 16385, 2**36 - 1]
    Article.objects.bulk_create(Article(pk=pk, slug=f"article-{pk}", created_by_name="") for pk in reversed(numbers))
    SearchEntry.objects.bulk_create(
        SearchEntry(pk=places.key(kind, pk, place), article_id=pk, kind=kind, text="Naps", size=1, words=" nap ")
        for pk in reversed(numbers)
        for place in (3, 1)
    )

    found = [
        backends.keys(parse("naps"), backends.OF_KIND[kind], backends.Range(limit, kind)) for limit in (3, 5, 9, 100)
    ]

    keys = [places.key(kind, pk, place) for pk in numbers for place in (1, 3)]
    assert found == [keys[:3], keys[:5], keys[:9], keys]


@pytest.mark.parametrize("kind", list(SearchEntry.Kind)[1:])
@pytest.mark.parametrize("stretch", backends.STRETCHES)
def test_each_stretch_uses_its_own_index(kind, stretch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite’s index has an order.")
    first, last = stretch
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexdef LIKE %s", ["%USING gin (vector)%"])
        indexes = [definition for (definition,) in cursor.fetchall()]

    ends = [definition.partition(" WHERE ")[2].replace("'", "").replace("::bigint", "") for definition in indexes]
    assert f"((kind = {kind:d}) AND (((article_id + 0) >= {first}) AND ((article_id + 0) <= {last})))" in ends
