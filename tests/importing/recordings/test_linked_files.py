"""Chapters and transcripts that a feed links to are fetched only if asked for, and once."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError

from articles.core.recordings.chapters import ChapterLine, write_json
from articles.importing import Outcome
from articles.models import Chapter, Cue, Episode, LogEntry, Show, Transcript
from tests.importing.recordings.importing import deliver, run
from tests.support.factories import make_episode, make_published
from tests.support.samples.feeds import make_feed, make_item
from tests.support.servers.http import Site

pytestmark = pytest.mark.django_db

VTT = b"WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann>The moon pulls at the water.\n"


@pytest.fixture
def site():
    with Site() as site:
        yield site


# Fetching -----------------------------------------------------------------------------------------


def test_an_address_in_the_local_network_is_refused(site):
    site.page("/feed.xml", make_feed(make_item()))

    with pytest.raises(CommandError) as refusal:
        run("http://127.0.0.1/feed.xml")

    assert str(refusal.value) == (
        "http://127.0.0.1/feed.xml could not be fetched: 127.0.0.1 resolves to 127.0.0.1, "
        "which isn’t on the public internet."
    )
    assert site.asked == []


def test_no_linked_file_is_fetched_by_default(site):
    tags = '<podcast:chapters url="/1.json"/><podcast:transcript url="/1.vtt" type="text/vtt"/>'
    site.page("/feed.xml", make_feed(make_item(tags=tags)))

    results, fetched = deliver(f"{site.address}/feed.xml")

    assert results == [(Outcome.CREATED, [])]
    assert fetched == [
        f"{site.address}/feed.xml",
        "https://audio.example/1.mp3",
    ]  # the second only to see whether it plays
    assert Episode.objects.get().transcript_url == f"{site.address}/1.vtt"


def test_chapters_and_transcripts_are_fetched_once(site):
    tags = f"""<podcast:chapters url="{site.address}/1.json"/>
    <podcast:transcript url="{site.address}/1.srt" type="application/x-subrip" language="en"/>
    <podcast:transcript url="{site.address}/1.vtt" type="text/vtt" language="en"/>"""
    site.page("/feed.xml", make_feed(make_item(tags=tags)))
    site.page("/1.json", write_json([ChapterLine(0, "Hello"), ChapterLine(3723, "Late")]).encode())
    site.page("/1.vtt", VTT, content_type="text/vtt")

    first = deliver(f"{site.address}/feed.xml", chapters=True, transcripts=True)
    second = deliver(f"{site.address}/feed.xml", chapters=True, transcripts=True)

    late = (
        "chapter",
        "1:02:03 Late",
        "The chapter starts at or after the end of the episode (1:02:03); it was skipped.",
    )
    assert first == (
        [(Outcome.CREATED, [late])],
        [
            f"{site.address}/feed.xml",
            "https://audio.example/1.mp3",
            *(f"{site.address}/{name}" for name in ("1.json", "1.vtt")),
        ],
    )
    assert second == ([(Outcome.UNCHANGED, [])], [f"{site.address}/feed.xml"])
    assert [str(chapter) for chapter in Chapter.objects.all()] == ["00:00:00 Hello"]
    assert [(cue.speaker, cue.text) for cue in Cue.objects.all()] == [("Ann", "The moon pulls at the water.")]
    transcript = Transcript.objects.get()
    assert (transcript.file_name, transcript.language, transcript.imported_by_name) == ("1.vtt", "en", "manage.py")


def test_a_dry_run_reads_linked_files_and_changes_nothing(site):
    tags = f'<podcast:transcript url="{site.address}/1.vtt" type="text/vtt"/>'
    site.page("/feed.xml", make_feed(make_item(tags=tags)))
    site.page("/1.vtt", VTT + b"\n99:99.000 --> x\nlost\n")

    results, _ = deliver(f"{site.address}/feed.xml", transcripts=True, dry_run=True)

    assert [(outcome, [part for part, _, _ in problems]) for outcome, problems in results] == [
        (Outcome.CREATED, ["transcript", "transcript"])
    ]
    assert not Show.objects.exists()
    assert not Transcript.objects.exists()


def test_a_linked_transcript_that_looks_wrong_is_left_out_and_reported(site):
    tags = f'<podcast:transcript url="{site.address}/1.vtt" type="text/vtt" language="de"/>'
    site.page("/feed.xml", make_feed(make_item(tags=tags)))
    spoken = b"The tide rises twice a day in most places, and in some only once, because the moon pulls at it. " * 3
    site.page("/1.vtt", b"WEBVTT\n\n00:01.000 --> 00:59.000\n" + spoken)

    results, _ = deliver(f"{site.address}/feed.xml", transcripts=True)

    [(outcome, [(part, address, reason)])] = results
    assert (outcome, part, address) == (Outcome.CREATED, "podcast:transcript", f"{site.address}/1.vtt")
    assert "another language (en) than the one expected (de)" in reason
    assert reason.endswith("If it’s right nevertheless, download it and use import_transcript with --confirm.")
    assert not Transcript.objects.exists()


def test_an_episode_is_imported_without_unavailable_linked_files(site):
    tags = f"""<podcast:chapters url="{site.address}/1.json"/>
    <podcast:transcript url="http://10.0.0.7/1.vtt" type="text/vtt"/>"""
    second = f'<podcast:transcript url="{site.address}/2.vtt" type="text/vtt"/>'
    site.page("/feed.xml", make_feed(make_item(tags=tags), make_item(2, title="On salt", tags=second)))
    site.page("/1.json", b"[]")
    site.page("/2.vtt", b"no times")

    results, _ = deliver(f"{site.address}/feed.xml", chapters=True, transcripts=True)

    chapters = 'The JSON has no "chapters" list, which Podcasting 2.0 chapters have at the top level.'
    private = (
        "http://10.0.0.7/1.vtt could not be fetched: 10.0.0.7 resolves to 10.0.0.7, which isn’t on the public internet."
    )
    assert results[0] == (
        Outcome.CREATED,
        [
            ("podcast:chapters", f"{site.address}/1.json", chapters),
            ("podcast:transcript", "http://10.0.0.7/1.vtt", private),
        ],
    )
    assert results[1][0] == Outcome.CREATED
    assert results[1][1][0][2].startswith("No line with a time was found")
    assert Episode.objects.count() == 2


def test_the_command_fails_if_linked_files_are_unavailable(write):
    tags = '<podcast:chapters url="http://127.0.0.1/1.json"/>'

    with pytest.raises(CommandError, match=r"\A1 linked file not imported\.\Z"):
        run(write(make_item(tags=tags)), chapters=True)

    assert Episode.objects.count() == 1


def test_the_first_superuser_imports_by_default(write):
    User.objects.create_superuser("root", "root@example.org", "a long test password")
    known = make_episode("on-tides", handle="the-harbour-hour", title="On tides", duration_seconds=None)
    article = make_published(episode=known)

    run(write(make_item()))

    assert LogEntry.objects.filter(article=article).order_by("pk").last().by_name == "root"
