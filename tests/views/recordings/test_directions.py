"""What stands next to a chapter's title or a person's name isn't turned round by what they contain."""

import pytest

from articles.admin.recordings.changes import comparison
from articles.core.lint import Source, find_issues
from articles.importing import import_transcript
from articles.models import Episode, RecordingChange
from tests.support.factories import make_episode, make_published
from tests.support.samples.lint import make_text

pytestmark = pytest.mark.django_db

TURNED = "\u202eSponsor: a mattress"  # U+202E shows what follows from right to left, up to the end of what is isolated
PEOPLE = "נועה | role: אורחת | link: https://noa.example/"


@pytest.fixture
def episode(people):
    episode = make_episode(
        chapters=[(0, "Opening"), (360, TURNED)], audio_url="https://audio.example/1.mp3", duration_seconds=600
    )
    Episode.objects.update(people=PEOPLE)
    episode.chapter_set.filter(start_seconds=360).update(is_sponsor=True)
    make_published("sleep", episode=episode, lead="\u202eIt clears waste [00:06:31].", **people)
    return episode


def test_on_pages(client, episode):
    page = client.get(episode.get_absolute_url()).text

    assert f"<bdi>{TURNED}</bdi>" in page
    assert "<bdi>נועה</bdi></a> (<bdi>אורחת</bdi>)" in page
    assert f'<td dir="auto"><bdi>{TURNED}</bdi> <span' in client.get("/articles/sleep/").text


def test_in_the_title_of_a_timeline(admin_client, episode):
    page = admin_client.get(f"/admin/articles/episode/{episode.pk}/change/").text

    assert f"\u2068{TURNED}\u2069 (sponsor)" in page


def test_in_a_playlist(client, episode):
    playlist = client.get(f"{episode.get_absolute_url()}citations.m3u8").text

    assert "#EXTINF:30,It clears waste. – Not checked\n" in playlist


def test_in_a_lint_issue():
    [issue] = find_issues(make_text("Tides rise [00:06:31].", sources={"e1": Source(((360, TURNED, True),))}))

    assert "the sponsor’s chapter “Sponsor: a mattress”, which" in issue.message


def test_in_a_transcript(client, episode):
    import_transcript(episode, b"00:06:31 At night it clears waste.", "talk.txt", at_once=True, is_confirmed=True)
    Episode.objects.update(allows_transcript=True)

    page = client.get(f"{episode.get_absolute_url()}transcript/").text

    assert f'dir="auto"><bdi>{TURNED}</bdi> <span' in page


def test_in_a_change_of_chapters():
    change = RecordingChange(before={"chapters": []}, after={"chapters": [[360, TURNED, True]]})

    [part] = comparison.parts_of(change)

    assert [[run.text for run in line] for line in part.after] == [[f"00:06:00 \u2068{TURNED}\u2069 (sponsor)"]]
