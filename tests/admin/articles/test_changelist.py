"""The list of articles: what it says of each, what it finds, and how many queries it takes."""

from datetime import UTC, datetime

import pytest

from articles import workflow
from articles.workflow.content import SectionContent
from tests.admin.editor.screen.addresses import LIST
from tests.support.factories import (
    make_change,
    make_content,
    make_draft,
    make_episode,
    make_moderator,
    make_published,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_list_shows_state_and_work(editor_client, editor):
    late = (SectionContent("Late", "Said [00:06:31]. Not said [07:54:00]."),)
    article = make_published(by=editor, episode=make_episode(), sections=late)
    workflow.start_draft(article, make_content(), by=editor, base=article.published_revision)

    page = editor_client.get(LIST)

    row = page.context["cl"].result_list[0]
    model_admin = page.context["cl"].model_admin
    assert [model_admin.state(row), model_admin.at_work(row), model_admin.cited(row)] == [
        "published, revision 1",
        "1 draft",
        "1 of 3, 1 invalid timestamp",
    ]


def test_list_shows_what_is_approved_and_what_is_scheduled(editor_client, editor):
    moderator = make_moderator()
    article = make_published(by=editor, moderator=moderator, episode=make_episode())
    workflow.approve(make_change(article, by=editor, lead="One."), by=moderator)
    planned = workflow.approve(make_change(article, by=make_user("other"), lead="Two."), by=moderator)
    workflow.schedule(planned, by=moderator, publish_at=datetime(2100, 1, 30, 9, tzinfo=UTC))

    changelist = editor_client.get(LIST).context["cl"]

    assert changelist.model_admin.at_work(changelist.result_list[0]) == "1 approved, scheduled for 30 Jan 2100, 09:00"


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ({"q": "What a day"}, ["day"]),
        ({"q": "slee"}, ["sleep"]),
        ({"state": "published"}, ["sleep"]),
        ({"state": "unpublished"}, ["day"]),
        ({"state": "draft"}, ["day"]),
        ({"state": "waiting"}, []),
        ({"state": "problems"}, ["sleep"]),
        ({"notice": "health"}, []),
        ({"notice": "none"}, ["sleep"]),
    ],
)
def test_list_is_searched_and_filtered(editor_client, editor, query, slugs):
    late = (SectionContent("Late", "Said [00:06:31]. Not said [07:54:00]."),)
    make_published(by=editor, episode=make_episode(), sections=late)
    make_draft("day", by=editor, title="What a day is for")

    page = editor_client.get(LIST, query)

    assert [row.slug for row in page.context["cl"].result_list] == slugs


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_a_constant_number_of_queries(editor_client, editor, django_assert_num_queries, count):
    for number in range(count):
        make_published(f"sleep-{number}", by=editor)

    with django_assert_num_queries(11):  # two of them for the saved views and the shows to filter by
        editor_client.get(LIST)
