"""Judgements that nobody made, changed or took back on the site are noticed: each kind, added, changed and deleted."""

import pytest

from articles import workflow
from articles.models import Confirmation, Dismissal, Exemption
from tests.support.factories import make_episode, make_moderator, make_user, publish_by_workflow
from tests.support.scenarios import tampering

from .test_chain import problems, sql

KINDS = [Confirmation, Dismissal, Exemption]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def _rows(module_rows):
    """A judgement of each kind that was taken back, and one that wasn't."""
    episode, moderator = make_episode(), make_moderator()
    by = make_user()
    article = publish_by_workflow("sleep", by=by, moderator=moderator, episode=episode)
    publish_by_workflow("naps", by=by, moderator=moderator, episode=make_episode("another"))
    claim = article.published_revision.citation_set.get().claim
    made = {"episode": episode, "start_seconds": 391, "end_seconds": None, "claim": claim}
    confirmation = workflow.confirm_citation(article, by=moderator, **made)
    flag = {"code": "lint", "subject": "a" * 64, "text": "A text.", "reason": "other", "note": "It is fine."}
    dismissal = workflow.dismiss(article, by=moderator, **flag)
    exemption = workflow.exempt(article, by=moderator, section_key=None, reason="A summary.")
    assert problems() == []
    workflow.withdraw_confirmation(confirmation, by=moderator)
    workflow.withdraw_dismissal(dismissal, by=moderator)
    workflow.withdraw_exemption(exemption, by=moderator)
    workflow.confirm_citation(article, by=moderator, **made)
    workflow.dismiss(article, by=moderator, **flag)
    workflow.exempt(article, by=moderator, section_key=None, reason="A summary.")
    assert problems() == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", ["addition", "deletion"])
def test_one_that_was_added_or_deleted_is_noticed(kind, what):
    if what == "addition":  # one active judgement of a kind is unique
        columns = [f.column for f in kind._meta.concrete_fields if f.column not in {"id", "withdrawn_at"}]
        names = ", ".join(columns)
        table = kind._meta.db_table
        sql(f"INSERT INTO {table} (withdrawn_at, {names}) SELECT at, {names} FROM {table} WHERE withdrawn_at IS NULL")  # noqa: S608
    else:
        sql(f"DELETE FROM {kind._meta.db_table} WHERE withdrawn_at IS NULL")  # noqa: S608

    found = problems()
    assert any(line.startswith("sleep: ") for line in found)
    assert found[-1].endswith("Rows differ from what the site last wrote into them.") or "broken" in found[-1]


COLUMNS = [(kind, field.column) for kind in KINDS for field in kind._meta.concrete_fields if not field.primary_key]


@pytest.mark.parametrize(("kind", "column"), COLUMNS)
def test_a_changed_column_is_noticed(kind, column):
    (change,) = (found for found in tampering.manipulations(kind) if found[0] == column)
    sql(change[1], *change[2])

    assert any(f"{kind._meta.verbose_name} " in line for line in problems())


@pytest.mark.parametrize("kind", KINDS)
def test_a_forged_withdrawal_and_an_undone_one_are_noticed(kind):
    table = kind._meta.db_table
    sql(f"UPDATE {table} SET withdrawn_at = at, withdrawn_by_name = by_name WHERE withdrawn_at IS NULL")  # noqa: S608
    assert problems() != []
    sql(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})")  # noqa: S608
    sql(f"UPDATE {table} SET withdrawn_at = NULL, withdrawn_by_name = ''")  # noqa: S608
    assert problems() != []
