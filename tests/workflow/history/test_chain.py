"""The chain over all articles notices what is missing, whoever removed it."""

import io
import re

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import ChainLink, LogEntry
from articles.workflow.history import chain
from tests.support.factories import make_draft, make_published, make_user, publish_by_workflow

pytestmark = pytest.mark.django_db


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def problems():
    """Return what verify_history reports, as a list of lines; the last one is its exit message, if it fails."""
    errors = io.StringIO()
    try:
        call_command("verify_history", stdout=io.StringIO(), stderr=errors)
    except CommandError as error:
        return [*errors.getvalue().splitlines(), str(error)]
    return errors.getvalue().splitlines()


# In an order that foreign keys allow.
TABLES = ["logentry", "review", "contributor", "citation", "link", "section", "source", "lintissue", "draftversion"]


def remove(article):
    """Delete an article with everything that belongs to it, as somebody with access to the database could."""
    pk = article.pk
    sql("UPDATE articles_article SET published_revision_id = NULL WHERE id = %s", pk)
    sql("DELETE FROM articles_notice WHERE article_id = %s", pk)
    sql("DELETE FROM articles_logentry WHERE article_id = %s", pk)
    sql("DELETE FROM articles_searchentry WHERE article_id = %s", pk)
    sql("DELETE FROM articles_relatedarticles_related WHERE article_id = %s OR relatedarticles_id = %s", pk, pk)
    sql("DELETE FROM articles_relatedarticles WHERE article_id = %s", pk)
    of_article = "(SELECT id FROM articles_revision WHERE article_id = %s)"
    for table in [*TABLES[1:], "rendering"]:
        sql(f"DELETE FROM articles_{table} WHERE revision_id IN {of_article}", pk)  # noqa: S608
    sql("DELETE FROM articles_revision WHERE article_id = %s", pk)
    sql("DELETE FROM articles_article WHERE id = %s", pk)


@pytest.mark.parametrize(
    "make", [publish_by_workflow, make_published, lambda slug, by: make_draft(slug, by=by).article]
)
def test_a_removed_article_is_reported(make, without_triggers):
    by = make_user()
    make("sleep", by=by)
    article = make("naps", by=by)
    count = article.logentry_set.count()
    assert problems() == []
    with without_triggers():
        remove(article)

    *of_rows, found, message = problems()

    pattern = (
        rf"article {article.pk}: the whole article: it is missing, with {count} log entries up to \d{{4}}-\d\d-\d\d"
    )
    assert re.fullmatch(pattern, found)
    assert message.startswith("The history of 1 of 2 articles is broken.")
    assert all(re.fullmatch(r"rows: contributor \d+: it is missing", line) for line in of_rows)


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_sealed_at_its_end(monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 2)
    by = make_user()
    with chain.sealed_at_end():
        make_published("tides", by=by)
        publish_by_workflow("sleep", by=by)
        of_logs = ChainLink.objects.unsealed().exclude(article_key=0)
        assert of_logs.count() == LogEntry.objects.count() > 4

    assert not ChainLink.objects.unsealed().exists()
    assert problems() == []
    publish_by_workflow("naps", by=by)
    assert not ChainLink.objects.unsealed().exists()


def test_a_rewritten_log_is_reported(without_triggers):
    article = publish_by_workflow("sleep")
    workflow.protect(article, by=User.objects.get(username="moderator"), reason="Edit wars.")
    with without_triggers():  # its own chain is made to match
        sql("DELETE FROM articles_logentry WHERE number = 6")
        digest = LogEntry.objects.get(number=5).digest
        sql("UPDATE articles_article SET log_length = 5, log_digest = %s, is_protected = %s", digest, False)

    assert problems() == [
        f"{article.slug}: log entry 6: it differs from what the site’s chain recorded",
        "The history of 1 of 1 article is broken. `manage.py check_integrity` says what to do about each.",
    ]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM articles_chainlink WHERE number = 12", "link 12: it is missing; link 13 is in its place"),
        ("UPDATE articles_chainlink SET digest = 'x' WHERE number = 3", "link 3: it differs from what was recorded"),
        (
            "UPDATE articles_chainlink SET entry_number = 90 WHERE number = 14",
            "link 14: it differs from what was recorded",
        ),
    ],
)
def test_a_change_of_the_chain_itself_is_reported(statement, found, without_triggers):
    publish_by_workflow("sleep")
    chain.seal()
    with without_triggers():
        sql(statement)

    reported = problems()

    assert reported[0] == f"site chain: {found}"
    assert reported[-1].startswith("The site’s chain is broken.")


