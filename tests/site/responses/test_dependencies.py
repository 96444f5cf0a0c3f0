"""Every table that stored responses are made from counts its changes, and nothing else makes them outdated."""

import os
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Case, F, Value, When
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.core.evidence import measured
from articles.derived.responses import fresh, keys, stored, triggers
from articles.derived.responses.rules import rules
from articles.models import Article, PublicVersion, StoredResponse, Topic
from articles.workflow.content import content_of
from tests.support.databases import template
from tests.support.factories import make_draft
from tests.support.paths import PROJECT
from tests.support.scenarios.sites.full_site import make_everything
from tests.support.scenarios.sites.public_responses import address_of, stored_addresses

pytestmark = pytest.mark.django_db(transaction=True)

_TABLE = re.compile(r'(?:FROM|JOIN)\s+(?!LATERAL)"?(\w+)"?', re.IGNORECASE)
# Tables that only migrations change, after which nothing that is stored is used.
BY_MIGRATION = {"auth_permission", "django_content_type"}
OURS = {PublicVersion._meta.db_table, StoredResponse._meta.db_table}
# Parts of the search index, which are changed with the table of entries.
OF_INDEX = {"articles_search_names", "articles_search_texts", "articles_search_words"}


def tables_read(paths):
    """Return {"site" or "article": tables that the responses with this scope read}."""
    read = {"site": set(), "article": set()}
    for path in paths:
        with CaptureQueriesContext(connection) as queries:
            response = fresh.response_at(address_of(path))
        assert response.status_code == 200
        found = {table for query in queries for table in _TABLE.findall(query["sql"])}
        read["article" if hasattr(response, "made_from") else "site"] |= found - OURS - BY_MIGRATION - OF_INDEX
    return read


def counted(scope):
    return {rule.model._meta.db_table for rule in rules() if (rule.scope == str(stored.SITE)) == (scope == "site")}


def test_all_tables_that_are_read_are_counted():
    rows = template.filled(make_everything)
    paths = stored_addresses(rows)

    read = tables_read(paths)

    assert len(paths) > 50
    assert read["site"] <= counted("site") <= read["site"] | {"articles_previousslug", "articles_exemption"}
    assert read["article"] == counted("article")


def versions():
    return dict(PublicVersion.objects.values_list("scope", "number"))


def test_work_that_nobody_sees_yet_counts_nothing():
    rows = template.filled(make_everything)
    draft = make_draft("owls", by=rows.draft.author)
    text = replace(content_of(rows.article.published_revision), slug="owls")
    before = versions()

    workflow.save_draft(draft, text, by=draft.author, version=draft.version)
    Article.objects.filter(pk=draft.article_id).update(slug="night-owls")
    type(rows.draft.author).objects.update(last_login="2026-01-01T00:00Z", email="x@example.org")
    Topic.objects.update(title=Topic.objects.get().title)

    assert versions() == before


def test_a_change_of_one_page_leaves_those_of_other_articles():
    template.filled(make_everything)
    naps = Article.objects.get(slug="naps")
    before = versions()

    Topic.objects.update(title="Nights")

    after = versions()
    assert after[stored.SITE] > before[stored.SITE]
    assert after[naps.pk] == before[naps.pk]


def by_hand(field):
    """Return another value for a column, or None if there is none to be made up."""
    if isinstance(field, models.BooleanField):
        return Case(When(**{field.name: True}, then=False), default=True)
    if field.is_relation or isinstance(field, models.JSONField | models.UUIDField | models.DurationField):
        return None
    if isinstance(field, models.CharField | models.TextField):
        return Value("by hand")
    if isinstance(field, models.DateField):  # or with the time
        return Value(datetime(2020, 2, 2, tzinfo=UTC), output_field=field)
    return F(field.name) + 1


def test_whatever_column_an_article_page_shows_outdates_it_when_changed_by_hand():
    rows = template.filled(make_everything)
    page = address_of(rows.article.get_absolute_url())
    before, shown = fresh.response_at(page).content, set()
    tables = {rule.model._meta.db_table: rule.model for rule in rules()}

    for model in tables.values():
        for field in model._meta.concrete_fields:
            value = None if field.primary_key else by_hand(field)
            if value is None:
                continue
            with suppress(DatabaseError), transaction.atomic():
                number = versions()[rows.article.pk]
                models.QuerySet(model).update(**{field.name: value})
                if connection.vendor == "postgresql":
                    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
                is_outdated = versions()[rows.article.pk] > number
                response = fresh.response_at(page)
                if (response.status_code, response.content) != (200, before):
                    shown.add(f"{model._meta.model_name}.{field.name}")
                    assert is_outdated, field
                transaction.set_rollback(True)

    assert shown >= {
        "article.published_at",
        "chapter.title",
        "check.verdict",
        "citation.claim",
        "contributor.user_name",
        "edition.title",
        "episode.title",
        "profile.slug",
        "relatedarticles.html",
        "rendering.text_html",
        "review.by_name",
        "revision.public_note",
        "show.title",
        "topic.title",
        "transcript.imported_at",
        "user.is_active",
    }


