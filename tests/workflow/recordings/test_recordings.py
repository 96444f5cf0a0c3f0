"""Changing a recording: every way takes the same steps and writes the same log entries."""

import json
import re
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from articles import workflow
from articles.core.http import Fetched
from articles.core.recordings.chapters import ChapterLine
from articles.core.recordings.editions import OffsetMap, Piece
from articles.derived.recordings import dependents
from articles.importing import FeedDelivery
from articles.models import Chapter, Check, Edition, Episode, LogEntry, Show, Transcript
from articles.workflow.history import audit_log
from articles.workflow.recordings import steps
from tests.support.factories import make_episode, publish_by_workflow
from tests.support.samples.feeds import make_feed, make_item
from tests.support.scenarios.published_pages import page_of

pytestmark = pytest.mark.django_db

VIDEO = "abcdefghijk"
CUES = "00:06:31 The brain clears its waste at night, while we sleep.\n00:07:00 Then it dreams."


@pytest.fixture
def ida(client):
    user = User.objects.create_superuser("ida", "ida@example.org", "a long test password")
    client.force_login(user)
    return user


@pytest.fixture
def episode():
    return make_episode(youtube_id=VIDEO, title=f"YouTube {VIDEO}", chapters=[(0, "Welcome"), (300, "Why we sleep")])


@pytest.fixture
def article(episode, ida):
    return publish_by_workflow(episode=episode)


@pytest.fixture
def locked(monkeypatch):
    """The calls that locked dependents of recordings, as lists of episodes."""
    calls = []
    lock = dependents.lock_dependents

    def spy(episodes):
        calls.append(list(episodes))
        lock(episodes)

    monkeypatch.setattr(dependents, "lock_dependents", spy)
    return calls


def notes(article):
    entries = LogEntry.objects.filter(article=article, action="recording_changed").order_by("number")
    return [(entry.by_name, entry.note) for entry in entries]


# The ways to make a change: functions that change `episode` as their other arguments say -------------


def by_admin(client, folder, episode, *, chapters=(), edition=None, **values):
    address = reverse("admin:articles_episode_change", args=[episode.pk])
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    data["initial-chapter_lines"] = data["chapter_lines"]
    if chapters:
        data["chapter_lines"] = "\n".join(f"{start} {title}" for start, title in chapters)
    data |= {f"{name}-{count}_FORMS": 0 for name in ("chapter_set", "edition_set") for count in ("INITIAL", "TOTAL")}
    if edition:
        data |= {"edition_set-TOTAL_FORMS": 1} | {f"edition_set-0-{name}": value for name, value in edition.items()}
    assert client.post(address, data | values).status_code == 302


def by_feed(client, folder, episode, *, chapters=(), title="", audio_url="", published_on=""):
    day = f"{date.fromisoformat(published_on):%a, %d %b %Y} 10:00:00 GMT" if published_on else ""
    tags = ""
    if chapters:
        rows = (f'<psc:chapter start="{start}" title="{title}"/>' for start, title in chapters)
        tags = f"<psc:chapters>{''.join(rows)}</psc:chapters>"
    path = feed_file(folder, title=title or episode.title, tags=tags, enclosure=audio_url, pubDate=day)
    call_command("import_feed", str(path), show=episode.show.handle, overwrite=True, username="ida", stdout=StringIO())


def feed_file(folder, *, tags="", **parts):
    """A feed with a single video that has these `parts`."""
    tags += f'<yt:videoId xmlns:yt="http://www.youtube.com/xml/schemas/2015">{VIDEO}</yt:videoId>'
    nothing = {"link": "", "guid": "", "itunes__duration": "", "enclosure": "", "pubDate": ""}
    path = folder / "feed.xml"
    path.write_bytes(make_feed(make_item(tags=tags, **nothing | parts), link=""))
    return path


def by_episodes_file(client, folder, episode, *, edition=None, **values):
    entry = {"show": {"handle": episode.show.handle}, "title": episode.title, "youtube_id": VIDEO} | values
    if edition:
        entry["editions"] = [edition]
    load(folder, entry)


def by_index(client, folder, episode, *, title):
    head = "---\ntitle: night-talks\n---\n"
    path = folder / "index.md"
    path.write_text(f"{head}### [{title}](https://www.youtube.com/watch?v={VIDEO})\n- [[sleep]]\n")
    import_articles(path)


def load(folder, entry):
    (folder / "files").mkdir(exist_ok=True)
    (folder / "episodes.json").write_text(json.dumps(entry))
    import_articles(folder / "files", episodes=folder / "episodes.json")


def import_articles(path, **options):
    call_command("import_articles", path, username="ida", stdout=StringIO(), stderr=StringIO(), **options)


