"""What needed two approvals names both reviewers, wherever readers see who reviewed it."""

import json
import re

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from articles import workflow
from articles.models import ApprovalRule, Profile
from tests.support.factories import make_change, make_moderator, make_user
from tests.support.scenarios.moderation import make_pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    article, first = make_pair()
    second = make_moderator("other-moderator")
    workflow.save_profile(Profile(user=first, slug="first", name="First", is_public=True), by=first)
    workflow.save_approval_rule(ApprovalRule(notice="health"))
    revision = make_change(article, by=make_user("writer"), notice="health")
    workflow.approve(revision, by=first)
    workflow.publish(workflow.approve(revision, by=second), by=second)
    article.refresh_from_db()
    return article


def words(html):
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_page_history_and_permanent_link_name_both_with_dates(article, client):
    day = date_format(timezone.localdate(), "DATE_FORMAT")
    page, history, permanent = (
        client.get(address).content.decode()
        for address in ("/articles/sleep/", "/articles/sleep/history/", "/articles/sleep/revisions/2/")
    )
    link = '<a href="/people/first/">second-moderator</a>'
    assert all(link in html for html in (page, history, permanent))
    assert f"by second-moderator, {day} and other-moderator, {day}" in words(page)
    for html in (history, permanent):
        assert f"Reviewed by second-moderator, {day} and other-moderator, {day}" in words(html)


def test_preview_card_names_both(article, client):
    day = date_format(timezone.localdate(), "DATE_FORMAT")
    card = client.get("/articles/sleep/preview/").content.decode()
    assert f"Reviewed by second-moderator and other-moderator, {day}" in words(card)


def test_programs_read_both(article, client):
    reviewed = client.get("/api/articles/sleep/").json()["reviewed"]
    assert reviewed["by"] == "other-moderator"
    assert [other["by"] for other in reviewed["others"]] == ["second-moderator"]
    revision = client.get("/api/articles/sleep/revisions/2/").json()
    assert [other["by"] for other in revision["reviewed"]["others"]] == ["second-moderator"]
    row = client.get("/api/articles/").json()["results"][0]
    item = client.get("/feeds/articles.json").json()["items"][0]["_article"]
    for given in (row, item):
        assert [other["by"] for other in given["reviewed"]["others"]] == ["second-moderator"]
    page = client.get("/articles/sleep/").content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    people = next(node for node in data.get("@graph", [data]) if "reviewedBy" in node)["reviewedBy"]
    assert [(person["name"], "url" in person) for person in people] == [
        ("second-moderator", True),
        ("other-moderator", False),
    ]


def test_the_profile_lists_the_first_approval(article, client):
    assert "revision 2" in words(client.get("/people/first/").content.decode())


def test_a_text_with_one_reviewer_names_nobody_else(client):
    make_pair()
    assert client.get("/api/articles/sleep/").json()["reviewed"]["others"] == []
