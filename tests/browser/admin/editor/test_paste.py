"""Pasting into the editor: formatted text becomes Markdown, what another program escaped becomes a citation, and undo
brings back what was pasted."""

import base64
import io
import re
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from articles.models import Episode, Revision
from articles.workflow.content import SectionContent
from tests.support.browser import faults_in_both, log_in
from tests.support.factories import make_draft, make_episode, make_published
from tests.support.paths import PROJECT
from tests.support.scenarios.editor import layer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLIPBOARDS = Path(PROJECT, "tests", "support", "samples", "clipboards")
PASTE = """(target, [text, html]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  if (html) data.setData("text/html", html);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true, composed: true });
  if (target.dispatchEvent(event)) document.execCommand("insertText", false, text);
}"""
PASTED = "The pump fails \\[00:06:31\\] and [6:31](https://youtu.be/abcdefghijk?t=391)."
MEANT = "The pump fails [00:06:31] and [00:06:31]."

LIST = "- Regular hours\n  - Also at weekends\n- [Light](https://example.org/light) in the morning"
FORMATTED = {
    "word": f"""# Why we sleep

The brain **clears waste** at *night* [00:06:31].

## What helps

{LIST}

1. Get up

Never late.

| Stage | Share |
| --- | --- |
| Deep | 20 % |

""",
    "google_docs": f"""# Why we sleep

The brain **clears waste** at *night* [00:06:31].

{LIST}

| Stage | Share |
| --- | --- |
| Deep |     |

""",
    "notion": """# Why we sleep

The brain **clears waste** at *night* [00:06:31].

- Heard it

1. Get up
   - Early
2. Go to bed

> Sleep is `cheap`.

### Numbers

| Stage | Share |
| --- | --- |
| Deep | 20 % |

""",
    "chat": """# Summary

Sleep **settles memory**, by $x^2$.

- One thing
- Another `thing`

```python
print(1)
```

---

Do you want a table?""",
    "youtube": "the brain clears waste [00:06:31]\n\nand settles memory [01:02:03]",
}
LOST = {
    "word": "Not kept: 1 image that only the other program can open, 1 underlining.",
    "google_docs": "Not kept: 1 merged cell.",
    "notion": "Not kept: 1 checkbox.",
}


SMALL = {
    "<table><caption>Doses of salt</caption><tr><th>A<th>B<tr><td>1<td>2</table><p>x": (
        "Doses of salt\n\n| A   | B   |\n| --- | --- |\n| 1   | 2   |\n\nx"
    ),
    "<table><thead><tr><th>A<th>B<tr><th>C<th>D</thead><tr><td>1<td>2</table><p>x": (
        "| A   | B   |\n| --- | --- |\n| C   | D   |\n| 1   | 2   |\n\nx"
    ),
    "<table><tr><th>A<th>B<tr><td>a<p>b</p>c<td>2</table><p>x": "| A   | B   |\n| --- | --- |\n| a b c | 2   |\n\nx",
    "10<sup>5</sup> x<sup>−2</sup> e<sup>k</sup> e<sup>-kt</sup> 2<sup>k</sup>": "10⁵ x⁻² e^k e^(-kt) 2^k",
    "1<sup>st</sup> XIX<sup>e</sup> Sleep<sup>TM</sup> said<sup>[1]</sup>": "1st XIXe SleepTM said\\[1\\]",
    "H<sub>2</sub>O": "H₂O",
    "The <i>tag</i> &lt;b&gt; and &lt;em&gt;so&lt;/em&gt;, &amp;lt; too": "The *tag* \\<b> and \\<em>so\\</em>, \\&lt; too",
    '10<span style="vertical-align:super">5</span> a<span style="vertical-align: sub">1</span>': "10⁵ a₁",
    "said<sup>[00:06:31]</sup>": "said[00:06:31]",
    "<ul><li>Toggle<p>inside</p></li><li>Second<div>block</div></li></ul>": "- Toggle\n  \n  inside\n- Second\n  \n  block",
    "<ul><li><p>A</p>text</li><li><b>B</b> <i>C</i></li></ul>": "- A\n  \n  text\n- **B** *C*",
    "<details><summary>More</summary>hidden text</details>": "More\n\nhidden text",
    '<b>a</b><span style="display: block">b</span>c': "**a**\n\nb\n\nc",
    "<p><b>a</b> <select><option>one<option>two</select></p>": "**a**",
    '<h2>Pumps <a href="https://example.org/x#y">#</a></h2><p>Fail. <a href="https://example.org/x#p">¶</a></p>': (
        "# Pumps\n\nFail."
    ),
}
BESIDE = {
    "<ul><li>One</li><li>Two</li></ul>": "Steps:\n\n- One\n- Two\n\nafter",
    "<ol start=3><li>One</li></ol>": "Steps:\n\n3. One\n\nafter",
    "<h2>Head</h2>": "Steps:\n\n# Head\n\nafter",
    "<pre>x</pre>": "Steps:\n\n```\nx\n```\n\nafter",
    "<blockquote>said</blockquote>": "Steps:\n\n> said\n\nafter",
    "<table><tr><th>A<th>B<tr><td>1<td>2</table>": "Steps:\n\n| A   | B   |\n| --- | --- |\n| 1   | 2   |\n\nafter",
    "so <b>bold</b> ": "Steps: so **bold**after",
    "<p>a <b>b</b></p><ul><li>One</li></ul>": "Steps: a **b**\n\n- One\n\nafter",
}
IN_A_LIST = {
    "- One\n- ": "- One\n- a\n- b",
    "- One": "- One\n- a\n- b",
    "  - ": "  - a\n  - b",
    "Words\n": "Words\n\n- a\n- b",
}


