"""Every column of every table says how it is covered, and what it says is tried: with SQL, under the triggers."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles import workflow
from articles.derived.pages import related
from articles.models import ApprovalRule, Article, Episode, Topic
from articles.workflow import integrity
from articles.workflow.content import SectionContent
from articles.workflow.governance.passwords import issue_password
from articles.workflow.history import audit_log, chain, rows, verification
from tests.support.factories import (
    make_change,
    make_content,
    make_draft,
    make_episode,
    make_published,
    make_user,
    publish_by_workflow,
)
from tests.support.samples import shifted
from tests.support.scenarios import tampering
from tests.support.scenarios.sites.full_site import make_everything


def make_site():
    """A site with rows in every table."""
    make_everything()
    root, by = make_user("chief", is_superuser=True), make_user("author")
    moderator = make_user("reviewer", groups=("Moderators",))
    issue_password(by, by=root)
    workflow.change_rank(by, workflow.Rank(("Editors",), is_staff=True, is_active=True), by=root)
    episode = make_episode("cited", title="Cited")
    short = make_episode("short", duration_seconds=600)
    late = shifted.sections(lambda second: second + 3600)
    make_published("late", by=by, moderator=moderator, episode=short, sections=late)
    sections = (SectionContent("Waste", "The brain clears waste at night [00:06:31]. See [[naps]]."),)
    article = publish_by_workflow("waste", by=by, moderator=moderator, episode=episode, sections=sections)
    citation = article.published_revision.citation_set.get()
    confirmation = workflow.confirm_citation(
        article, by=moderator, episode=episode, start_seconds=391, end_seconds=None, claim=citation.claim
    )
    workflow.withdraw_confirmation(confirmation, by=moderator)
    workflow.confirm_citation(
        article, by=moderator, episode=episode, start_seconds=391, end_seconds=None, claim=citation.claim
    )
    workflow.dismiss(
        article, by=moderator, code="lint", subject="a" * 64, text="A text.", reason="other", note="It is fine."
    )
    workflow.exempt(article, by=moderator, section_key=None, reason="A summary.")
    topic = Topic(slug="rest", title="Rest")
    workflow.save_topic(topic)
    workflow.assign_topics(article, [topic], by=moderator)
    episode = Episode.objects.get(pk=episode.pk)
    episode.title = "Cited again"
    workflow.save_episode(episode, ["title"], by=moderator, reason="A better title.")
    change = make_change(Article.objects.get(pk=article.pk), by=by, lead="Another lead.")
    workflow.approve(change, by=moderator)
    later = timezone.now() + timedelta(days=1)
    workflow.schedule(change, by=moderator, publish_at=later, take_down_at=later + timedelta(days=1))
    moved = publish_by_workflow("moved", by=by, moderator=moderator)
    move = make_change(moved, by=by, slug="moved-away")
    workflow.approve(move, by=moderator)
    workflow.publish(move, by=moderator)
    for about in ({"notice": "health"}, {"topic": topic}):
        workflow.save_approval_rule(ApprovalRule(group=Group.objects.get(name="Moderators"), **about))
    healthy = make_change(Article.objects.get(pk=moved.pk), by=by, notice="health")
    for approver in (moderator, root):
        workflow.approve(healthy, by=approver)
    workflow.publish(healthy, by=root)
    moderator.user_permissions.add(Permission.objects.get(codename="view_topic"))
    imported = workflow.create_article(
        make_content("received"), by=root, received_as="night/received.md", received_digest="a" * 64
    )
    workflow.publish_received(imported, by=root)
    related.refresh([imported.article_id])  # as after an import
    chain.seal()


TABLE = Path(__file__).with_name("coverage.txt")
HOW = {"text", "log", "chain", "row", "recording", "derived"}
WHOLE = {"addition", "deletion"}  # of a row; a line of its own only where nothing notices them


def coverage():
    """Return {table.column: how it is covered} from the written table."""
    lines = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    pairs = [line.split(" | ", 1) for line in lines]
    assert len({place for place, _ in pairs}) == len(pairs)
    return {place.strip(): how for place, how in pairs}


def columns():
    return {
        f"{table}.{field.column}"
        for table, model in tampering.tables().items()
        for field in model._meta.concrete_fields
        if not field.primary_key
    }


def test_every_column_says_how_it_is_covered_or_why_not():
    written = {place for place in coverage() if place.partition(".")[2] not in WHOLE}

    assert sorted(columns() - written) == []  # add a line to coverage.txt
    assert sorted(written - columns()) == []
    for place, how in coverage().items():
        assert how in HOW or re.fullmatch("none: .{10,}", how), place


def test_row_records_cover_what_the_table_says():
    covered = {
        f"{model._meta.db_table}.{model._meta.get_field(name).column}"
        for model, found in rows.COVERED.items()
        for name in found.columns
    }
    relations = [model._meta.get_field(name) for model, found in rows.COVERED.items() for name in found.relations]
    for field in relations:
        through = field.remote_field.through
        covered |= {f"{through._meta.db_table}.{f.column}" for f in through._meta.concrete_fields if not f.primary_key}
    by_row = {place for place, how in coverage().items() if how == "row"}

    assert by_row - covered == {"auth_permission.codename", "auth_permission.content_type_id"}
    assert {place for place in covered - by_row if coverage()[place] not in {"log", "text"}} == set()


@pytest.fixture(scope="module")
def site(module_rows):
    make_site()
    image = default_storage.save("uploads/shown.webp", ContentFile(b"an image"))
    make_draft("shown", by=make_user("painter"), lead=f"![A map](/media/{image})")
    assert list(map(str, integrity.check(Article.objects.all()))) == []
    yield
    default_storage.delete(image)


SITE = None  # in place of an article's key: what is checked of the site as a whole


def parts_of(model):
    """Return the parts in which the integrity of everything is asked, first the one that is likely to find something."""
    articles = list(
        Article.objects.order_by("-pk").values_list("pk", flat=True)
    )  # `tampering` prefers rows of the newest
    belongs_to_article = {"article", "revision", "published_for"} & {field.name for field in model._meta.get_fields()}
    return [*articles, SITE] if belongs_to_article else [SITE, *articles]


def is_noticed(how, parts):
    """Whether that by which a column is covered shows that something is wrong.

    The part that found it is the first of `parts` from now on: the next column is likely to be one of the same row.
    """
    if how in {"row", "chain", "recording"}:
        return next(verification.verify(), None) is not None
    if how in {"text", "log"} and any(map(audit_log.verify, Article.objects.order_by("-pk"))):
        return True
    for part in parts:
        articles = Article.objects.none() if part is SITE else Article.objects.filter(pk=part)
        if next(integrity.check(articles, is_whole_site=part is SITE), None) is not None:
            parts.remove(part)
            parts.insert(0, part)
            return True
    return False


@pytest.mark.parametrize("table", tampering.tables())
def test_what_is_covered_is_noticed_in_every_column(table, site, without_triggers):
    """Also a row that is added or deleted; what the database's own constraints refuse needs no notice."""
    said, unnoticed, tried = coverage(), [], 0
    model = tampering.tables()[table]
    parts = parts_of(model)
    for what, statement, values in tampering.manipulations(model):
        how = said.get(f"{table}.{what}", "")
        is_none = how.startswith("none") or (
            what in WHOLE and all(of.startswith("none") for place, of in said.items() if place.split(".")[0] == table)
        )
        tried += 1
        if is_none:
            continue
        with without_triggers(), transaction.atomic():
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement, values)
            except IntegrityError:
                continue
            if not is_noticed(how, parts):
                unnoticed.append(what)
            transaction.set_rollback(True)

    assert unnoticed == []
    is_covered = any(not how.startswith("none") for place, how in said.items() if place.split(".")[0] == table)
    assert tried > 0 or not is_covered  # the site has a row in every table that is covered