WAYS = [by_admin, by_feed, by_episodes_file]
CHANGES = [
    (way, values, *expected)
    for values, *expected in [
        ({"title": "On sleep"}, "title", ">On sleep<"),
        ({"audio_url": "https://audio.example/1.mp3"}, "audio file", "https://audio.example/1.mp3"),
        ({"published_on": "2024-05-06"}, "release date", "2024-05-06"),
        ({"chapters": [["00:00:00", "Welcome"], ["00:06:00", "Night work"]]}, "chapters", "Night work"),
    ]
    for way in WAYS
]
CHANGES.append((by_index, {"title": "On sleep"}, "title", ">On sleep<"))
CHANGES += [
    (
        way,
        {"edition": {"key": "feed", "title": "In the feed", "audio_url": "https://f.example/1"}},
        "editions",
        "In the feed",
    )
    for way in (by_admin, by_episodes_file)
]


@pytest.mark.parametrize(("way", "values", "what", "shown"), CHANGES)
def test_every_way_to_change_an_episode_has_the_same_effect(
    client, tmp_path, episode, article, locked, way, values, what, shown
):
    way(client, tmp_path, episode, **values)

    episode.refresh_from_db()
    assert notes(article) == [("ida", f"{episode}: {what}")]
    assert shown in page_of(article)
    assert [episode] in locked
    assert audit_log.verify(article) is None


@pytest.mark.parametrize("way", WAYS)
def test_saving_without_a_change_leaves_no_trace(client, tmp_path, episode, article, way):
    before = page_of(article)

    way(client, tmp_path, episode)

    assert notes(article) == []
    assert page_of(article) == before


@pytest.mark.parametrize("way", [by_admin, by_episodes_file])  # no feed of videos says how long they are
def test_a_shorter_recording_shows_in_the_texts(client, tmp_path, episode, article, way):
    """The text is derived again, not just its page: its timestamp is now past the end."""
    way(client, tmp_path, episode, chapters=[["00:00:00", "Welcome"]], duration_seconds=360)

    article.published_revision.refresh_from_db()
    assert article.published_revision.problem_count == 1
    assert notes(article) == [("ida", f"{episode}: length in seconds, chapters")]


@pytest.mark.parametrize("way", WAYS)
def test_sponsor_flags_stay_with_their_titles(client, tmp_path, episode, way, ida):
    Chapter.objects.filter(title="Why we sleep").update(is_sponsor=True)
    welcome = Chapter.objects.get(title="Welcome")

    way(
        client,
        tmp_path,
        episode,
        chapters=[["00:00:00", "Welcome"], ["00:06:00", "Why we sleep"], ["00:09:00", "Sponsor"]],
    )

    rows = list(episode.chapter_set.values_list("start_seconds", "title", "is_sponsor"))
    assert rows == [(0, "Welcome", False), (360, "Why we sleep", True), (540, "Sponsor", True)]
    assert Chapter.objects.get(title="Welcome") == welcome


def test_changes_to_columns_that_no_page_shows_have_no_consequences(client, tmp_path, episode, article):
    before = page_of(article)

    by_admin(client, tmp_path, episode, guid="urn:harbour:1", transcript_url="https://a.example/1.vtt")

    episode.refresh_from_db()
    assert (episode.guid, episode.transcript_url) == ("urn:harbour:1", "https://a.example/1.vtt")
    assert notes(article) == []
    assert page_of(article) == before


def test_several_parts_are_one_change(episode, article, ida, monkeypatch):
    derived = []
    monkeypatch.setattr(steps, "refresh_citing", derived.append)
    edition = Edition(episode=episode, key="feed", title="In the feed", audio_url="https://f.example/1.mp3")

    with workflow.change_episode(episode, by=ida) as change:
        episode.title = "On sleep"
        change.save(["title", "chapter_lines"])
        change.replace_chapters([ChapterLine(0, "Hello")])
        change.save_chapters([Chapter(episode=episode, start_seconds=60, title="Naps")])
        change.save_editions([(edition, OffsetMap([Piece(0, 3600, 5)]))])

    assert derived == [episode]
    assert notes(article) == [("ida", "On sleep: title, chapters, editions")]
    assert [chapter.title for chapter in episode.chapters] == ["Hello", "Naps"]
    assert Edition.objects.get().map.pieces == (Piece(0, 3600, 5),)


def test_a_failed_change_is_rolled_back(episode, article, ida):
    def fail():
        with transaction.atomic(), workflow.change_episode(episode, by=ida) as change:
            change.replace_chapters([ChapterLine(0, "Hello")])
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011  (nothing but it is raised)
        fail()

    assert Chapter.objects.count() == 2
    assert notes(article) == []


def test_a_new_episode_locks_nobody(episode, article, ida, locked):
    with workflow.change_episode(Episode(show=episode.show, title="On naps", slug="on-naps"), by=ida) as change:
        change.save()
        change.replace_chapters([ChapterLine(0, "Sponsors"), ChapterLine(60, "Naps")])

    assert change.is_new
    assert [(chapter.title, chapter.is_sponsor) for chapter in change.episode.chapters] == [
        ("Sponsors", True),
        ("Naps", False),
    ]
    assert locked == []
    assert notes(article) == []


# Shows --------------------------------------------------------------------------------------------


def show_by_admin(client, folder, show):
    address = reverse("admin:articles_show_change", args=[show.pk])
    client.post(address, {"handle": show.handle, "title": "Talks at night", "url": ""})


