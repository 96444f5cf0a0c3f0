"""Commenting in the margin of a review page: by mouse, by keyboard, and without scripts."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from articles import workflow
from articles.models import Comment, SuggestedEdit
from articles.workflow.collaboration import margin
from articles.workflow.content import SectionContent, content_of
from tests.support.browser import faults_in_both, log_in, overflow
from tests.support.databases.shared import copied
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.reviewing import page_of, sections_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SELECT = """(element, words) => {
  const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const at = nodes.currentNode.data.indexOf(words);
    if (at < 0) continue;
    getSelection().setBaseAndExtent(nodes.currentNode, at, nodes.currentNode, at + words.length);
    return true;
  }
  return false;
}"""


@copied
def change():
    editor, moderator = make_user(), make_moderator()
    sections = (
        SectionContent("Ropes", "A rope holds five tons [00:06:31]. Wet ropes hold less, he says."),
        SectionContent("Knots", "Knots hold less [00:08:44]."),
    )
    article = make_published("ropes", title="Ropes", by=editor, moderator=moderator, episode=make_episode(), sections=sections)  # fmt: skip
    text = "A rope holds **eight** tons [00:06:31]. Wet ropes hold less, he says."
    return make_change(article, by=editor, sections=sections_of(article, Ropes=text))


def test_a_selected_passage_is_commented_on_by_key(page, live_server, change, violations):
    log_in(page, live_server, page_of(change))
    section = page.locator("[data-section]").filter(has=page.get_by_role("heading", name="Ropes"))

    button = page.get_by_role("button", name="Comment on this passage")
    expect(button).to_be_hidden()
    assert section.locator(".pair__new").first.evaluate(SELECT, "Wet ropes hold")
    expect(button).to_be_visible()
    page.keyboard.press("m")
    expect(button).to_be_hidden()
    expect(section.get_by_label("Passage, copied from the text (optional)")).to_have_value("Wet ropes hold")
    page.keyboard.type("Says who?")
    assert faults_in_both(page) == []
    page.keyboard.press("Control+Enter")

    thread = section.get_by_role("article", name="Thread by moderator")
    expect(thread).to_contain_text("Says who?")
    expect(thread.locator(".thread__quote")).to_have_text("Wet ropes hold")
    assert Comment.objects.get().passage.prefix.endswith("tons [00:06:31]. ")
    thread.get_by_role("button", name="Show in the text").click()
    assert page.evaluate("getSelection().toString()") == "Wet ropes hold"
    assert page.evaluate("[...CSS.highlights.get('commented')].length") == 1
    thread.get_by_role("button", name="Resolve").click()
    expect(thread).to_contain_text("Resolved by moderator")
    expect(page.get_by_role("link", name="Resolved comments (1)")).to_be_visible()
    assert violations(page) == []


def test_the_button_next_to_the_selection_takes_words_that_occur_twice(page, live_server, change):
    log_in(page, live_server, page_of(change))
    knots = page.locator("[data-section]").filter(has=page.get_by_role("heading", name="Knots"))
    page.get_by_text("1 section unchanged").last.click()

    assert knots.locator(".comparison__text").first.evaluate(SELECT, "hold less")
    expect(page.get_by_role("button", name="Comment on this passage")).to_be_in_viewport()
    assert faults_in_both(page) == []
    page.get_by_role("button", name="Comment on this passage").click()
    page.keyboard.type("Less than what?")
    knots.get_by_role("button", name="Add comment").click()

    expect(knots.get_by_role("article", name="Thread by moderator")).to_contain_text("Less than what?")
    assert Comment.objects.get().passage.prefix == "Knots "


def test_words_of_a_change_are_taken_into_the_form_of_its_section(page, live_server, change):
    log_in(page, live_server, page_of(change))
    section = page.locator("[data-section]").filter(has=page.get_by_role("heading", name="Ropes"))

    assert page.locator(".change__text").first.evaluate(SELECT, "tons")
    expect(page.get_by_role("button", name="Comment on this passage")).to_be_visible()
    page.keyboard.press("m")
    expect(section.get_by_label("Passage, copied from the text (optional)")).to_have_value("tons")
    page.keyboard.type("Metric ones?")
    section.get_by_role("button", name="Add comment").click()

    expect(section.get_by_role("article", name="Thread by moderator")).to_contain_text("Metric ones?")
    assert (Comment.objects.get().quote, Comment.objects.get().passage.is_heading) == ("tons", False)


def test_words_that_the_new_text_does_not_have_lead_to_the_comment_on_their_change(page, live_server, change):
    log_in(page, live_server, page_of(change))

    assert page.locator(".change__text del").first.evaluate(SELECT, "five")
    page.keyboard.press("m")
    page.keyboard.type("Why not five?")

    expect(page.locator("[data-change]").first.get_by_label("Your comment")).to_have_value("Why not five?")


def test_a_refused_edit_is_explained_above_the_fields_that_it_says_are_below(page, live_server, change):
    log_in(page, live_server, page_of(change))
    section = page.locator("[data-section]").filter(has=page.get_by_role("heading", name="Ropes"))
    assert section.locator(".pair__new").first.evaluate(SELECT, "eight")
    page.keyboard.press("m")
    section.get_by_label("Passage, copied from the text (optional)").fill("holds eight tons")
    section.get_by_text("Suggest an edit of the passage").click()
    section.get_by_label("Suggested text").fill("holds nine tons")
    section.get_by_role("button", name="Add comment").click()

    alert = section.get_by_role("alert")
    expect(alert).to_contain_text("it is written as below")
    passage = section.get_by_label("Passage, copied from the text (optional)")
    expect(passage).to_have_value("holds **eight** tons")
    assert alert.bounding_box()["y"] < passage.bounding_box()["y"]


def test_a_new_article_is_commented_on_in_its_preview(page, live_server):
    draft = make_draft("knots", title="Knots", by=make_user(), episode=make_episode(), sections=(SectionContent("Hitches", "A **clove** hitch slips [00:06:31] when it is wet."),))  # fmt: skip
    moderator = make_moderator()
    workflow.submit(draft, by=draft.author)
    page.set_viewport_size({"width": 390, "height": 800})
    log_in(page, live_server, page_of(draft))

    assert page.locator(".proposed__text").evaluate(SELECT, " hitch slips ")
    page.keyboard.press("m")
    page.keyboard.type("Does it?")
    page.get_by_role("button", name="Add comment").click()

    expect(page.get_by_role("article", name="Thread by moderator")).to_contain_text("Does it?")
    assert Comment.objects.get().quote == "hitch slips"
    assert Comment.objects.get().by == moderator
    assert overflow(page) == 0
    assert faults_in_both(page) == []


def test_without_scripts_a_passage_is_copied_into_its_field(new_context, live_server, change):
    page = new_context(java_script_enabled=False).new_page()
    log_in(page, live_server, page_of(change))
    section = page.locator("[data-section]").filter(has=page.get_by_role("heading", name="Ropes"))

    section.get_by_text("Comment", exact=True).click()
    section.get_by_label("Passage, copied from the text (optional)").fill("holds eight tons")
    section.get_by_label("Your comment").fill("Eight?")
    section.get_by_role("button", name="Add comment").click()

    expect(section.get_by_role("article", name="Thread by moderator")).to_contain_text("Eight?")
    assert Comment.objects.get().quote == "holds **eight** tons"


def test_a_changed_passage_is_shown_with_its_old_words(page, live_server):
    section = SectionContent("Ropes", "A rope holds five tons [00:06:31]. Wet ropes held less.")
    draft = make_draft("ropes", title="Ropes", by=make_user(), episode=make_episode(), sections=(section,))
    passage = margin.choose(margin.fields_of(content_of(draft)), "Wet ropes held less")
    margin.comment(draft, by=make_moderator(), text="Is it so?", passage=passage)
    content = content_of(draft)
    sections = (replace(content.sections[0], body=section.body.replace("held", "hold")),)
    saved = workflow.save_draft(draft, replace(content, sections=sections), by=draft.author, version=draft.version)
    workflow.submit(saved, by=draft.author)

    log_in(page, live_server, page_of(saved))

    shown = page.get_by_role("article", name="Thread by moderator")
    expect(shown.locator(".thread__quote")).to_have_text("Wet ropes held less")
    expect(shown.locator(".thread__changed")).to_have_text("the passage was changed It now says: Wet ropes hold less")
    assert faults_in_both(page) == []


def test_an_edit_is_suggested_for_what_is_selected(page, live_server, change, violations):
    log_in(page, live_server, page_of(change))
    section = page.locator("[data-section]").filter(has=page.get_by_role("heading", name="Ropes"))

    assert section.locator(".pair__new").first.evaluate(SELECT, "Wet ropes hold less")
    page.keyboard.press("m")
    section.get_by_text("Suggest an edit of the passage").click()
    field = section.get_by_label("Suggested text")
    expect(field).to_have_value("Wet ropes hold less")
    field.fill("Wet ropes hold far less")
    assert faults_in_both(page) == []
    section.get_by_role("button", name="Add comment").click()

    thread = section.get_by_role("article", name="Thread by moderator")
    expect(thread.locator("ins")).to_have_text("added: far")
    expect(section.get_by_label("Suggested text")).to_have_value("")
    assert SuggestedEdit.objects.get().replacement == "Wet ropes hold far less"
    assert faults_in_both(page) == []
    assert violations(page) == []
