import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import importing, workflow
from articles.derived.pages import related
from articles.models import Article, PreviousSlug, RelatedArticles, Topic
from articles.workflow.content import SectionContent, content_of
from tests.support.factories import make_draft, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

ENTRY = re.compile(r'<a href="/articles/([^/]+)/"')


@pytest.fixture
def publish(editor):
    """Return a function that publishes an article with links to the given slugs."""

    def make(slug, *links, **kwargs):
        text = " ".join(["Ebb and flow.", *(f"See [[{link}]]." for link in links)])
        sections = (SectionContent("Tides", text),)
        return make_published(slug, by=editor, title=slug.capitalize(), sections=sections, **kwargs)

    return make


@pytest.fixture
def change(editor):
    """Return a function that publishes a change of an article."""

    def make(article, **changes):
        article.refresh_from_db()
        published = article.published_revision
        content = replace(content_of(published), edit_summary="Said more exactly.", **changes)
        draft = workflow.start_draft(article, content, by=editor, base=published)
        workflow.submit(draft, by=editor)
        moderator = Article.objects.get(pk=article.pk).published_revision.review_set.first().by
        workflow.approve(draft, by=moderator)
        return workflow.publish(draft, by=moderator)

    return make


def around(article):
    """Return (related, linking) slugs in the order in which the page of `article` lists them."""
    found = RelatedArticles.objects.filter(article=article).first()
    if found is None:
        return None
    related, _, linking = found.html.partition('id="links-here"')
    assert list(found.related.order_by("slug").values_list("slug", flat=True)) == sorted(ENTRY.findall(related))
    return ENTRY.findall(related), ENTRY.findall(linking)


def test_related_articles_take_no_query_of_their_own(client, publish, django_assert_num_queries):
    publish("ebb")
    with CaptureQueriesContext(connection) as alone:
        client.get("/articles/ebb/")
    publish("flow", "ebb", lead="What <b> comes back.")

    with django_assert_num_queries(len(alone)):
        page = client.get("/articles/ebb/").text

    assert page.index("</article>") < page.index('<h2 id="related">Related articles</h2>')
    assert '<h2 id="links-here">Links to this article</h2>' in page
    assert page.count('<a href="/articles/flow/" dir="auto">Flow</a>') == 2
    assert "What &lt;b&gt; comes back.</span>" in page


def test_a_single_article_has_no_related_articles(client, publish):
    article = publish("ebb")

    assert RelatedArticles.objects.get(article=article).html == ""
    assert "Related articles" not in client.get("/articles/ebb/").text


def test_a_page_is_shown_before_its_related_articles_are_stored(client, publish):
    publish("ebb")
    RelatedArticles.objects.all().delete()

    response = client.get("/articles/ebb/")

    assert response.status_code == 200
    assert "None" not in response.text.partition("<main")[2].partition("</main>")[0]


def test_a_link_shows_on_both_sides_when_it_is_published(publish):
    ebb = publish("ebb")
    flow = publish("flow", "ebb")

    assert around(ebb) == (["flow"], ["flow"])
    assert around(flow) == (["ebb"], [])


def test_a_link_from_a_draft_is_not_shown(publish, editor):
    ebb = publish("ebb")
    make_draft("flow", by=editor, title="Flow", sections=(SectionContent("Tides", "See [[ebb]]."),))

    assert around(ebb) == ([], [])


def test_a_removed_link_is_no_longer_shown(publish, change):
    ebb, flow = publish("ebb"), publish("flow", "ebb")

    change(flow, sections=(SectionContent("Tides", "No link."),))

    assert around(ebb) == ([], [])
    assert around(flow) == ([], [])


def test_links_to_a_wanted_article_are_shown_once_it_is_published(publish):
    flow = publish("flow", "ebb")

    ebb = publish("ebb")

    assert around(ebb) == (["flow"], ["flow"])
    assert around(flow) == (["ebb"], [])


def test_an_unpublished_article_disappears_at_once(client, publish):
    episode = make_episode()
    ebb, flow = publish("ebb", episode=episode), publish("flow", "ebb", "bay", episode=episode)
    bay = publish("bay", "flow")
    flow.refresh_from_db()

    workflow.unpublish(flow, by=make_moderator("other"), reason="It was about another harbour.")

    assert (around(ebb), around(flow), around(bay)) == (([], []), None, ([], []))
    assert "flow" not in client.get("/articles/ebb/").text.lower().partition("</article>")[2]
    assert client.get("/articles/bay/links/").text.count("/articles/flow/") == 0


def test_a_new_title_and_address_show_everywhere(publish, change):
    ebb, flow = publish("ebb"), publish("flow", "ebb")

    change(ebb, slug="low-water", title="Low water")

    assert around(flow) == (["low-water"], [])
    assert ">Low water</a>" in RelatedArticles.objects.get(article=flow).html
    assert around(ebb) == (["flow"], ["flow"])  # the text of flow still uses the former address
    assert PreviousSlug.objects.get().slug == "ebb"


