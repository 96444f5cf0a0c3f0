"""A draft is shared in a browser: its pages fit and are accessible, and a guest reads and comments without scripts."""

import pytest
from playwright.sync_api import expect

from articles import workflow
from articles.models import GuestComment
from articles.workflow.collaboration import sharing
from articles.workflow.content import SectionContent
from tests.support.browser import begin_session, faults_in_both, watch_violations
from tests.support.databases.shared import copied
from tests.support.factories import make_draft, make_episode, make_moderator, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG_WORD = "Schlafforschungsgesellschaftsvorstandswahlergebnisbekanntgabe" * 2


@copied
def draft():
    make_moderator()
    root = make_user("root", is_superuser=True)
    episode = make_episode(chapters=[(0, "Opening")], youtube_id="abcdefghijk")
    sections = (SectionContent("Waste", f"The brain clears waste [00:06:31]. {LONG_WORD} stays."),)
    return make_draft("dreams", by=root, title=f"Dreams {LONG_WORD}", episode=episode, sections=sections)


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_and_are_accessible(new_context, live_server, draft, width):
    link, token = workflow.share(draft, by=draft.author, days=7, allows_comments=True)
    sharing.comment(link, name=LONG_WORD[:80], text=f"{LONG_WORD} is long.", sender="a")
    context = new_context(viewport={"width": width, "height": 900})
    violations = watch_violations(context)
    page, found = context.new_page(), {}
    begin_session(page, live_server)
    share = f"/admin/articles/revision/{draft.pk}/share/"

    for address, status in ((f"/shared/{token}/", 200), ("/shared/nothing/", 404), (share, 200), ("made", 200)):
        if address == "made":
            page.get_by_role("button", name="Make link").click()
            expect(page.get_by_role("heading", name="Your link")).to_be_visible()
        else:
            assert page.goto(live_server.url + address).status == status
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[address] = "scrolls sideways"
        if lines := faults_in_both(page):
            found[address, "axe"] = lines

    assert found == {}
    assert violations(page) == []


def test_a_guest_on_a_phone_sees_the_status_and_is_asked_before_youtube(new_context, live_server, draft):
    _link, token = workflow.share(draft, by=draft.author, days=7)
    context = new_context(has_touch=True, viewport={"width": 390, "height": 800})
    violations = watch_violations(context)
    page = context.new_page()
    page.goto(f"{live_server.url}/shared/{token}/")
    expect(page.locator(".moments .moments__status")).to_have_text("Not checked")

    page.locator("#c-391").tap()
    card = page.get_by_role("dialog", name="About this citation")
    expect(card).to_contain_text("The brain clears waste.")
    expect(card.locator(".moments__status")).to_have_text("Not checked")
    expect(card.get_by_role("button", name="Permanent link")).to_have_count(0)  # there is none
    assert faults_in_both(page) == []
    card.get_by_role("button", name="Play from 06:31").tap()

    expect(page.get_by_text("This recording is on YouTube. Playing it here sends YouTube")).to_be_visible()
    assert page.url == f"{live_server.url}/shared/{token}/"
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("Object.keys(localStorage)") == []
    assert violations(page) == []


def test_a_guest_without_scripts_reads_and_comments_until_the_link_is_revoked(new_context, live_server, draft):
    editor = new_context().new_page()
    begin_session(editor, live_server)
    editor.goto(f"{live_server.url}/admin/articles/article/{draft.article_id}/change/?revision={draft.pk}")
    editor.get_by_role("link", name="Share this draft").click()
    editor.get_by_label("Whoever has it may leave comments").check()
    editor.get_by_role("button", name="Make link").click()
    address = editor.locator(".share-new__address").inner_text()
    context = new_context(java_script_enabled=False)
    guest = context.new_page()

    guest.goto(address)
    expect(guest.get_by_text("This is an unpublished draft.")).to_be_visible()
    guest.get_by_label("Your name").fill("Aunt May")
    guest.get_by_label("Your comment").fill("I slept well over it.")
    guest.get_by_role("button", name="Send comment").click()

    expect(guest.get_by_text("I slept well over it.")).to_be_visible()
    assert context.cookies() == []
    assert GuestComment.objects.get().name == "Aunt May"
    editor.goto(f"{live_server.url}/admin/articles/revision/{draft.pk}/share/")
    expect(editor.get_by_text("I slept well over it.")).to_be_visible()
    editor.get_by_role("button", name="Revoke").click()
    expect(editor.get_by_text("The link was revoked.")).to_be_visible()
    guest.goto(address)
    expect(guest.get_by_role("heading", level=1)).to_have_text("This link doesn’t work")
