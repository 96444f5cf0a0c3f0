import pytest

from articles import workflow
from articles.models import Article, PreviousSlug
from articles.workflow.content import SectionContent, content_of
from tests.support.clients import logged_in
from tests.support.factories import make_draft, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/articles/article/missing-links/"


@pytest.fixture
def client(editor):
    return logged_in(editor)


def links(*slugs):
    return (SectionContent("Tides", " ".join(f"See [[{slug}]]." for slug in slugs)),)


def rows(client, **query):
    response = client.get(ADDRESS, query)
    assert response.status_code == 200
    return [(row.slug, row.count, [one.title for one in row.linking]) for row in response.context["rows"]]


def test_the_most_wanted_articles_come_first(client, editor):
    make_published("ebb", by=editor, title="Ebb", sections=links("flow", "bay", "low-water"))
    make_draft("flow", by=editor, title="Flow", sections=links("low-water", "ebb", "bay"))
    make_draft("tide", by=editor, title="Tide", sections=links("low-water"))

    assert rows(client) == [
        ("low-water", 3, ["Tide", "Flow", "Ebb"]),
        ("bay", 2, ["Flow", "Ebb"]),
        ("flow", 1, ["Ebb"]),
    ]
    assert rows(client, **{"in": "published"}) == [("bay", 1, ["Ebb"]), ("flow", 1, ["Ebb"]), ("low-water", 1, ["Ebb"])]
    assert rows(client, **{"in": "drafts"}) == [("low-water", 2, ["Tide", "Flow"]), ("bay", 1, ["Flow"])]
    assert rows(client, **{"in": "nonsense"}) == rows(client)


def test_an_article_counts_once_for_all_its_texts(client, editor):
    article = make_published("ebb", by=editor, title="Ebb", sections=links("bay"))
    published = article.published_revision
    workflow.start_draft(article, content_of(published), by=make_user("other"), base=published)

    assert rows(client) == [("bay", 1, ["Ebb"])]


def test_texts_that_went_nowhere_ask_for_nothing(client, editor):
    draft = make_draft("ebb", by=editor, sections=links("bay"))
    workflow.submit(draft, by=editor)
    workflow.withdraw(draft, by=editor)

    assert rows(client) == []
    assert "No wanted articles. Every link leads to a published article." in client.get(ADDRESS).text


def test_previous_slugs_are_not_wanted(client, editor):
    ebb = make_published("ebb", by=editor, sections=links("low-water"))
    PreviousSlug.objects.create(article=ebb, slug="low-water")

    assert rows(client) == []


def test_a_wanted_article_is_started_with_slug_and_title(client, editor):
    make_published("ebb", by=editor, title="Ebb", sections=links("low-water"))

    page = client.get(ADDRESS).text
    screen = client.get("/admin/articles/article/add/?slug=low-water&title=Low+water")

    address = "/admin/articles/article/add/?slug=low-water&amp;title=Low+water"
    assert f'<a class="button" href="{address}" aria-label="Write “Low water”">Write</a>' in page
    assert screen.context["form"].text["title"].value() == "Low water"
    assert screen.context["form"].text["slug"].value() == "low-water"
    assert Article.objects.count() == 1


def test_what_is_begun_is_escaped_and_cut(client):
    screen = client.get("/admin/articles/article/add/", {"slug": 'a"<b>\0', "title": "<script>" + "x" * 300})

    assert screen.status_code == 200
    assert screen.context["form"].text["slug"].value() == "ab"
    assert len(screen.context["form"].text["title"].value()) == 200
    assert "<script>x" not in screen.text


def test_drafts_and_unpublished_articles_are_linked(client, editor):
    moderator = make_moderator()
    make_published("ebb", by=editor, moderator=moderator, title="Ebb", sections=links("flow", "bay"))
    make_draft("flow", by=editor, title="Flow")
    bay = make_published("bay", by=editor, moderator=moderator, title="Bay")
    workflow.unpublish(bay, by=moderator, reason="It was about another harbour.")

    page = client.get(ADDRESS).text

    flow = Article.objects.get(slug="flow")
    assert f'<a href="/admin/articles/article/{flow.pk}/change/">View draft</a>' in page
    assert f'<a href="/admin/articles/article/{bay.pk}/change/">View unpublished article</a>' in page
    assert ">Write<" not in page


def test_only_five_articles_are_named(client, editor):
    for number in range(7):
        make_draft(f"a{number}", by=editor, title=f"A {number}", sections=links("bay"))

    assert rows(client) == [("bay", 7, ["A 6", "A 5", "A 4", "A 3", "A 2"])]
    assert "and 2 more" in client.get(ADDRESS).text


def test_the_list_has_pages(client, editor, monkeypatch):
    monkeypatch.setattr("articles.admin.articles.missing_links.PER_PAGE", 2)
    make_draft("ebb", by=editor, sections=links("a", "b", "c"))

    first = client.get(ADDRESS, {"in": "drafts"})

    assert [row.slug for row in first.context["rows"]] == ["a", "b"]
    assert 'href="?in=drafts&amp;page=2"' in first.text
    assert rows(client, **{"in": "drafts", "page": "2"}) == [("c", 1, ["Sleep"])]


def test_the_list_is_for_editors_and_linked_from_the_home_page(client):
    assert logged_in(make_user("nobody", groups=())).get(ADDRESS).status_code == 403
    assert f'href="{ADDRESS}"' in client.get("/admin/").text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_constant_number_of_queries(client, editor, count, django_assert_num_queries):
    for number in range(count):
        make_draft(f"a{number}", by=editor, sections=links("bay", f"b{number}"))
    client.get(ADDRESS)

    with django_assert_num_queries(9):
        client.get(ADDRESS)
