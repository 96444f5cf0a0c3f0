"""The list of revisions: its order, filter and queries."""

import pytest

from tests.support.clients import logged_in
from tests.support.factories import make_change, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/revision/"


# Lists and query counts ---------------------------------------------------------------------------


def test_list_shows_moderators_the_oldest_submissions_first(article, moderator):
    first = make_change(article, by=make_user("ada"), title="Sleep, first")
    second = make_change(article, by=make_user("ben"), title="Sleep, second")

    listed = list(logged_in(moderator).get(LIST).context["cl"].result_list)

    assert listed == [first, second]


def test_editors_see_all_revisions_newest_first(change, article, editor):
    listed = list(logged_in(editor).get(LIST).context["cl"].result_list)

    assert listed == [change, article.published_revision]


@pytest.mark.parametrize(("status", "numbers"), [("all", [2, 1]), ("public", [1]), ("approved", [1]), ("x", [2, 1])])
def test_status_filter(change, moderator, status, numbers):
    listed = logged_in(moderator).get(LIST, {"status": status}).context["cl"].result_list

    assert [revision.number for revision in listed] == numbers


@pytest.mark.parametrize("count", [1, 3])
def test_queue_queries(article, moderator, django_assert_num_queries, count):
    for number in range(count):
        make_change(article, by=make_user(f"editor-{number}"), title=f"Sleep {number}")
    client = logged_in(moderator)

    with django_assert_num_queries(8):
        client.get(LIST)