def show_by_feed(client, folder, show):
    Show.objects.update(title=show.handle)  # a feed gives a title only where there is none
    path = folder / "feed.xml"
    path.write_bytes(make_feed(make_item(), title="Talks at night", link=""))
    call_command("import_feed", str(path), show=show.handle, username="ida", stdout=StringIO())


def show_by_episodes_file(client, folder, show):
    episode = show.episode_set.get()
    of_show = {"handle": show.handle, "title": "Talks at night"}
    load(folder, {"show": of_show, "title": episode.title, "youtube_id": VIDEO})


@pytest.mark.parametrize("way", [show_by_admin, show_by_feed, show_by_episodes_file])
def test_every_way_to_change_a_show_has_the_same_effect(client, tmp_path, episode, article, locked, way):
    way(client, tmp_path, episode.show)

    assert Show.objects.get().title == "Talks at night"
    assert notes(article) == [("ida", "Talks at night: title")]
    assert ">Talks at night<" in page_of(article)
    assert [episode] in locked


# Transcripts --------------------------------------------------------------------------------------


def transcript_by_admin(client, folder, episode):
    client.post(reverse("admin:articles_episode_transcript", args=[episode.pk]), {"text": CUES})


def transcript_by_command(client, folder, episode):
    path = folder / "cues.txt"
    path.write_text(CUES)
    call_command("import_transcript", episode.reference, path, username="ida", stdout=StringIO())


def transcript_by_feed(client, folder, episode):
    tags = '<podcast:transcript url="https://a.example/1.txt" type="text/plain"/>'
    path = feed_file(folder, title=episode.title, tags=tags)
    delivery = FeedDelivery(
        by=User.objects.get(username="ida"),
        handle=episode.show.handle,
        transcripts=True,
        fetch=lambda url, **_: Fetched(url, CUES.encode()),
    )
    delivery.open(str(path))
    delivery.import_item(delivery.feed.episodes[0])


@pytest.mark.parametrize("way", [transcript_by_admin, transcript_by_command, transcript_by_feed])
def test_every_way_to_replace_a_transcript_has_the_same_effect(client, tmp_path, episode, article, locked, way):
    way(client, tmp_path, episode)

    transcript = Transcript.objects.current().get()
    assert (transcript.cue_count, transcript.imported_by_name) == (2, "ida")
    assert Check.objects.count() == 1
    assert notes(article) == [("ida", f"{episode}: transcript")]
    assert "Matches transcript (automatic" in page_of(article)
    assert [episode] in locked


def test_a_transcript_is_removed_with_its_checks(client, episode, article, locked, tmp_path):
    transcript_by_admin(client, tmp_path, episode)
    digest = Transcript.objects.current().get().digest

    client.post(reverse("admin:articles_episode_transcript_remove", args=[episode.pk]), {"loaded_as": digest})

    assert not Transcript.objects.current().exists()
    assert Check.objects.count() == 0
    assert notes(article) == [("ida", f"{episode}: transcript"), ("ida", f"{episode}: transcript removed")]
    assert "Matches transcript (automatic" not in page_of(article)


def test_the_same_transcript_again_changes_nothing(client, episode, article, tmp_path):
    transcript_by_command(client, tmp_path, episode)
    transcript_by_command(client, tmp_path, episode)

    assert Transcript.objects.count() == 1
    assert notes(article) == [("ida", f"{episode}: transcript")]


# Editions -----------------------------------------------------------------------------------------


def test_stretches_are_saved_once(episode, article, ida, locked):
    edition = Edition.objects.create(episode=episode, key="feed", title="Feed", audio_url="https://f.example/1.mp3")
    offsets = OffsetMap([Piece(0, 3600, 5)])

    assert workflow.save_stretches(edition, offsets, by=ida)
    assert not workflow.save_stretches(edition, offsets, by=ida)

    assert notes(article) == [("ida", f"{episode}: stretches of the edition “Feed”")]
    assert locked == [[episode], [episode]]


# No other writers ---------------------------------------------------------------------------------

ROOT = Path(workflow.__file__).parents[1]
WRITES = re.compile(
    r"\b(?:Show|Episode|Chapter|Edition|Stretch|Cue|Transcript)\.objects\."
    r"(?:\w+\([^\n]*\)\.)*(?:create|bulk_create|bulk_update|update|update_or_create|get_or_create|delete)\("
    r"|(?:chapter|edition|stretch|cue|transcript)_set\.(?:\w+\([^\n]*\)\.)*(?:create|update|delete|set|add)\("
    r"|\b(?:show|episode|known|chapter|edition|transcript)\.save\(|\.set_map\("
)


def test_no_other_module_writes_recordings():
    files = [path for path in ROOT.rglob("*.py") if "migrations" not in path.parts]
    writers = {str(path.relative_to(ROOT)) for path in files if WRITES.search(path.read_text())}

    assert writers == {
        "models/recordings/editions.py",  # an edition replaces its stretches
        "workflow/recordings/episodes.py",
        "workflow/recordings/stored_cues.py",
        "workflow/recordings/speakers.py",
        "workflow/recordings/transcripts.py",
    }
