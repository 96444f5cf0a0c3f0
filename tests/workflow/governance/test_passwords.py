"""Whoever set an account's password isn't a second person beside it."""

from html import unescape
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles import workflow
from articles.admin.review.actions.available import AvailableActions
from articles.models import ApprovalRule, IssuedPassword, RankChange, RecordingChange, Revision
from articles.workflow.governance.passwords import issue_password, must_replace_password, replace_password
from articles.workflow.recordings import decisions, review_digest, save_episode, why_second_person
from articles.workflow.transitions.four_eyes import require_two_people
from tests.support.factories import (
    PASSWORD,
    make_change,
    make_draft,
    make_episode,
    make_moderator,
    make_published,
    make_user,
)

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
    same = {"old_password": NEW, "new_password1": NEW, "new_password2": NEW}
    assert "the account’s present password" in client.post(reverse("admin:password_change"), same).text
    assert must_replace_password(editor)
    data = {"old_password": NEW, "new_password1": f"{NEW} 2", "new_password2": f"{NEW} 2"}
    client.post(reverse("admin:password_change"), data)

    assert not must_replace_password(editor)
    assert IssuedPassword.objects.get(account=editor).replaced_at is not None


def test_setting_the_same_password_again_vouches_for_nobody(client, ada, root, editor):
    data = {"password1": NEW, "password2": NEW}
    address = reverse("admin:auth_user_password_change", args=[editor.pk])
    client.force_login(ada)
    client.post(address, data)

    client.force_login(root)
    page = client.post(address, data)

    assert "the account’s present password" in page.text
    assert IssuedPassword.objects.get().set_by_name == "ada"


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


# Accounts whose passwords one administrator set ---------------------------------------------------


def puppet(name, *, by, groups=("Moderators",)):
    account = make_user(name, groups=groups)
    issue_password(account, by=by)
    replace_password(account)
    return account


def submitted_by(author, slug="naps"):
    draft = make_draft(slug, by=author)
    workflow.submit(draft, by=author)
    return draft


def set_rank(account, groups, *, by, confirmed_by=None):
    change = workflow.change_rank(account, workflow.Rank(groups, is_staff=True, is_active=True), by=by)
    return workflow.confirm_rank(change, by=confirmed_by) if confirmed_by else change


@pytest.fixture
def bo():
    return make_user("bo", groups=("Administrators",))


@pytest.fixture
def pair(ada):
    """Two moderators whose passwords ada set."""
    return puppet("pip", by=ada), puppet("pop", by=ada)


BOTH = "ada set the passwords of both pop and pip, so the two count as one person"


def test_two_accounts_whose_passwords_one_administrator_set_count_as_one_person(pair):
    pip, pop = pair
    written = submitted_by(pip)

    with pytest.raises(workflow.NotAllowed, match=BOTH) as refusal:
        workflow.approve(written, by=pop)
    assert "set a new password for one of them or confirm a change of its rank" in str(refusal.value)
    workflow.approve(written, by=make_moderator("third"))


@pytest.mark.parametrize(
    "vouch", ["new password", "superuser's password", "confirmed rank", "own proposal", "superuser's rank"]
)
def test_somebody_else_vouches_for_one_of_them(pair, ada, bo, root, vouch):
    pip, pop = pair
    written = submitted_by(pip)
    groups = ("Editors", "Moderators")
    if vouch == "new password":
        issue_password(pop, by=bo)
        replace_password(pop)
    elif vouch == "superuser's password":
        issue_password(pop, by=root)
        replace_password(pop)
    elif vouch == "confirmed rank":
        set_rank(pop, groups, by=ada, confirmed_by=bo)
    elif vouch == "own proposal":
        set_rank(pop, groups, by=bo, confirmed_by=ada)
    else:
        set_rank(pop, groups, by=root)

    workflow.approve(written, by=pop)


def test_what_came_before_the_password_or_from_its_issuer_vouches_for_nobody(pair, ada, bo, root):
    pip, pop = pair
    written = submitted_by(pip)
    set_rank(pop, ("Editors", "Moderators"), by=ada, confirmed_by=bo)
    issue_password(pop, by=ada)  # afterwards
    replace_password(pop)
    with pytest.raises(workflow.NotAllowed, match=BOTH):
        workflow.approve(written, by=pop)

    change = workflow.change_rank(pip, workflow.Rank(("Editors", "Moderators"), is_staff=True, is_active=True), by=bo)
    issue_password(pip, by=ada)  # after bo's proposal, which ada confirms
    replace_password(pip)
    workflow.confirm_rank(change, by=ada)
    with pytest.raises(workflow.NotAllowed, match=BOTH):
        workflow.approve(written, by=pop)
    workflow.change_rank(
        pop, workflow.Rank(("Editors", "Moderators"), is_staff=True), by=bo
    )  # blocked, for good reason
    set_rank(pop, ("Editors", "Moderators"), by=root)
    workflow.approve(written, by=pop)


