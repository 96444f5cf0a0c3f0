"""Rows that no log covers are in the signed record: what SQL does to them is noticed, what the site does isn't reported."""

import io

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.urls import reverse

from articles import workflow
from articles.models import Article, ChainLink, Comment, Contributor, LogEntry, Profile, RowRecord
from articles.workflow.collaboration import comments
from articles.workflow.governance.permissions import ensure_groups
from articles.workflow.history import audit_log, chain, names, rows
from tests.support.factories import make_draft, make_moderator, make_user, publish_by_workflow

from .test_chain import problems, sql
from .test_tampering import integrity_problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_user()


ACCOUNTS = {
    "a superuser": "UPDATE auth_user SET is_superuser = NOT is_superuser WHERE username = 'editor'",
    "a blocked account": "UPDATE auth_user SET is_active = NOT is_active WHERE username = 'editor'",
    "a password": "UPDATE auth_user SET password = 'x' WHERE username = 'editor'",
    "an address": "UPDATE auth_user SET email = 'x@example.org' WHERE username = 'editor'",
    "a name": "UPDATE auth_user SET first_name = 'x' WHERE username = 'editor'",
    "a group": "INSERT INTO auth_user_groups (user_id, group_id) SELECT u.id, g.id FROM auth_user u, auth_group g"
    " WHERE u.username = 'editor' AND g.name = 'Administrators'",
    "no group": "DELETE FROM auth_user_groups",
    "a permission": "INSERT INTO auth_user_user_permissions (user_id, permission_id) SELECT u.id, p.id FROM auth_user u,"
    " auth_permission p WHERE u.username = 'editor' AND p.codename = 'erase_revision'",
    "a permission of a group": "INSERT INTO auth_group_permissions (group_id, permission_id) SELECT g.id, p.id"
    " FROM auth_group g, auth_permission p WHERE g.name = 'Editors' AND p.codename = 'erase_revision'",
    "a permission of another name": "UPDATE auth_permission SET codename = 'x' WHERE codename = 'change_revision'",
    "a new account": "INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff,"
    " is_active, date_joined) SELECT password, is_superuser, 'x', '', '', '', is_staff, is_active, date_joined"
    " FROM auth_user WHERE username = 'editor'",
    "a new group": "INSERT INTO auth_group (name) VALUES ('x')",
}


@pytest.mark.parametrize("statement", ACCOUNTS.values(), ids=ACCOUNTS)
def test_ranks_that_nobody_granted_on_the_site_are_noticed(statement, editor):
    assert problems() == integrity_problems() == []

    sql(statement)

    assert "Rows differ from what the site last wrote into them." in problems()[-1]
    assert any("signing_key --vouch" in line for line in integrity_problems())


def test_everything_that_django_does_to_accounts_is_recorded(editor, client, root, monkeypatch):
    call_command("createsuperuser", username="chief", email="chief@example.org", interactive=False, verbosity=0)
    call_command("demo_accounts", reset=True, stdout=io.StringIO())
    group = Group.objects.create(name="Guests")
    permission = Permission.objects.get(codename="delete_user")  # which no role has
    group.permissions.add(permission)
    group.user_set.add(editor)
    assert problems() == []
    group.user_set.clear()
    permission.user_set.add(editor)
    permission.group_set.clear()
    editor.user_permissions.clear()
    editor.groups.set([group])
    group.delete()
    assert problems() == []
    editor.set_password("another one, quite long")
    editor.save(update_fields=["password"])
    client.force_login(root)  # sets `last_login`, which isn't covered
    make_user("visitor").delete()

    assert problems() == integrity_problems() == []


def test_a_write_on_the_site_does_not_cover_up_what_sql_did_before(editor):
    sql("UPDATE auth_user SET is_superuser = NOT is_superuser WHERE username = 'editor'")
    editor = User.objects.get(username="editor")
    editor.set_password("another one, quite long")
    editor.save()

    assert any("“editor”: it isn’t what the site last wrote" in line for line in problems())
    call_command("signing_key", vouch=True, verbosity=0)
    assert problems() == []


def test_saving_a_profile_does_not_cover_up_what_sql_did_before():
    moderator = make_moderator()
    profile = workflow.save_profile(Profile(user=moderator, name="Ines", slug="ines"), by=moderator)
    workflow.save_profile(profile, by=moderator)
    assert problems() == []
    sql("UPDATE articles_profile SET name = 'Somebody'")
    profile.refresh_from_db()
    workflow.save_profile(profile, by=moderator)

    assert any("it isn’t what the site last wrote" in line for line in problems())


