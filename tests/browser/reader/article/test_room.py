"""Nothing of the article page is hidden by the window's edge, by other text or by what is drawn over it."""

import pytest

from articles.workflow.content import SectionContent
from tests.support.factories import make_episode, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLAIM = f"{'The night is long because the moon is slow and the sea is deep, as the sailors of the harbour say, ' * 6}so"
FILLER = "The sea rises and falls, and nobody knows why it does so.\n\n" * 30


@pytest.fixture
def address(people, live_server):
    """The address of an article with a long claim in the middle of a long text."""
    episode = make_episode(duration_seconds=120, youtube_id="abcdefghijk")
    sections = [SectionContent("First", f"{FILLER}{CLAIM} [00:00:20].\n\n{FILLER}")]
    make_published("night", title="Night", episode=episode, sections=sections, **people)
    return f"{live_server.url}/articles/night/"


def box(locator):
    return locator.evaluate("element => element.getBoundingClientRect().toJSON()")


def test_the_card_of_a_long_claim_fits_beside_it(page, address):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address)
    citation = page.locator("#c-20")
    citation.evaluate("element => element.scrollIntoView({block: 'center'})")

    citation.hover()
    card = page.locator(".card")
    card.wait_for()

    assert box(card)["top"] >= 0
    assert box(card)["bottom"] <= 900
    for action in card.locator(".card__actions > *").all():
        assert box(action)["bottom"] <= box(card)["bottom"]


def test_a_link_to_a_claim_shows_its_sentence(page, address):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{address}#c-20")
    page.wait_for_function("scrollY > 0")

    paragraph = page.locator("p:has(#c-20)")
    assert box(paragraph)["top"] >= 0
    assert box(page.locator("#c-20"))["bottom"] <= 900
    assert paragraph.evaluate("element => getComputedStyle(element).boxShadow") != "none"


def test_the_player_leaves_room_for_the_text_and_scrolls_with_large_text(page, address):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.locator("#c-20").click()
    consent = page.locator(".player__consent")
    consent.wait_for()

    player = page.locator(".player")
    assert box(player)["top"] >= 0.3 * 844 - 1
    assert box(consent)["top"] >= box(player)["top"]  # the privacy notice comes first
    player.evaluate("element => element.scrollTo(0, element.scrollHeight)")
    assert player.evaluate("element => element.scrollTop > 0 || element.scrollHeight <= element.clientHeight")


def test_a_long_date_does_not_cover_the_note_next_to_it(page, address):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address)
    time = page.locator("[aria-labelledby=changes] li time").first
    time.evaluate("element => { element.textContent = '30. September 2026' }")

    widths = time.evaluate("element => [element.scrollWidth, element.clientWidth || element.offsetWidth]")
    note = box(page.locator("[aria-labelledby=changes] li p").first)
    assert box(time)["right"] <= note["left"]
    assert widths[0] <= widths[1]
    assert box(time)["height"] < 30  # on one line
