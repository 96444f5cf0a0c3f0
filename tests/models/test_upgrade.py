"""A site of the previous version is migrated completely: its rows, records, pages and database protections."""

import gzip
import html
import io
import json
import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from articles import models
from tests.support.databases.empty import empty_database, schema

DATA = Path(__file__).parent / "previous_site"  # created by make_previous_site.py
SITE = DATA / "previous_site.sql.gz"
ANSWERS = DATA / "previous_answers.json"

# Every table of the previous version -> the model that holds its rows now.
RECORDS = {
    "articles_article": models.Article,
    "articles_article_topics": models.Article.topics.through,
    "articles_challenge": models.CorrectionRequest,
    "articles_chapter": models.Chapter,
    "articles_check": models.Check,
    "articles_comment": models.Comment,
    "articles_confirmation": models.Confirmation,
    "articles_contributor": models.Contributor,
    "articles_cue": models.Cue,
    "articles_dismissal": models.Dismissal,
    "articles_edition": models.Edition,
    "articles_episode": models.Episode,
    "articles_exemption": models.Exemption,
    "articles_logentry": models.LogEntry,
    "articles_notice": models.Notice,
    "articles_presence": models.Presence,
    "articles_previousslug": models.PreviousSlug,
    "articles_profile": models.Profile,
    "articles_quotation": models.Quotation,
    "articles_review": models.Review,
    "articles_revision": models.Revision,
    "articles_section": models.Section,
    "articles_show": models.Show,
    "articles_source": models.Source,
    "articles_stretch": models.Stretch,
    "articles_tally": models.Tally,
    "articles_topic": models.Topic,
    "articles_transcript": models.Transcript,
    "articles_watch": models.Watch,
    "auth_user": get_user_model(),
}
# Tables that `rebuild` derives from those.
DERIVED = {
    "articles_citation": models.Citation,
    "articles_flagged": models.LintIssue,
    "articles_link": models.Link,
    "articles_passage": models.SearchEntry,
    "articles_rendering": models.Rendering,
    "articles_spoken": models.TranscriptWindow,
    "articles_surroundings": models.RelatedArticles,
    "articles_surroundings_related": models.RelatedArticles.related.through,
}
# Status labels of the previous version -> today's (their first group is \2). They are for people; programs read `state`.
STATUS_LABELS = {
    r"confirmed by (.+?)": r"Confirmed by \2",
    r"said in other words, says (.+?)": r"Paraphrase, according to \2",
    r"found in the transcript \(by machine, (.+?)": r"Matches transcript (automatic, \2",
    r"not found in the transcript \(by machine, (.+?)": r"Not found in transcript (automatic, \2",
    r"partly found in the transcript \(by machine, (.+?)": r"Matches transcript but for a detail (automatic, \2",
    r"found near by, at (.+?) \(by machine, (.+?)": r"Possible match at \2 (automatic, \3",
    # A better match starts at the sentence since, no longer before it.
    r"found elsewhere, at 18:48 \(by machine, (.+?)": r"Better match at 19:06 (automatic, \2",
    r"found elsewhere, at (.+?) \(by machine, (.+?)": r"Better match at \2 (automatic, \3",
    r"not checked": "Not checked",
}
# Plain texts of the published articles, in the previous version's columns.
PUBLISHED_TEXTS = """
SELECT a.slug, r.plain_text FROM articles_article a JOIN articles_rendering r ON r.revision_id = a.published_revision_id
"""


@pytest.fixture(scope="module")
def previous(django_db_setup):
    """A connection to the previous version's site."""
    if connection.vendor != "sqlite":
        pytest.skip("the previous version's site is a dump of SQLite")
    untouched = sqlite3.connect(":memory:")
    untouched.executescript(gzip.decompress(SITE.read_bytes()).decode())
    yield untouched
    untouched.close()


@pytest.fixture(scope="module")
def migrated_file(previous, tmp_path_factory, django_db_blocker):
    with django_db_blocker.unblock(), empty_database(tmp_path_factory.mktemp("previous")):
        connection.ensure_connection()
        previous.backup(connection.connection)
        call_command("migrate", verbosity=0)
        return connection.settings_dict["NAME"]


@pytest.fixture
def migrated(migrated_file, tmp_path, django_db_blocker):
    """Use a copy of the previous version's site, with today's migrations, as the default database."""
    with django_db_blocker.unblock(), empty_database(tmp_path):
        shutil.copyfile(migrated_file, connection.settings_dict["NAME"])
        yield