def test_a_noted_head_shows_that_the_end_was_removed(without_triggers):
    publish_by_workflow("sleep")
    kept = str(chain.head())
    article = make_published("naps", by=make_user("second"))
    noted = str(chain.head())
    with without_triggers():
        remove(article)
        sql("DELETE FROM articles_chainlink WHERE number > %s", int(kept.partition(":")[0]))

    # Only the chain itself is as it was; the records of accounts and contributors have more.
    assert not any(line.startswith("site chain") for line in problems())
    for wrong in (noted, f"1:{kept.partition(':')[2]}"):
        with pytest.raises(CommandError, match="The site’s chain doesn’t contain"):
            call_command("verify_history", head=wrong, verbosity=0)
    with pytest.raises(CommandError, match="Rows differ"):
        call_command("verify_history", head=kept, verbosity=0)


@pytest.mark.parametrize("typed", ["", "x", ":", "3", "3:", "3:abc", f"{'9' * 40}:{'a' * 64}", f"3:{'a' * 63}"])
def test_what_cannot_be_a_head_is_no_alarm(typed):
    with pytest.raises(CommandError, match=f"^--head “{typed}” isn’t a head of the chain. Give it as on /record/"):
        call_command("verify_history", head=typed, verbosity=0)


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM articles_chainlink", "UPDATE articles_chainlink SET at = at, digest = 'x'"],
)
def test_a_sealed_link_cannot_be_changed(statement):
    publish_by_workflow("sleep")
    chain.seal()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(statement)


def test_links_follow_the_log_and_sealing_again_changes_nothing():
    people = {"by": make_user(), "moderator": make_user("moderator", groups=("Moderators",))}
    second = make_user("second")
    chain.seal()
    earlier = chain.newest().number
    article = publish_by_workflow("sleep", **people)

    assert chain.seal() == 6  # one of them for the contributor
    assert LogEntry.objects.count() == 5
    before = chain.head()
    assert chain.seal() == 0
    assert chain.head() == before == chain.head_of(article)
    make_draft("naps", by=second)
    assert chain.head().number == earlier + 9
    assert chain.head_of(article) == before
    assert list(ChainLink.objects.sealed().values_list("number", flat=True)) == list(range(1, earlier + 10))


def test_the_chain_is_sealed_after_the_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        publish_by_workflow("sleep")

    assert not ChainLink.objects.unsealed().exists()
    assert ChainLink.objects.sealed().exclude(article_key=0).count() == 5


def test_the_chain_of_a_new_site_has_only_its_groups():
    links = ChainLink.objects.filter(number__lte=chain.head().number)
    assert set(links.values_list("article_key", flat=True)) == {0}
    assert problems() == []


def test_the_record_of_one_article_is_verified_without_the_chain(without_triggers, capsys):
    make_published("sleep")
    gone = make_published("naps", by=make_user("second"))
    with without_triggers():
        remove(gone)

    call_command("verify_history", article="sleep")

    assert capsys.readouterr().out == "The history of 1 article is intact.\n"


def test_a_missing_revision_is_named(without_triggers):
    publish_by_workflow("sleep")
    with without_triggers(), transaction.atomic():
        sql("DELETE FROM articles_revision")
        found = problems()
        transaction.set_rollback(True)  # foreign keys are checked at the end

    assert found == [
        "sleep: log entry 2: its revision is missing",
        "The history of 1 of 1 article is broken. `manage.py check_integrity` says what to do about each.",
    ]


def test_links_are_sealed_by_one_plain_statement_however_many():
    publish_by_workflow("sleep")
    with CaptureQueriesContext(connection) as few:
        chain.seal()
    publish_by_workflow("naps", by=make_user("second"))
    make_draft("dreams", by=make_user("third"))
    with CaptureQueriesContext(connection) as many:
        chain.seal()

    assert len(few) == len(many)
    assert not any("CASE" in query["sql"] for query in many)
