"""Every page in a browser: axe, narrow windows, large text, forced colours, print."""

import pytest

from tests.support.browser import begin_session, faults_in_both, opened, overflow
from tests.support.scenarios.sites.full_site import admin_addresses, public_addresses

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Elements that overflow the window and are neither clipped on purpose nor in a scrolling container.
STICKING_OUT = """() => {
  const edge = document.documentElement.clientWidth;
  const isHeld = (element) => {
    for (let above = element.parentElement; above && above !== document.body; above = above.parentElement) {
      const style = getComputedStyle(above);
      if (style.overflowX !== "visible" || style.clipPath !== "none") return true;
    }
    return false;
  };
  return [...document.body.querySelectorAll("*")]
    .filter((element) => {
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      return box.width > 1 && box.height > 1 && (box.right > edge + 1 || box.left < -1)
        && style.visibility !== "hidden" && style.clipPath === "none" && !element.closest("svg svg, svg > *, .skip")
        && !isHeld(element);
    })
    .map((element) => `${element.tagName.toLowerCase()}.${element.className?.baseVal ?? element.className}`);
}"""


@pytest.mark.parametrize("who", ["reader", "administrator"])
def test_axe_finds_no_violations_on_any_page(new_context, live_server, rows, who):
    page, violations = opened(new_context, viewport={"width": 1280, "height": 900})
    addresses = public_addresses(rows)
    if who == "administrator":
        begin_session(page, live_server, "root")
        addresses = admin_addresses(rows)
    found = {}

    for name, address in addresses.items():
        if page.goto(live_server.url + address).status != 403 and (lines := faults_in_both(page)):
            found[name] = lines

    assert "\n".join(f"{name}: {line}" for name, lines in found.items() for line in lines) == ""
    assert violations(page) == []


@pytest.mark.parametrize(
    "window",
    [{"width": 320, "height": 640}, {"width": 640, "height": 450}],
    ids=["a window of 320 px", "1280 px at 200 %"],
)
def test_nothing_overflows_a_narrow_window(new_context, live_server, rows, window):
    page, _ = opened(new_context, viewport=window, device_scale_factor=2)
    found = {}

    for name, address in public_addresses(rows).items():
        page.goto(live_server.url + address)
        wide = overflow(page)
        if wide > 0:
            found[name] = [f"scrolls sideways by {wide} px"]
        found[name] = [*found.get(name, []), *page.evaluate(STICKING_OUT)]

    assert {name: lines for name, lines in found.items() if lines} == {}


def test_no_admin_page_is_wider_than_a_phone(new_context, live_server, rows):
    page, _ = opened(new_context, viewport={"width": 390, "height": 844})
    begin_session(page, live_server, "root")
    found = {}

    for name, address in admin_addresses(rows).items():
        page.goto(live_server.url + address)
        if (wide := overflow(page)) > 0:
            found[name] = wide

    assert found == {}


def test_large_text_is_not_clipped(new_context, live_server, rows):
    page, _ = opened(new_context, viewport={"width": 640, "height": 900})
    found = {}

    for name, address in public_addresses(rows).items():
        page.goto(live_server.url + address)
        # As with a larger font size in the browser's settings: rem and em follow.
        page.evaluate("document.documentElement.setAttribute('data-test-letters', '')")
        page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
        if lines := page.evaluate(STICKING_OUT):
            found[name] = lines

    assert found == {}


def test_forced_colours_keep_controls_distinguishable(new_context, live_server, rows):
    page, _ = opened(new_context, viewport={"width": 1280, "height": 900}, forced_colors="active")
    page.goto(live_server.url + public_addresses(rows)["article"])

    seen = page.locator(".text .citation").evaluate_all(
        """marks => marks.map((mark) => {
          const style = getComputedStyle(mark);
          const line = ["Top", "Bottom"].some((side) => style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) > 0);
          return line || style.textDecorationLine.includes("underline");
        })"""
    )
    markers = page.locator(".timeline svg").evaluate_all(
        "pictures => pictures.map((picture) => getComputedStyle(picture).display !== 'none')"
    )

    assert len(seen) > 5
    assert set(seen) == {True}
    assert set(markers) <= {True}


@pytest.mark.parametrize("width", [800, 1122])  # A4, upright and across
def test_print_shows_text_and_timestamps(new_context, live_server, rows, width):
    page, _ = opened(new_context, viewport={"width": width, "height": 1100})
    page.goto(live_server.url + public_addresses(rows)["article"])

    page.emulate_media(media="print")

    for shown in ("h1", "#c-391", ".text p"):
        assert page.locator(shown).first.is_visible(), shown
    for hidden in (".site", ".foot", "[data-player]", "dialog"):
        assert not any(part.is_visible() for part in page.locator(hidden).all()), hidden
    assert page.evaluate(STICKING_OUT) == []