def test_blocking_an_account_vouches_for_nobody(pair, bo):
    pip, pop = pair
    written = submitted_by(pip)
    workflow.change_rank(pip, workflow.Rank(("Moderators",), is_staff=True), by=bo)

    with pytest.raises(workflow.NotAllowed, match=BOTH):
        workflow.approve(written, by=pop)


def test_an_administrator_who_got_their_password_from_another_vouches_for_none_of_that_ones_accounts(pair, ada, root):
    pip, pop = pair
    cy = puppet("cy", by=ada, groups=("Administrators",))
    set_rank(cy, ("Administrators", "Editors"), by=root)  # vouched for, but one person with ada
    written = submitted_by(pip)
    issue_password(pop, by=cy)
    replace_password(pop)

    with pytest.raises(workflow.NotAllowed, match=r"count as one person with .* cy set that of pop"):
        workflow.approve(written, by=pop)
    with pytest.raises(workflow.NotAllowed, match="ada set that of cy"):
        workflow.approve(submitted_by(ada, "light"), by=pop)
    issue_password(cy, by=root)
    workflow.approve(written, by=pop)


def test_two_independent_administrators_who_set_passwords_leave_two_people(ada, root):
    """Also if a third one created both: each of the two was vouched for."""
    administrators = [puppet(name, by=ada, groups=("Administrators",)) for name in ("cy", "di")]
    for account in administrators:
        set_rank(account, ("Administrators", "Editors"), by=root)
    pip, pop = (puppet(name, by=by) for name, by in zip(("pip", "pop"), administrators, strict=True))

    workflow.approve(submitted_by(pip), by=pop)


def test_administrators_who_vouch_for_each_other_end_no_search(ada, bo):
    """Ada gave cy a password and bo gave di one; then cy and di each proposed a change of the other's rank."""
    cy, di = puppet("cy", by=ada, groups=("Administrators",)), puppet("di", by=bo, groups=("Administrators",))
    eve = make_user("eve", groups=("Administrators",))
    set_rank(di, ("Administrators", "Editors"), by=cy, confirmed_by=eve)
    set_rank(cy, ("Administrators", "Editors"), by=di, confirmed_by=eve)

    workflow.approve(submitted_by(cy), by=di)


def test_newly_created_moderators_are_two_people(ada, bo):
    accounts = [puppet(name, by=ada, groups=()) for name in ("pip", "pop")]
    for account in accounts:
        set_rank(account, ("Moderators",), by=ada, confirmed_by=bo)

    workflow.approve(submitted_by(accounts[0]), by=accounts[1])
    with pytest.raises(workflow.NotAllowed, match="ada set the password of pop"):  # the pair stays one
        workflow.approve(submitted_by(ada, "light"), by=accounts[1])


def test_a_site_without_the_rule_asks_nobody(pair, settings):
    settings.FOUR_EYES = False
    workflow.approve(submitted_by(pair[0]), by=pair[1])


def test_they_are_one_person_for_every_decision_that_takes_two(pair, ada, root):
    """Confirmations after an override, whole reviews, ranks, recordings, claims that were heard, and partial reviews."""
    pip, pop = pair
    episode = make_episode()
    article = make_published("light", episode=episode, by=pip, moderator=make_moderator("third"))
    claim = "The brain clears waste at night."
    with pytest.raises(workflow.NotAllowed, match=BOTH):
        workflow.confirm_citation(article, by=pop, episode=episode, start_seconds=391, end_seconds=None, claim=claim)

    episode.title = "Another title"
    save_episode(episode, ["title"], by=pop)  # applied at once if pop were somebody else
    waiting = RecordingChange.objects.get()
    assert waiting.is_waiting
    assert BOTH in why_second_person(pop, [episode])
    RecordingChange.objects.filter(pk=waiting.pk).update(proposed_by=pip)
    waiting.refresh_from_db()
    with pytest.raises(workflow.NotAllowed, match=BOTH):
        decisions.accept(waiting, by=pop)

    administrators = [puppet(name, by=ada, groups=("Administrators",)) for name in ("cy", "di")]
    change = workflow.change_rank(
        make_user("low"), workflow.Rank(("Moderators",), is_active=True), by=administrators[0]
    )
    with pytest.raises(workflow.NotAllowed, match="ada set the passwords of both di and cy"):
        workflow.confirm_rank(change, by=administrators[1])

    alone = submitted_by(administrators[0], "alone")
    workflow.approve(alone, by=administrators[0], override_reason="Nobody else is here.")
    workflow.publish(alone, by=administrators[0])
    with pytest.raises(workflow.NotAllowed, match="ada set the passwords of both di and cy"):
        workflow.confirm(alone, by=administrators[1])

    part = make_change(article, by=pip, lead="Another lead.")
    with pytest.raises(workflow.NotAllowed, match=BOTH):
        workflow.accept_in_part(part, [], by=pop, comment="Half of it.")