@pytest.fixture
def lead(page, live_server, editor, violations):
    """The text area of a draft's lead, under its layer, with the caret behind its first sentence."""
    episode = make_episode(duration_seconds=6161, youtube_id="abcdefghijk")
    draft = make_draft(by=editor, lead="Before. After.", episode=episode, sections=())
    log_in(page, live_server, reverse("admin:articles_article_change", args=[draft.article.pk]), "editor")
    found = page.locator("#id_lead")
    layer(found).click()
    found.evaluate("(field) => field.setSelectionRange(8, 8)")
    yield found
    assert violations(page) == []


def paste(field, text, html=""):
    layer(field).evaluate(PASTE, [text, html])


def fill_with(field, text=""):
    field.evaluate("(field, text) => { field.value = text; field.setSelectionRange(text.length, text.length); }", text)


def test_pasted_text_is_cleaned_and_undo_brings_it_back(lead, page):
    paste(lead, PASTED)

    expect(lead).to_have_value(f"Before. {MEANT}After.")
    expect(page.locator("[data-status]")).to_contain_text("Undo to get the pasted text.")
    assert lead.evaluate("(field) => field.selectionStart") == len(f"Before. {MEANT}")
    page.keyboard.press("Control+z")
    expect(lead).to_have_value(f"Before. {PASTED}After.")
    expect(page.locator("[data-evidence]")).to_contain_text("The backslash makes this text")


def test_plain_text_areas_are_cleaned_too(lead, page):
    page.get_by_role("button", name="Source", exact=True).click()
    lead.evaluate("(field) => { field.focus(); field.setSelectionRange(8, 8); }")

    lead.evaluate(PASTE, [PASTED, ""])

    expect(lead).to_have_value(f"Before. {MEANT}After.")
    page.keyboard.press("Control+z")
    expect(lead).to_have_value(f"Before. {PASTED}After.")


def test_formatted_text_becomes_markdown_and_what_is_lost_is_said(lead, page):
    note, status = page.locator("[data-paste-note=id_lead]"), page.locator("[data-status]")
    for name, markdown in FORMATTED.items():
        lost = LOST.get(name, "")
        fill_with(lead)
        expect(note, name).to_be_hidden()

        paste(lead, "As plain text.", (CLIPBOARDS / f"{name}.html").read_text())

        expect(lead, name).to_have_value(markdown)
        for place in (note, status):
            expect(place, name).to_contain_text(f"Undo to get the pasted text. {lost}".strip())
        assert "Not kept" in note.inner_text() or not lost, name
        page.keyboard.press("Control+z")
        expect(lead, name).to_have_value("As plain text.")


def test_words_and_figures_are_kept_apart_and_as_they_were(lead):
    for html, markdown in SMALL.items():
        fill_with(lead)
        paste(lead, "As plain text.", html)
        expect(lead).to_have_value(markdown)


def test_a_lowered_word_is_reported(lead, page):
    paste(lead, "Cmax", "C<sub>max</sub>")

    expect(lead).to_have_value("Before. CmaxAfter.")
    paste(lead, "C max", "C<sub>max</sub>")
    expect(page.locator("[data-paste-note=id_lead]")).to_contain_text("Not kept: 1 subscript.")