def undated(export):
    """An export without the days of automatic checks, because `rebuild` repeats those of an older checker."""
    return re.sub(r"automatic, \d+ \w+ \d{4}", "automatic", export)


def without_additions(export):
    """An export without what it states since then: how much a review covered, the article's place in the chain, and
    whether an episode's length is derived, what of a claim the recording never says like this, who else approved it,
    what is wrong with a source, which text a Markdown file has and whether that was reviewed."""
    export = re.sub(r'revision: ".*"\npublished: ".*"\nreview: ".*"\npermalink: ".*"\n', "", export)
    export = re.sub(r'\n *"others": \[\],', "", export)
    export = re.sub(r'\n *"is_duration_derived": false,', "", export)
    export = re.sub(r',\n *"discrepancies": \[\]', "", export)
    export = re.sub(r',\n *"covers": .*\n.*"sentences": .*\n.*"sentences_total": .*', "", export)
    export = re.sub(r' *"report": ".*",\n', "", export)
    export = re.sub(r',\n *"issue": null,\n *"past_end": 0', "", export)
    return re.sub(r' "record": \{[^}]*\},\n', "", export)


def counts(models_by_table):
    return {table: model._base_manager.count() for table, model in models_by_table.items()}


def previous_counts(previous, tables):
    return {table: previous.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}  # noqa: S608


def words_of(page):
    """Return the page's text without tags, with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


def with_current_labels(export):
    """A recorded export as today's release writes it: other words of the status labels, and no language that isn't known.

    The previous release gave texts without a language that of its interface.
    """
    export = re.sub(r'("language": ?)"en"', r'\1""', export)
    for label, current in STATUS_LABELS.items():
        export = re.sub(rf'("stands": ?"){label}"', rf'\1{current}"', export)
    return export


def test_the_previous_site_has_rows_of_every_kind(previous):
    tables = {name for (name,) in previous.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    ours = {name for name in tables if name.startswith("articles_") and not name.startswith("articles_search_")}
    states = dict(previous.execute("SELECT status, count(*) FROM articles_revision GROUP BY status"))

    assert ours | {"auth_user"} == RECORDS.keys() | DERIVED.keys()
    assert all(previous_counts(previous, RECORDS | DERIVED).values())
    assert states == {
        "approved": 13,
        "changes_requested": 2,
        "draft": 3,
        "received": 1,
        "rejected": 2,
        "submitted": 3,
        "withdrawn": 1,
    }
    special = "SELECT count(erased_at), count(publish_at) FROM articles_revision"
    assert previous.execute(special).fetchone() == (1, 1)


@pytest.mark.usefixtures("migrated")
def test_a_site_of_the_previous_version_is_migrated_completely(previous, client):
    answers = json.loads(ANSWERS.read_text())
    assert counts(RECORDS | DERIVED) == previous_counts(previous, RECORDS | DERIVED)

    call_command("rebuild", verbosity=0)
    with pytest.raises(CommandError, match="chain is broken"):  # nothing is signed yet
        call_command("verify_history", stderr=io.StringIO())
    call_command("signing_key", verbosity=0)
    record = io.StringIO()
    call_command("verify_history", stdout=record)

    assert counts(RECORDS) == previous_counts(previous, RECORDS)
    assert "8 articles" in record.getvalue()  # the command raises CommandError if a record was changed
    assert len(answers) == 12
    for address, answer in answers.items():
        assert undated(without_additions(client.get(address).content.decode())) == undated(
            with_current_labels(answer)
        ), address
    texts = previous.execute(PUBLISHED_TEXTS).fetchall()
    assert len(texts) == 6
    for slug, text in texts:
        page = words_of(client.get(f"/articles/{slug}/").content.decode())
        # On the page, citations and notes come between these pieces.
        for piece in re.split(r"[.,;\f\n]\s*", text):
            assert " ".join(piece.split()) in page, slug
    assert client.get("/articles/naps/").headers["Location"] == "/articles/short-naps/"
    assert "The brain clears waste at night" in words_of(client.get("/search/?q=waste").content.decode())


@pytest.mark.usefixtures("migrated")
def test_a_migrated_site_has_the_schema_of_a_new_one(new_schema):
    assert schema() == new_schema


@pytest.mark.usefixtures("migrated")
def test_records_of_a_migrated_site_are_protected():
    with pytest.raises(IntegrityError, match="never changed"):
        models.Revision.objects.filter(status="submitted").update(title="Another")
    with pytest.raises(IntegrityError, match="append-only"):
        models.Review._base_manager.update(decision="approved")
