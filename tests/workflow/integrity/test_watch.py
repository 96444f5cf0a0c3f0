"""Browser and race tests are followed by a check of the database if they changed what it reads, and only then."""

import pytest
from django.contrib.auth.models import User

from articles.models import Article, Show
from tests.support.databases.integrity import Watch
from tests.support.factories import make_published, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database(reason="elsewhere than on SQLite everything counts as changed"),
]


@pytest.fixture
def watch():
    make_user("reader")
    make_published()
    return Watch()


def test_a_log_in_is_no_change(watch, client):
    client.force_login(User.objects.get(username="reader"))

    assert not watch.has_seen_a_change()


@pytest.mark.parametrize(
    "change",
    [
        lambda: Article.objects.update(is_protected=True),
        lambda: Show.objects.create(handle="night-talks", title="Night talks"),
        lambda: User.objects.filter(username="reader").update(is_staff=False),
        lambda: User.objects.get(username="reader").groups.clear(),
    ],
)
def test_a_row_that_is_checked_is_a_change(watch, change):
    change()

    assert watch.has_seen_a_change()
