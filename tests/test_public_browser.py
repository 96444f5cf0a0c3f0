import pytest
from axe_playwright_python.sync_playwright import Axe

from articles.contents import SectionContent

from .factories import make_episode, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ["/", "/articles/sleep/", "/shows/", "/shows/night-talks/", "/shows/night-talks/on-sleep/"]
RICH = (
    SectionContent(
        "Why we sleep",
        "The brain clears waste at night [00:06:31]. It does so more in deep sleep [00:06:52], [a long range] "
        "[00:07:00-00:08:00].\n\n> [!info] Mind\n> Only in deep sleep [00:09:10].\n\n"
        "| what | when |\n| --- | --- |\n| waste | night [00:10:00] |\n\n`code [00:00:01]` and $x^2$.\n\n"
        "```\n" + "a very long line of code " * 12 + "\n```\n\nA-very-long-word" + "-without-an-end" * 20,
    ),
    SectionContent("Deep sleep", "- one [00:11:00]\n- two [00:59:59]", 2),
)


@pytest.fixture
def site(live_server):
    episode = make_episode(
        chapters=[(0, "Start"), (300, "Waste and how it goes"), (3000, "Sponsor: Beds")], youtube_id="abcdefghijk"
    )
    make_published(episode=episode, sections=RICH, notice="health", lead="What a night does [00:00:10].")
    return live_server.url


@pytest.mark.parametrize("width", [320, 390, 1280, 1920])
@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_refused_and_nothing_scrolls_sideways(site, page, violations, address, width):
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(site + address)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", [*PAGES, "/articles/nothing/"])
def test_axe_finds_nothing(site, page, address, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(site + address)

    results = Axe().run(page)

    assert results.violations_count == 0, results.generate_report()


def test_the_article_is_whole_without_javascript(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(f"{site}/articles/sleep/")

    assert page.get_by_role("heading", level=1).inner_text() == "Sleep"
    mark = page.locator("#c-391")
    assert mark.get_attribute("href") == "https://www.youtube.com/watch?v=abcdefghijk&t=391s"
    assert page.locator(".tape__pin").count() == 8
    context.close()


def test_a_pin_leads_to_its_mark_and_the_outline_to_its_section(site, page):
    page.goto(f"{site}/articles/sleep/")

    page.locator('.tape__pin[href="#c-391"]').press("Enter")
    assert page.evaluate("document.querySelector(':target').id") == "c-391"
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Deep sleep").click()
    assert page.evaluate("document.querySelector(':target').id") == "deep-sleep"


def test_nothing_is_asked_of_anybody_else(site, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{site}/articles/sleep/", wait_until="networkidle")

    assert [url for url in asked if not url.startswith(site)] == []
    assert len(asked) <= 7
