"""Nobody raises themselves: ranks change by a superuser or by two administrators, and no two people share a name."""

import html
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.auth.models import Group, Permission, User
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from articles import workflow
from articles.core.markdown import RENDERER_VERSION
from articles.models import Confirmation, Contributor, RankChange, Rendering
from tests.support.clients import logged_in
from tests.support.factories import delete_as_before, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "another long test password"
ACTIVE = {"is_active": "on", "is_staff": "on"}


def administrator(name):
    return make_user(name, groups=("Administrators",))


@pytest.fixture
def ada():
    return administrator("ada")


@pytest.fixture
def bo():
    return administrator("bo")


def save(client, account, groups=(), **data):
    """Post the form of an account with its current values, `groups` and `data`; return the final response."""
    values = {name: getattr(account, name) for name in ("username", "first_name", "last_name", "email")}
    values |= {"groups": list(Group.objects.filter(name__in=groups).values_list("pk", flat=True)), **ACTIVE, **data}
    values |= {"date_joined_0": "2030-01-01", "date_joined_1": "00:00:00"}
    response = client.post(reverse("admin:auth_user_change", args=[account.pk]), values, follow=True)
    account.refresh_from_db()
    return response


def names_of(account):
    return sorted(account.groups.values_list("name", flat=True))


def reset_password(client, account):
    data = {"password1": PASSWORD, "password2": PASSWORD}
    response = client.post(reverse("admin:auth_user_password_change", args=[account.pk]), data)
    account.refresh_from_db()
    return response.status_code, account.check_password(PASSWORD)


@pytest.mark.parametrize("data", [{}, {"is_superuser": "on"}, {"user_permissions": ["1"]}])
@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_changes_their_own_rank(client, ada, data, is_superuser):
    if is_superuser:
        ada = make_user("root", groups=("Administrators",), is_superuser=True)
    client.force_login(ada)

    save(client, ada, ["Moderators"], **data)

    assert (names_of(ada), ada.is_superuser, ada.user_permissions.count()) == (["Administrators"], is_superuser, 0)
    assert RankChange.objects.count() == 0


def test_two_administrators_change_a_rank_together_and_it_is_logged(client, ada, bo, editor):
    client.force_login(ada)
    page = save(client, editor, ["Moderators"], first_name="Edi")
    change = RankChange.objects.get()
    assert "another administrator has to confirm it" in page.text
    assert (names_of(editor), editor.first_name) == (["Editors"], "Edi")
    address = reverse("admin:articles_rankchange_changelist")
    chosen = {"action": "confirm", "_selected_action": [change.pk]}
    assert "You proposed this change" in client.post(address, chosen, follow=True).text
    assert names_of(editor) == ["Editors"]

    client.force_login(bo)
    assert "Changed the rank of editor." in client.post(address, chosen, follow=True).text

    change.refresh_from_db()
    assert names_of(editor) == ["Moderators"]
    assert (change.before["groups"], change.after["groups"]) == (["Editors"], ["Moderators"])
    assert (change.outcome, change.proposed_by, change.decided_by) == ("done", ada, bo)
    listed = client.get(address).text
    assert "Editors, staff, active" in listed
    assert "Moderators, staff, active" in listed


def test_a_refused_change_of_a_rank_is_not_said_or_logged_to_be_made(client, ada, editor):
    client.force_login(ada)
    save(client, editor, ["Moderators"])

    refused = save(client, editor, ["Administrators"])
    in_part = save(client, editor, ["Administrators"], first_name="Edi")

    refusal = "Another change of this account waits for a second administrator. Decide on it first."
    assert [message.message for message in refused.context["messages"]] == [refusal]
    assert [message.level_tag for message in in_part.context["messages"]] == ["error", "success"]
    logged = AdminEntry.objects.filter(object_id=editor.pk).order_by("pk")
    assert [entry.get_change_message() for entry in logged] == [
        "Proposed, to be confirmed: Groups.",
        "No fields changed.",
        "Changed First name.",
    ]


def test_a_refused_form_shows_the_account_that_is_stored(client, ada, editor):
    client.force_login(ada)

    response = save(client, editor, ["Editors"], username="renamed", email="not an address")

    assert response.context["adminform"].form.errors.keys() == {"email"}
    assert "<h1>editor</h1>" in response.text
    assert response.context["subtitle"] == "editor"
    assert 'value="renamed"' in response.text


def test_a_superuser_changes_a_rank_alone_and_it_is_logged(client, root, editor):
    client.force_login(root)

    save(client, editor, ["Administrators"], is_superuser="on")

    assert (names_of(editor), editor.is_superuser) == (["Administrators"], True)
    change = RankChange.objects.get()
    assert (change.outcome, change.proposed_by, change.decided_by) == ("done", root, root)


