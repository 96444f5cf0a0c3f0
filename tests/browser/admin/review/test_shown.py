"""What the review page shows, on a phone too, and the keys that move through it."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles import workflow
from articles.views import diff
from articles.workflow.collaboration import comments
from articles.workflow.content import SectionContent, content_of
from tests.support.browser import eventually, faults, faults_in_both, has_focus, log_in, opened
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.reviewing import page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_keys_move_through_the_changes(page, live_server, change):
    log_in(page, live_server, page_of(change))
    first, second = page.locator(".change").all()

    page.keyboard.press("j")
    expect(first).to_be_focused()
    page.keyboard.press("j")
    expect(second).to_be_focused()
    page.keyboard.press("Space")
    expect(second.get_by_label("accept")).not_to_be_checked()
    page.keyboard.press("k")
    expect(first).to_be_focused()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("c")
    comment = first.get_by_label("Your comment")
    expect(comment).to_be_focused()
    page.keyboard.type("jar")

    expect(comment).to_have_value("jar")
    expect(second.get_by_label("accept")).not_to_be_checked()


SHIFTS = """new Promise((resolve) => {
  let total = 0;
  const add = (list) => list.getEntries().forEach(({ value }) => { total += value; });
  new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(total), 300);
})"""


def test_nothing_moves_once_the_review_lock_is_taken(page, live_server, change):
    page.set_viewport_size({"width": 1280, "height": 900})
    log_in(page, live_server, page_of(change))
    page.get_by_text("Others can see that you are reviewing this.").wait_for()

    assert page.evaluate(SHIFTS) < 0.02


def test_the_shortcuts_name_only_what_is_there(page, live_server, change):
    def listed():
        page.keyboard.press("?")
        names = page.get_by_role("dialog", name="Keyboard shortcuts").locator("dd").all_text_contents()
        page.keyboard.press("Escape")
        return {name for name in names if not re.match("Play|Back|Forward|Repeat|Next|Previous|Show", name)}

    log_in(page, live_server, page_of(change))
    hint = page.locator("[data-key-hint]")
    expect(hint).to_contain_text("a approve")
    assert listed() == {
        "Select or deselect",
        "Confirm: you heard it there",
        "Undo the last decision",
        "Comment",
        "Comment on the selected passage",
        "Approve",
        "Request changes",
        "Reject",
        "Send",
    }
    # What is published can only be taken down, for which there is no key.
    page.goto(live_server.url + page_of(change.target))
    assert listed() == {
        "Comment",
        "Comment on the selected passage",
        "Confirm: you heard it there",
        "Undo the last decision",
        "Send",
    }


def test_diff_is_side_by_side_or_unified(page, live_server, change):
    page.set_viewport_size({"width": 1280, "height": 900})
    log_in(page, live_server, page_of(change))
    section = page.locator(".comparison__section").filter(has_text="Why we sleep").first

    old, new = section.locator(".pair__old"), section.locator(".pair__new")
    expect(old.locator("del")).to_be_visible()
    expect(new.locator("del")).to_be_hidden()
    expect(new.locator("ins")).to_be_visible()
    page.get_by_label("Unified view").check()
    expect(old).to_be_hidden()
    expect(new.locator("del")).to_be_visible()
    page.get_by_label("Unified view").uncheck()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(old).to_be_hidden()
    expect(new.locator("del")).to_be_visible()


@pytest.mark.parametrize("kind", ["change", "new_article", "conflict", "merge"])
def test_review_page_is_accessible_and_fits(request, new_context, live_server, kind):
    revision = request.getfixturevalue("conflict" if kind == "merge" else kind)
    if kind == "new_article":
        make_moderator()
    comments.add(revision, by=revision.author, text="A minute later, I think.")
    address = page_of(revision) if kind != "merge" else reverse("admin:articles_revision_merge", args=[revision.pk])

    for width in (1280, 390):
        page, violations = opened(new_context, viewport={"width": width, "height": 844})
        log_in(page, live_server, address)
        page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")

        found = faults_in_both(page)

        assert found == [], width
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, width
        assert violations(page) == [], width
        page.context.close()


@pytest.mark.parametrize("path", ["preview", "list"])
def test_preview_and_list_are_accessible_and_fit_a_phone(page, live_server, change, violations, path):
    address = (
        reverse("admin:articles_revision_preview", args=[change.pk])
        if path == "preview"
        else reverse("admin:articles_revision_changelist")
    )
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(page, live_server, address)

    found = faults(page)

    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert violations(page) == []


def test_a_preview_offers_no_correction_of_what_is_not_public(page, live_server, new_article):
    moderator = make_moderator()
    log_in(page, live_server, page_of(new_article))
    suggest = page.get_by_role("link", name="Suggest a correction")
    expect(page.locator(".proposed__text")).to_be_visible()
    expect(suggest).to_have_count(0)

    preview = reverse("admin:articles_revision_preview", args=[new_article.pk])
    page.goto(live_server.url + preview)
    expect(page.get_by_text("Readers can’t see it.")).to_be_visible()
    expect(suggest).to_have_count(0)

    workflow.approve(new_article, by=moderator)
    workflow.publish(new_article, by=moderator)
    page.goto(live_server.url + preview)
    expect(suggest.first).to_be_visible()


@pytest.fixture
def in_pages(monkeypatch):
    """Two changes or citations on a page of the review page."""
    monkeypatch.setattr(diff, "CHANGES_PER_PAGE", 2)
    monkeypatch.setattr(diff.types, "CHANGES_PER_PAGE", 2)


def top_of(page, heading):
    return round(page.get_by_role("heading", name=heading).evaluate("element => element.getBoundingClientRect().top"))


def test_pages_of_changes_open_at_the_changes(page, live_server, in_pages):
    article = make_published(
        by=make_user(), moderator=make_moderator(), sections=(SectionContent("Tides", "One. Two."),)
    )
    section = content_of(article.published_revision).sections[0]
    added = [SectionContent(f"Tide {number}", f"It rises {number} m.") for number in range(3)]
    change = make_change(article, by=article.published_revision.author, sections=(section, *added))
    page.set_viewport_size({"width": 1280, "height": 400})
    log_in(page, live_server, page_of(change))

    page.get_by_role("button", name="Next").first.click()
    page.wait_for_url("**?page=2#review-changes")
    assert -1 <= top_of(page, "changes, riskiest first") < 100

    # By keyboard over the end of a page, and back to the change before.
    page.get_by_role("button", name="Previous").first.click()
    page.wait_for_url("**?page=1#review-changes")
    second = page.locator("[data-change]").nth(1).get_attribute("id")
    for _ in range(3):
        page.keyboard.press("j")
    page.wait_for_url("**?page=2#review-changes")
    eventually(lambda: has_focus(page.locator("[data-change]").first))
    page.keyboard.press("k")
    page.wait_for_url("**?page=1#review-changes")
    expect(page.locator(f"#{second}")).to_be_focused()


def test_pages_of_citations_open_at_the_citations(page, live_server, in_pages):
    cited = " ".join(f"It rises {number} m [00:06:{number}]." for number in range(10, 15))
    draft = make_draft(by=make_user(), episode=make_episode(), sections=(SectionContent("Tides", cited),))
    make_moderator()
    page.set_viewport_size({"width": 1280, "height": 400})
    log_in(page, live_server, page_of(workflow.submit(draft, by=draft.author)))

    page.get_by_role("button", name="Next").last.click()

    page.wait_for_url("**?page=2#review-claims")
    assert -1 <= top_of(page, "citations to check") < 100
