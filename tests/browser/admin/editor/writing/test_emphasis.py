"""Bold and italic by key: what is typed next, a word, a selection; and that no asterisk is ever left for readers."""

import random
import re

import pytest
from playwright.sync_api import expect

from articles.core import markdown
from articles.workflow.content import SectionContent
from tests.support.factories import make_draft, make_episode
from tests.support.scenarios.editor import empty, open_text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONTEXT = markdown.Context({}, lambda slug: None)
B, I = "Control+b", "Control+i"  # noqa: E741
SEQUENCES = 100
STARTS = (
    "",
    "One **two three** four.",
    "*Why* we sleep, ***really***: [a **link**](https://example.org) [00:06:31].",
    "- One **bold** item\n- *Another*\n\n> Quoted **words, here.**",
    "# A **heading**\n\nA line\\\nand *another one*\n\n| a | **b** |\n| --- | --- |\n| c | d e |",
    "Rest `code` and **“quoted”** (*so*).",
)
TYPED = ("a", "word", "two words", " ", ", ", ".", " end. ", "(so)", "“x”")
# What is pressed and typed in an empty text, and what is written then.
KEYS = [
    (["It is ", B, "very popular", B, " now."], "It is **very popular** now."),
    (["It is ", I, "popular", I, " now."], "It is *popular* now."),
    (["It is", B, " very ", B, "popular."], "It is **very** popular."),
    (["One two", B, B, "!"], "One two!"),
    (["One two", B, " more", "Home"], "One two **more**"),
    ([B, "Note:", B, " it works."], "**Note:** it works."),
    ([B, "Note.", B, "It works."], "**Note**.It works."),
    ([B, I, "both", I, " bold", B, " plain"], "***both* bold** plain"),
    ([B, "bold ", I, "both", B, I, "."], "**bold *both***."),
    ([B, "bold ", "Home"], "**bold**"),
    (["One ", B, "Home"], "One"),
    ([B, "bold", "Enter", "plain"], "**bold**\n\nplain"),
    ([B, "bold", "Shift+Enter", "too", B, "."], "**bold\\\ntoo**."),
    ([B, "one two", *["ArrowLeft"] * 4, "Enter"], "**one**\n\n **two**"),
    (["one two three", *["ArrowLeft"] * 8, B], "one **two** three"),
    ([B, "one two three", *["ArrowLeft"] * 8, B], "**one** two **three**"),
    ([B, "one two", *["ArrowLeft"] * 4, B, " and", "Home"], "**one** and **two**"),
    ([B, "one two", *["Shift+ArrowLeft"] * 3, B], "**one** two"),
    ([B, "one", B, " two", "Control+a", B], "**one two**"),
    (["One", "Enter", "Two", "Control+a", B, B], "One\n\nTwo"),
]  # fmt: skip
# Puts the layer over each text, and does to it what a person does: [[text, [[action, …], …]], …] -> the texts.
PASS = """async (sequences) => {
  const { mount } = await import("/static/js/editor/writing/layer.js");
  const { COMMANDS, run } = await import("/static/js/editor/writing/toolbar/formatting.js");
  const { addSection } = await import("/static/js/editor/sections/cards.js");
  const form = document.querySelector("[data-editor]");
  const field = addSection(form, null).querySelector("textarea");
  const results = [];
  for (const [text, actions] of sequences) {
    field.value = text;
    const own = mount(form, field, []);
    field.focus();
    for (const [action, one, other] of actions) {
      const place = (share) => Math.round(share * field.value.length);
      if (action === "select") field.setSelectionRange(...[place(one), place(other)].sort((a, b) => a - b));
      else if (action === "place") {
        // between two words, or in one
        const places = [...field.value.matchAll(/(?<=[a-z])(?=[a-z ])/g)].map(({ index }) => index);
        const at = places[Math.floor(one * places.length)] ?? field.value.length;
        field.setSelectionRange(at, at);
      } else if (action === "end") field.setSelectionRange(field.value.length, field.value.length);
      else if (action === "type") {
        for (const insert of one) {
          const { from, to } = own.view.state.selection.main;
          own.view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: "input.type" });
        }
      } else if (action === "enter") {
        const { head } = own.view.state.selection.main;
        own.view.dispatch({ selection: { anchor: head } });
        own.view.contentDOM.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", keyCode: 13, bubbles: true, cancelable: true }));
      } else run(field, COMMANDS[action]);
    }
    own.view.dispatch({ selection: { anchor: 0 } });
    results.push(field.value);
    own.remove();
  }
  return results;
}"""


@pytest.fixture
def field(page, live_server, editor, violations):
    """An empty text with the caret in it."""
    draft = make_draft(by=editor, lead="", episode=make_episode(), sections=(SectionContent("Why", "Text."),))
    yield open_text(page, live_server, draft, "id_lead")
    assert violations(page) == []


def press(page, keys):
    for key in keys:
        if re.fullmatch(r"(?:(?:Control|Shift)\+)*(?:Enter|Home|End|Arrow\w+|[a-z])", key) and len(key) > 1:
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


def test_keys_mark_what_other_editors_mark(field, page):
    for keys, written in KEYS:
        empty(field)

        press(page, keys)

        expect(field, str(keys)).to_have_value(re.compile(f"^{re.escape(written)}\\s*$"))


def test_plain_source_ends_bold_too(field, page):
    page.get_by_role("button", name="Source", exact=True).click()
    expect(field).to_be_focused()

    press(page, ["It is ", B, "very popular", B, " now, ", I, "so", I, "."])

    expect(field).to_have_value("It is **very popular** now, *so*.")


def test_no_sequence_of_keys_leaves_an_asterisk_for_readers(field, page):
    page.route("**/article/autosave/", lambda route: route.abort())  # nothing here is to be kept
    chance = random.Random(16)  # noqa: S311
    sequences = [(chance.choice(STARTS), _actions(chance)) for _ in range(SEQUENCES)]

    results = page.evaluate(PASS, sequences)

    seen = [markdown.render(text, CONTEXT).plain_text for text in results]

    assert [pair for pair in zip(sequences, results, seen, strict=True) if "*" in pair[2]] == []
    assert sum("**" in text for text in results) > SEQUENCES / 3


def _actions(chance):
    """What somebody does who formats: marks a selection or a word, or opens marks at a place, types, and leaves them."""
    actions = []
    for _ in range(5):
        kind = chance.choice(("selection", "place", "end", "enter"))
        one, other, mark = chance.random(), chance.random(), chance.choice(("bold", "italic"))
        if kind == "selection":
            actions += [["select", one, other], *[[mark]] * chance.randint(1, 2), ["end"]]
            continue
        actions.append(["place", one] if kind == "place" else ["end"])
        if kind == "enter":
            actions += [[mark], ["type", chance.choice(TYPED)], ["enter"]]
        for _ in range(chance.randint(1, 4)):
            actions.append([chance.choice(("bold", "italic"))])
            actions += [["type", chance.choice(TYPED)] for _ in range(chance.randint(0, 2))]
    return actions
