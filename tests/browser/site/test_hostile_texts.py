"""Hostile texts in every place where a person can write, on every page that shows them: they stay text.

No script runs, nothing is asked of another site, no element or attribute comes from a text, the
Content-Security-Policy has nothing to block, and what is shown is what was written.
"""

import re
import unicodedata
from types import SimpleNamespace
from urllib.parse import quote, urlsplit

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Error, expect

from articles.core.markdown import Context, plain_heading, render
from tests.support.browser import log_in, opened
from tests.support.databases import template
from tests.support.factories import PASSWORD
from tests.support.samples import hostile
from tests.support.scenarios.editor import show_previews
from tests.support.scenarios.sites.hostile_site import (
    LEFT_OUT,
    ON_NO_PAGE,
    PLACE,
    hostile_addresses,
    make_hostile_site,
    places,
    text_fields,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.breaks_integrity("hostile texts are written into every column, whatever guards it"),
]

WATCH = "window.xss = () => window.reportRun(document.URL)"
# What no text may bring into a page, and all text that the page shows: its own, that of its fields, and of attributes.
LOOK = """() => {
  const wrong = [], texts = [document.title], own = location.origin;
  const addresses = ["href", "src", "action", "formaction", "data", "poster", "srcdoc", "xlink:href", "srcset", "background"];
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on")) wrong.push(`${element.localName} ${name}=${value}`);
      if (["alt", "title", "aria-label", "placeholder", "content", "value", "label", "data-claim"].includes(name)) texts.push(value);
      if (!addresses.includes(name)) continue;
      let url;
      try { url = new URL(value, location.href); } catch { continue; }
      const isLink = element.localName === "a" && name === "href";
      const isOwn = url.origin === own || ["data:image/svg+xml"].some((begin) => value.startsWith(begin));
      const isAllowed = isLink ? ["http:", "https:", "mailto:"].includes(url.protocol) : isOwn;
      if (!isAllowed || url.hostname === "evil.example" && !isLink) wrong.push(`${element.localName} ${name}=${value}`);
    }
    if (["marquee", "embed", "object", "math", "base", "x-y", "style"].includes(element.localName)) wrong.push(element.outerHTML);
    if (element.localName === "script" && !element.src && !/json/.test(element.type)) wrong.push(element.outerHTML);
    if ("value" in element && typeof element.value === "string") texts.push(element.value);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let text = "";
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!element.closest("script, style, textarea, .visually-hidden")) text += walker.currentNode.data;
  }
  return { wrong, texts: [text, ...texts] };
}"""

# Pages on which something stands within a text, or only a part of it: changes, comments, buttons, marks, another format’s
# escapes, sentences of a transcript. There it is enough that each string is shown as it was written in one place.
INTERRUPTED = re.compile(
    r"/(?:cite|compare|history|merge|preview|revert|versions)/|/revisions/|/shared/|/article/(?:\d+/change|add)/"
    r"|/revision/\d+/change/|/images/\d+/|/articles/naps/"
    r"|/user/\d+/password/"  # Django escapes twice in this title; names of accounts can't have signs
)
# On an episode's page a person of both the show and the episode is named once, so what a line of the one is like isn't
# repeated: only the strings of several lines are interrupted there.
NAMED_ONCE = re.compile(r"/shows/[^/]+/[^/]+/$")
OF_LINES = tuple(f"{string!r} as" for string in hostile.STRINGS if len(string.splitlines()) > 1)
# Addresses that repeat what is asked for, and what an attacker would put there.
ECHOES = (
    "/{}",
    "/articles/{}/",
    "/shows/{}/",
    "/topics/{}/",
    "/search/?q={}",
    "/articles/sleep/?edition={}&t={}",
    "/articles/sleep/history/?old={}&new={}",
    "/articles/sleep/challenge/?section={}&claim={}",
    "/shows/night-talks/on-sleep/?after={}",
    "/admin/?q={}&kind={}",
    "/admin/articles/article/?q={}&state={}",
    "/admin/evidence/?q={}&state={}",
    "/shows/night-talks/on-sleep/transcript/find/?q={}&t={}",
    "/admin/search/transcripts/?q={}",
    "/admin/{}/",
)
AT_ONCE = 16  # strings in one address
REDIRECTS = (
    "//evil.example/",
    "https://evil.example/",
    "/\\evil.example",
    "javascript:xss()",
    "https:evil.example",
    " //evil.example",
    "data:text/html,<script>xss()</script>",
)


@pytest.fixture
def rows(transactional_db):
    return template.filled(make_hostile_site)


