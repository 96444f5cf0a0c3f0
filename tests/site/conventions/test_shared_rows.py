"""Each test finds shared rows as if they had just been made for it, whatever the ones before it have done."""

import pytest
from django.contrib.auth.models import User

from articles.models import Article, Revision
from tests.support.databases.shared import shared
from tests.support.factories import make_draft, make_user

pytestmark = pytest.mark.django_db

author = shared(make_user)


@shared
def draft(author):
    return make_draft(by=author)


@pytest.fixture(scope="module")
def name(request):
    return request.param


@shared
def named(author, name):
    return make_user(name)


@pytest.mark.parametrize("turn", range(2))
def test_a_test_may_change_them(draft, author, turn):
    assert (draft.title, draft.author, author.first_name) == ("Sleep", author, "")
    assert Revision.objects.get().title == "Sleep"

    draft.title, author.first_name = "Naps", "Ines"
    draft.save()
    author.save()
    draft.noted = True


def test_they_are_the_same_afterwards(draft, author):
    assert (draft.author, draft.author.first_name) == (author, "")
    assert not hasattr(draft, "noted")
    assert (User.objects.get().first_name, Article.objects.count()) == ("", 1)


def test_only_what_a_test_asks_for_is_there(author):
    assert (User.objects.get(), Article.objects.count()) == (author, 0)


def test_nothing_is_there_without_being_asked_for():
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["ada", "ben"], indirect=True)
def test_they_are_made_again_for_another_parameter(named, name):
    assert sorted(User.objects.values_list("username", flat=True)) == sorted(["editor", name])
    assert named.username == name
