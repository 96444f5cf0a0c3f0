import re
from datetime import date

import pytest
from django.http import SimpleCookie
from django.urls import reverse
from django.utils import translation
from lxml.html import fromstring

from articles import workflow
from articles.core.evidence import CHECKER_VERSION, measured
from articles.core.evidence.measured import Measured, MeasuredSet, Share
from articles.models import Article, Citation, Episode, PreviousSlug, Revision
from articles.workflow.content import SectionContent, SourceContent
from tests.support.factories import make_content, make_draft, make_episode, make_published, make_user
from tests.support.scenarios.many_citations import copy_citations

pytestmark = pytest.mark.django_db

SECRET = "Zephyrine"  # only in unpublished texts; no public page may contain it
CHAPTERS = [(0, "Opening"), (300, "The night shift"), (2000, "Dreams")]


def published(count, people, **kwargs):
    episode = make_episode(chapters=CHAPTERS, youtube_id="abcdefghijk")
    for number in range(count):
        make_published(f"sleep-{number}", title=f"Sleep {number}", episode=episode, **people, **kwargs)
    return episode


def addresses(episode):
    """Return the URL of one page of every public kind."""
    return ["/", "/articles/sleep-0/", "/shows/", episode.show.get_absolute_url(), episode.get_absolute_url()]


@pytest.mark.parametrize("count", [1, 3])
def test_home_lists_articles_in_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    published(count, people)

    with django_assert_num_queries(9):
        html = client.get("/").content.decode()

    assert (html.count('<article class="lead" lang="">'), html.count('<li class="entry" lang="">')) == (1, count - 1)
    assert html.count('<svg class="mini-timeline"') == count
    assert html.count('status--unchecked">1 not checked</span>') == count
    assert '<a href="/articles/sleep-0/" dir="auto">Sleep 0</a>' in html
    assert "What a night of sleep does." in html


def test_an_article_without_citations_says_so(client, people):
    cited = make_published("cited", episode=make_episode(), **people)
    make_published("plain", sections=(SectionContent("Part", "It rains."),), lead="A day.", **people)

    texts = [client.get(f"/articles/{slug}/").text for slug in (cited.slug, "plain")]

    assert ["Nothing here names the moment it was said" in text for text in texts] == [False, True]


@pytest.mark.parametrize("count", [1, 3])
def test_article_takes_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    published(count, people)

    with django_assert_num_queries(16):
        html = client.get("/articles/sleep-0/").content.decode()

    assert '<article class="article" data-article="sleep-0" data-revision="1"' in html


@pytest.mark.parametrize("count", [1, 3])
def test_shows_are_one_query(client, people, count, django_assert_num_queries):
    for number in range(count):
        episode = make_episode(handle=f"show-{number}")
        make_published(f"sleep-{number}", episode=episode, **people)

    with django_assert_num_queries(1):
        html = client.get("/shows/").content.decode()

    assert html.count("1 article<") == count


@pytest.mark.parametrize("count", [1, 3])
def test_show_lists_recordings_in_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    for number in range(count):
        make_published(f"sleep-{number}", episode=make_episode(f"night-{number}"), **people)

    with django_assert_num_queries(3):
        html = client.get("/shows/night-talks/").content.decode()

    assert html.count('class="rows__name"') == count


@pytest.mark.parametrize("count", [1, 3])
def test_episode_lists_citations_in_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    episode = published(count, people)

    with django_assert_num_queries(7):
        html = client.get(episode.get_absolute_url()).content.decode()

    assert html.count('class="moments__claim"') == count
    assert f"{count} in {count} article{'s' if count > 1 else ''}</dd>" in html
    assert f'<li dir="auto" class="moments__status status status--unchecked">{count} not checked</li>' in html
    assert (
        '<a class="moments__claim" href="/articles/sleep-0/#c-391" dir="auto" lang="">The brain clears waste at night.</a>'
        in html
    )


@pytest.fixture
def long_episode(people):
    """An episode with chapters, and 2 × 150 citations: two at each seventh second, one in each of two articles."""
    chapters = [(0, "Opening"), (400, "The night & more"), (3500, "End")]
    episode = make_episode(chapters=chapters, duration_seconds=3600)
    copy_citations([make_published(f"sleep-{n}", title=f"Sleep {n}", episode=episode, **people) for n in range(2)], 150)
    return episode


