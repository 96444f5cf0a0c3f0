"""Topics in exported files are written, read back and reported if missing; importing assigns none."""

import pytest

from articles.core.formats import read, write_json, write_markdown
from articles.importing import KnownEpisodes, Outcome, export_value, import_article
from articles.models import Article, LogEntry, Topic
from tests.support.factories import make_episode, make_published, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    """An article with two topics."""
    article = make_published(episode=make_episode(youtube_id="aB3dE5fG7hI"))
    topics = [Topic.objects.create(slug="nights", title="Nights"), Topic.objects.create(slug="rest", title="潮 & rest")]
    article.topics.set(topics)
    return article


@pytest.mark.parametrize("write", [write_markdown, write_json])
def test_importing_an_export_changes_and_reports_nothing(article, write):
    value = export_value(article.published_revision)
    again = read(write(value), "sleep")

    imported = import_article(again, by=make_user("ben"), known=KnownEpisodes())

    assert again.topics == (("nights", "Nights"), ("rest", "潮 & rest"))
    assert (imported.outcome, imported.problems) == (Outcome.UNCHANGED, ())


@pytest.mark.parametrize("write", [write_markdown, write_json])
def test_missing_topics_are_reported(article, write):
    written = write(export_value(article.published_revision))
    article.topics.clear()
    Topic.objects.filter(slug="rest").delete()
    logged = LogEntry.objects.count()

    imported = import_article(read(written, "sleep"), by=make_user("root", is_superuser=True), known=KnownEpisodes())

    assert [(problem.code, problem.reason) for problem in imported.problems] == [
        ("topic-not-filed", "The article doesn’t have the topic “Nights”. Whoever publishes it can add it."),
        ("topic-unknown", "The topic “潮 & rest” (rest) doesn’t exist. Create it, then add it to the article."),
    ]
    assert not Article.objects.get().topics.exists()
    assert LogEntry.objects.count() == logged
