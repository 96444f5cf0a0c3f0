"""Helpers for browser tests: log in, run axe, watch the Content-Security-Policy, measure overflow."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
NO_BROWSER = f"no Chromium at {CHROMIUM}; install it (apt install chromium) or set CHROMIUM to its path"

# Preloading adds style elements, which the policy blocks.
AXE = {"preload": False, "resultTypes": ["violations"]}
# Rules whose result may differ between the light and the dark scheme.
COLOUR_RULES = ("color-contrast", "link-in-text-block")
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
    """Open `path` as a logged-in user; the login form has tests of its own."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.goto(live_server.url + path)


def faults(page, *rules):
    """Return axe's violations as lines of rule and element; `rules` limits the check to these."""
    options = AXE | ({"runOnly": {"type": "rule", "values": list(rules)}} if rules else {})
    violations = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['target'][-1]} {node['html']}"
        for rule in violations
        for node in rule["nodes"]
        if not any(selector in node["target"][-1] for selector in ACCEPTED.get(rule["id"], ()))
    ]


def overflow(page):
    """Return how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def opened(browser, **options):
    """Return a page in a new context, and a function (page) -> list of its policy violations."""
    context = browser.new_context(reduced_motion="reduce", **options)
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
