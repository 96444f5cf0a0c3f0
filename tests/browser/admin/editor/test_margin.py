"""Commenting in the margin of the editor: by key, by the toolbar, on a phone, and without scripts."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Comment, Revision, SuggestedEdit
from articles.workflow.collaboration import margin, suggested_edits
from articles.workflow.content import SectionContent, content_of
from tests.support.browser import eventually, faults_in_both, log_in, overflow
from tests.support.factories import make_draft, make_episode, make_moderator
from tests.support.scenarios.editor import layer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "A rope holds **five** tons [00:06:31]. Wet ropes hold less. Wet ropes hold less, he says."


@pytest.fixture
def draft(editor):
    sections = (SectionContent("Ropes", TEXT),)
    return make_draft("ropes", by=editor, title="Ropes", lead="On ropes.", episode=make_episode(), sections=sections)


@pytest.fixture
def moderator(transactional_db):
    return make_moderator()


def address(revision):
    return f"{reverse('admin:articles_article_change', args=[revision.article_id])}?revision={revision.pk}"


def select(field, words, *, last=False):
    field.evaluate(
        """(field, [words, last]) => {
          const at = last ? field.value.lastIndexOf(words) : field.value.indexOf(words);
          field.focus();
          field.setSelectionRange(at, at + words.length);
        }""",
        [words, last],
    )


def on_passage(revision, words, by, text="Is it?"):
    passage = margin.choose(margin.fields_of(content_of(revision)), words)
    return margin.comment(revision, by=by, text=text, passage=passage)


def test_a_reviewer_comments_on_a_draft_by_key_and_the_author_answers(
    page, new_context, live_server, draft, moderator, violations
):
    log_in(page, live_server, address(draft))
    field = page.locator("#id_sections-0-body")
    layer(field).click()
    select(field, "Wet ropes hold less", last=True)
    page.keyboard.press("Alt+m")
    expect(page.get_by_label("Passage, copied from the text")).to_have_value("Wet ropes hold less")
    page.keyboard.type("Says who?")
    assert faults_in_both(page) == []
    page.get_by_role("button", name="Add comment").click()

    thread = page.get_by_role("article", name="Review comment by moderator")
    expect(thread).to_contain_text("Says who?")
    expect(layer(field).locator(".cm-commented")).to_have_text("Wet ropes hold less")
    expect(page.locator("[data-margin-form]")).not_to_have_attribute("open", "")
    expect(page.locator("#id_evidence_remark")).to_have_value("")
    assert Comment.objects.get().passage.start == TEXT.rindex("Wet ropes")
    assert Revision.objects.get().saved_by == draft.author  # nothing was saved
    assert violations(page) == []

    author = new_context().new_page()
    log_in(author, live_server, address(draft), "editor")
    thread = author.get_by_role("article", name="Review comment by moderator")
    thread.get_by_text("Reply").first.click()
    thread.get_by_label("Your reply").fill("He does.")
    thread.get_by_role("button", name="Reply to moderator").click()
    expect(thread).to_contain_text("He does.")
    expect(thread.get_by_label("Your reply")).to_have_value("")
    thread.get_by_role("button", name="Resolve the thread by moderator").click()
    expect(thread).to_have_count(0)
    author.get_by_role("button", name="Resolved comments (1)").click()
    expect(thread).to_contain_text("Resolved by editor")
    assert faults_in_both(author) == []
    thread.get_by_role("button", name="Reopen the thread by moderator").click()
    author.get_by_role("button", name="Open comments (1)").click()
    expect(thread).to_be_visible()


def test_a_comment_follows_its_passage_while_the_text_is_typed(page, live_server, draft, moderator):
    on_passage(draft, "**five** tons", moderator)
    log_in(page, live_server, address(draft), "editor")
    field = page.locator("#id_sections-0-body")
    thread = page.get_by_role("article", name="Review comment by moderator")
    expect(layer(field).locator(".cm-commented").first).to_be_visible()

    layer(field).click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Listen: ")
    expect(thread).to_have_attribute("data-offset", str(len("Listen: A rope holds ")))
    select(field, "five")
    page.keyboard.type("eight")

    expect(thread).to_contain_text("The passage was changed. It now says: **eight** tons")
    thread.get_by_role("link", name="Ropes, line 1").click()
    assert field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)") == "**eight** tons"
    assert faults_in_both(page) == []


def test_the_toolbar_opens_the_form_in_the_sheet_of_a_phone(page, live_server, draft, moderator):
    page.set_viewport_size({"width": 390, "height": 800})
    log_in(page, live_server, address(draft))
    field = page.locator("#id_sections-0-body")
    layer(field).click()
    select(field, "**five** tons")

    page.get_by_role("button", name="Comment on the selection").click()

    expect(page.get_by_label("Your comment")).to_be_focused()
    expect(page.get_by_label("Your comment")).to_be_in_viewport()
    assert overflow(page) == 0
    assert faults_in_both(page) == []
    page.keyboard.type("Five?")
    page.get_by_role("button", name="Add comment").click()
    expect(layer(field).locator(".cm-commented").first).to_be_visible()
    assert Comment.objects.get().quote == "**five** tons"


def test_without_scripts_a_passage_is_copied_into_the_form(new_context, live_server, draft, moderator):
    page = new_context(java_script_enabled=False).new_page()
    log_in(page, live_server, address(draft))

    page.locator("#id_lead").fill("On ropes, typed.")
    page.get_by_text("Comment on a passage").click()
    page.get_by_label("Passage, copied from the text").fill("holds five tons")
    page.get_by_label("Your comment").fill("Five?")
    page.get_by_role("button", name="Add comment").click()

    expect(page.get_by_role("article", name="Review comment by moderator")).to_contain_text("Five?")
    expect(page.locator("#id_lead")).to_have_value("On ropes, typed.")
    assert Comment.objects.get().quote == "holds **five** tons"
    page.get_by_role("button", name="Resolve the thread by moderator").click()
    expect(page.get_by_role("button", name="Resolved comments (1)")).to_be_visible()


# Suggested edits ----------------------------------------------------------------------------------


def suggestion(revision, words, replacement, by):
    passage = margin.choose(margin.fields_of(content_of(revision)), words)
    return suggested_edits.suggest(revision, by=by, passage=passage, replacement=replacement)


def body():
    return Revision.objects.get().section_set.get().body


def test_edits_are_suggested_and_accepted_one_by_one(page, new_context, live_server, draft, moderator, violations):
    log_in(page, live_server, address(draft))
    field = page.locator("#id_sections-0-body")
    layer(field).click()
    select(field, "**five** tons")
    page.keyboard.press("Alt+m")
    page.get_by_label("Suggested text (optional)").fill("**eight** tons")
    page.get_by_role("button", name="Add comment").click()
    thread = page.get_by_role("article", name="Review comment by moderator")
    expect(thread.locator("del")).to_have_text("removed: five")
    expect(thread.locator("ins")).to_have_text("added: eight")
    assert faults_in_both(page) == []
    suggestion(draft, "On ropes.", "On cords.", moderator)

    author = new_context().new_page()
    log_in(author, live_server, address(draft), "editor")
    field = author.locator("#id_sections-0-body")
    threads = author.get_by_role("article", name="Review comment by moderator")
    expect(threads).to_have_count(2)
    layer(field).click()
    author.keyboard.press("Control+End")
    author.keyboard.type(" More.")
    threads.last.get_by_role("button", name="Accept the edit suggested by moderator").click()

    changed = TEXT.replace("five", "eight") + " More."
    expect(author.get_by_text("Edit accepted and saved.")).to_have_count(1)
    assert author.locator("[data-saved]").text_content().startswith("Saved ")
    expect(field).to_have_value(changed)
    expect(threads).to_have_count(1)
    eventually(body, changed)
    assert SuggestedEdit.objects.filter(outcome="accepted").count() == 1
    threads.get_by_role("button", name="Dismiss the edit suggested by moderator").click()
    expect(threads).to_have_count(0)
    expect(author.locator("#id_lead")).to_have_value("On ropes.")
    layer(field).click()
    author.keyboard.press("Control+z")
    expect(field).to_have_value(TEXT + " More.")
    expect(threads.get_by_role("button", name="Accept the edit suggested by moderator")).to_be_visible(timeout=15_000)
    assert SuggestedEdit.objects.filter(outcome="open").count() == 1
    assert violations(page) == []


def test_an_edit_of_changed_words_is_refused_with_the_reason(page, live_server, draft, moderator):
    suggestion(draft, "**five** tons", "eight tons", moderator)
    log_in(page, live_server, address(draft), "editor")
    field = page.locator("#id_sections-0-body")
    accept = page.get_by_role("button", name="Accept the edit suggested by moderator")
    page.route("**/check/", lambda route: route.abort())  # the panel doesn't know yet

    layer(field).click()
    select(field, "**five**")
    page.keyboard.type("six")
    accept.click()

    expect(page.locator("[data-alert]")).to_contain_text("It now says: six tons")
    assert SuggestedEdit.objects.get().is_open
    # The text wasn't refused, so it is saved by itself.
    eventually(lambda: "six tons" in Revision.objects.get().section_set.first().body)


def test_an_edit_is_accepted_without_scripts(new_context, live_server, draft, moderator):
    suggestion(draft, "**five** tons", "eight tons", moderator)
    page = new_context(java_script_enabled=False).new_page()
    log_in(page, live_server, address(draft), "editor")

    page.locator("#id_lead").fill("Typed meanwhile.")
    page.get_by_role("button", name="Accept the edit suggested by moderator").click()

    expect(page.locator(".messagelist")).to_contain_text("Edit accepted, and saved as revision 1.")
    expect(page.locator("#id_lead")).to_have_value("Typed meanwhile.")
    assert body() == TEXT.replace("**five** tons", "eight tons")
