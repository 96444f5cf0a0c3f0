from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from articles import workflow
from articles.models import Article, LogEntry, Profile, Review, Revision
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db

CITED = ["00:06:31", "00:24:44", "00:28:36", "00:09:01", "00:36:17", "00:56:01", "00:06:52", "01:31:01"]
CORRECTED = ["00:08:44", "00:25:05", "00:28:36", "00:19:10", "00:57:16", "00:56:01", "00:06:52", "00:08:10", "01:31:01"]


def load():
    out = StringIO()
    call_command("load_content", by="admin", editor="editor", stdout=out)
    return out.getvalue()


@pytest.fixture
def accounts():
    make_user("admin", groups=("Administrators",))
    make_user("editor")


def moments(revision):
    return [str(citation).split(" ")[0] for citation in revision.citation_set.all()]


def test_the_article_is_published_without_review(accounts):
    load()

    article = Article.objects.published().get()
    revision = article.published_revision
    assert article.slug == "ketamine"
    assert (revision.status, revision.notice) == ("received", "health")
    assert revision.public_note == "Imported text; citations not yet checked."
    assert not revision.review_set.exists()
    assert moments(revision) == CITED
    assert [(s.level, s.heading) for s in revision.section_set.all()] == [
        (1, "Clinical Uses of Ketamine"),
        (2, "Treatment-Resistant Depression"),
        (2, "Bipolar Depression, PTSD, and Other Applications"),
        (1, "Mechanisms of Action"),
        (2, "The Role of BDNF"),
        (1, "Risks and Concerns"),
        (2, "Risk of Abuse and Addiction"),
        (2, "Side Effects"),
        (1, "Conclusion"),
    ]
    assert revision.problem_count == 0


def test_the_episode_has_its_chapters(accounts):
    load()

    episode = Revision.objects.get(number=1).source_set.get().episode
    assert (episode.show.handle, episode.youtube_id, episode.duration_seconds) == ("hubermanlab", "Rxmv7rT9leo", 6161)
    assert episode.chapter_set.count() == 22
    assert episode.chapter_set.filter(is_sponsor=True).count() == 3


def test_a_revision_awaits_review(accounts):
    load()

    waiting = Revision.objects.awaiting_review().get()
    assert (waiting.number, waiting.author_name) == (2, "editor")
    assert moments(waiting) == CORRECTED
    assert "00:19:10 (not 09:01)" in waiting.edit_summary
    assert waiting.target.number == 1
    assert set(waiting.section_set.values_list("key", flat=True)) == set(
        waiting.target.section_set.values_list("key", flat=True)
    )


def test_loading_again_changes_nothing(accounts):
    load()
    before = list(LogEntry.objects.values_list("pk", flat=True))

    assert load() == "The sample content already exists.\n"

    assert list(LogEntry.objects.values_list("pk", flat=True)) == before
    assert Revision.objects.count() == 2


def test_loading_without_the_accounts_reports_what_is_missing():
    with pytest.raises(CommandError, match=r"There is no account “admin”\. Create"):
        load()


def test_the_article_gets_two_topics_once_and_no_reviews(accounts):
    load()

    call_command("demo_topics", by="admin", verbosity=0)
    article = Article.objects.get()
    first = [topic.title for topic in article.topics.all()]
    workflow.assign_topics(article, article.topics.filter(slug="pharmacology"), by=User.objects.get(username="admin"))
    call_command("demo_topics", by="admin", verbosity=0)

    assert first == ["Mental health", "Pharmacology"]
    assert [topic.title for topic in article.topics.all()] == ["Pharmacology"]
    assert [entry.note for entry in LogEntry.objects.filter(action=LogEntry.Action.FILED)] == [
        "Added “Mental health”, “Pharmacology”.",
        "Removed “Mental health”.",
    ]
    assert (Review.objects.count(), Profile.objects.count()) == (0, 0)
