"""A quotation that isn't said like this, from the editor's panel to a wording that is."""

import pytest
from playwright.sync_api import expect

from tests.browser.admin.editor.test_editor import body, change_path
from tests.browser.admin.evidence.test_evidence import claim
from tests.support.browser import faults_in_both, log_in, overflow
from tests.support.databases.shared import copied
from tests.support.factories import make_user
from tests.support.samples.cited import make_cited, make_talk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MISQUOTED = "On relief the talk is clear: “the striking thing is how slow the boredom ends” [00:25:05]."


@copied
def article():
    return make_cited(episode=make_talk(youtube_id="abcdefghijk"), by=make_user(), bodies=[MISQUOTED])


def test_false_quotation_is_found_with_its_closest_wording_and_goes_when_it_is_corrected(
    page, live_server, article, violations
):
    log_in(page, live_server, change_path(article), "editor")
    found = claim(page, "On relief the talk is clear").locator(".discrepancies li")

    expect(found).to_contain_text("Quotation not said like this: the striking thing is how slow the boredom ends")
    expect(found).to_contain_text("Closest wording, at 25:04: The striking thing is how fast relief comes")
    expect(found.get_by_role("link", name="25:04")).to_have_attribute(
        "href", "https://www.youtube.com/watch?v=abcdefghijk&t=1504s"
    )
    expect(claim(page, "On relief")).to_contain_text("Matches transcript but for a detail")
    assert faults_in_both(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) == 0

    page.set_viewport_size({"width": 1280, "height": 900})
    body(page, 0).fill(MISQUOTED.replace("how slow the boredom ends", "how fast relief comes"))
    expect(claim(page, "On relief")).to_contain_text("Matches transcript")
    expect(page.locator(".discrepancies")).to_have_count(0)
    assert violations(page) == []
