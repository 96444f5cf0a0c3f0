"""Whoever set an account's password isn't a second person beside it."""

from unittest.mock import Mock

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import IssuedPassword, RankChange
from articles.workflow.governance.passwords import issue_password, must_replace_password, replace_password
from tests.support.factories import PASSWORD, make_draft, make_moderator, make_user

pytestmark = pytest.mark.django_db
NEW = "another long test password"


@pytest.fixture
def ada():
    return make_user("ada", groups=("Administrators",))


@pytest.fixture
def submitted(ada):
    draft = make_draft(by=ada)
    workflow.submit(draft, by=ada)
    return draft


def test_until_its_owner_has_chosen_a_password_an_account_is_no_second_person(ada, submitted, root):
    moderator = make_moderator()
    issue_password(moderator, by=root)

    assert must_replace_password(moderator)
    with pytest.raises(workflow.NotAllowed, match="root set your password and so knows it"):
        workflow.approve(submitted, by=moderator)
    replace_password(moderator)

    assert not must_replace_password(moderator)
    workflow.approve(submitted, by=moderator)


def test_one_administrator_cannot_act_as_two_people_with_an_account_whose_password_they_set(ada, submitted):
    """Ada could also have logged in as the account and chosen the other password."""
    puppet = make_moderator("puppet")
    issue_password(puppet, by=ada)
    replace_password(puppet)

    with pytest.raises(workflow.NotAllowed, match="ada set the password of puppet, so a third person has to decide"):
        workflow.approve(submitted, by=puppet)
    written = make_draft("naps", by=puppet)
    workflow.submit(written, by=puppet)
    with pytest.raises(workflow.NotAllowed, match="a third person"):
        workflow.approve(written, by=ada)
    workflow.approve(submitted, by=make_moderator("third"))


def test_an_administrator_does_not_confirm_a_rank_with_such_an_account(ada):
    puppet = make_user("puppet", groups=("Administrators",))
    issue_password(puppet, by=ada)
    replace_password(puppet)
    change = workflow.change_rank(make_user(), workflow.Rank(("Moderators",), is_active=True), by=ada)

    with pytest.raises(workflow.NotAllowed, match="a third person"):
        workflow.confirm_rank(change, by=puppet)
    change.refresh_from_db()
    assert change.outcome == RankChange.Outcome.PROPOSED


def test_the_admin_notes_who_set_a_password_and_asks_for_another_one(client, ada, editor, root):
    client.force_login(root)
    client.post(
        reverse("admin:auth_user_add"),
        {"username": "newcomer", "password1": NEW, "password2": NEW, "usable_password": "true"},
    )
    client.force_login(ada)
    data = {"password1": NEW, "password2": NEW}
    client.post(reverse("admin:auth_user_password_change", args=[editor.pk]), data)
    assert {(row.account.username, row.set_by_name) for row in IssuedPassword.objects.all()} == {
        ("newcomer", "root"),
        ("editor", "ada"),
    }

    client.logout()
    page = client.post(reverse("admin:login"), {"username": "editor", "password": NEW}, follow=True)
    assert page.redirect_chain[-1][0] == reverse("admin:password_change")
    assert "Choose another one." in page.text
    data = {"old_password": NEW, "new_password1": f"{NEW} 2", "new_password2": f"{NEW} 2"}
    client.post(reverse("admin:password_change"), data)

    assert not must_replace_password(editor)
    assert IssuedPassword.objects.get(account=editor).replaced_at is not None


def test_a_password_is_never_set_without_the_note_of_who_knows_it(client, ada, editor, monkeypatch):
    client.force_login(ada)
    monkeypatch.setattr(workflow, "issue_password", Mock(side_effect=OSError("The disk is full.")))

    with pytest.raises(OSError, match="full"):
        client.post(reverse("admin:auth_user_password_change", args=[editor.pk]), {"password1": NEW, "password2": NEW})

    editor.refresh_from_db()
    assert editor.check_password(PASSWORD)


def test_a_wrong_password_of_somebody_else_or_one_of_ones_own_notes_nothing(client, ada, editor):
    client.force_login(ada)
    data = {"password1": NEW, "password2": "different"}
    client.post(reverse("admin:auth_user_password_change", args=[editor.pk]), data)
    client.post(reverse("admin:auth_user_password_change", args=[ada.pk]), {"password1": NEW, "password2": NEW})

    assert not IssuedPassword.objects.exists()
    assert editor.check_password(PASSWORD)
