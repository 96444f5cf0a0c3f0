"""The admin in a real browser: login, lists and forms at phone and desktop width, light and dark."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from articles import workflow
from articles.models import ApprovalRule, Episode, Revision
from articles.workflow.content import content_of
from articles.workflow.recordings import change_episode
from tests.support.browser import faults_in_both, overflow
from tests.support.databases.shared import copied
from tests.support.factories import make_draft, make_episode, make_moderator, make_published, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long test password"
WIDTHS = [390, 1280]


@copied
def work():
    """An episode with chapters, a published article, a draft, and users."""
    moderator = make_moderator()
    make_user("administrator", groups=("Administrators",))
    episode = make_episode(chapters=[(0, "Welcome"), (313, "Sponsor: a mattress"), (540, "Naps")])
    make_published(episode=episode, moderator=moderator)
    make_draft("naps", by=moderator, title="Naps", episode=episode)
    return episode


def addresses(episode):
    return [
        "/admin/",
        "/admin/articles/article/",
        "/admin/articles/episode/",
        "/admin/articles/episode/?q=sleep&cited=yes",
        "/admin/articles/episode/add/",
        f"/admin/articles/episode/{episode.pk}/change/",
        f"/admin/articles/episode/{episode.pk}/moment/?t=391",
        f"/admin/articles/episode/{episode.pk}/history/",
        f"/admin/articles/episode/{episode.pk}/delete/",
        "/admin/evidence/",
        "/admin/evidence/?verdict=not+checked&episode=nowhere",
        "/admin/articles/show/",
        f"/admin/articles/show/{episode.show_id}/change/",
        "/admin/articles/approvalrule/",
        "/admin/articles/approvalrule/add/",
        "/admin/desk/workload/",
        "/admin/articles/logentry/",
        "/admin/articles/review/",
        "/admin/auth/user/",
        "/admin/auth/user/add/",
        "/admin/password_change/",
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_fit_the_window_and_keep_the_policy(page_of_user, work, live_server, violations, width):
    page = page_of_user("administrator")
    page.set_viewport_size({"width": width, "height": 844})

    wide = {}
    for address in addresses(work):
        page.goto(live_server.url + address)
        wide[address] = overflow(page)

    assert wide == dict.fromkeys(addresses(work), 0)
    assert violations(page) == []


def test_pages_fit_a_phone_in_german(page_of_user, work, live_server, settings):
    """Its words are longer, and so are names of groups."""
    Group.objects.create(name="Fachärztinnen und Fachärzte für Schlafmedizin")
    workflow.save_approval_rule(ApprovalRule(notice="health"))
    page = page_of_user("administrator")
    page.set_viewport_size({"width": 390, "height": 844})
    settings.LANGUAGE_CODE = "de"

    wide = {}
    for address in addresses(work):
        page.goto(live_server.url + address)
        wide[address] = overflow(page)

    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert wide == dict.fromkeys(addresses(work), 0)


def test_pages_are_accessible(page_of_user, work, live_server):
    page = page_of_user("administrator")

    found = {}
    for address in addresses(work):
        page.goto(live_server.url + address)
        if lines := faults_in_both(page):
            found[address] = lines

    assert found == {}


def test_a_reviewers_reason_is_as_readable_as_the_text_around_it(page_of_user, work, live_server):
    draft = Revision.objects.get(status="draft")
    moderator = make_moderator("second")
    returned = workflow.request_changes(workflow.submit(draft, by=draft.author), by=moderator, comment="Which naps?")
    again = workflow.start_draft(returned.article, content_of(returned), by=draft.author, base=returned)
    page = page_of_user(draft.author.username)

    page.goto(f"{live_server.url}/admin/articles/article/{draft.article_id}/change/?revision={again.pk}")

    quote = page.locator("blockquote", has_text="Which naps?")
    looks = "([one]) => [one, one.parentElement].map(part => getComputedStyle(part)).map(of => [of.fontSize, of.color])"
    own, around = quote.evaluate_all(looks)
    assert own == around


def test_login_page_is_accessible(page, live_server, violations):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/admin/")

    assert overflow(page) == 0
    assert violations(page) == []
    assert faults_in_both(page) == []  # last, because the policy blocks axe's styles as well


def test_wrong_password_shows_an_error(page, live_server):
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_role("alert")).to_contain_text("Please enter the correct username and password")


def test_colour_scheme_follows_the_users_choice(page_of_user, work, live_server):
    page = page_of_user()
    page.goto(f"{live_server.url}/admin/")
    paper = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        paper[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert paper == {"light": "rgb(251, 250, 246)", "dark": "rgb(21, 23, 26)"}


@pytest.mark.parametrize("width", WIDTHS)
def test_episode_form_works_with_djangos_widgets(page_of_user, work, live_server, violations, width):
    page = page_of_user()
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{live_server.url}/admin/articles/episode/add/")

    page.get_by_label("Show", exact=True).select_option(label="Night Talks")
    page.locator("#id_title").press_sequentially("What naps do")
    page.locator("[id^=calendarlink]").click()
    page.locator(".calendarbox td a", has_text="13").first.click()
    page.get_by_label("Length").first.fill("1:42:41")
    page.get_by_label("YouTube video").first.fill("https://www.youtube.com/watch?v=abc-efg_ijk")
    page.get_by_label("Starts and titles").first.fill("00:00:00 Welcome\n00:05:13 Sponsors")
    assert overflow(page) == 0
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".messagelist").wait_for()

    episode = Episode.objects.get(slug="what-naps-do")
    assert (episode.show.handle, episode.duration_seconds, episode.youtube_id) == ("night-talks", 6161, "abc-efg_ijk")
    assert episode.published_on.day == 13
    assert list(episode.chapter_set.values_list("title", "is_sponsor")) == [("Welcome", False), ("Sponsors", True)]
    assert violations(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_chapter_can_be_added_in_the_table(page_of_user, work, live_server, violations, width):
    page = page_of_user()
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{live_server.url}/admin/articles/episode/{work.pk}/change/")

    page.get_by_text("Chapter table").click()
    page.get_by_role("button", name="Add another Chapter").click()
    page.locator("#id_chapter_set-3-start_seconds").fill("0:12:00")
    page.locator("#id_chapter_set-3-title").fill("Dreams")
    assert overflow(page) == 0
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".messagelist").wait_for()

    assert list(work.chapter_set.values_list("start_seconds", "title"))[-1] == (720, "Dreams")
    assert violations(page) == []


def test_saving_an_untouched_form_changes_nothing(page_of_user, work, live_server):
    page = page_of_user()
    page.goto(f"{live_server.url}/admin/articles/episode/{work.pk}/change/")
    before = list(work.chapter_set.values_list("pk", "start_seconds", "title", "is_sponsor"))
    naps = work.chapter_set.get(title="Naps")
    naps.title = "Long naps"
    with change_episode(work, at_once=True) as change:
        change.save_chapters([naps])

    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".messagelist").wait_for()

    after = list(work.chapter_set.values_list("pk", "start_seconds", "title", "is_sponsor"))
    assert after == [*before[:2], (before[2][0], 540, "Long naps", False)]


@pytest.mark.parametrize("width", WIDTHS)
def test_boxes_of_permissions_show_whole_rows(page_of_user, work, live_server, width):
    make_user("owner", is_superuser=True)
    page = page_of_user("owner")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{live_server.url}/admin/auth/group/{Group.objects.get(name='Administrators').pk}/change/")
    expect(page.locator(".selector select option").first).to_be_visible()

    sizes = page.locator(".selector select").evaluate_all(
        "boxes => boxes.map((box) => [box.clientHeight % box.options[0].offsetHeight, box.scrollHeight % box.options[0].offsetHeight])"
    )

    assert sizes == [[0, 0], [0, 0]]


def test_home_page_leads_to_the_draft(page_of_user, work, live_server):
    page = page_of_user()
    page.goto(f"{live_server.url}/admin/")

    page.get_by_role("link", name="Naps", exact=True).click()

    draft = Revision.objects.get(status=Revision.Status.DRAFT)
    expect(page).to_have_url(f"{live_server.url}/admin/articles/article/{draft.article_id}/change/?revision={draft.pk}")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log out")).to_have_count(0)
