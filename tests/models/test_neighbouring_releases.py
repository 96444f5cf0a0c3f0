"""The previous release serves while this one's migrations run, and this one while the next one's do."""

import pytest
from django.db import connection

from articles.models import PublicVersion, Rendering
from tests.support.factories import make_published

pytestmark = pytest.mark.django_db(transaction=True)

# The columns of `Rendering` that one of the neighbours doesn't know.
UNKNOWN = {"the previous release": "page_changes", "the next release": "page_html"}


@pytest.fixture
def article():
    return make_published("sleep")


@pytest.mark.parametrize("release", UNKNOWN)
def test_a_rendering_is_added_without_the_columns_that_a_release_does_not_know(article, release):
    row = Rendering.objects.filter(pk=article.published_revision_id).values().get()
    Rendering.objects.all().delete()
    del row[UNKNOWN[release]]
    columns, places = ", ".join(row), ", ".join(["%s"] * len(row))

    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO articles_rendering ({columns}) VALUES ({places})", list(row.values()))  # noqa: S608

    default = Rendering._meta.get_field(UNKNOWN[release]).default
    assert Rendering.objects.values().get() == row | {UNKNOWN[release]: default}


def test_a_page_that_the_previous_release_stores_outdates_its_responses(article):
    before = PublicVersion.objects.get(scope=article.pk).number

    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_rendering SET page_html = 'Made by the previous release.'")

    assert PublicVersion.objects.get(scope=article.pk).number > before


def test_what_the_previous_release_stored_is_not_shown(article, client):
    Rendering.objects.update(page_html="Made by the previous release.")

    page = client.get("/articles/sleep/").text

    assert "The brain clears waste" in page
    assert "previous release" not in page
