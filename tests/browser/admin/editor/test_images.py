"""Images in the editor: chosen, dropped or pasted, described right away, and never destroyed by writing on."""

import base64
import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from articles.importing.images import Intake
from articles.models import Upload
from tests.support.browser import eventually, faults_in_both, log_in
from tests.support.factories import make_draft, make_episode
from tests.support.scenarios.editor import choose_file, expect_caret_in, layer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = r"/media/uploads/[0-9a-f]{64}\.webp"


def picture(colour="teal"):
    out = io.BytesIO()
    Image.new("RGB", (40, 20), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def lead(page, live_server, editor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    draft = make_draft(by=editor, episode=make_episode(), lead="Before.")
    log_in(page, live_server, f"/admin/articles/article/{draft.article_id}/change/?revision={draft.pk}", "editor")
    layer(page.locator("#id_lead")).click()
    page.keyboard.press("Control+End")
    return page.locator("#id_lead")


def drop(lead, *files, kind="drop"):
    """Drop or paste `files`, the bytes of PNG images, on the text."""
    layer(lead).evaluate(
        """(text, [kind, files]) => {
            const data = new DataTransfer();
            for (const [index, file] of files.entries()) {
                const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt());
                data.items.add(new File([bytes], `photo ${index}.png`, { type: "image/png" }));
            }
            const options = { bubbles: true, cancelable: true, composed: true };
            text.dispatchEvent(kind === "drop" ? new DragEvent("drop", { ...options, dataTransfer: data })
                : new ClipboardEvent("paste", { ...options, clipboardData: data }));
        }""",
        [kind, [base64.b64encode(file).decode() for file in files]],
    )


def describing(page):
    return page.get_by_role("dialog", name="Describe the image")


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_an_image_is_described_at_once_and_writing_on_leaves_it_whole(lead, page, kind, violations):
    drop(lead, picture(), kind=kind)

    expect(describing(page)).to_be_visible()
    expect(page.locator("#describe-image-alt")).to_be_focused()
    page.keyboard.type("A *teal* field")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Photo: Ines, CC BY 4.0")
    page.keyboard.press("Enter")
    expect(describing(page)).to_be_hidden()
    expect_caret_in(lead)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("Next paragraph.")

    image = rf"!\[A \\\*teal\\\* field\]\({ADDRESS}\)\\\n\*Photo: Ines, CC BY 4\.0\*"
    expect(lead).to_have_value(re.compile(rf"^Before\.\n\n{image}\n\n\n*Next paragraph\.$"))
    eventually(
        lambda: list(Upload.objects.values_list("alt", "credit")), [("A *teal* field", "Photo: Ines, CC BY 4.0")]
    )
    assert Upload.objects.get().file_name == "photo 0.png"
    assert violations(page) == []


def test_an_image_needs_an_alt_text_or_is_said_to_be_decorative(lead, page):
    drop(lead, picture())
    page.get_by_role("button", name="Insert", exact=True).click()
    expect(describing(page)).to_be_visible()

    page.get_by_role("checkbox", name="Decorative").check()
    expect(page.locator("#describe-image-alt")).to_be_disabled()
    page.get_by_role("button", name="Insert", exact=True).click()

    expect(lead).to_have_value(re.compile(rf"^Before\.\n\n!\[decorative\]\({ADDRESS}\)\n\n$"))
    expect(page.locator("[data-evidence]")).not_to_contain_text("The image has no alt text")
    drop(lead, picture())
    expect(page.get_by_role("checkbox", name="Decorative")).to_be_checked()


def test_a_dialog_that_is_cancelled_leaves_the_text_as_it_was(lead, page):
    drop(lead, picture(), picture("red"))
    expect(describing(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-status]")).to_have_text(re.compile("^(The image wasn’t inserted|Uploading)"))
    expect(describing(page)).to_be_visible()  # of the second image
    assert faults_in_both(page) == []
    page.get_by_role("button", name="Cancel").click()
    expect(describing(page)).to_be_hidden()

    expect(page.locator("[data-status]")).to_have_text("The image wasn’t inserted. The library has it.")
    expect(lead).to_have_value("Before.")
    eventually(Upload.objects.count, 2)


def test_an_image_without_alt_text_has_an_issue(lead, page):
    drop(lead, picture(), picture("red"))
    for count in (1, 2):
        expect(describing(page)).to_be_visible()
        page.get_by_role("button", name="Insert without alt text").click()
        expect(lead).to_have_value(re.compile(rf"^Before\.(?:\n\n!\[\]\({ADDRESS}\)){{{count}}}\n\n$"))
    expect(describing(page)).to_be_hidden()

    expect(page.locator("[data-evidence]")).to_contain_text("The image has no alt text")
    page.keyboard.press("Control+z")
    expect(lead).to_have_value(re.compile(rf"^Before\.\n\n!\[\]\({ADDRESS}\)\n\n$"))


def test_enter_within_an_image_goes_on_behind_it(lead, page):
    drop(lead, picture())
    expect(describing(page)).to_be_visible()
    page.get_by_role("button", name="Insert without alt text").click()
    expect(lead).to_have_value(re.compile(rf"^Before\.\n\n!\[\]\({ADDRESS}\)\n\n$"))
    expect_caret_in(lead)
    lead.evaluate("(field) => field.setSelectionRange(field.value.indexOf(']('), field.value.indexOf(']('))")

    page.keyboard.type("A map")
    page.keyboard.press("Enter")
    page.keyboard.type("Next.")

    expect(lead).to_have_value(re.compile(rf"^Before\.\n\n!\[A map\]\({ADDRESS}\)\n\nNext\.\n\n$"))


def test_an_image_of_the_library_is_chosen_by_keyboard(lead, page, editor, violations):
    intake = Intake(editor)
    for alt, colour in (("A map of the port", "red"), ("A map of the bay", "blue"), ("", "green")):
        url = intake(picture(colour))
        Upload.objects.filter(name=url.removeprefix("/media/")).update(alt=alt, credit="Ines" if alt else "")
    page.locator("[data-pick=id_lead]").press("Enter")
    expect(page.locator("[data-choice]")).to_have_count(3)

    page.get_by_role("searchbox", name="Or choose one from the library").fill("map port")
    expect(page.locator("[data-choice]")).to_have_count(1)
    expect(page.locator("[data-choices]")).to_contain_text("1 image")
    assert faults_in_both(page) == []
    page.locator("[data-choice]").press("Enter")
    expect(page.locator("#describe-image-alt")).to_have_value("A map of the port")
    assert faults_in_both(page) == []
    page.get_by_role("button", name="Insert", exact=True).press("Enter")

    expect(lead).to_have_value(re.compile(rf"^Before\.\n\n!\[A map of the port\]\({ADDRESS}\)\\\n\*Ines\*\n\n$"))
    page.locator("[data-pick=id_lead]").press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("[data-pick=id_lead]")).to_be_focused()
    assert violations(page) == []


def test_a_file_is_chosen_and_an_image_in_plain_source_is_whole_too(lead, page):
    page.locator("[data-tool=source]").click()
    choose_file(page, "id_lead", "map.png", picture())
    page.locator("#describe-image-alt").fill("A map")
    page.get_by_role("button", name="Insert", exact=True).click()
    expect(lead).to_have_value(re.compile(rf"^Before\.\n\n!\[A map\]\({ADDRESS}\)\n\n$"))
    expect(lead).to_be_focused()
    page.keyboard.type("Next.")

    expect(lead).to_have_value(re.compile(rf"^Before\.\n\n!\[A map\]\({ADDRESS}\)\n\nNext\.$"))


@pytest.mark.parametrize("width", [390, 1280])
def test_the_library_has_no_faults_at_any_width(page, live_server, editor, settings, tmp_path, width):
    settings.MEDIA_ROOT = tmp_path
    for colour in ("red", "blue"):
        Intake(editor)(picture(colour))
    Upload.objects.update(alt="A map " * 40, credit="x" * 200, file_name=f"{'y' * 200}.png")
    page.set_viewport_size({"width": width, "height": 900})
    log_in(page, live_server, "/admin/images/", "editor")
    for place in (".images__picture", "[name=alt]"):
        assert faults_in_both(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.locator(place).first.click()
