"""A recording without a length has that of its transcript, marked as such, until someone enters the real one."""

import math

import pytest
from django.core.management import call_command
from django.urls import reverse

from articles import workflow
from articles.core.recordings import transcripts
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Article, Episode
from articles.workflow import integrity
from articles.workflow.content import SectionContent
from articles.workflow.history import recordings
from tests.support.factories import make_episode, make_published

pytestmark = pytest.mark.django_db

SHORT = "00:00:04 Welcome.\n00:06:31 The brain clears its waste at night, while we sleep.\n00:07:00 Then it dreams."
LONG = f"{SHORT}\n01:10:00 Goodbye."
DERIVED = "from the transcript"


@pytest.fixture
def episode():
    return make_episode(duration_seconds=None, youtube_id="abcdefghijk", chapters=[(0, "Welcome"), (300, "Why")])


def give(episode, text, **options):
    import_transcript(episode, text.encode(), "talk.txt", **options)
    episode.refresh_from_db()


def lengths(episode):
    return episode.duration_seconds, episode.transcript_seconds, episode.length_seconds, episode.is_length_derived


def problem_counts(article):
    return list(article.revision_set.order_by("number").values_list("citation_count", "problem_count"))


def test_the_length_follows_the_transcript_until_a_real_one_is_entered(episode):
    assert lengths(episode) == (None, None, None, False)

    give(episode, SHORT)
    short = episode.length_seconds
    give(episode, LONG)
    end = math.ceil(transcripts.read(LONG).cues[-1].end_seconds)

    assert short < 450
    assert lengths(episode) == (None, end, end, True)
    episode.duration_seconds = 5000
    workflow.save_episode(episode, ["duration_seconds"], at_once=True)
    episode.refresh_from_db()
    assert lengths(episode) == (5000, end, 5000, False)
    workflow.remove_transcript(episode)
    episode.refresh_from_db()
    assert lengths(episode) == (5000, None, 5000, False)


def test_pages_show_the_timeline_and_where_its_length_is_from(client, episode, people):
    article = make_published(episode=episode, **people)
    pages = [article.get_absolute_url(), episode.get_absolute_url(), episode.show.get_absolute_url()]
    before = [client.get(page).text for page in pages]

    give(episode, LONG)

    after = [client.get(page).text for page in pages]
    assert [DERIVED in text for text in before] == [False, False, False]
    assert [text.count(f"about 1 h 10 min, {DERIVED}") for text in after] == [1, 1, 1]
    assert ['class="timeline' in text for text in before] == [False, False, False]
    assert ["It ends where the transcript ends" in text for text in after] == [True, True, False]
    api = client.get(f"/api/shows/{episode.show.handle}/episodes/{episode.slug}/").json()
    assert (api["duration"], api["is_duration_derived"]) == (episode.transcript_seconds, True)


def test_editors_see_where_the_length_is_from(admin_client, episode, people):
    make_published(episode=episode, **people)
    give(episode, SHORT)

    change = admin_client.get(reverse("admin:articles_episode_change", args=[episode.pk])).text
    minute = admin_client.get(reverse("admin:articles_episode_moment", args=[episode.pk]), {"t": "01:00:00"}).text
    listed = admin_client.get(reverse("admin:articles_episode_changelist")).text

    assert "The timeline ends where the transcript ends." in change
    assert "The transcript ends at 07:0" in minute
    assert f", {DERIVED}" in listed


def test_citations_past_the_transcripts_end_cite_nothing_until_it_or_the_length_reaches_them(episode, people):
    sections = (SectionContent("Why", "It rests [00:06:31]. It dreams [01:09:00]."),)
    article = make_published(episode=episode, sections=sections, **people)

    give(episode, SHORT)
    short = problem_counts(article)
    give(episode, LONG)
    long = problem_counts(article)
    give(episode, SHORT, is_confirmed=True)
    episode.duration_seconds = 5000
    workflow.save_episode(episode, ["duration_seconds"], at_once=True)

    assert (short, long, problem_counts(article)) == ([(1, 1)], [(2, 0)], [(2, 0)])
    assert list(integrity.check(Article.objects.all())) == []


@pytest.mark.breaks_integrity("The stored length is wrong.")
def test_a_wrong_length_is_found_and_rebuilt(episode):
    give(episode, SHORT)
    right = episode.transcript_seconds
    Episode.objects.update(transcript_seconds=right + 1)

    found = list(recordings.contradictions())
    call_command("rebuild", verbosity=0)

    assert [reason for _, reason in found] == [
        "its transcript ends elsewhere than is stored; `manage.py rebuild` mends it"
    ]
    episode.refresh_from_db()
    assert (list(recordings.contradictions()), episode.transcript_seconds) == ([], right)