def test_a_block_gets_lines_of_its_own(lead):
    for html, markdown in BESIDE.items():
        fill_with(lead, "Steps: after")
        lead.evaluate("(field) => field.setSelectionRange(7, 7)")
        paste(lead, "plain", html)
        expect(lead).to_have_value(markdown)


def test_a_list_goes_on_with_the_list_that_it_is_pasted_into(lead):
    for before, after in IN_A_LIST.items():
        fill_with(lead, before)
        paste(lead, "plain", "<ul><li>a</li><li>b</li></ul>")
        expect(lead).to_have_value(after)


def test_what_is_written_after_a_table_is_a_paragraph(lead, page):
    fill_with(lead)
    paste(lead, "plain", "<pre>x = 1</pre>")
    expect(lead).to_have_value("```\nx = 1\n```\n\n")
    page.keyboard.type("Then")

    expect(lead).to_have_value("```\nx = 1\n```\n\nThen")


def test_the_note_says_what_is_true_and_only_while_it_is(lead, page):
    note = page.locator("[data-paste-note=id_lead]")
    fill_with(lead)
    paste(lead, "Waste 6:31", "<p><b>Waste</b> [00:06:31]</p>")
    expect(note).to_have_text("Formatting became Markdown. Undo to get the pasted text.")

    page.keyboard.press("Control+z")
    expect(lead).to_have_value("Waste 6:31")
    expect(note).to_be_hidden()
    expect(page.locator("[data-status]")).not_to_contain_text("Undo to get")

    paste(lead, " Sleep", "<p><b>Sleep</b> <u>well</u></p>")
    expect(note).to_contain_text("Undo to get the pasted text. Not kept: 1 underlining.")
    page.keyboard.type("x")
    expect(note).to_have_text("Not kept: 1 underlining.")
    fill_with(lead)
    page.keyboard.type(" ")
    expect(note).to_be_hidden()


def test_a_passage_of_the_site_comes_without_its_controls(lead, page, live_server, editor):
    article = make_published(
        "pumps",
        by=editor,
        lead="They fail.",
        episode=Episode.objects.get(),
        sections=(SectionContent("Why they fail", "Of rust [00:06:31]."),),
    )
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reading = page.context.new_page()
    reading.goto(f"{live_server.url}{article.get_absolute_url()}")
    reading.keyboard.press("Control+a")
    reading.keyboard.press("Control+c")
    reading.close()
    fill_with(lead)

    page.keyboard.press("Control+v")

    expect(lead).to_have_value(re.compile(r"\n#+ Why they fail\n\nOf rust \[00:06:31\]\.\n"))
    assert "¶" not in lead.input_value()
    assert "challenge" not in lead.input_value()


def test_a_web_page_with_images_of_others_is_pasted_and_refusals_are_said(lead, page):
    fill_with(lead)

    paste(lead, "Sleep", (CLIPBOARDS / "web_page.html").read_text())

    expect(lead).to_have_value(
        re.compile(
            r"^# Sleep\n\nIt is \*\*old\*\*, \[as told\]\(https://example\.org/a_b \"Light\"\)\\\[1\\\]\.  \nNext line\."
            r"\n\n!\[A night\]\(https://127\.0\.0\.1/night\.png\)\n\nA night$"
        )
    )
    expect(page.locator("[data-upload-error=id_lead]")).to_be_visible()
    expect(page.locator("[data-paste-note=id_lead]")).to_contain_text("Not kept: 1 video or recording.")


