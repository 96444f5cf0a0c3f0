"""What somebody with access to the database changes is noticed by verify_history, table by table."""

import pytest
from django.db import connection, transaction

from articles import workflow
from articles.models import Article, ChainLink, LogEntry, Revision
from articles.workflow.content import SectionContent
from articles.workflow.history import audit_log, chain
from tests.support.factories import make_change, make_content, make_draft, make_episode, make_user, publish_by_workflow

from .test_chain import problems, sql

pytestmark = pytest.mark.django_db

# "sleep" has the public revision 2, an earlier one and a rejected one; "naps" is an imported text; "rest" is unpublished.
MANIPULATIONS = {
    "a word in a published section": "UPDATE articles_section SET body = 'x' WHERE revision_id = {public}",
    "a word in an earlier section": "UPDATE articles_section SET body = 'x' WHERE revision_id = {earlier}",
    "a word in an imported section": "UPDATE articles_section SET body = 'x' WHERE revision_id = {imported}",
    "the lead of an imported text": "UPDATE articles_revision SET lead = 'x' WHERE id = {imported}",
    "the digest of an imported text": "UPDATE articles_revision SET digest = '' WHERE id = {imported}",
    "a title": "UPDATE articles_revision SET title = 'x' WHERE id = {public}",
    "a section that is gone": "DELETE FROM articles_section WHERE revision_id = {public}",
    "the order of sections": "UPDATE articles_section SET position = 9 - position WHERE revision_id = {public}",
    "a source": "UPDATE articles_source SET episode_id = {episode} WHERE revision_id = {public}",
    "the health notice": "UPDATE articles_revision SET notice = 'none' WHERE id = {public}",
    "a text hidden as if erased": (
        "UPDATE articles_revision SET erased_at = submitted_at, lead = 'x' WHERE id = {earlier}"
    ),
    "the text that is public": "UPDATE articles_article SET published_revision_id = {earlier} WHERE slug = 'sleep'",
    "an article unpublished": "UPDATE articles_article SET published_revision_id = NULL WHERE slug = 'sleep'",
    "an article published": ("UPDATE articles_article SET published_revision_id = {unpublished} WHERE slug = 'rest'"),
    "a public slug": "UPDATE articles_article SET slug = 'slumber' WHERE slug = 'sleep'",
    "a rejected text approved": "UPDATE articles_revision SET status = 'approved' WHERE id = {rejected}",
    "what a text replaced": "UPDATE articles_revision SET target_id = NULL WHERE id = {public}",
    "a decision": "UPDATE articles_review SET decision = 'approved' WHERE revision_id = {rejected}",
    "a review that never was": (
        "INSERT INTO articles_review (at, by_name, revision_id, is_override, decision, comment)"
        " SELECT at, 'Someone', {imported}, is_override, 'reviewed', '' FROM articles_review WHERE revision_id = {public}"
    ),
    "a review that is gone": "DELETE FROM articles_review WHERE revision_id = {public}",
    "an entry's note": "UPDATE articles_logentry SET note = 'x' WHERE action = 'rejected'",
    "an entry's note as if redacted": "UPDATE articles_logentry SET note = 'Erased' WHERE action = 'rejected'",
    "an entry's action": "UPDATE articles_logentry SET action = 'approved' WHERE action = 'rejected'",
    "an entry's account": "UPDATE articles_logentry SET by_id = {stranger} WHERE action = 'rejected'",
    "an entry's time": "UPDATE articles_logentry SET at = (SELECT max(at) FROM articles_logentry) WHERE number = 1",
    "an entry that is gone": "DELETE FROM articles_logentry WHERE action = 'rejected'",
    "the last entry": "DELETE FROM articles_logentry WHERE action = 'unpublished'",
    "all entries": "DELETE FROM articles_logentry",
    "the number of entries": "UPDATE articles_article SET log_length = 1 WHERE slug = 'rest'",
    "a link of the chain": "UPDATE articles_chainlink SET entry_digest = 'x' WHERE number = 3",
    "a link that is gone": "DELETE FROM articles_chainlink WHERE number = 3",
}