def test_the_page_offers_no_second_approval_to_who_may_be_the_first_person(ada):
    workflow.save_approval_rule(ApprovalRule(notice="health"))
    author = make_user("writer")
    written = make_draft("naps", by=author, notice="health")
    workflow.submit(written, by=author)
    workflow.approve(written, by=ada)
    other = puppet("other", by=ada)

    with pytest.raises(workflow.NotAllowed, match="ada set the password of other"):
        workflow.approve(written, by=other)
    available = AvailableActions(Revision.objects.get(pk=written.pk), User.objects.get(pk=other.pk))
    assert "ada set the password of other" in " ".join(available.notes)
    assert [action.name for action in available.buttons if action.is_approval] == []


def test_whoever_approved_alone_does_not_confirm_it(ada):
    """Also somebody who wrote nothing of it, such as the administrator who set its author's password."""
    pip = puppet("pip", by=ada)
    written = submitted_by(pip)
    workflow.approve(written, by=ada, override_reason="Nobody else is here.")
    workflow.publish(written, by=ada)
    other = puppet("other", by=ada)
    issue_password(pip, by=make_user("root2", is_superuser=True))

    with pytest.raises(workflow.NotAllowed, match="You approved this revision alone"):
        workflow.confirm(written, by=ada)
    with pytest.raises(workflow.NotAllowed, match="ada set the password of other"):
        workflow.confirm(written, by=other)
    for user, why in ((ada, "You approved this revision alone"), (other, "ada set the password of other")):
        available = AvailableActions(Revision.objects.get(pk=written.pk), User.objects.get(pk=user.pk))
        assert why in " ".join(available.notes)
        assert "confirm" not in [action.name for action in available.buttons]
    workflow.confirm(written, by=make_moderator("third"))


def test_one_administrator_cannot_review_alone_through_the_site(client, ada, root):
    """Ada sets two moderators' passwords, logs in as both, and chooses their next ones as if she were them."""
    accounts = [make_moderator("pip"), make_moderator("pop")]
    client.force_login(ada)
    for account in accounts:
        client.post(reverse("admin:auth_user_password_change", args=[account.pk]), {"password1": NEW, "password2": NEW})
    browsers = {}
    for account in accounts:
        browsers[account.username] = browser = Client()
        browser.post(reverse("admin:login"), {"username": account.username, "password": NEW})
        data = {"old_password": NEW, "new_password1": f"{NEW} 2", "new_password2": f"{NEW} 2"}
        browser.post(reverse("admin:password_change"), data)
    written = submitted_by(accounts[0])
    address = written.get_absolute_url()

    page = browsers["pop"].get(address)
    assert "ada set the passwords of both pop and pip" in unescape(page.text)
    assert 'value="approve"' not in page.text
    decide = reverse("admin:articles_revision_decide", args=[written.pk])
    forged = browsers["pop"].post(decide, {"act": "approve", "digest": review_digest(written)})
    assert "ada set the passwords of both pop and pip" in unescape(forged.text)
    bulk = {"act": "approve", "revision": [written.pk]}
    bulk = browsers["pop"].post(reverse("admin:queue_bulk_decide"), bulk, follow=True)
    assert "ada set the passwords of both pop and pip" in unescape(bulk.text)
    written.refresh_from_db()
    assert (written.status, written.review_set.count()) == ("submitted", 0)

    client.force_login(root)
    data = {"password1": f"{NEW} 3", "password2": f"{NEW} 3"}
    client.post(reverse("admin:auth_user_password_change", args=[accounts[1].pk]), data)
    browser = Client()
    browser.post(reverse("admin:login"), {"username": "pop", "password": f"{NEW} 3"})
    data = {"old_password": f"{NEW} 3", "new_password1": f"{NEW} 4", "new_password2": f"{NEW} 4"}
    browser.post(reverse("admin:password_change"), data)
    browser.post(decide, {"act": "approve", "digest": review_digest(written)})
    written.refresh_from_db()
    assert written.status == "approved"


@pytest.mark.parametrize("others", [1, 5])
def test_the_number_of_queries_does_not_depend_on_the_number_of_accounts(ada, others, django_assert_num_queries):
    accounts = [puppet(f"pip{number}", by=ada) for number in range(others + 1)]
    with django_assert_num_queries(2), pytest.raises(workflow.NotAllowed):
        require_two_people(accounts[0], [account.pk for account in accounts[1:]])
