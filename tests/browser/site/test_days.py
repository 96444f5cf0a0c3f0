"""The days of an editor and of a moderator, by keyboard alone and by mouse alone, with what each step takes."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from articles import workflow
from articles.models import Confirmation, CorrectionRequest, Revision
from articles.workflow.collaboration import correction_requests
from tests.support.browser import BY_KEYBOARD, BY_MOUSE, Clicks, Keys, log_in, opened, watch_inputs
from tests.support.databases.shared import copied
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user
from tests.support.paths import PROJECT
from tests.support.samples.cited import ELSEWHERE, HERE, UNHEARD, make_cited, make_talk
from tests.support.scenarios.editor import expect_caret_in, layer
from tests.support.scenarios.played_recording import listen, play_video

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RAISES = "Against expectation that blockade raises neuroplasticity, and mood improves with it."
WHY = "Who says so at 06:31?"
REASON = "She says it at that minute."


def table():
    """Return {step: (keys, clicks)} as `docs/moderating.md` says it."""
    text = (PROJECT / "docs/moderating.md").read_text()
    rows = re.findall(r"^\| ([\w ,-]+?) \| `[^|]+\| (\d) \| (\d) \|$", text, re.MULTILINE)
    return {step: (int(keys), int(clicks)) for step, keys, clicks in rows}


CONFIRM = "confirm a flagged citation, and see the next"
RETIME = "re-time a flagged citation, and see the next"
CITE = "cite a sentence that was just written"
APPROVE = "open the first revision of the queue, approve and publish it"
SEND_BACK = "send the next revision back, which is open then"
ANSWER = "answer the next correction request"


def test_the_table_keeps_to_the_limits():
    steps = table()

    assert list(steps) == [CONFIRM, RETIME, CITE, APPROVE, SEND_BACK, ANSWER]
    assert max(steps[CONFIRM][0], steps[RETIME][0]) <= 2
    assert steps[APPROVE][0] <= 3


class Day:
    """A day at a page by `hand` (Keys or Clicks), which asserts what a step takes."""

    def __init__(self, new_context, server, kind, username):
        self.page, self.violations = opened(new_context, viewport={"width": 1280, "height": 900})
        self.inputs = watch_inputs(self.page.context)
        self.hand = kind(self.page)
        log_in(self.page, server, "/admin/", username)

    def takes(self, step, since=0):
        """Assert that the keys or clicks since the count `since` are those of the table."""
        assert (step, self.hand.count - since) == (step, table()[step][isinstance(self.hand, Clicks)])

    def ready(self):
        """Wait until the keys of the page act."""
        self.page.locator("[data-keys-open]:visible").last.wait_for()

    def follow(self, link):
        """Open a link or press a button, whichever way."""
        with self.page.expect_event("domcontentloaded"):
            if isinstance(self.hand, Clicks):
                self.hand.click(link)
            else:
                self.hand.go_to(link)
                self.hand.press("Enter")

    def home(self):
        return self.page.get_by_role("navigation", name="Admin").get_by_role("link").first

    def link(self, name):
        return self.page.get_by_role("link", name=name).first

    def end(self):
        assert self.violations(self.page) == []
        assert self.inputs, "nothing was pressed"
        assert self.inputs.isdisjoint(BY_KEYBOARD if isinstance(self.hand, Clicks) else BY_MOUSE)


@copied
def cited():
    make_user("other")
    episode = make_talk(youtube_id="abcdefghijk")
    return make_cited(episode=episode, by=make_user(), moderator=make_moderator(), bodies=[HERE, ELSEWHERE, UNHEARD])


def fix_problems(day, confirm, retime):
    """Settle the two flagged citations, the riskiest first."""
    page, claim = day.page, day.page.locator(".change__text")
    day.follow(day.link("Fix one after the other"))
    expect(claim).to_have_text("Harbour seals hunt herring in winter.")
    day.ready()
    play_video(page)
    before = day.hand.count
    confirm()
    expect(claim).to_have_text("It blocks the NMDA receptor.")
    day.takes(CONFIRM, before)
    before = day.hand.count
    retime()
    expect(page.get_by_text("Nothing needs fixing here.")).to_be_visible()
    day.takes(RETIME, before)


def open_draft(day):
    """Open the draft of the article from the start page; returns the text area of its second section."""
    day.follow(day.home())
    day.follow(day.page.locator(".own-work__main").get_by_role("link", name="Ketamine", exact=True).first)
    day.ready()
    return day.page.locator("#id_sections-1-body")


def expect_uncited(day):
    """Wait for the claim that has just been written; returns it."""
    claim = day.page.locator("[data-claim=uncited]", has_text="Against expectation")
    expect(claim.get_by_role("button", name="Find timestamp")).to_be_visible()
    return claim


def expect_cited(field):
    expect(field).to_have_value(re.compile(r"mood improves with it \[00:5\d:\d\d\]\.$"))


def submit_by(day, summary):
    field = day.page.locator("#id_edit_summary")
    if isinstance(day.hand, Clicks):
        day.hand.click(field)
    else:
        day.hand.go_to(field)
    day.hand.type(summary)
    day.follow(day.page.get_by_role("button", name="Submit for review"))


def check_editor_day():
    revision = Revision.objects.get(status=Revision.Status.SUBMITTED)
    bodies = [section.body for section in revision.section_set.all()]
    assert Confirmation.objects.get().by.username == "other"
    assert re.fullmatch(r"It blocks the NMDA receptor \[00:19:\d\d\]\.", bodies[1].split(" Against")[0])
    return revision


def send_back(revision):
    workflow.request_changes(revision, by=User.objects.get(username="moderator"), comment=WHY)


def test_an_editors_day_by_keyboard(new_context, live_server, cited):
    day = Day(new_context, live_server, Keys, "other")
    keys, page = day.hand, day.page

    fix_problems(day, lambda: (listen(page), keys.press("h")), lambda: keys.press("1"))
    field = open_draft(day)
    keys.go_to(layer(field))
    keys.press("Control+End")
    keys.type(f" {RAISES}")
    claim = expect_uncited(day)
    before = keys.count
    keys.press("Alt+f")
    expect(claim.locator("[data-suggestion='1']")).to_be_focused()
    keys.press("1")
    expect_cited(field)
    day.takes(CITE, before)
    submit_by(day, "Cited what was missing")
    send_back(check_editor_day())

    day.follow(day.home())
    expect(page.locator(".entry--warn")).to_contain_text(WHY)
    field = open_draft(day)
    keys.go_to(layer(field))
    keys.press("Control+End")
    keys.type(" He repeats it.")
    submit_by(day, "Said who says so")
    assert Revision.objects.get(status=Revision.Status.SUBMITTED).section_set.all()[1].body.endswith(" He repeats it.")
    day.end()


def test_an_editors_day_by_mouse(new_context, live_server, cited):
    day = Day(new_context, live_server, Clicks, "other")
    mouse, page = day.hand, day.page

    fix_problems(
        day,
        lambda: (
            page.locator(".change a.citation").click(),
            listen(page, by_key=False),
            mouse.click(page.get_by_role("button", name="Confirm at")),
        ),
        lambda: mouse.click(page.get_by_role("button", name=re.compile("Move to")).first),
    )
    field = open_draft(day)
    mouse.click_behind(layer(field).locator(".cm-line").last)
    expect_caret_in(field)
    mouse.type(f" {RAISES}")
    claim = expect_uncited(day)
    before = mouse.count
    mouse.click(claim.get_by_role("button", name="Find timestamp"), claim.locator("[data-suggestion='1']"))
    expect_cited(field)
    day.takes(CITE, before)
    submit_by(day, "Cited what was missing")
    check_editor_day()
    day.end()


@copied
def desk():
    """Two changes in the queue, and a correction request."""
    editor, moderator, episode = make_user(), make_moderator(), make_episode(youtube_id="abcdefghijk")
    for slug in ("naps", "tides"):
        article = make_published(slug, by=editor, moderator=moderator, episode=episode, title=slug.capitalize())
        make_change(article, by=editor, lead=f"More about {slug}.")
    correction_requests.receive(article.published_revision, "Is it?", sender="somebody")
    return list(Revision.objects.filter(status=Revision.Status.SUBMITTED))


def check_moderators_day():
    assert sorted(Revision.objects.filter(number=2).values_list("status", flat=True)) == [
        "approved",
        "changes_requested",
    ]
    returned = Revision.objects.get(status=Revision.Status.CHANGES_REQUESTED)
    assert returned.review_set.get().comment == WHY
    answered = CorrectionRequest.objects.get()
    assert (answered.outcome, answered.answer) == (CorrectionRequest.Outcome.STANDS, REASON)


def test_a_moderators_day_by_keyboard(new_context, live_server, desk):
    day = Day(new_context, live_server, Keys, "moderator")
    keys, page = day.hand, day.page
    heading = page.locator(".review__head h1")

    day.ready()
    before = keys.count
    keys.press("o")
    title = heading.text_content()
    day.ready()
    keys.press("a")
    expect(page.get_by_role("dialog")).to_contain_text("Readers see this text at once")
    keys.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text(f"Published: “{title}”")
    day.takes(APPROVE, before)

    before = keys.count
    expect(heading).not_to_have_text(title)
    day.ready()
    keys.press("r")
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    keys.type(WHY)
    keys.press("Control+Enter")
    expect(page.locator(".messagelist")).to_contain_text("Changes requested")
    day.takes(SEND_BACK, before)

    day.follow(day.link("Correction requests"))
    expect(page.locator("[data-item]")).to_have_count(1)
    before = keys.count
    keys.press("o")
    day.ready()
    keys.press("1")
    expect(page.get_by_label("Reason", exact=True)).to_be_focused()
    keys.type(REASON)
    keys.press("Control+Enter")
    expect(page.locator(".messagelist")).to_contain_text("1 correction request answered")
    day.takes(ANSWER, before)
    check_moderators_day()
    day.end()


def test_a_moderators_day_by_mouse(new_context, live_server, desk):
    day = Day(new_context, live_server, Clicks, "moderator")
    mouse, page = day.hand, day.page
    asked = page.get_by_role("dialog")

    before = mouse.count
    mouse.click(page.locator("[data-open]").first)
    day.ready()
    mouse.click(page.get_by_role("button", name="Approve and publish"))
    expect(asked).to_contain_text("Readers see this text at once")
    mouse.click(asked.get_by_role("button", name="Approve and publish"))
    expect(page.locator(".messagelist")).to_contain_text("Published")
    day.takes(APPROVE, before)

    before = mouse.count
    day.ready()
    mouse.click(page.get_by_role("button", name="Request changes"))
    expect(asked.get_by_role("textbox")).to_be_focused()
    mouse.type(WHY)
    mouse.click(asked.get_by_role("button", name="Request changes"))
    expect(page.locator(".messagelist")).to_contain_text("Changes requested")
    day.takes(SEND_BACK, before)

    day.follow(day.link("Correction requests"))
    before = mouse.count
    mouse.click(page.locator("[data-open]").first)
    mouse.click(page.get_by_label("No change needed"), page.get_by_label("Reason", exact=True))
    mouse.type(REASON)
    mouse.click(page.get_by_role("button", name="Answer"))
    expect(page.locator(".messagelist")).to_contain_text("1 correction request answered")
    day.takes(ANSWER, before)
    check_moderators_day()
    day.end()
