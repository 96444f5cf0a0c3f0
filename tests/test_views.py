import pytest
from django.test import Client

from articles import workflow
from articles.contents import SectionContent
from articles.models import Article, PreviousSlug, Show

from .factories import make_content, make_draft, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db


def make_articles(count):
    episode, editor = make_episode(chapters=[(0, "Start"), (300, "Waste")]), make_user()
    return episode, [make_published(f"sleep-{n}", by=editor, episode=episode, title=f"Sleep {n}") for n in range(count)]


PAGES = [
    ("/", 2),
    ("/articles/sleep-0/", 1),
    ("/shows/", 1),
    ("/shows/night-talks/", 3),
    ("/shows/night-talks/on-sleep/", 3),
]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("address", "queries"), PAGES)
def test_a_page_costs_the_same_for_one_article_and_for_many(client, django_assert_num_queries, count, address, queries):
    make_articles(count)

    with django_assert_num_queries(queries):
        response = client.get(address)

    assert response.status_code == 200


@pytest.mark.parametrize("address", [address for address, _ in PAGES] + ["/articles/nothing/"])
def test_a_public_page_touches_no_session_and_can_be_cached(client, address):
    make_articles(1)

    response = client.get(address)

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "csrf" not in response.content.decode()
    if response.status_code == 200:
        assert response["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("address", [address for address, _ in PAGES])
def test_a_public_page_is_only_read(address):
    make_articles(1)
    client = Client(enforce_csrf_checks=False)

    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200


def test_the_article_page_keeps_its_contract(client):
    make_articles(1)

    html = client.get("/articles/sleep-0/").content.decode()

    assert '<article class="article" data-article="sleep-0" data-revision="1">' in html
    assert '<section id="why-we-sleep" data-level="1"><h2 dir="auto">Why we sleep' in html
    assert (
        '<a class="citation" id="c-391" href="/shows/night-talks/on-sleep/" data-episode="night-talks/on-sleep" '
        'data-start="391"><time datetime="PT6M31S">06:31</time></a>'
    ) in html
    assert html.count("<h1") == 1


def test_a_page_says_who_reviewed_it(client):
    make_articles(1)

    html = client.get("/articles/sleep-0/").content.decode()

    assert "<dt>Reviewed</dt><dd>by moderator, <time" in html


def test_a_received_text_says_that_nobody_reviewed_it(client):
    importer = make_user("importer", groups=("Administrators",))
    draft = workflow.create_article(make_content(), by=importer, received_as="a/b", received_digest="0" * 64)
    workflow.publish_received(draft, by=importer)

    html = client.get("/articles/sleep/").content.decode()

    assert "<dt>Reviewed</dt><dd>not yet</dd>" in html
    assert "As received; citations not yet checked." in html


def test_a_health_notice_is_shown_where_it_is_set(client):
    editor = make_user()
    make_published("with", by=editor, notice="health")
    make_published("without", by=editor)

    assert "Information, not advice." in client.get("/articles/with/").content.decode()
    assert "Information, not advice." not in client.get("/articles/without/").content.decode()


def test_a_former_slug_leads_to_the_article(client):
    article = make_published()
    PreviousSlug.objects.create(article=article, slug="rest")

    response = client.get("/articles/rest/")

    assert (response.status_code, response["Location"]) == (301, "/articles/sleep/")


@pytest.mark.parametrize(
    "address",
    ["/articles/nothing/", "/shows/nobody/", "/shows/night-talks/nothing/", "/?after=nothing", "/articles/hidden/"],
)
def test_what_does_not_exist_is_not_found_in_the_site_s_look(client, address):
    make_articles(1)
    make_draft("hidden", by=make_user("second"))

    response = client.get(address)

    assert response.status_code == 404
    assert "There is no page at this address." in response.content.decode()


def test_nothing_unpublished_is_shown_anywhere(client):
    episode, [article] = make_articles(1)
    editor = make_user("second")
    base = article.published_revision
    secret = {
        "title": "Secretitle",
        "lead": "Secretlead [00:01:00].",
        "sections": (SectionContent("Secretheading", "Secretbody [00:02:00]."),),
        "edit_summary": "Secretsummary",
        "episode": episode,
    }
    draft = workflow.start_draft(article, make_content("secretslug", **secret), by=editor, base=base)
    workflow.create_article(make_content("secretarticle", **secret), by=editor)
    seen = []

    def read_everything():
        for address in [*(address for address, _ in PAGES), "/articles/secretslug/", "/articles/secretarticle/"]:
            seen.append(client.get(address).content.decode())

    read_everything()
    workflow.submit(draft, by=editor)
    read_everything()
    workflow.approve(draft, by=make_moderator("second-moderator"), comment="Secretcomment")
    read_everything()

    assert "secret" not in "".join(seen).lower()


def test_text_is_escaped_wherever_it_is_shown(client):
    bad = "<script>alert(1)</script>"
    episode = make_episode(title=bad, chapters=[(0, bad)], page_url="https://example.org/?a=1&b=\"'<x>")
    Show.objects.update(title=bad)
    make_published(
        episode=episode,
        title=bad,
        lead=f"{bad} [00:00:01].",
        sections=(SectionContent(bad, f"{bad} [00:00:02]."),),
    )

    for address in ["/", "/articles/sleep/", "/shows/", "/shows/night-talks/", "/shows/night-talks/on-sleep/"]:
        html = client.get(address).content.decode()
        assert "<script" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_the_home_page_goes_on_with_older_articles(client, monkeypatch):
    monkeypatch.setattr("articles.views.PER_PAGE", 2)
    make_articles(5)
    expected = list(Article.objects.for_list().values_list("slug", flat=True))
    found, address = [], "/"

    while address:
        html = client.get(address).content.decode()
        found += [slug for slug in expected if f'href="/articles/{slug}/"' in html]
        address = f"/?after={html.split('?after=')[1].split(chr(34))[0]}" if "?after=" in html else None

    assert found == expected


def test_any_script_can_stand_in_an_address(client):
    episode = make_episode("über-schlaf", handle="schlaf")
    make_published("睡眠", episode=episode)

    assert client.get("/articles/睡眠/").status_code == 200
    assert client.get(episode.get_absolute_url()).status_code == 200
