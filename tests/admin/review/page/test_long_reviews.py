"""A review with very many changes is shown page by page, and selecting, commenting and accepting in part still work."""

import re

import pytest
from django.urls import reverse

from articles.admin.review.context.changes import TICKED_MAX
from articles.models import Revision
from articles.views.diff import CHANGES_PER_PAGE
from articles.workflow.content import SectionContent
from tests.support.clients import logged_in
from tests.support.factories import make_change, make_published
from tests.support.scenarios.reviewing import decide, page_of, sections_of

pytestmark = pytest.mark.django_db


def text(count, unit):
    return "\n\n".join(f"Tide number {n} rises {n + 2} {unit}." for n in range(count))


@pytest.fixture
def change_of(editor, moderator):
    """A function (count) that submits a revision with so many changes."""

    def submit(count):
        article = make_published(by=editor, moderator=moderator, sections=(SectionContent("Tides", text(count, "m")),))
        return make_change(article, by=editor, sections=sections_of(article, Tides=text(count, "feet")))

    return submit


def accepted(response):
    """Return the ids of the changes that the page's form would send as accepted."""
    html = response.content.decode()
    boxes = re.findall(r'<input type="checkbox" name="accept" value="([^"]+)"[^>]* checked>', html)
    return [*boxes, *re.findall(r'<input type="hidden" name="accept" value="([^"]+)"', html)]


def test_each_page_has_its_changes_and_keeps_the_selection_of_the_others(change_of, moderator):
    change = change_of(2 * CHANGES_PER_PAGE + 10)
    client = logged_in(moderator)
    page = client.get(page_of(change))
    total = len(page.context["shown"].changes)

    assert total == 2 * CHANGES_PER_PAGE + 10
    assert page.content.decode().count('class="change"') == CHANGES_PER_PAGE
    assert len(set(accepted(page))) == total
    chosen = accepted(page)[3:]
    data = {"revision": change.pk, "back": page.context["here"], "parts": "1", "accept": chosen, "page": "3"}
    address = reverse("admin:articles_revision_decide", args=[change.pk]) + "?at=review-changes"
    assert f'formaction="{address}"' in page.content.decode()
    turned = client.post(address, data, follow=True)
    assert turned.redirect_chain[-1][0].endswith("?page=3#review-changes")
    assert turned.content.decode().count('class="change"') == 10
    assert set(accepted(turned)) == set(chosen)
    assert f"Publish {total - 3} of {total}" in turned.content.decode()


def test_what_is_selected_on_all_pages_is_accepted(change_of, moderator):
    change = change_of(CHANGES_PER_PAGE + 5)
    client = logged_in(moderator)
    page = client.get(f"{page_of(change)}?page=2")
    left_out = page.context["changes"][0]
    chosen = [pk for pk in accepted(page) if pk != left_out.id]
    decide(client, change, "approve_and_publish", parts="1", comment="One is wrong.", accept=chosen)

    body = Revision.objects.published().get().section_set.get().body
    assert body.count(" m.") == 1
    assert body.count(" feet.") == CHANGES_PER_PAGE + 4


def test_too_many_changes_are_accepted_as_a_whole(change_of, moderator):
    change = change_of(TICKED_MAX + 1)
    page = logged_in(moderator).get(page_of(change))

    assert 'name="accept"' not in page.content.decode()
    assert 'name="parts"' not in page.content.decode()
    assert "too many to choose from" in page.content.decode()