def test_permissions_of_their_own_are_logged(client, root, editor):
    client.force_login(root)
    permission = Permission.objects.get(codename="view_topic")
    data = {"username": "editor", "is_active": "on", "is_staff": "on", "user_permissions": [permission.pk]}
    data |= {"groups": list(editor.groups.values_list("pk", flat=True)), "email": editor.email}

    client.post(reverse("admin:auth_user_change", args=[editor.pk]), data)

    change = workflow.Rank.of(editor).permissions
    assert change == ("articles.view_topic",)
    assert integrity_problems() == []
    sql("DELETE FROM auth_user_user_permissions")
    assert any("its groups, permissions and flags aren’t those" in line for line in integrity_problems())


def make_comment():
    editor, moderator = make_user("author"), make_moderator()
    draft = make_draft(by=editor)
    workflow.submit(draft, by=editor)
    return comments.add(draft, by=moderator, text="Is that so?")


def test_an_earlier_state_put_back_is_noticed(without_triggers):
    comment = make_comment()
    first = RowRecord.objects.get(table="articles_comment")
    comments.resolve(comment, by=comment.by)
    assert problems() == []

    with without_triggers():
        sql("UPDATE articles_comment SET resolved_at = NULL, resolved_by_name = ''")
        sql("UPDATE articles_rowrecord SET salt = %s WHERE id = %s", first.salt, first.pk)
        columns = '"table", "row", at, salt, sealed, digest, proof'
        copied = f"SELECT {columns} FROM articles_rowrecord WHERE id = %s"  # noqa: S608  (names of our own)
        sql(f"INSERT INTO articles_rowrecord ({columns}) {copied}", first.pk)

    assert any("it is a copy of an earlier one" in line for line in problems())


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM articles_rowrecord WHERE \"table\" = 'articles_comment'",
        "UPDATE articles_rowrecord SET row = 99 WHERE \"table\" = 'articles_comment'",
        "UPDATE articles_rowrecord SET sealed = '' WHERE \"table\" = 'articles_comment'",
        "UPDATE articles_rowrecord SET salt = '' WHERE \"table\" = 'articles_comment'",
    ],
)
def test_a_changed_record_is_noticed(statement, without_triggers):
    make_comment()
    with without_triggers():
        sql(statement.replace("SET row", 'SET "row"'))

    assert problems() != []


def test_only_the_latest_record_keeps_its_salt():
    comment = make_comment()
    comments.resolve(comment, by=comment.by)
    comments.reopen(comment, by=comment.by)

    salts = RowRecord.objects.filter(table="articles_comment").values_list("salt", flat=True)
    assert [len(salt) for salt in salts] == [0, 0, 32]


def test_rows_and_entries_that_no_process_with_the_key_added_are_not_signed(without_triggers):
    """The chain isn't keyed: anyone can append an entry with the right digests. Only the proof is missing."""
    article = publish_by_workflow("sleep")
    article.refresh_from_db()
    last = article.logentry_set.last()
    chain.seal()
    forged = LogEntry(
        article=article, action=LogEntry.Action.PROTECTED, by=last.by, by_name=last.by_name, account=last.account,
        at=last.at, note="Why not.", number=last.number + 1, name_seal=names.new_seal(), proof="f" * 64,
    )  # fmt: skip
    forged.digest = audit_log.entry_digest(forged, last.digest)
    forged.save(force_insert=True)
    Article.objects.update(log_length=forged.number, log_digest=forged.digest, is_protected=True)
    before = integrity_problems()
    number = chain.newest().number + 1

    assert any("no process with the key wrote what it is about" in line for line in before)
    make_user("somebody")
    assert problems()[0].startswith(f"site chain: link {number}: it isn’t signed: no process with the key wrote")
    assert ChainLink.objects.get(number=number).signature == ""
    assert chain.newest().signature != ""


def test_every_row_written_before_records_is_recorded_by_the_upgrade(without_triggers):
    make_comment()
    chain.seal()
    with without_triggers():
        sql("DELETE FROM articles_rowrecord")
        sql("DELETE FROM articles_chainlink WHERE article_key = 0")
        sql("UPDATE articles_chainlink SET number = NULL, digest = '', key_id = '', signature = ''")
    assert {model for model, _ in rows.vouch()} == {Group, User, Comment, Contributor}
    assert problems() == []
    assert rows.vouch() == []


def test_resetting_the_groups_undoes_a_forged_permission_without_a_trace_of_vouching(editor):
    sql(ACCOUNTS["a permission of a group"])
    assert problems() != []

    ensure_groups()

    assert problems() == []
