"""What opens, reports an error or asks for confirmation: used by keyboard, checked by axe in light and dark."""

import re

import pytest
from django.db.models import F
from django.urls import reverse
from playwright.sync_api import expect

from articles import workflow
from articles.models import Revision, Topic
from articles.workflow.history.rows import record_new
from tests.support.browser import begin_session, eventually, faults, faults_in_the_dark, has_focus, opened
from tests.support.factories import make_change, make_user
from tests.support.scenarios.editor import choose_file, open_settings
from tests.support.scenarios.sites.full_site import admin_addresses, public_addresses

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOLD = re.compile(r"(?:<\w+ class=\"[^\"]*\">)?\s*<details[^>]*>\s*<summary[^>]*>")
FILTER_NAME = re.compile(r" data-filter-title=\"[^\"]*\"")  # Django's filters are all of one kind
CLOSED = "details:not([open]):not([data-test-opened]) > summary"


def unfold(page):
    """Open every disclosure by keyboard, nested ones too; returns how many. Exclusive groups end with their last."""
    count = 0
    while closed := [summary for summary in page.query_selector_all(CLOSED) if summary.is_visible()]:
        for summary in closed:
            summary.focus()
            page.keyboard.press("Enter")
            assert summary.evaluate("it => it.parentElement.open"), summary.text_content()
            summary.evaluate("it => it.parentElement.setAttribute('data-test-opened', '')")
        count += len(closed)
    return count


def foldings(page, url, addresses):
    """Yield every page with a new kind of disclosure, with all of them open."""
    seen = set()
    for name, address in addresses.items():
        html = page.request.get(url + address).text()
        kinds = set(FOLD.findall(FILTER_NAME.sub("", html)))
        if kinds <= seen:
            continue
        seen |= kinds
        page.goto(url + address)
        if unfold(page):
            yield name


def foldings_of_the_queue(page, url, rows):
    yield from foldings(page, url, admin_addresses(rows))


def foldings_for_readers(page, url, rows):
    yield from foldings(page, url, public_addresses(rows))


def editor(page, url, rows):
    """Yield the editor's messages and dialogs."""
    address = url + path_of(rows.draft)
    page.goto(address)
    page.get_by_role("button", name="Add a section", exact=True).press("Enter")
    page.keyboard.type("Naps")
    page.get_by_role("button", name="Remove this section").first.press("Enter")
    expect(page.get_by_role("button", name="Undo").first).to_be_focused()
    page.locator("[data-pick=id_lead]").press("Enter")
    expect(page.locator("[data-choice]")).to_have_count(1)
    yield "editor: the dialog that inserts an image"
    page.locator("[data-choice]").press("Enter")
    expect(page.locator("[data-image-alt]")).to_have_value("A night")
    yield "editor: the dialog that describes an image"
    page.keyboard.press("Escape")
    expect(page.locator("#id_lead")).not_to_have_value(re.compile("night.webp"))
    choose_file(page, "id_lead", "a.svg", b"<svg/>")
    expect(page.locator("[data-upload-error=id_lead]")).to_be_visible()
    page.locator("#id_evidence_q").fill("receptor")
    page.keyboard.press("Enter")
    expect(page.locator("[data-results] .suggestions li")).not_to_have_count(0)
    yield "editor: a section removed, an image refused, a search"

    keep_a_text(page, rows.draft)
    page.goto(address)
    expect(page.locator("[data-kept]")).to_be_visible()
    yield "editor: a text that this browser kept"
    with page.expect_event("load"):
        page.get_by_role("button", name="Restore").press("Enter")
    expect(page.locator(".alert")).to_be_focused()
    yield "editor: restored"

    page.goto(address)
    Revision.objects.filter(pk=rows.draft.pk).update(version=F("version") + 1)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-stale]")).to_be_visible()
    yield "editor: saved by somebody else meanwhile"
    page.fill("#id_lead", "Mine.")
    with page.expect_event("load"):
        page.locator("[data-save]").click()
    expect(page.locator(".conflict")).to_be_focused()
    yield "editor: two texts"

    page.goto(address)
    open_settings(page)
    page.fill("#id_episode", "nowhere/nothing")
    with page.expect_event("load"):
        page.locator("[data-save]").click()
    expect(page.locator(".alert")).to_be_focused()
    expect(page.locator(".alert")).to_contain_text("Saved, except the episode.")
    yield "editor: saved except the episode"

    page.fill("#id_language", "no language")
    with page.expect_event("load"):
        page.locator("[data-save]").click()
    expect(page.locator(".alert")).to_contain_text("Not saved.")
    yield "editor: a field refused"

    page.goto(address)
    page.context.clear_cookies(name="sessionid")
    page.fill("#id_lead", "Written for hours.")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-alert]")).to_be_visible()
    yield "editor: the session has ended"
    with page.expect_event("load"):
        page.evaluate("HTMLFormElement.prototype.submit.call(document.querySelector('[data-editor]'))")
    expect(page.get_by_role("heading", name="Not saved yet")).to_be_visible()
    assert not any(text.is_visible() for text in page.locator("textarea").all())
    assert unfold(page) == 1
    yield "editor: kept in the page"