def claims_of(html):
    return re.findall(r'class="moments__claim" href="/articles/([^/]+)/#([^"]+)"', html)


def test_a_long_episode_is_read_page_by_page(client, long_episode, django_assert_num_queries):
    address = long_episode.get_absolute_url()
    with django_assert_num_queries(12):
        first = client.get(address).text
    last = client.get(address + re.search(r'<a href="([^"]+)" rel="next">', first)[1].replace("&amp;", "&")).text

    assert (len(claims_of(first)), len(claims_of(last))) == (200, 100)
    assert len({*claims_of(first), *claims_of(last)}) == 300
    assert 'rel="next"' not in last
    for html in (first, last):
        assert "300 in 2 articles</dd>" in html
        assert '<li dir="auto" class="moments__status status status--unchecked">300 not checked</li>' in html
        assert 'class="mini-timeline"' in html
        assert f'<a href="{address}">First page</a>' in html


def test_a_long_episode_links_to_each_chapter(client, long_episode):
    address = long_episode.get_absolute_url()
    html = client.get(address).text
    chapters = re.findall(r'<a class="rows__name" href="(\?after=[^"]+)" dir="auto">([^<]+)</a>', html)
    seconds = Citation.objects.filter(start_seconds__gte=400).order_by("start_seconds").values_list("start_seconds")

    assert chapters == [("?after=0_0", "Opening"), ("?after=400_0", "The night &amp; more"), ("?after=3500_0", "End")]
    shown = client.get(f"{address}?after=400_0").text
    assert len(claims_of(shown)) == min(200, seconds.count())
    assert f'datetime="PT6M{seconds[0][0] - 360}S"' in shown


@pytest.mark.parametrize("place", ["", "400", "400_", "400_0_0", "a_b", "-1_0", "٣_٣", f"{2**63}_0", "\0_0"])
def test_an_unknown_place_in_an_episode_is_not_found(client, long_episode, place):
    assert client.get(long_episode.get_absolute_url(), {"after": place}).status_code == 404


def test_a_page_after_the_last_citation_says_so(client, long_episode):
    html = client.get(long_episode.get_absolute_url(), {"after": "99999_0"}).text

    assert claims_of(html) == []
    assert "No citations from here on." in html


def test_citation_keeps_its_contract(client, people):
    published(1, people)

    html = client.get("/articles/sleep-0/").content.decode()

    assert (
        '<a class="citation" id="c-391" href="https://www.youtube.com/watch?v=abcdefghijk&amp;t=391s" '
        'data-episode="night-talks/on-sleep" data-start="391"><time datetime="PT6M31S">06:31</time></a>'
    ) in html


def test_sections_nest_with_their_heading_first(client, people):
    sections = (SectionContent("Why", "Because.", 1), SectionContent("How", "So.", 2), SectionContent("End", "", 1))
    published(1, people, sections=sections)

    html = client.get("/articles/sleep-0/").content.decode()

    assert (
        '<section id="why" data-level="1"><h2 dir="auto">Why '
        '<a class="anchor" href="#why" aria-label="Link to this section">#</a></h2>'
    ) in html
    assert '</p>\n<section id="how" data-level="2"><h3 dir="auto">How ' in html
    assert '</section>\n<section id="end" data-level="1">' in html
    assert html.count("<h1") == 1


def test_article_shows_its_reviewer_and_unchecked_citations(client, people):
    published(1, people, notice="health")

    html = client.get("/articles/sleep-0/").content.decode()

    assert "<dt>Written</dt><dd>by editor</dd>" in html
    assert "<dt>Review</dt><dd>by moderator, <time" in html
    assert "<dt>Length</dt><dd>1 min read</dd>" in html
    assert "<strong>1 citation from 1 of 3 chapters.</strong>" in html
    assert '<li dir="auto" class="moments__status status status--unchecked">1 not checked</li>' in html
    assert "<strong>Information, not advice.</strong>" in html
    assert '<span class="cite-note__verdict status status--unchecked">Not checked</span>' in html


