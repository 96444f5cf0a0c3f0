"""From a row of the citation report to the claim in the text, in both kinds of editor, on a phone and on a desktop."""

from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from articles import workflow
from articles.workflow.content import SectionContent, content_of
from tests.browser.admin.editor.test_editor import body
from tests.support.browser import eventually, has_focus, log_in, opened
from tests.support.databases.shared import copied
from tests.support.factories import make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.editor import layer
from tests.support.scenarios.reviewing import sections_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FAR = 90  # of 100 claims of one section
LEAD = "\n\n".join(f"The lead has its own claim about bears number {n} [00:01:{n:02}]." for n in range(40))

# Whether the middle of the selection in a plain text area is in the part of it that is scrolled to.
IS_SHOWN = """field => {
  const at = (field.selectionStart / field.value.length) * field.scrollHeight;
  return at >= field.scrollTop - 40 && at <= field.scrollTop + field.clientHeight + 40;
}"""


@copied
def article():
    """An article whose sections are folded: a lead of many paragraphs, a section of a hundred, and a short one."""
    long = "\n\n".join(f"Seal number {n} barks at the harbour [00:{n // 60 + 2:02}:{n % 60:02}]." for n in range(100))
    short = [SectionContent(f"Part {n}", f"Whale number {n} sings [00:4{n}:00].") for n in range(3)]
    sections = (*short, SectionContent("Seals", long))
    episode = make_episode(duration_seconds=6161)
    make_user("other")
    by, moderator = make_user(), make_moderator()
    return make_published("seals", by=by, moderator=moderator, episode=episode, lead=LEAD, sections=sections)


def open_row(page, live_server, article, claim):
    """Log in, and follow the link of the report's row with `claim`."""
    citation = article.published_revision.citation_set.get(claim=claim)
    log_in(
        page,
        live_server,
        f"/admin/evidence/?article=seals&sort=article&after={citation.revision_id}_{citation.position - 1}",
        "other",
    )
    page.locator(f"#row-{citation.pk} .change__head a").click()
    page.locator("[data-editor]").wait_for()


def selected(field):
    return field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    ("claim", "mark", "is_lead"),
    [
        (f"Seal number {FAR} barks at the harbour.", "[00:03:30]", False),
        ("The lead has its own claim about bears number 30.", "[00:01:30]", True),
    ],
)
def test_the_claim_is_selected_in_its_folded_section(new_context, live_server, article, width, claim, mark, is_lead):
    page, violations = opened(new_context, viewport={"width": width, "height": 700})

    open_row(page, live_server, article, claim)

    field = page.locator("#id_lead") if is_lead else body(page, 3)
    eventually(lambda: selected(field), mark)
    eventually(lambda: has_focus(layer(field)))
    line = layer(field).locator(".cm-line", has_text=claim.removesuffix("."))
    expect(line).to_be_in_viewport(ratio=1)
    tools, bar = page.locator(".tools").bounding_box(), page.locator(".save-bar").bounding_box()
    box = line.bounding_box()
    assert box["y"] >= tools["y"] + tools["height"] - 1
    assert box["y"] + box["height"] <= bar["y"] + 1
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    ("claim", "mark", "is_lead"),
    [
        (f"Seal number {FAR} barks at the harbour.", "[00:03:30]", False),
        ("The lead has its own claim about bears number 30.", "[00:01:30]", True),
    ],
)
def test_the_claim_is_selected_in_plain_source(new_context, live_server, article, width, claim, mark, is_lead):
    page = new_context(viewport={"width": width, "height": 700}).new_page()
    log_in(page, live_server, f"/admin/articles/article/{article.pk}/change/", "other")
    page.get_by_role("button", name="Source", exact=True).click()

    open_row(page, live_server, article, claim)

    field = page.locator("#id_lead") if is_lead else body(page, 3)
    eventually(lambda: selected(field), mark)
    eventually(lambda: has_focus(field))
    expect(layer(field)).to_have_count(0)
    eventually(lambda: field.evaluate(IS_SHOWN))
    expect(field).to_be_in_viewport()


@pytest.mark.parametrize(
    ("old", "new", "mark", "said"),
    [
        ("sings [00:42:00]", "sings [00:43:10]", "[00:43:10]", "cited at 43:10, no longer at 42:00"),
        ("2 sings", "2 has sung", "[00:42:00]", "reads differently"),
        ("2 sings [00:42:00]", "2 sings", "", "no longer has the citation"),
    ],
)
def test_what_has_changed_about_the_claim_is_said(new_context, live_server, article, old, new, mark, said):
    text = "Whale number 2 sings [00:42:00]."
    published, user = article.published_revision, get_user_model().objects.get(username="other")
    sections = sections_of(article, Part_2=text.replace(old, new))
    workflow.start_draft(article, replace(content_of(published), sections=sections), by=user, base=published)
    page = new_context(viewport={"width": 390, "height": 700}).new_page()

    open_row(page, live_server, article, "Whale number 2 sings.")

    field = body(page, 2)
    eventually(lambda: has_focus(layer(field)))
    eventually(lambda: selected(field), mark)
    expect(layer(field)).to_be_in_viewport()
    expect(page.locator("[data-alert]")).to_contain_text(said)
    expect(page.locator("[data-alert]")).to_be_in_viewport()