def test_administrators_edit_nothing_of_an_account_at_or_above_their_own(client, ada, bo, root):
    client.force_login(ada)

    for account, name in ((root, "root"), (bo, "bo")):
        save(client, account, ["Editors"], email="ada@example.org", username="mine")
        assert reset_password(client, account) == (403, False)
        assert (account.username, account.email) == (name, f"{name}@example.org")
    assert names_of(bo) == ["Administrators"]
    assert [change.account for change in RankChange.objects.all()] == [bo]
    root.is_active = False
    root.save()
    assert reset_password(client, root) == (403, False)


def test_administrators_edit_accounts_below_theirs(client, ada, moderator):
    client.force_login(ada)

    save(client, moderator, ["Moderators"], email="new@example.org")

    assert moderator.email == "new@example.org"
    assert reset_password(client, moderator) == (302, True)
    assert RankChange.objects.count() == 0


def test_a_permission_of_their_own_puts_an_account_above_an_administrators(client, ada, editor):
    editor.user_permissions.add(Permission.objects.get(codename="delete_user"))
    client.force_login(ada)

    assert reset_password(client, editor) == (403, False)


def test_a_new_account_of_an_administrator_is_inactive_until_another_confirms(client, ada, bo):
    client.force_login(ada)
    data = {"username": "newcomer", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    page = client.post(reverse("admin:auth_user_add"), data, follow=True)
    newcomer = User.objects.get(username="newcomer")
    assert "The account is inactive" in page.text
    assert (newcomer.is_active, newcomer.is_staff, names_of(newcomer)) == (False, False, [])

    save(client, newcomer, ["Moderators"])
    assert (newcomer.is_active, names_of(newcomer)) == (False, [])
    workflow.confirm_rank(RankChange.objects.get(), by=bo)

    newcomer.refresh_from_db()
    assert (newcomer.is_active, newcomer.is_staff, names_of(newcomer)) == (True, True, ["Moderators"])


def test_a_new_account_of_a_superuser_is_active(client, root):
    client.force_login(root)
    data = {"username": "newcomer", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}

    client.post(reverse("admin:auth_user_add"), data)

    assert User.objects.get(username="newcomer").is_active
    assert RankChange.objects.get().after["is_active"] is True


def test_an_administrator_blocks_a_lower_account_alone_but_not_a_peer(client, ada, bo, editor):
    client.force_login(ada)

    save(client, editor, ["Editors"], is_active="")
    save(client, bo, ["Administrators"], is_active="")

    assert (editor.is_active, bo.is_active) == (False, True)


def test_a_proposal_is_refused_to_outsiders_twice_and_after_another_change(ada, bo, editor, moderator, root):
    rank = workflow.Rank(("Moderators",), is_staff=True, is_active=True)
    change = workflow.change_rank(editor, rank, by=ada)

    with pytest.raises(workflow.InvalidTransition, match="waits for a second administrator"):
        workflow.change_rank(editor, workflow.Rank(is_active=True), by=bo)
    with pytest.raises(workflow.NotAllowed, match="isn’t allowed to change accounts"):
        workflow.confirm_rank(change, by=moderator)
    with pytest.raises(workflow.NotAllowed, match="Only superusers"):
        workflow.change_rank(root, rank, by=ada)
    own = workflow.change_rank(bo, rank, by=ada)
    with pytest.raises(workflow.NotAllowed, match="Nobody changes their own groups"):
        workflow.confirm_rank(own, by=bo)
    editor.groups.clear()
    with pytest.raises(workflow.InvalidTransition, match="has changed since"):
        workflow.confirm_rank(change, by=bo)
    workflow.reject_rank(change, by=bo)
    with pytest.raises(workflow.InvalidTransition, match="already decided"):
        workflow.reject_rank(change, by=ada)


@pytest.mark.parametrize("how", ["one by one", "together"])
def test_an_account_with_a_history_is_deactivated_instead_of_deleted(client, root, people, how):
    make_published(**people)
    author, unused = people["by"], make_user("unused")
    client.force_login(root)
    told = []
    if how == "together":
        data = {"action": "delete_selected", "_selected_action": [author.pk, unused.pk], "post": "yes"}
        told += client.post(reverse("admin:auth_user_changelist"), data, follow=True).context["messages"]
    else:
        for account in (author, unused):
            address = reverse("admin:auth_user_delete", args=[account.pk])
            told += client.post(address, {"post": "yes"}, follow=True).context["messages"]

    author.refresh_from_db()
    assert str(told[0]) == ("The account “editor” has a history, so it was deactivated instead. Its name stays taken.")
    assert len(told) == 2
    assert "deleted" in str(told[1])
    assert "2" not in str(told[1])
    assert (author.is_active, names_of(author)) == (False, [])
    assert Contributor.objects.get().user == author
    assert not User.objects.filter(username="unused").exists()
    notes = AdminEntry.objects.filter(object_id=author.pk).values_list("change_message", flat=True)
    assert list(notes) == ["Deactivated instead of deleted."]


def test_the_confirmation_says_who_is_deactivated_instead(client, root, people):
    make_published(**people)
    author, unused = people["by"], make_user("unused")
    client.force_login(root)
    kept = "has a history, so this account is deactivated, not deleted. Its name stays taken."
    data = {"action": "delete_selected", "_selected_action": [author.pk, unused.pk]}

    alone = client.get(reverse("admin:auth_user_delete", args=[author.pk]))
    other = client.get(reverse("admin:auth_user_delete", args=[unused.pk]))
    both = client.post(reverse("admin:auth_user_changelist"), data)

    assert f"<p>editor {kept}</p>" in alone.text
    assert "It will delete:" not in alone.text
    assert ">Deactivate</button>" in alone.text
    assert kept not in other.text
    assert "users: 1" in other.text
    assert f"<p>editor {kept}</p>" in both.text
    assert "users: 1" in both.text
    assert ">Delete or deactivate</button>" in both.text


def test_nobody_deletes_their_own_account_and_administrators_none(client, root, ada, editor):
    for user, account in ((root, root), (ada, editor)):
        client.force_login(user)
        response = client.post(reverse("admin:auth_user_delete", args=[account.pk]), {"post": "yes"})
        assert response.status_code == 403
    assert User.objects.filter(pk__in=[root.pk, editor.pk], is_active=True).count() == 2


@pytest.mark.parametrize("name", ["editor", "Editor", "ｅｄｉｔｏｒ"])
@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_name_that_stands_for_another_person_is_refused(client, root, people, name, is_deleted):
    make_published(**people)
    if is_deleted:  # by an earlier version, which allowed it
        delete_as_before(people["by"])
    client.force_login(root)
    data = {"username": name, "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}

    added = client.post(reverse("admin:auth_user_add"), data)
    save(client, people["moderator"], ["Moderators"], username=name)
    save(client, people["moderator"], ["Moderators"], first_name=name)

    assert added.status_code == 200
    assert "name" in str(added.context["adminform"].form.errors)
    assert (people["moderator"].username, people["moderator"].first_name) == ("moderator", "")


# Confirmations ------------------------------------------------------------------------------------


def hear(article, by, claim="The brain clears waste at night."):
    episode = article.published_revision.source_set.get().episode
    place = {"episode": episode, "start_seconds": 391, "end_seconds": None, "claim": claim}
    return workflow.confirm_citation(article, by=by, **place)


def test_nobody_confirms_a_claim_of_their_own(people, root, settings):
    article = make_published(episode=make_episode(), **people)

    with pytest.raises(workflow.NotAllowed, match="You helped to write the text"):
        hear(article, people["by"])
    with pytest.raises(workflow.NotAllowed, match="You helped to write the text"):
        hear(article, root, claim="A claim that no text makes yet.")
    assert Confirmation.objects.count() == 0
    assert hear(article, people["moderator"]).by == people["moderator"]
    settings.FOUR_EYES = False
    workflow.withdraw_confirmation(Confirmation.objects.get(), by=people["moderator"])
    assert hear(article, people["by"]).by == people["by"]


def test_judgements_respect_protection(people):
    article = make_published(episode=make_episode(), **people)
    moderator, other = make_moderator("other"), make_user("second")
    heard = hear(article, other)
    workflow.protect(article, by=moderator, reason="A dispute.")

    for judge in (
        lambda: workflow.withdraw_confirmation(heard, by=other),
        lambda: hear(article, other),
        lambda: workflow.dismiss(article, by=other, code="x", subject="y", text="z", reason="heard"),
        lambda: workflow.exempt(article, by=other, section_key=None, reason="None."),
    ):
        with pytest.raises(workflow.NotAllowed, match="This article is protected"):
            judge()
    workflow.withdraw_confirmation(heard, by=moderator)


@pytest.mark.parametrize(
    "delete", [lambda account: account.delete(), lambda account: User.objects.filter(pk=account.pk).delete()]
)
def test_no_code_deletes_an_account_with_a_history(people, delete):
    article = make_published(**people)

    with pytest.raises(ProtectedError, match="editor has a history and can’t be deleted"), transaction.atomic():
        delete(people["by"])

    article.refresh_from_db()
    assert article.published_revision.author == people["by"]
    bystander = make_user("bystander")
    delete(bystander)
    assert not User.objects.filter(username="bystander").exists()


def test_no_statement_deletes_an_account_with_a_history(people):
    make_published(**people)

    def delete():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM auth_user_groups WHERE user_id = %s", [people["by"].pk])
            cursor.execute("DELETE FROM auth_user WHERE id = %s", [people["by"].pk])
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        delete()


def test_the_log_says_that_a_rank_was_proposed_and_what_else_changed(client, ada, editor):
    client.force_login(ada)

    save(client, editor, ["Moderators"], first_name="Edi")
    save(client, make_user("second"), ["Moderators"])

    entries = AdminEntry.objects.filter(user=ada).order_by("pk")
    assert [entry.get_change_message() for entry in entries] == [
        "Changed First name. Proposed, to be confirmed: Groups.",
        "Proposed, to be confirmed: Groups.",
    ]


def test_a_proposal_alone_is_not_called_a_change(client, ada, editor):
    client.force_login(ada)

    proposed = save(client, editor, ["Moderators"]).text
    assert "another administrator has to confirm it" in proposed
    assert "was changed successfully" not in proposed
    assert "was changed successfully" in save(client, make_user("second"), ["Moderators"], first_name="Edi").text


def test_the_editor_and_the_review_page_offer_confirmation_only_to_others(people):
    article = make_published(episode=make_episode(), **people)
    address = reverse("admin:articles_article_change", args=[article.pk])
    review = article.published_revision.get_absolute_url()
    reason, button = (
        "You helped to write the text that this claim first stood in, so someone else has to confirm it.",
        'value="confirm:',
    )

    own, other = (logged_in(person).get(address).text for person in (people["by"], people["moderator"]))
    assert (reason in own, button in own) == (True, False)
    assert (reason in other, button in other) == (False, True)
    own, other = (logged_in(person).get(review).text for person in (people["by"], people["moderator"]))
    assert (reason in own, 'name="citation"' in own) == (True, False)
    assert (reason in other, 'name="citation"' in other) == (False, True)


@pytest.mark.parametrize(("four_eyes", "active"), [(True, ["moderator"]), (False, ["editor", "moderator"])])
def test_confirmations_of_own_claims_from_before_are_withdrawn(people, settings, four_eyes, active):
    settings.FOUR_EYES = False
    article = make_published(episode=make_episode(), **people)
    other = make_published("naps", title="Naps", by=people["moderator"], episode=article.published_revision.source_set.get().episode, moderator=people["by"])  # fmt: skip
    citation = article.published_revision.citation_set.get()
    moment = {name: getattr(citation, name) for name in ("episode", "start_seconds", "end_seconds", "claim")}
    workflow.confirm_citation(article, by=people["by"], **moment)
    workflow.confirm_citation(other, by=people["moderator"], **moment)
    settings.FOUR_EYES = four_eyes

    import_module("articles.migrations.0025_own_confirmations").withdraw_own(apps, None)

    assert [row.by_name for row in Confirmation.objects.active()] == active
    versions = Rendering.objects.filter(revision=article.published_revision).values_list("renderer_version", flat=True)
    assert list(versions) == [0 if four_eyes else RENDERER_VERSION]


def test_a_second_administrator_is_told_and_decides_on_the_page_of_the_change(ada, bo):
    account = make_user("eve", groups=())
    saved = save(logged_in(ada), account, groups=["Editors"])
    change = RankChange.objects.get(account=account)
    page = reverse("admin:articles_rankchange_change", args=[change.pk])

    assert f'<a href="{page}">View change</a>' in saved.text
    assert "change of rank waits" not in logged_in(ada).get("/admin/").text
    assert "1 change of rank waits for another administrator." in logged_in(bo).get("/admin/").text
    assert 'value="confirm"' not in logged_in(ada).get(page).text
    assert "another administrator has to confirm it. To take it back, reject it." in logged_in(ada).get(page).text
    assert 'value="confirm"' in logged_in(bo).get(page).text

    changes = reverse("admin:articles_rankchange_changelist")
    own = {"action": "confirm", "index": "0", "_selected_action": change.pk}
    assert "“eve”: You proposed this change" in html.unescape(logged_in(ada).post(changes, own, follow=True).text)
    logged_in(bo).post(changes, own)
    change.refresh_from_db()
    assert (change.outcome, names_of(account)) == ("done", ["Editors"])
    assert 'value="reject"' not in logged_in(bo).get(page).text


def test_the_list_of_accounts_shows_who_is_blocked(ada):
    make_user("eve", is_active=False)

    assert "column-is_active" in logged_in(ada).get(reverse("admin:auth_user_changelist")).text


def test_the_form_for_a_new_account_names_no_present_password(admin_client):
    account = make_user("ida")

    new = admin_client.get("/admin/auth/user/add/").text
    existing = admin_client.get(f"/admin/auth/user/{account.pk}/password/").text

    rule = "The password can’t be the account’s present one."
    assert (rule in new, rule in existing) == (False, True)
    assert "at least 12 characters" in new