def test_images_in_the_clipboard_are_uploaded(lead, page, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    out = io.BytesIO()
    Image.new("RGB", (8, 4), "teal").save(out, "PNG")
    source = f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
    fill_with(lead)

    paste(lead, "A map.", f'<p>A map. <img src="{source}" alt="Map"></p>')

    expect(lead).to_have_value(re.compile(r"^A map\. !\[Map\]\(/media/uploads/[^)]+\)$"))
    expect(page.locator("[data-paste-note=id_lead]")).to_contain_text("Images were uploaded.")
    fill_with(lead)  # the test's folder goes, and its images with it
    with page.expect_event("load"):
        page.locator("[data-save]").click()


@pytest.mark.parametrize("how", ["paste", "drop"])
def test_a_picture_is_uploaded_unless_it_only_shows_the_text_beside_it(lead, page, settings, tmp_path, how):
    settings.MEDIA_ROOT = tmp_path
    out = io.BytesIO()
    Image.new("RGB", (8, 4), "teal").save(out, "PNG")
    give = """(target, [how, picture, text]) => {
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob(picture), (one) => one.charCodeAt(0));
      data.items.add(new File([bytes], "a.png", { type: "image/png" }));
      if (text) data.setData("text/plain", text);
      const options = { bubbles: true, cancelable: true, composed: true };
      target.dispatchEvent(
        how === "paste"
          ? new ClipboardEvent("paste", { ...options, clipboardData: data })
          : new DragEvent("drop", { ...options, dataTransfer: data }),
      );
    }"""
    picture = base64.b64encode(out.getvalue()).decode()
    fill_with(lead)

    if how == "paste":  # as a spreadsheet does, which adds a picture of its cells
        layer(lead).evaluate(give, [how, picture, "A cell"])
        expect(lead).to_have_value("A cell")
        fill_with(lead)
    layer(lead).evaluate(give, [how, picture, ""])
    expect(page.get_by_label("Alt text")).to_be_focused()
    page.keyboard.type("Teal")
    page.get_by_role("button", name="Insert", exact=True).click()

    expect(lead).to_have_value(re.compile(r"^!\[Teal\]\(/media/uploads/"))
    fill_with(lead)  # the test's folder goes, and its images with it
    with page.expect_event("load"):
        page.locator("[data-save]").click()


def test_pasted_headings_become_sections_on_request(lead, page):
    fill_with(lead)
    paste(lead, "As plain text.", (CLIPBOARDS / "notion.html").read_text())
    offer = page.get_by_role("button", name="Make sections of 2 headings")
    expect(offer).to_be_visible()
    assert faults_in_both(page) == []
    offer.click()

    headings = page.locator("[data-card]:not([data-blank]) .section-card__heading input")
    expect(headings.nth(0)).to_be_focused()
    assert headings.evaluate_all("all => all.map((one) => one.value)") == ["Why we sleep", "Numbers"]
    expect(lead).to_have_value("")
    with page.expect_event("load"):
        page.locator("[data-save]").click()
    sections = list(Revision.objects.get(status="draft").section_set.all())
    assert [(section.heading, section.level) for section in sections] == [("Why we sleep", 1), ("Numbers", 3)]
    assert sections[1].body == "| Stage | Share |\n| --- | --- |\n| Deep | 20 % |"


def test_the_headings_keep_their_characters_as_sections(lead, page):
    fill_with(lead)
    html = (
        "<h2>1. Introduction</h2><p>Text.</p><h2>snake_case &amp; [brackets] a*b</h2><p>y</p><h2>A <code>c_d</code></h2>"
        "<h2>In <em>brief</em></h2><h2>C#</h2>"
    )
    paste(lead, "As plain text.", html)
    page.get_by_role("button", name="Make sections of 5 headings").click()

    headings = page.locator("[data-card]:not([data-blank]) .section-card__heading input")
    assert headings.evaluate_all("all => all.map((one) => one.value)") == [
        "1. Introduction",
        r"snake\_case & \[brackets\] a\*b",
        "A `c_d`",
        "In brief",
        "C#",
    ]


def test_text_that_is_formatted_for_looks_alone_stays_as_it_is(lead, page):
    fill_with(lead)
    code = '<div style="color: #d4d4d4; font-family: monospace;"><div><span style="color: #569cd6;">a_b</span> *c*</div></div>'

    paste(lead, "a_b *c*", code)
    page.keyboard.type("!")

    expect(lead).to_have_value("a_b *c*!")
    expect(page.locator("[data-paste-note=id_lead]")).to_be_hidden()


def test_tags_that_are_not_closed_take_no_longer_than_others(lead, page):
    for unclosed in ("<style ", "<style></styl", "<a ", "<a style "):
        seconds, markdown = page.evaluate(
            """async (unclosed) => {
              const { convert } = await import("/static/js/editor/paste/convert.js");
              const from = performance.now();
              const { markdown } = convert("<p>So <b>bold</b></p>" + unclosed.repeat(60_000));
              return [(performance.now() - from) / 1000, markdown];
            }""",
            unclosed,
        )

        assert markdown == "So **bold**", unclosed
        assert seconds < 4, unclosed  # a tenth alone; each took ten or more when it was looked for from every place


def test_the_browsers_own_paste_reaches_the_text(lead, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    fill_with(lead)
    page.evaluate(
        """() => navigator.clipboard.write([new ClipboardItem({
          "text/plain": new Blob(["Bold"], { type: "text/plain" }),
          "text/html": new Blob(["<p>So <b>bold</b></p>"], { type: "text/html" }),
        })])"""
    )

    page.keyboard.press("Control+v")
    expect(lead).to_have_value("So **bold**")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+Shift+v")
    expect(lead).to_have_value("Bold")