@pytest.fixture
def visitor(new_context, live_server):
    """A function (is superuser) -> a page, what went wrong in it so far, and how to look at it."""

    def visit(is_root):
        page, violations = opened(new_context)
        wrong, own = [], urlsplit(live_server.url).netloc
        page.context.expose_binding("reportRun", lambda source, where: wrong.append(f"a script ran at {where}"))
        page.context.add_init_script(WATCH)

        def asked(request):
            if urlsplit(request.url).netloc != own and not request.url.startswith(("data:", "blob:")):
                wrong.append(f"{page.url} asked for {request.url}")

        def answered(dialog):
            if dialog.type != "beforeunload":
                wrong.append(f"{page.url} opened a dialog: {dialog.message}")
            dialog.accept()

        def said(message):
            # Chromium’s own viewers of files have styles that our policy forbids them; a status isn’t an error here.
            if message.type != "error" or "Failed to load resource" in message.text:
                return
            if page.evaluate("document.contentType") == "text/html":
                wrong.append(f"{page.url} said {message.text}")

        page.context.on("request", asked)
        page.on("dialog", answered)
        page.on("pageerror", lambda error: wrong.append(f"{page.url} raised {error}"))
        page.on("popup", lambda popup: wrong.append(f"{page.url} opened {popup.url}"))
        page.on("console", said)
        if is_root:
            log_in(page, live_server, "/about/", username=User.objects.get(is_superuser=True).username)

        def look():
            page.wait_for_load_state("domcontentloaded")  # a click waits only until the next page begins to arrive
            found = page.evaluate(LOOK)
            wrong.extend(f"{page.url} has {element}" for element in found["wrong"])
            return found["texts"]

        def everything():
            blocked = [line for line in violations(page) if not re.search(r"\.(?:png|xml): style-src", line)]
            return [*wrong, *blocked]

        return SimpleNamespace(page=page, look=look, wrong=everything)

    return visit


def folded(text):
    """Return a text as far as showing it may not change it: without white space, and composed, as shortening leaves it."""
    return re.sub(r"[\s\0]+", "", unicodedata.normalize("NFC", text))


CONTEXT = Context(sources={}, link_url=lambda slug: None)
# Each string as it may be shown: literally, or as its Markdown reads.
SHOWN = [
    {folded(one) for one in (text, render(text, CONTEXT).plain_text, plain_heading(text))} for text in hostile.STRINGS
]


def not_literal(texts):
    """Return the numbers of the strings that are shown as they were written, and what is shown of others instead."""
    seen, otherwise = set(), []
    for text in map(folded, texts):
        for mark in hostile.BEGINNING.finditer(text):
            number = int(mark[1])
            shown = text[mark.end() : mark.end() + 400]
            ways = [way + hostile.END.format(number) for way in SHOWN[number]]
            if shown.startswith(tuple(ways)):
                seen.add(number)
            elif hostile.STRINGS[number] not in hostile.MARKDOWN and not any(
                way.startswith(shown.partition("…")[0]) for way in ways
            ):
                otherwise.append(f"{hostile.STRINGS[number]!r} as {shown[:60]!r}")
    return seen, otherwise


def test_every_text_column_is_a_place_or_left_out_for_a_reason(transactional_db):
    columns = {(model._meta.label, field.name) for model, fields in text_fields().items() for field in fields}
    left_out = {(label, name) for label, fields in LEFT_OUT.items() for name in fields}
    written = {(model._meta.label, field.name) for model, field in places()}

    assert left_out <= columns
    assert set(ON_NO_PAGE) <= written
    assert written == columns - left_out
    assert len(written) > 60
    assert len(hostile.STRINGS) > 90


@pytest.mark.parametrize("group", ["public", "admin"])
def test_hostile_texts_stay_text_on_every_page(visitor, live_server, rows, group):
    visited = visitor(is_root=group == "admin")
    page, otherwise, unseen, seen_places, pages = visited.page, [], [], set(), 0

    for address in hostile_addresses(rows)[group]:
        try:
            response = page.goto(live_server.url + address)
        except Error as error:
            assert "Download is starting" in str(error)  # noqa: PT017  (a file, which no browser shows)
            continue
        assert response.status in {200, 403, 404, 410} or address == "/health/", address
        if not response.headers["content-type"].startswith("text/html"):
            continue
        pages += 1
        seen, changed = not_literal(texts := visited.look())
        on_page = {int(number) for text in texts for number in PLACE.findall(text)}
        seen_places |= on_page
        if NAMED_ONCE.search(address):
            changed = [line for line in changed if not line.startswith(OF_LINES)]
        if not INTERRUPTED.search(address):
            otherwise += [f"{address}: {line}" for line in changed]
        if on_page and len(seen) < len(hostile.STRINGS):
            unseen.append((address, set(range(len(hostile.STRINGS))) - seen))

    assert visited.wrong() == []
    assert otherwise == []
    assert unseen == []
    numbered = dict(enumerate((model._meta.label, field.name) for model, field in places()))
    print(group, pages, len(seen_places))
    if group == "admin":
        assert {place for number, place in numbered.items() if number not in seen_places} == set(ON_NO_PAGE)
    else:
        assert len(seen_places) > 15
        assert pages > 25


