"""What reading costs on a production server: bytes and requests over the wire, and no layout shifts."""

import pytest

from tests.support.browser import eventually, watch_violations
from tests.support.databases import template
from tests.support.scenarios.sites.public_talk import ADDRESS, add_public_talk
from tests.support.servers.production import environment_in, manage, serving

pytestmark = pytest.mark.browser

BYTES = 50_000
REQUESTS = 6
# Layout shifts without user input since the first paint.
SHIFT = """() => new Promise((resolve) => {
  let moved = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) moved += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(moved), 300);
})"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The environment of a production site with the demo's content in English."""
    folder = tmp_path_factory.mktemp("site")
    template.copy_to(folder / "db.sqlite3")
    environment = environment_in(folder)
    manage(environment, "prepare_demo")
    add_public_talk(lambda *arguments: manage(environment, *arguments), folder)
    return environment


@pytest.fixture(scope="module", params=["en", "de"])
def origin(request, site):
    """The origin of the site in either language."""
    environment = site | {"SITE_LANGUAGE": request.param}
    if request.param != "en":
        manage(environment, "rebuild")
    with serving(environment) as address:
        yield address


@pytest.fixture(params=["/articles/ketamine/", ADDRESS], ids=["article", "transcript"])
def text(request, origin):
    """The URL of the demo article, or of the transcript that it cites: 771 cues."""
    return f"{origin}{request.param}"


@pytest.fixture
def article(origin):
    return f"{origin}/articles/ketamine/"


def transferred(page):
    """Return {URL: [bytes over the wire, content coding]}, filled while `page` loads."""
    found, addresses = {}, {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def asked(event):
        addresses[event["requestId"]] = event["request"]["url"]
        found[event["request"]["url"]] = [0, ""]

    def answered(event):
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        found[addresses[event["requestId"]]][1] = headers.get("content-encoding", "")

    def loaded(event):
        found[addresses[event["requestId"]]][0] = event["encodedDataLength"]

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", loaded)
    return found


@pytest.mark.parametrize("width", [412, 1280])
def test_a_text_is_small_with_few_requests_and_none_to_other_sites(browser, origin, text, width):
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    found = transferred(page)

    page.goto(text)
    page.wait_for_load_state("networkidle")

    for_reading = {address: what for address, what in found.items() if "/static/icon." not in address}
    assert [address for address in found if not address.startswith(origin)] == []
    assert len(for_reading) <= REQUESTS, sorted(for_reading)
    assert {coding for _, coding in for_reading.values()} <= {"br", "gzip"}
    assert all(size > 0 for size, _ in found.values())
    assert sum(size for size, _ in found.values()) <= BYTES
    page.context.close()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_layout_is_stable_while_loading_and_scrolling(browser, text, width):
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    page.goto(text)
    page.wait_for_load_state("networkidle")

    for _ in range(10):
        page.mouse.wheel(0, 1200)
        page.wait_for_timeout(100)

    eventually(lambda: page.evaluate("scrollY > 2000"))
    assert page.evaluate(SHIFT) == 0
    page.context.close()


def test_production_page_keeps_the_policy_when_a_card_opens(browser, article):
    context = browser.new_context()
    violations = watch_violations(context)
    page = context.new_page()
    page.goto(article)

    page.locator(".text a.citation").first.hover()
    page.locator(".card").wait_for()

    assert violations(page) == []
    context.close()
