"""A whole day of an editor and a moderator, each in their own browser."""

import pytest
from playwright.sync_api import expect

from articles.models import Revision
from articles.workflow.content import SectionContent
from tests.support.browser import decide, watch_violations
from tests.support.factories import make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.editor import show_previews

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long test password"
SECTIONS = (
    SectionContent("How it numbs", "It blocks one receptor [00:19:10]. The effect lasts an hour."),
    SectionContent("Where it is used", "Vets have used it for decades [00:08:44]."),
    SectionContent("What is not known", "Nobody has followed people for ten years."),
)


@pytest.fixture
def article():
    episode = make_episode(
        "numbing", duration_seconds=6161, chapters=[(0, "Opening"), (1140, "Receptors")], youtube_id="abcdefghijk"
    )
    return make_published("numbing", title="A numbing drug", by=make_user("author"), episode=episode, sections=SECTIONS)


class Person:
    """A person with a browser."""

    def __init__(self, new_context, server, username):
        self.context = new_context(viewport={"width": 1280, "height": 900})
        self.violations = watch_violations(self.context)
        self.server = server
        self.page = self.context.new_page()
        self.go("/admin/")
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Log in")

    def go(self, path):
        self.page.goto(f"{self.server.url}{path}")

    def press(self, name):
        with self.page.expect_event("domcontentloaded"):
            self.page.get_by_role("button", name=name, exact=True).click()

    def review(self, name):
        """Open a revision from the queue, which loads no page."""
        self.go("/admin/")
        self.page.get_by_role("link", name=name, exact=True).first.click()
        expect(self.page.locator(".review__head h1")).to_have_text(name)

    def decide(self, name, comment=""):
        decide(self.page, name, comment)

    def follow(self, name):
        with self.page.expect_event("domcontentloaded"):
            self.page.get_by_role("link", name=name, exact=True).first.click()

    def open_article(self):
        """Open the article from the list."""
        self.go("/admin/")
        self.follow("Articles")
        self.page.fill("#searchbar", "numbing")
        with self.page.expect_event("domcontentloaded"):
            self.page.keyboard.press("Enter")
        with self.page.expect_event("domcontentloaded"):
            self.page.locator("#result_list tbody").get_by_role("link").first.click()

    def section(self, index):
        return self.page.locator(f"#id_sections-{index}-body")

    def submit(self, summary):
        self.page.fill("#id_edit_summary", summary)
        self.press("Submit for review")

    def change(self, kind):
        return self.page.locator(".change").filter(has_text=kind)

    def says(self, words):
        expect(self.page.locator(".messagelist")).to_contain_text(words)

    def leave(self):
        assert self.violations(self.page) == []
        self.context.close()


@pytest.fixture
def both(new_context, live_server, article):
    make_user("editor")
    if not article.published_revision.review_set.filter(by__username="moderator").exists():
        make_moderator()
    found = Person(new_context, live_server, "editor"), Person(new_context, live_server, "moderator")
    yield found
    for person in found:
        person.leave()


def test_whole_day(both, new_context, article):
    editor, moderator = both
    reader = editor.context.new_page()

    def public(revision, *words):
        reader.goto(f"{editor.server.url}/articles/numbing/")
        reader.reload()  # the browser may cache the page for a minute
        expect(reader.locator("article")).to_have_attribute("data-revision", str(revision))
        for text in words:
            expect(reader.locator("article")).to_contain_text(text)

    # The editor changes a section, sees the citation, saves and submits; readers don't see it.
    editor.open_article()
    show_previews(editor.page)
    editor.section(0).fill("It blocks one receptor [00:21:10]. The effect lasts 2 hours.")
    mark = editor.page.locator("[data-preview=id_sections-0-body] a.citation[data-start='1270']")
    expect(mark).to_have_attribute("href", "https://www.youtube.com/watch?v=abcdefghijk&t=1270s")
    editor.press("Save draft")
    editor.section(1).fill("Vets have used it for fifty years [00:08:44].")
    editor.submit("Heard it again")
    public(1, "The effect lasts an hour.")

    # The moderator finds it in the queue and requests changes.
    moderator.review("A numbing drug")
    expect(moderator.page.locator(".review__summary")).to_have_text("Heard it again")
    moderator.decide("Request changes", "Who says fifty years?")
    moderator.says("Changes requested")
    public(1)

    # The editor reads why, revises it and submits again.
    editor.go("/admin/")
    expect(editor.page.locator(".entry--warn")).to_contain_text("Who says fifty years?")
    editor.follow("A numbing drug")
    editor.section(1).fill("Vets have used it for 50 years [00:08:44].")
    editor.submit("Fifty years are said at 08:44")
    resubmitted = Revision.objects.get(status="submitted")

    # The moderator compares, accepts a part and publishes it; only now do readers see something new.
    public(1)
    moderator.review("A numbing drug")
    expect(moderator.change("timestamp changed").locator(".moment--new")).to_contain_text("Receptors")
    moderator.change("50 years").get_by_label("accept").uncheck()
    moderator.page.get_by_label("Comment for the author").fill("The other two are right; she says forty.")
    moderator.decide("Publish 2 of 3")
    moderator.says("Published in part")
    part = Revision.objects.get(published_for=article)
    public(part.number, "The effect lasts 2 hours.", "Vets have used it for decades")
    expect(reader.locator("article")).not_to_contain_text("50 years")

    # The rest becomes the editor's draft again.
    rest = Revision.objects.get(status="draft")
    assert (rest.base, rest.author.username) == (resubmitted, "editor")

    # An older text is restored from the history and published after another person's approval.
    moderator.go(f"/admin/articles/article/{article.pk}/history/")
    with moderator.page.expect_event("domcontentloaded"):
        moderator.page.get_by_role("button", name="Restore as draft (revision 1)").click()
    expect(moderator.section(0)).to_have_value(SECTIONS[0].body)
    moderator.submit("The first text was right")
    restored = Revision.objects.get(status="submitted")
    moderator.go(f"/admin/articles/revision/{restored.pk}/change/")
    expect(moderator.page.get_by_role("button", name="Approve and publish")).to_have_count(0)
    make_moderator("second")
    second = Person(new_context, moderator.server, "second")
    second.go(f"/admin/articles/revision/{restored.pk}/change/")
    second.decide("Approve and publish")
    second.says("Published")
    second.leave()
    public(restored.number, "The effect lasts an hour.")

    # The editor's draft now conflicts with it: both are shown, one is chosen.
    editor.go(f"/admin/articles/article/{article.pk}/change/?revision={rest.pk}")
    editor.follow("Update to the published text")
    for conflict in editor.page.locator(".merge-conflict").all():
        expect(conflict.locator("[type=radio]:checked")).to_have_count(0)
        conflict.get_by_label("Mine").check()
    editor.press("Update to the published text")
    editor.says(f"Updated to the published text, revision {restored.number}.")
    expect(editor.section(1)).to_have_value("Vets have used it for 50 years [00:08:44].")
    public(restored.number, "The effect lasts an hour.")
