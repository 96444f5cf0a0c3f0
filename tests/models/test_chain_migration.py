"""Migration 0011 chains the log of an existing site, in seconds, and the result verifies."""

import time

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from articles.models import ChainLink, LogEntry
from articles.workflow.history import audit_log, chain, verification
from tests.support.databases.empty import empty_database

BEFORE = "0010_plain_labels"
ARTICLES, ENTRIES = 5_000, 3
SECONDS = 15  # of processor time; a quadratic pass over these entries takes minutes


@pytest.fixture
def before(tmp_path, django_db_blocker):
    """An empty site of the version before the migration."""
    with django_db_blocker.unblock(), empty_database(tmp_path, at=BEFORE):
        yield MigrationLoader(connection).project_state([("articles", BEFORE)]).apps


def test_a_large_site_is_chained_fast(before):
    now = timezone.now()
    article_rows, log = (before.get_model("articles", name).objects for name in ("Article", "LogEntry"))
    article_rows.bulk_create((article_rows.model(slug=f"a-{n}") for n in range(ARTICLES)), batch_size=5000)
    entries, heads = [], []
    for article in article_rows.only("slug"):
        digest = ""
        for number in range(1, ENTRIES + 1):
            entry = log.model(article=article, action="created", number=number, at=now)
            entry.recordings, entry.requirement, entry.name_seal = None, None, ""  # columns that came later
            digest = entry.digest = audit_log.entry_digest(entry, digest)
            entries.append(entry)
        article.log_length, article.log_digest = ENTRIES, digest
        heads.append(article)
    log.bulk_create(entries, batch_size=5000)
    started = time.process_time()

    call_command("migrate", verbosity=0)

    assert time.process_time() - started < SECONDS
    assert ChainLink.objects.sealed().count() == ARTICLES * ENTRIES
    assert chain.sign_unsigned() == ARTICLES * ENTRIES
    assert list(verification.verify()) == []
    LogEntry.objects.create(article_id=heads[0].pk, action="created", number=ENTRIES + 1, at=now, digest="x")
    assert chain.seal() == 1
