"""Helpers for browser tests: log in, wait, run axe, watch the Content-Security-Policy, measure overflow."""

import os
import time
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import expect

# Debian's chromium-headless-shell has no windows and needs a fifth less processor time than its chromium.
HEADLESS, WINDOWED = Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")
CHROMIUM = Path(os.environ.get("CHROMIUM") or (HEADLESS if HEADLESS.exists() else WINDOWED))
NO_BROWSER = f"no Chromium at {CHROMIUM}; install it (apt install {HEADLESS.name}) or set CHROMIUM to its path"

# Each window has an address bar whose suggestions are a page of their own. Nobody sees it, and it costs more than most of
# our pages; renderers in reserve are never used. Chromium heeds only the last such list, so this repeats Playwright’s.
SWITCHED_OFF = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch",
)  # fmt: skip
# The sandbox needs privileges that containers lack, and the pages are our own.
CHROMIUM_ARGUMENTS = ["--no-sandbox", f"--disable-features={','.join(SWITCHED_OFF)}"]

# axe reads the same few colours of thousands of elements, which takes it a quarter of its time: each is read once.
COLOURS_ONCE = """
{
  const { prototype } = axe.commons.color.Color;
  const { parseString } = prototype;
  const known = new Map();
  prototype.parseString = function (text) {
    if (!known.has(text)) {
      const { r, g, b, alpha } = parseString.call(this, text);
      known.set(text, { r, g, b, alpha });
    }
    return Object.assign(this, known.get(text));
  };
}
null; // what is evaluated isn't that function, which would be called
"""
AXE_SCRIPT = f"{Axe().axe_script}{COLOURS_ONCE}"
# Preloading adds style elements, which the policy blocks.
AXE = {"preload": False, "resultTypes": ["violations"]}
# Rules whose result may differ between the light and the dark scheme.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
# Django's own widgets on the pages for groups and accounts, which only administrators see.
ACCEPTED = {
    "aria-prohibited-attr": [".help-tooltip"],
    "label": ["#id_last_login_", "#id_date_joined_"],  # a legend labels the pair of fields
}
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  window.reportViolation(`${document.URL}: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


def log_in(page, live_server, path="/admin/", username="moderator"):
    """Open `path` as a logged-in user."""
    begin_session(page, live_server, username)
    page.goto(live_server.url + path)


def begin_session(page, live_server, username="moderator"):
    """Give the browser the session of a user, without opening a page; the login form has tests of its own."""
    client = Client()
    client.force_login(get_user_model().objects.get(username=username))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])


def decide(page, name, comment=""):
    """Press a decision of the review page by mouse, and answer its question, with the comment that it asks for."""
    page.get_by_role("button", name=name, exact=True).click()
    asked = page.get_by_role("dialog", name=f"{name}?", exact=True)
    if comment:
        asked.get_by_role("textbox").fill(comment)
    asked.get_by_role("button", name=name, exact=True).click()


def eventually(read, expected=True, seconds=20):
    """Assert that `read()` becomes `expected`, however busy the machine is.

    For what follows an action in its own time and isn't a locator's, such as focus or a row: `expect` waits for
    locators. (Playwright's `wait_for_function` needs what the policy blocks.)
    """
    end = time.monotonic() + seconds
    while (found := read()) != expected and time.monotonic() < end:
        time.sleep(0.05)
    assert found == expected


def has_focus(locator):
    """Return whether the element, which may be in a shadow tree, or something in it has the focus."""
    return locator.evaluate("element => element.contains(element.getRootNode().activeElement)")


def faults(page):
    """Return axe's violations as lines of rule and element; in the dark only those of colours."""
    is_dark, has_axe = page.evaluate("[matchMedia('(prefers-color-scheme: dark)').matches, 'axe' in window]")
    if not has_axe:
        page.evaluate(AXE_SCRIPT)
    # The elements are those of the light page.
    options = AXE | ({"runOnly": {"type": "rule", "values": COLOUR_RULES}} if is_dark else {})
    return [
        f"{rule['id']}: {node['target'][-1]} {node['html']}"
        for rule in page.evaluate("async (options) => (await axe.run(options)).violations", options)
        for node in rule["nodes"]
        if not any(selector in node["target"][-1] for selector in ACCEPTED.get(rule["id"], ()))
    ]


def faults_in_the_dark(page):
    """Return the violations of colours in the dark scheme of a page that is open in the light one."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found = faults(page)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return [f"in the dark: {line}" for line in found]


def faults_in_both(page):
    """Return axe's violations on a page that is open in the light scheme, and those of colours in the dark one."""
    return [*faults(page), *faults_in_the_dark(page)]


def say_heard(page):
    """Answer yes to the question that comes before confirming what wasn’t played on the page."""
    page.get_by_role("dialog", name="Confirm at").get_by_role("button", name="Confirm at").click()


def overflow(page):
    """Return how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def opened(new_context, **options):
    """Return a page in a new context, and a function (page) -> list of its policy violations."""
    context = new_context(**options)
    return context.new_page(), watch_violations(context)


def watch_violations(context):
    """Collect policy violations on every page of `context`; returns a function (page) -> list of sentences."""
    sentences = []
    context.expose_binding("reportViolation", lambda source, sentence: sentences.append(sentence))
    context.add_init_script(REPORT_VIOLATIONS)

    def violations(page):
        page.evaluate("() => new Promise(requestAnimationFrame)")  # pending reports arrive before this
        return sentences

    return violations


# What a keyboard and a mouse make, heard before any script of the page; a click that a key makes isn't the mouse's.
BY_KEYBOARD, BY_MOUSE = ("keydown",), ("pointerdown", "mousedown", "mousemove", "wheel")
REPORT_INPUTS = """
for (const type of ["keydown", "pointerdown", "mousedown", "mousemove", "wheel"])
  addEventListener(type, (event) => event.isTrusted && window.reportInput(type), { capture: true, passive: true });
"""


def watch_inputs(context):
    """Collect the kinds of events that keyboard and mouse make on the pages of `context`; returns that set."""
    kinds = set()
    context.expose_binding("reportInput", lambda source, kind: kinds.add(kind))
    context.add_init_script(REPORT_INPUTS)
    return kinds


class Keys:
    """Uses a page by keyboard, and counts the keys but for typed text."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, text):
        self.page.keyboard.type(text)

    def go_to(self, locator, key="Tab"):
        """Press Tab, or another key, until `locator` has the focus."""
        expect(locator).to_be_visible()
        for _ in range(400):
            if has_focus(locator):
                return
            self.press(key)
        raise AssertionError(f"{key} doesn't lead to {locator}")


class Clicks:
    """Uses a page by mouse, and counts the clicks. Text is put into the field that has the focus, without a key."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def click(self, *locators):
        for locator in locators:
            locator.click()
            self.count += 1

    def click_behind(self, locator):
        """Click at the end of what `locator` shows, to go on writing there."""
        box = locator.bounding_box()
        locator.click(position={"x": box["width"] - 2, "y": box["height"] - 2})
        self.count += 1

    def type(self, text):
        self.page.keyboard.insert_text(text)
