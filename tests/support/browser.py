"""What browser tests do on every page: log in, run axe, watch the Content-Security-Policy, look for what sticks out."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
NO_BROWSER = f"no Chromium at {CHROMIUM}: install it (apt install chromium) or name it in CHROMIUM"

# Preloading writes style elements, which the policy refuses.
AXE = {"preload": False, "resultTypes": ["violations"]}
# What can differ between a light and a dark page.
COLOUR_RULES = ("color-contrast", "link-in-text-block")
# Django's own fields, which only administrators of groups and accounts meet.
LEFT = {
    "aria-prohibited-attr": [".help-tooltip"],
    "label": ["#id_last_login_", "#id_date_joined_"],  # a legend names the pair of fields
}
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  window.reportViolation(`${document.URL}: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


def log_in(page, live_server, path="/admin/", username="moderator"):
    """Open `path` as somebody who has logged in; the form itself is tested on its own."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.goto(live_server.url + path)


def faults(page, *rules):
    """What axe finds, as lines of a rule and an element; with `rules`, only these are asked."""
    options = AXE | ({"runOnly": {"type": "rule", "values": list(rules)}} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['target'][-1]} {node['html']}"
        for rule in found
        for node in rule["nodes"]
        if not any(place in node["target"][-1] for place in LEFT.get(rule["id"], ()))
    ]


def overflow(page):
    """By how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def opened(browser, **options):
    """A page in a context of its own, and what the policy refuses there: a function (page) -> list of sentences."""
    context = browser.new_context(reduced_motion="reduce", **options)
    return context.new_page(), watch_violations(context)


def watch_violations(context):
    """Collect what the policy refuses on every page of `context`: a function (page) -> list of sentences."""
    found = []
    context.expose_binding("reportViolation", lambda source, sentence: found.append(sentence))
    context.add_init_script(REPORT_VIOLATIONS)

    def violations(page):
        page.evaluate("() => new Promise(requestAnimationFrame)")  # reports that are on their way arrive before this
        return found

    return violations