def deciding(page, url, rows):
    """Yield states of the review page and queue: shortcuts, rejected decisions, threads."""
    page.goto(f"{url}{path_of(rows.waiting)}")
    page.keyboard.press("?")
    keys = page.locator("dialog.keys")
    expect(keys).to_be_visible()
    eventually(lambda: has_focus(page.locator("dialog.keys").first))
    yield "review: the keys"
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()

    page.get_by_role("button", name="Request changes").press("Enter")
    expect(page.get_by_role("dialog", name="Request changes?").get_by_role("textbox")).to_be_focused()
    yield "review: asked before sending back"
    page.keyboard.type(" ")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".errornote")).to_be_visible()
    yield "review: sent back without a word"
    page.get_by_role("button", name="Resolve").first.press("Enter")
    expect(page.locator(".thread--resolved")).to_have_count(1)
    assert unfold(page) > 0
    yield "review: a thread resolved"

    fresh = make_change(rows.article, by=make_user("fourth"), lead="A lead of today.")
    page.goto(f"{url}{path_of(fresh)}")
    page.locator("summary", has_text="Schedule").press("Enter")
    expect(page.locator(".decision__panel input").first).to_be_visible()
    yield "review: for later"

    workflow.submit(rows.draft, by=rows.draft.author)
    page.goto(f"{url}{path_of(rows.draft)}")
    page.locator("summary", has_text="Override").press("Enter")
    page.locator(".decision__panel [type=submit]").press("Enter")
    expect(page.locator(".errornote")).to_contain_text("Give a reason for publishing without a second review")
    expect(page.locator(".decision__panel")).to_be_visible()
    yield "review: published over the rule, without a reason"
    page.locator(".decision__panel textarea, .decision__panel input").first.focus()
    page.keyboard.press("Escape")
    expect(page.locator(".decision__panel")).to_be_hidden()
    eventually(lambda: has_focus(page.locator(".decision__more summary").first))

    page.goto(f"{url}{reverse('admin:articles_revision_merge', args=[rows.behind.pk])}")
    with page.expect_event("load"):
        page.get_by_role("button", name="Update to the published text").press("Enter")
    unfold(page)
    yield "merge: not all is chosen"

    page.goto(f"{url}{reverse('admin:index')}")
    page.keyboard.press("?")
    expect(page.locator("dialog.keys")).to_be_visible()
    eventually(lambda: has_focus(page.locator("dialog.keys").first))
    yield "queue: the keys"
    page.keyboard.press("Escape")
    expect(page.locator("dialog.keys")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("Space")
    page.locator(".bulk summary").press("Enter")
    expect(page.locator(".bulk__panel")).to_be_visible()
    yield "queue: one is chosen"
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".bulk__panel")).to_be_hidden()
    eventually(lambda: has_focus(page.locator(".bulk summary").first))
    page.get_by_role("button", name="Request changes").press("Enter")
    expect(page.get_by_role("dialog", name="Request changes?").get_by_role("textbox")).to_be_focused()
    yield "queue: the question before what is chosen is sent back"
    page.keyboard.type(" ")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".bulk__error")).not_to_have_count(0)
    yield "queue: sent back without a word"