def test_an_imported_article_says_that_it_is_not_reviewed(client):
    importer = make_user("importer", is_superuser=True)
    content = make_content(episode=make_episode())
    draft = workflow.create_article(content, by=importer, received_as="night-talks/sleep", received_digest="0" * 64)
    workflow.publish_received(draft, by=importer)

    html = client.get("/articles/sleep/").content.decode()

    assert "<dt>Review</dt><dd>Not reviewed</dd>" in html
    assert "<dt>Origin</dt><dd>Imported text</dd>" in html
    assert '<span dir="auto">Imported text.</span>' in html


def test_about_says_who_decides(client, settings):
    settings.FOUR_EYES = True
    html = client.get("/about/").content.decode()

    assert "<h1>About this site</h1>" in html
    assert "A change is published after it has been approved by a moderator who didn’t contribute to it." in html


def test_a_right_to_left_article_sets_its_direction(client, people):
    make_published("نوم", title="لماذا ننام", lead="ما الذي يفعله النوم.", sections=(), **people)

    html = client.get(reverse("article", args=["نوم"])).content.decode()

    assert 'data-article="نوم" data-revision="1" dir="rtl">' in html


@pytest.mark.parametrize(
    ("title", "shown"),
    [("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"), ('"><b>', "&quot;&gt;&lt;b&gt;")],
)
def test_titles_are_escaped_everywhere(client, people, title, shown):
    episode = make_episode(title=title, chapters=[(0, title)])
    make_published(
        "sleep-0", title=title, episode=episode, sections=(SectionContent(title, "Yes [00:06:31]."),), **people
    )

    for address in addresses(episode):
        html = client.get(address).content.decode()
        assert title not in html
        assert shown in html or address == "/shows/"


@pytest.mark.parametrize("index", range(5))
def test_public_pages_are_the_same_for_everyone(client, people, index):
    address = addresses(published(1, people))[index]
    anonymous = client.get(address)
    client.force_login(people["by"])

    response = client.get(address)

    assert response.content == anonymous.content
    assert (anonymous.cookies, response.cookies) == (SimpleCookie(), SimpleCookie())
    assert response["Vary"] == "Accept-Encoding"
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_unknown_urls_get_the_sites_own_404_page(client):
    for address in [
        "/articles/nothing/",
        "/shows/nobody/",
        "/shows/nobody/nothing/",
        "/nowhere/",
        "/articles/%00/",
        "/?after=nothing",
    ]:
        response = client.get(address)

        assert response.status_code == 404
        assert "<h1>Page not found</h1>" in response.content.decode()


def test_previous_slug_redirects_to_the_current_one(client, people):
    article = make_published("nap", **people)
    draft = workflow.start_draft(
        article, make_content("naps", edit_summary="Plural"), by=people["by"], base=article.published_revision
    )
    workflow.submit(draft, by=people["by"])
    workflow.approve(draft, by=people["moderator"])
    workflow.publish(draft, by=people["moderator"])

    response = client.get("/articles/nap/")

    assert (response.status_code, response["Location"]) == (301, "/articles/naps/")

    workflow.unpublish(draft.article, by=people["moderator"], reason="Wrong")
    assert client.get("/articles/nap/").status_code == 410
    assert client.get("/articles/naps/").status_code == 410


def test_home_is_paginated_by_key(client, people, monkeypatch):
    monkeypatch.setattr("articles.views.site.pages.PER_PAGE", 2)
    published(3, people)

    first = client.get("/").content.decode()
    second = client.get("/?after=sleep-1").content.decode()

    assert [f"/articles/sleep-{n}/" in first for n in range(3)] == [False, True, True]
    assert '<a href="?after=sleep-1" rel="next">Older articles</a>' in first
    assert [f"/articles/sleep-{n}/" in second for n in range(3)] == [True, False, False]


def test_a_list_goes_on_after_an_article_that_was_withdrawn_or_renamed_meanwhile(client, people, monkeypatch):
    monkeypatch.setattr("articles.views.site.pages.PER_PAGE", 2)
    published(3, people)
    workflow.unpublish(Article.objects.get(slug="sleep-1"), by=people["moderator"], reason="Wrong")
    PreviousSlug.objects.create(article=Article.objects.get(slug="sleep-1"), slug="slumber")
    make_draft("night", by=people["by"])

    for slug in ("sleep-1", "slumber"):
        page = client.get(f"/?after={slug}").text
        assert [f"/articles/sleep-{n}/" in page for n in range(3)] == [True, False, False]
    assert client.get("/?after=night").status_code == 404


