"""Submitted texts don't change, the log reveals tampering, and it shows what was public when."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from articles import workflow
from articles.models import Article, LogEntry, Revision, Section, Source
from articles.workflow.history import audit_log
from tests.support.factories import make_episode, make_user, publish_by_workflow
from tests.support.scenarios.moderation import bodies, make_pair, submitted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        lambda r: Revision.objects.filter(pk=r.pk).update(title="Other"),
        lambda r: Revision.objects.filter(pk=r.pk).update(status="draft"),
        lambda r: Revision.objects.filter(pk=r.pk).update(digest="0" * 64),
        lambda r: Revision.objects.filter(pk=r.pk).delete(),
        lambda r: r.section_set.update(body="Other"),
        lambda r: r.section_set.first().delete(),
        lambda r: Section.objects.create(revision=r, position=9, level=1, heading="More", anchor="more"),
        lambda r: r.source_set.update(key="other"),
        lambda r: Source.objects.filter(revision=r).delete(),
        lambda r: _sql("UPDATE articles_section SET body = 'x' WHERE revision_id = %s", r.pk),
        lambda r: _sql("DELETE FROM articles_section WHERE revision_id = %s", r.pk),
        lambda r: _sql("UPDATE articles_logentry SET note = 'x'"),
        lambda r: _sql("DELETE FROM articles_logentry"),
        lambda r: _sql("UPDATE articles_review SET comment = 'x'"),
        lambda r: _sql("DELETE FROM articles_review"),
    ],
)
def test_a_submitted_text_cannot_be_changed_in_any_way(change):
    revision = publish_by_workflow(episode=make_episode()).published_revision

    with pytest.raises(IntegrityError), transaction.atomic():
        change(revision)

    assert audit_log.verify(revision.article) is None


def _sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_record_stays_intact_through_everything(capsys):
    article, moderator = make_pair()
    first = submitted(article, "first", waste="First [00:06:31].")
    second = submitted(article, "second", memory="Second [00:06:31].")
    workflow.approve(first, by=moderator)
    workflow.publish(first, by=moderator)
    merged = workflow.rebase(Revision.objects.get(pk=second.pk), by=moderator)
    workflow.reject(merged, by=moderator, comment="No.")
    workflow.unpublish(Article.objects.get(), by=moderator, reason="Wrong.")
    workflow.deactivate(moderator, by=make_user("root", is_superuser=True))

    call_command("verify_history")

    assert capsys.readouterr().out == "The history of 1 article is intact.\n"
    numbers = list(LogEntry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


TAMPERING = {
    "revision 1: the content differs from what was submitted": "UPDATE articles_section SET body = 'x'",
    "log entry 4: it differs from what was recorded": "UPDATE articles_logentry SET note = 'x' WHERE number = 4",
    "log entry 2: it is missing; entry 3 is in its place": "DELETE FROM articles_logentry WHERE number = 2",
    "log entry 5: 5 entries recorded": "DELETE FROM articles_logentry WHERE number = 5",
}


@pytest.mark.parametrize(("place", "statement"), TAMPERING.items())
def test_tampering_is_named(place, statement, without_triggers, capsys):
    publish_by_workflow(episode=make_episode())
    with without_triggers():
        _sql(statement)

    with pytest.raises(CommandError, match="The history of 1 of 1 article is broken"):
        call_command("verify_history")

    assert capsys.readouterr().err == f"sleep: {place}\n"


def test_an_erased_text_leaves_its_digest_and_its_reason():
    article, moderator = make_pair()
    rejected = submitted(article, "first", waste="Somebody’s private matter [00:06:31].")
    workflow.reject(rejected, by=moderator, comment="No.")
    digest = rejected.digest
    root = make_user("root", is_superuser=True)

    workflow.erase(rejected, by=root, reason="A court says so.")

    erased = Revision.objects.get(pk=rejected.pk)
    assert (erased.title, erased.digest, erased.erasure_reason) == ("Erased", digest, "A court says so.")
    assert bodies(erased) == {"Erased": ""}
    assert "private" not in erased.rendering.plain_text + erased.rendering.text_html
    assert audit_log.verify(article) is None


def test_a_published_text_cannot_be_erased():
    article, _ = make_pair()

    with pytest.raises(workflow.NotAllowed, match="This text is published"):
        workflow.erase(article.published_revision, by=make_user("root", is_superuser=True), reason="x")


def test_publications_are_periods_newest_first():
    article, moderator = make_pair()
    first = article.published_revision
    second = submitted(article, "second", waste="Second [00:06:31].")
    workflow.approve(second, by=moderator)
    workflow.publish(second, by=moderator)
    workflow.unpublish(Article.objects.get(), by=moderator, reason="Wrong.")

    periods = audit_log.publications(article)

    assert [(revision, until is not None) for revision, _, until, _ in periods] == [(second, True), (first, True)]
    assert periods[1][2] == periods[0][1]