def asking_again(page, url, rows):
    """Yield confirmation pages and forms with errors."""
    page.goto(f"{url}{reverse('admin:articles_article_changelist')}")
    page.locator("input.action-select").first.press("Space")
    page.locator("select[name=action]").select_option("file_under")
    with page.expect_event("load"):
        page.locator("button[name=index]").press("Enter")
    expect(page.locator("[name=apply]")).to_be_visible()
    assert unfold(page) == 1
    yield "articles: add or remove topics"

    record_new(Topic.objects.create(slug="unused", title="Unused"))
    page.goto(f"{url}{reverse('admin:articles_topic_changelist')}")
    page.get_by_role("row", name="Unused").locator("input").press("Space")
    page.locator("select[name=action]").select_option("delete_selected")
    page.locator("button[name=index]").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Delete")
    unfold(page)
    yield "topics: delete the chosen"

    remove = reverse("admin:articles_episode_transcript_remove", args=[rows.episode.pk])
    page.goto(f"{url}{remove}")
    yield "transcript: remove"

    for name, address, button in (
        ("episode", reverse("admin:articles_episode_add"), "[name=_save]"),
        ("topic", reverse("admin:articles_topic_add"), "[name=_save]"),
        ("account", reverse("admin:auth_user_add"), "[name=_save]"),
        ("password", reverse("admin:password_change"), "#content [type=submit]"),
        (
            "transcript",
            reverse("admin:articles_episode_transcript", args=[rows.second.pk]),
            ".transcript-page form [type=submit]",
        ),
        (
            "answer",
            reverse("admin:articles_correctionrequest_change", args=[rows.correction_request.pk]),
            ".answer [type=submit]",
        ),
    ):
        page.goto(url + address)
        page.evaluate("document.querySelectorAll('form').forEach((form) => (form.noValidate = true))")
        with page.expect_event("load"):
            page.locator(button).first.press("Enter")
        expect(page.locator(".errornote, .errorlist, .decision__error, [role=alert]").first).to_be_visible()
        yield f"{name}: refused"


def reading(page, url, rows):
    """Yield what opens on public pages, and their notices."""
    page.goto(f"{url}/admin/login/")
    page.fill("[name=username]", "root")
    page.fill("[name=password]", "not this one")
    page.keyboard.press("Enter")
    expect(page.locator(".errornote")).to_be_visible()
    yield "login: refused"

    page.goto(f"{url}/search/")
    field = page.get_by_role("combobox", name="Search articles")
    field.fill("sl")
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("ArrowDown")
    yield "search: suggestions"

    address = public_addresses(rows)["article"]
    page.evaluate("localStorage.setItem('read:sleep', '1')")
    page.goto(url + address)
    expect(page.locator(".since-read")).to_be_visible()
    page.locator(".timeline-table summary").press("Enter")
    expect(page.locator(".timeline-table table")).to_be_visible()
    yield "article: changed since it was read, the strip as a table"
    page.get_by_role("button", name="Close this notice").press("Enter")
    expect(page.locator(".since-read")).to_have_count(0)

    page.goto(f"{url}{public_addresses(rows)['challenge: of a claim']}")
    page.get_by_role("button", name="Send suggestion").press("Enter")
    expect(page.locator(".correction-form__error")).to_be_visible()
    yield "correction: refused"


def path_of(revision):
    if Revision.objects.get(pk=revision.pk).is_draft:
        return f"{reverse('admin:articles_article_change', args=[revision.article_id])}?revision={revision.pk}"
    return reverse("admin:articles_revision_change", args=[revision.pk])


def keep_a_text(page, draft):
    """Store typed text as a crashed tab leaves it, under a key of its own."""
    page.evaluate(
        """() => {
          const form = document.querySelector("[data-editor]");
          const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
          fields.find(([name]) => name === "lead")[1] = "Typed, and not saved.";
          const kept = { at: Date.now(), article: form.dataset.article, title: "Dreams", fields };
          addEventListener("pagehide", () => {
            localStorage.clear();
            localStorage.setItem(`editor:${form.dataset.user}:1`, JSON.stringify(kept));
          });
        }"""
    )


WIDTHS = [1280, 390]
FOR_READERS = [foldings_for_readers, reading]
IN_THE_QUEUE = [foldings_of_the_queue, editor, deciding, asking_again]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("journey", FOR_READERS + IN_THE_QUEUE)
def test_axe_finds_no_violations_in_open_states(new_context, live_server, rows, journey, width):
    page, _ = opened(new_context, viewport={"width": width, "height": 900}, color_scheme="light")
    page.on("dialog", lambda dialog: dialog.accept())  # leave without saving
    page.set_default_timeout(15_000)
    if journey in IN_THE_QUEUE:
        begin_session(page, live_server, "root")
    found = []

    for state in journey(page, live_server.url, rows):
        lines = faults(page)
        if width == max(WIDTHS):  # the dark scheme is the same at every width
            lines += faults_in_the_dark(page)
        found += [f"{state}: {line}" for line in lines]
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{state}: scrolls sideways, {wide} px")

    assert "\n".join(found) == ""