def test_shared_topics_relate_articles(publish):
    topic = Topic.objects.create(slug="sea", title="The sea")
    ebb, flow = publish("ebb"), publish("flow")
    moderator = make_moderator("other")
    workflow.assign_topics(ebb, [topic], by=moderator)

    workflow.assign_topics(flow, [topic], by=moderator)

    assert (around(ebb), around(flow)) == ((["flow"], []), (["ebb"], []))

    workflow.assign_topics(flow, [], by=moderator)

    assert (around(ebb), around(flow)) == (([], []), ([], []))


def test_the_most_similar_come_first_then_those_published_around_the_same_time(publish):
    episode, other = make_episode("tides"), make_episode("winds")
    topic = Topic.objects.create(slug="sea", title="The sea")
    slugs = ["a", "b", "c", "d", "e", "f", "g"]
    articles = {slug: publish(slug, episode=other if slug == "g" else episode) for slug in slugs}
    first = articles["a"].first_published_at
    for number, slug in enumerate(slugs):
        Article.objects.filter(slug=slug).update(first_published_at=first + timedelta(days=number))
    workflow.assign_topics(articles["a"], [topic], by=make_moderator("other"))
    workflow.assign_topics(
        articles["f"], [topic], by=Article.objects.get(slug="a").revision_set.get().review_set.get().by
    )

    related.refresh([articles["c"].pk, articles["a"].pk])

    assert around(articles["c"]) == (["b", "d", "a", "e", "f"], [])
    assert around(articles["a"]) == (["f", "b", "c", "d", "e"], [])


def test_few_articles_are_related_mutually(publish):
    episode = make_episode()
    articles = [publish(slug, episode=episode) for slug in ("a", "b", "c", "d", "e", "f")]

    found = {article.slug: set(around(article)[0]) for article in articles}

    assert found == {slug: {*"abcdef"} - {slug} for slug in "abcdef"}


def test_the_first_links_are_shown_and_a_page_lists_all(client, publish, django_assert_num_queries):
    for number in range(13):
        publish(f"a{number:02}", "ebb")
    ebb = publish("ebb")

    linking = around(ebb)[1]
    with django_assert_num_queries(5):
        page = client.get("/articles/ebb/links/").text

    assert linking == [f"a{number:02}" for number in range(12)]
    assert (
        '<a href="/articles/ebb/links/">Show all 13 articles that link here</a>'
        in RelatedArticles.objects.get(article=ebb).html
    )
    assert "13 articles link here." in page
    assert ENTRY.findall(page.partition("<ul")[2]) == [f"a{number:02}" for number in range(13)]


def test_the_page_of_links_to_an_article_without_links(client, publish):
    publish("ebb")

    assert "No articles link here." in client.get("/articles/ebb/links/").text
    assert client.get("/articles/none/links/").status_code == 404


def test_the_page_of_links_to_a_former_address_redirects(client, publish, change):
    change(publish("ebb"), slug="low-water")

    response = client.get("/articles/ebb/links/")

    assert (response.status_code, response["Location"]) == (301, "/articles/low-water/links/")


@pytest.mark.parametrize("count", [1, 3, 20])
def test_publishing_takes_a_constant_number_of_queries_whatever_is_related(publish, count, django_assert_num_queries):
    episode = make_episode()
    for number in range(count):
        publish(f"a{number}", "ebb", f"a{number - 1}", episode=episode)
    ebb = publish("ebb", "a0", episode=episode)

    locks = 2 if connection.features.has_select_for_update else 0  # a transaction locks all of an SQLite database
    with django_assert_num_queries(28 + locks):
        related.refresh_around([ebb.pk])


def test_what_is_still_the_same_around_an_article_is_not_written_again(publish):
    episode = make_episode()
    articles = [publish("ebb", episode=episode), publish("flow", "ebb", episode=episode)]

    with CaptureQueriesContext(connection) as queries:
        related.refresh_around([article.pk for article in articles])

    assert [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_rebuild_gives_the_same_result(publish):
    episode = make_episode()
    articles = [publish("ebb", episode=episode), publish("flow", "ebb"), publish("bay", "flow", episode=episode)]
    before = [around(article) for article in articles]
    RelatedArticles.objects.update(html="")

    call_command("rebuild", verbosity=0)

    assert [around(article) for article in articles] == before
    assert before[0] == (["flow", "bay"], ["flow"])


def test_an_import_refreshes_related_articles_once_at_its_end(tmp_path):
    importer = make_user("importer", is_superuser=True)
    for slug, link in (("ebb", "flow"), ("flow", "bay"), ("bay", "ebb")):
        (tmp_path / f"{slug}.md").write_text(f"---\ntitle: {slug}\n---\n\nSee [[{link}]].\n", encoding="utf-8")
    delivery = importing.Delivery(by=importer, publish=True)
    for found in sorted(tmp_path.iterdir()):
        delivery.import_file(found)

    assert RelatedArticles.objects.count() == 0

    delivery.finish()

    found = {slug: around(Article.objects.get(slug=slug)) for slug in ("bay", "ebb", "flow")}
    assert {slug: linking for slug, (_, linking) in found.items()} == {"bay": ["flow"], "ebb": ["bay"], "flow": ["ebb"]}
    assert {slug: sorted(related) for slug, (related, _) in found.items()} == {
        "bay": ["ebb", "flow"],
        "ebb": ["bay", "flow"],
        "flow": ["bay", "ebb"],
    }