@pytest.fixture
def rows():
    """The keys of the rows that the manipulations change."""
    by, moderator = make_user(), make_user("moderator", groups=("Moderators",))
    robot = make_user("robot", is_superuser=True)
    sections = (SectionContent("Waste", "It takes five hours."), SectionContent("Dreams", "They are short."))
    article = publish_by_workflow(
        "sleep", by=by, moderator=moderator, notice="health", episode=make_episode(), sections=sections
    )
    change = make_change(article, by=by, lead="Another lead.")
    workflow.approve(change, by=moderator)
    workflow.publish(change, by=moderator)
    article = Article.objects.get()
    rejected = make_change(article, by=by, lead="A third lead.")
    workflow.reject(rejected, by=moderator, comment="No.")
    imported = workflow.create_article(make_content("naps"), by=robot, received_digest="a" * 64)
    workflow.publish_received(imported, by=robot)
    unpublished = publish_by_workflow("rest", by=by, moderator=moderator)
    unpublished_revision = unpublished.published_revision_id
    workflow.unpublish(unpublished, by=moderator, reason="A court.")
    chain.seal()
    return {
        "public": change.pk,
        "earlier": article.revision_set.get(number=1).pk,
        "rejected": rejected.pk,
        "imported": imported.pk,
        "unpublished": unpublished_revision,
        "episode": make_episode("another").pk,
        "stranger": robot.pk,
    }


def test_every_manipulation_is_noticed(rows, without_triggers):
    unnoticed = []
    for what, statement in MANIPULATIONS.items():
        assert problems() == [], what
        with without_triggers(), transaction.atomic():
            sql(statement.format(**rows))
            found = problems()
            transaction.set_rollback(True)  # some leave rows that nothing may refer to
        if not found or "broken" not in found[-1]:
            unnoticed.append((what, found))

    assert unnoticed == []


def test_a_revision_that_the_log_does_not_know_is_noticed(rows, without_triggers):
    columns = [field.column for field in Revision._meta.concrete_fields if field.column not in {"id", "number"}]
    names = ", ".join(map(connection.ops.quote_name, columns))
    copy = f"SELECT 9, {names} FROM articles_revision WHERE id = {rows['rejected']}"  # noqa: S608
    sql(f"INSERT INTO articles_revision (number, {names}) {copy}")

    assert problems()[-1] == "The history of 1 of 3 articles is broken."


def test_a_text_based_on_a_draft_that_is_submitted_later_stays_intact():
    first = make_draft()
    second = workflow.start_draft(
        first.article, make_content("sleep", edit_summary="Better."), by=make_user("second"), base=first
    )
    workflow.submit(second, by=second.author)

    workflow.submit(first, by=first.author)

    assert audit_log.verify(first.article) is None


def test_an_imported_text_published_by_an_earlier_version_has_no_digest_and_is_intact(without_triggers):
    robot = make_user("robot", is_superuser=True)
    imported = workflow.create_article(make_content("naps"), by=robot, received_digest="a" * 64)
    workflow.publish_received(imported, by=robot)
    with without_triggers():
        sql("UPDATE articles_revision SET digest = ''")
        sql("UPDATE articles_logentry SET name_seal = ''")
        sql("DELETE FROM articles_chainlink")
        predecessor = ""
        for entry in LogEntry.objects.order_by("number").select_related("revision"):
            predecessor = audit_log.entry_digest(entry, predecessor)
            sql("UPDATE articles_logentry SET digest = %s WHERE id = %s", predecessor, entry.pk)
            ChainLink.objects.create(
                article_key=entry.article_id, entry_number=entry.number, entry_digest=predecessor, at=entry.at
            )
        sql("UPDATE articles_article SET log_digest = %s", predecessor)

    assert problems() == []