def test_a_change_that_all_article_pages_show_counts_once_for_each_and_takes_no_minutes():
    if connection.vendor == "sqlite":
        pytest.skip("the triggers of SQLite count themselves")
    scopes, before = list(range(stored.SITE, 20_000)), versions()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '20s'")
        for _ in range(2):
            cursor.execute("SELECT count_changes(%s::bigint[])", [scopes])
        cursor.execute("SELECT count(*) FROM (SELECT count_changes(ARRAY[0, n]) FROM generate_series(1, 30000) AS n) c")

    raised = {scope: number - before.get(scope, 0) for scope, number in versions().items()}
    assert raised == dict.fromkeys(range(stored.SITE, 30_001), 1)


def test_a_rolled_back_change_counts_nothing():
    rows = template.filled(make_everything)
    before = versions()

    with transaction.atomic():
        Topic.objects.filter(pk=rows.topic.pk).update(title="Nights")
        transaction.set_rollback(True)

    assert versions() == before


def drop_trigger_of(model):
    """Drop one of the triggers of a model's table; returns its name."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        name = next(name for name, of in triggers._existing(connection).items() if of == table)
        cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
    return name


def test_missing_triggers_are_made_again_and_nothing_is_taken_as_current():
    StoredResponse.objects.create(
        key="x",
        scope=0,
        version=0,
        has_query=False,
        stored_at="2026-01-01T00:00Z",
        size=1,
        etag="",
        headers="",
        body=b"",
    )
    name = drop_trigger_of(Topic)
    assert triggers.missing() == [name]

    triggers.install()

    assert triggers.missing() == []
    assert not StoredResponse.objects.exists()


ANSWER = stored.Answer([("Content-Type", "text/plain")], "x", {"": b"As it was before."})


@pytest.mark.parametrize("scope", ["site", "article"])
def test_what_was_rendered_before_triggers_were_made_again_is_not_stored(scope):
    """A server of the release before may have rendered it, from rows whose changes nobody has counted."""
    article = template.filled(make_everything).article
    scope = stored.SITE if scope == "site" else article.pk
    PublicVersion.objects.exclude(scope=stored.SITE).delete()  # of some articles nothing has changed yet
    before = versions().get(scope, 0)
    assert stored.save("x", ANSWER, scope, before)
    drop_trigger_of(Topic)

    triggers.install()

    assert not stored.save("x", ANSWER, scope, before)
    assert stored.save("x", ANSWER, scope, versions()[scope])


@pytest.mark.one_database(reason="on PostgreSQL, no trigger is dropped before a migration")
def test_nothing_is_stored_during_a_migration():
    template.filled(make_everything)
    wanted = set(triggers._existing(connection))
    before = versions()[stored.SITE]
    assert stored.save("x", ANSWER, stored.SITE, before)

    triggers.remove_before_migration(None, "default", plan=["a migration"])
    triggers.remove_before_migration(None, "default", plan=["again, as the first failed"])

    assert stored.find("x") is None
    stored.save("x", ANSWER, stored.SITE, before)
    assert stored.find("x") is None
    triggers.install()
    assert set(triggers._existing(connection)) == wanted
    assert stored.save("x", ANSWER, stored.SITE, versions()[stored.SITE])
    assert stored.find("x") == ANSWER


def test_every_process_of_a_release_has_the_same_key():
    code = "import django; django.setup(); from articles.derived.responses import keys; print(keys.release())"
    command = [sys.executable, "-c", code]
    environments = [os.environ | {"PYTHONHASHSEED": seed} for seed in ("1", "2", "3")]

    releases = {
        subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, check=True).stdout  # noqa: S603
        for environment in environments
    }

    assert len(releases) == 1


def test_measuring_the_check_again_makes_another_release(monkeypatch, tmp_path):
    """How we check shows the file, so what is stored of that page must not outlive it."""
    for folder in ("articles", "ketamine_site", "templates"):
        (tmp_path / folder).mkdir()
    file = tmp_path / measured.FILE.relative_to(PROJECT)
    file.parent.mkdir(parents=True)
    monkeypatch.setattr("django.conf.settings.BASE_DIR", tmp_path)
    releases = set()
    for figures in ("{}", '{"sets": []}'):
        file.write_text(figures)
        keys.forget()
        releases.add(keys.release())
    monkeypatch.undo()
    keys.forget()

    assert len(releases) == 2