def test_hostile_requests_stay_text(visitor, live_server, rows):
    visited = visitor(is_root=True)
    strings = [*hostile.STRINGS, hostile.NUL]
    chunks = [" ".join(strings[start : start + AT_ONCE]) for start in range(0, len(strings), AT_ONCE)]

    for echo in ECHOES:
        for chunk in chunks:
            response = visited.page.goto(live_server.url + echo.replace("{}", quote(chunk, safe="")))
            assert response.status < 500, (echo, chunk)
            visited.look()

    assert visited.wrong() == []


def test_nobody_is_sent_to_another_site(visitor, live_server, rows):
    visited = visitor(is_root=True)

    for wanted in REDIRECTS:
        visited.page.goto(f"{live_server.url}/admin/login/?next={quote(wanted, safe='')}")
        assert visited.page.url.startswith(f"{live_server.url}/"), wanted
        visited.page.goto(f"{live_server.url}/{quote(wanted, safe='/:')}")
        assert visited.page.url.startswith(f"{live_server.url}/"), wanted

    assert visited.wrong() == []


def test_forms_that_return_what_was_typed_stay_text(visitor, live_server, rows):
    visited = visitor(is_root=False)
    page, everything = visited.page, hostile.filling(0)

    page.goto(f"{live_server.url}/admin/login/")
    page.locator("[name=username]").evaluate(
        "(field, text) => { field.maxLength = 10000; field.value = text; }", everything
    )
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[type=submit]").click()
    expect(page.locator(".errornote")).to_be_visible()
    visited.look()
    page.goto(f"{live_server.url}/articles/naps/challenge/")
    page.locator("textarea").first.evaluate(
        "(field, text) => { field.maxLength = 100000; field.value = text; }", everything * 3
    )
    page.locator("main [type=submit]").click()
    expect(page.locator("textarea[aria-invalid=true]")).to_be_visible()
    visited.look()

    assert visited.wrong() == []


def test_the_live_preview_inserts_only_text(visitor, live_server, rows):
    visited = visitor(is_root=True)
    page = visited.page
    page.goto(f"{live_server.url}/admin/articles/article/{rows.draft.article_id}/change/")

    show_previews(page)
    page.locator("#id_lead").fill(f"Renewed. {hostile.filling(0, chr(10) * 2)}")

    expect(page.locator("[data-preview=id_lead]")).to_contain_text("Renewed.")
    visited.look()
    assert visited.wrong() == []


WRONG = {
    "<img src=x onerror=xss()>": "img onerror=xss()",
    "<a href='javascript:xss()'>go</a>": "a href=javascript:xss()",
    "<img src='https://evil.example/a.png'>": "img src=https://evil.example/a.png",
    "<base href='https://evil.example/'>": "base href=https://evil.example/",
    "<script>xss()</script>": "<script>xss()</script>",
}


def test_what_would_be_wrong_is_noticed(visitor, live_server, rows):
    visited = visitor(is_root=False)
    for markup, noticed in WRONG.items():
        visited.page.goto(f"{live_server.url}/about/")
        assert not any(noticed in line for line in visited.wrong())

        visited.page.evaluate("(markup) => document.body.insertAdjacentHTML('beforeend', markup)", markup)
        visited.look()

        assert any(noticed in line for line in visited.wrong()), markup


@pytest.mark.parametrize("text", ["<b>bold</b>", "a &amp; b", "{{ x }}"])
def test_what_is_shown_otherwise_is_noticed(text, monkeypatch):
    monkeypatch.setattr(hostile, "STRINGS", (text,))
    monkeypatch.setitem(globals(), "SHOWN", [{folded(text)}])
    begin, end = hostile.BEGIN.format(0), hostile.END.format(0)

    assert not_literal([f"{begin} {text} {end}"]) == ({0}, [])
    assert not_literal([f"{begin} {text[:4]}…"]) == (set(), [])
    assert len(not_literal([f"{begin} {text.replace(text[0], '?', 1)} {end}"])[1]) == 1