@pytest.mark.parametrize("note", ["Imported text; citations not yet checked.", "Importierter Text."])
def test_the_note_of_an_earlier_import_stays_true(client, people, note):
    article = make_published("sleep", **people)
    Revision.objects.filter(pk=article.published_revision_id).update(public_note=note)

    for address in ("/articles/sleep/history/", "/articles/sleep/revisions/1/"):
        page = client.get(address).text
        assert "Imported text." in page
        assert note not in page
    assert client.get("/articles/sleep.json").json()["note"] == "Imported text."


def test_unicode_slugs_and_odd_handles_have_pages(client, people):
    episode = make_episode("日本の夜", handle="_night_Talks-夜")
    make_published("睡眠", title="睡眠について", episode=episode, **people)

    for address in [reverse("article", args=["睡眠"]), episode.show.get_absolute_url(), episode.get_absolute_url()]:
        assert client.get(address).status_code == 200


def test_unpublished_texts_appear_nowhere(client, people):
    episode = published(1, people)
    article = episode.source_set.get().revision.article
    hidden = Episode.objects.create(show=episode.show, title=SECRET, slug="hidden", duration_seconds=60)
    secret = {
        "title": SECRET,
        "lead": f"{SECRET} [00:00:10].",
        "edit_summary": SECRET,
        "sections": (SectionContent(SECRET, f"{SECRET} [00:00:20]."),),
    }
    draft = workflow.start_draft(
        article,
        make_content("sleep-0", sources=(SourceContent(episode), SourceContent(hidden, "e2")), **secret),
        by=people["by"],
        base=article.published_revision,
    )
    workflow.submit(draft, by=people["by"])
    make_draft("unseen", by=make_user("second"), episode=make_episode(handle=SECRET, title=SECRET), **secret)

    for address in [*addresses(episode), "/articles/nothing/"]:
        assert SECRET not in client.get(address).content.decode()
    for address in ["/articles/unseen/", f"/shows/{SECRET}/", f"/shows/{SECRET}/on-sleep/", hidden.get_absolute_url()]:
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(("behind", "is_said"), [(0, False), (1, True)])
def test_how_we_check_states_the_measured_figures_with_date_and_version(client, monkeypatch, behind, is_said):
    shares = [Share(1, 51), Share(18, 18), Share(3, 5), Share(22, 23)]
    version = CHECKER_VERSION - behind
    figures = Measured(version, date(2026, 11, 30), (MeasuredSet("recordings", 83, 2, 21, *shares),))
    monkeypatch.setattr(measured, "load", lambda: figures)

    page = fromstring(client.get("/how-we-check/").text)

    section = page.get_element_by_id("measured")
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in section.iter("tr")]
    assert rows == [
        ["", "Claims of real articles"],
        ["Correct citations flagged by mistake", "2 % (1 of 51)range 0 to 11 %"],
        ["Wrong citations flagged", "100 % (18 of 18)range 82 to 100 %"],
        ["Citations flagged that are off by up to two and a half minutes", "60 % (3 of 5)range 23 to 89 %"],
        ["Flags that are right", "96 % (22 of 23)range 79 to 100 %"],
    ]
    text = " ".join(section.text_content().split())
    assert "a small sample: 83 claims of 2 shows" in text
    assert f"Measured on 30 Nov 2026 with version {version} of the program." in text
    assert ("figures of an earlier version" in text) is is_said


def test_a_text_of_an_unknown_language_is_not_declared_to_be_in_the_interfaces(client, settings):
    settings.LANGUAGE_CODE = "de"
    with translation.override("de"):
        make_published("sleep")
        page = client.get("/articles/sleep/").text

    assert '<html lang="de">' in page
    assert '<h1 dir="auto" lang="">' in page
    assert '<div class="text" lang="">' in page
    assert "inLanguage" not in page
    assert client.get("/articles/sleep.json").json()["language"] == ""
