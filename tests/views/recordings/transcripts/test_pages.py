"""The public transcript: who can see it, what it shows, its files, and that it is never stale."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.core.recordings import transcripts
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Cue, Episode, Show, Transcript
from articles.views.recordings.transcripts import passages
from articles.workflow.content import SectionContent
from tests.support.factories import make_episode, make_published

pytestmark = pytest.mark.django_db

ADDRESS = "/shows/night-talks/on-sleep/transcript/"
FIND = f"{ADDRESS}find/"
FILES = [f"/shows/night-talks/on-sleep/transcript.{form}" for form in transcripts.WRITERS]
VTT = """WEBVTT

00:04.000 --> 00:06.000
<v Ann>Welcome to <b>Night</b> Talks &amp; more.

06:31.250 --> 06:35.000
<v Bob>The brain clears its waste at night,

06:35.000 --> 06:39.000
<v Bob>while we sleep &lt;deeply&gt;.

20:00.000 --> 20:04.000
<v Ann>Then it dreams.
"""


@pytest.fixture
def episode(people):
    episode = make_episode(youtube_id="abcdefghijk", chapters=[(0, "Opening"), (300, "Why we <sleep>")])
    import_transcript(episode, VTT.encode(), "talk.vtt", language="en")
    sections = (SectionContent("Why", "The brain clears <waste> [00:06:31-00:06:37]. It dreams [00:20:01]."),)
    make_published("sleep", title="Sleep & co", episode=episode, sections=sections, **people)
    episode.refresh_from_db()
    return episode


def allow(episode, **values):
    Episode.objects.filter(pk=episode.pk).update(**values or {"allows_transcript": True})


def test_nobody_reads_it_until_show_or_episode_allows_it(client, admin_client, episode):
    listed = client.get(episode.get_absolute_url()).text
    refused = [user.get(address).status_code for user in (client, admin_client) for address in [ADDRESS, FIND, *FILES]]

    allow(episode)
    by_episode = [client.get(address).status_code for address in [ADDRESS, FIND, *FILES]]
    allow(episode, allows_transcript=False)
    Show.objects.update(allows_transcripts=True)
    by_show = [client.get(address).status_code for address in [ADDRESS, FIND, *FILES]]

    assert ("Read and search" in listed, refused) == (False, [404] * 10)
    assert (by_episode, by_show) == ([200] * 5, [200] * 5)
    assert f'href="{ADDRESS}">Read and search' in client.get(episode.get_absolute_url()).text
    allow(episode, transcript_digest="")
    assert client.get(ADDRESS).status_code == 404


def test_editors_download_it_in_any_case(client, people, episode):
    client.force_login(people["by"])

    for form in transcripts.WRITERS:
        response = client.get(reverse("admin:articles_episode_transcript_file", args=[episode.pk, form]))
        read = transcripts.read(response.content, f"talk.{form}")
        assert response["Content-Disposition"] == f'attachment; filename="on-sleep.{form}"'
        assert [(cue.speaker, cue.text) for cue in read.cues] == [
            (cue.speaker, cue.text) for cue in transcripts.read(VTT).cues
        ]
    make_episode("without")
    without = Episode.objects.get(slug="without")
    assert client.get(reverse("admin:articles_episode_transcript_file", args=[without.pk, "vtt"])).status_code == 404


def test_files_are_those_cues_and_open_to_other_sites(client, episode):
    allow(episode)

    for address in FILES:
        response = client.get(address)
        assert [cue.text for cue in transcripts.read(response.content, address).cues] == [
            cue.text for cue in transcripts.read(VTT).cues
        ]
        assert response["Access-Control-Allow-Origin"] == "*"
    assert client.get(FILES[0]).content.startswith(b"WEBVTT\nLanguage: en\n")


def test_the_page_has_speakers_chapters_times_and_what_cites_the_words(client, episode):
    allow(episode)

    text = client.get(ADDRESS).text

    cues = re.findall(
        r'<span class="(cue[^"]*)" id="([^"]*)" data-time-start="([^"]*)" data-time-end="([^"]*)">(.*?)</span>', text
    )
    assert cues == [
        ("cue", "t-4", "4", "6", "Welcome to Night Talks &amp; more."),
        ("cue cue--cited", "t-391", "391.25", "395", "The brain clears its waste at night,"),
        ("cue cue--cited", "t-395", "395", "399", "while we sleep &lt;deeply&gt;."),
        ("cue cue--cited", "t-1200", "1200", "1204", "Then it dreams."),
    ]
    assert re.findall(r'<b class="passage__speaker">(.*?):</b>', text) == ["Ann", "Bob", "Ann"]
    titles = re.findall(r'<h2 class="transcript__chapter"[^>]*><bdi>(.*?)</bdi></h2>', text)
    assert titles == ["Opening", "Why we &lt;sleep&gt;"]
    notes = re.findall(r'<a class="passage__cited" href="#([^"]*)">.*?href="([^"]*)"', text, re.DOTALL)
    assert notes == [("t-391", "/articles/sleep/#c-391"), ("t-1200", "/articles/sleep/#c-1201")]
    assert 'href="https://www.youtube.com/watch?v=abcdefghijk&amp;t=391s"' in text
    assert "Sleep &amp; co" in text


@pytest.mark.parametrize("address", [ADDRESS, FIND])
@pytest.mark.parametrize(
    ("second", "anchor"),
    [
        *((0, "t-4"), (391, "t-391"), (394, "t-391"), (99999, "t-1200"), (999999999, "t-1200")),
        *(("6m31s", "t-391"), ("6:31", "t-391"), ("00:06:31", "t-391"), ("391.25", "t-391"), ("npt:391,1200", "t-391")),
    ],
)
def test_each_second_has_an_address(client, episode, address, second, anchor):
    allow(episode)

    response = client.get(address, {"t": second})

    assert (response.status_code, response["Location"]) == (302, f"{ADDRESS}#{anchor}")


@pytest.mark.parametrize("address", [ADDRESS, FIND])
@pytest.mark.parametrize("written", ["", "later", "<b>", "-1", "1e9", "NaN", "\0", "6:99", "9" * 30])
def test_what_is_no_time_is_named(client, episode, address, written):
    allow(episode)

    response = client.get(address, {"t": written})
    summary = re.search(r'<p class="search__summary" role="status">(.*?)\n', response.text)[1]

    assert response.status_code == 400
    assert "<b>" not in summary
    assert len(summary) > 20


@pytest.mark.breaks_integrity("The transcript is incomplete, as it can be read while it is being removed.")
def test_what_is_removed_meanwhile_is_not_an_error(client, episode):
    allow(episode)

    Cue.objects.all().delete()
    without_cues = [client.get(address).status_code for address in (ADDRESS, f"{FIND}?t=5", f"{FIND}?q=waste", *FILES)]
    Transcript.objects.update(replaced_at=timezone.now())
    without_record = [client.get(address).status_code for address in (ADDRESS, f"{FIND}?q=waste", *FILES)]

    assert without_cues == [200, 404, 200, 200, 200, 200]
    assert without_record == [404] * 5


def test_search_finds_words_and_leads_to_their_moment(client, episode):
    allow(episode)

    found, nothing = client.get(FIND, {"q": "waste"}).text, client.get(FIND, {"q": "<zeppelin>"}).text

    assert "1 result for “waste”." in found
    assert '<a class="moments__claim" href="?t=391"' in found
    assert "No results for “&lt;zeppelin&gt;”." in nothing


def test_every_result_is_on_a_page(client, episode):
    cues = "\n".join(f"00:{at // 60:02}:{at % 60:02} The <tide> turns." for at in range(0, 3501, 35))
    import_transcript(episode, cues.encode(), "tides.txt")
    allow(episode)

    first, last, beyond = (client.get(FIND, {"q": '"the tide"', "page": page}).text for page in ("1", "3", "99"))

    assert "101 results for “&quot;the tide&quot;”." in first
    assert first.count('class="moments__claim"') == 50
    assert 'href="?q=%22the%20tide%22&amp;page=2" rel="next"' in first
    assert re.findall(r'class="moments__claim" href="\?t=(\d+)"', last) == ["3500"]
    assert ('rel="prev"' in last, 'rel="next"' in last, beyond) == (True, False, last)


@pytest.mark.parametrize(("count", "is_told"), [(16, False), (17, True)])
def test_words_that_were_not_searched_are_told(client, episode, count, is_told):
    allow(episode)

    text = client.get(FIND, {"q": "the " * (count - 1) + "zeppelin"}).text

    assert ("Only the first 16 words were used." in text) is is_told
    assert ("No results for" in text) is not is_told  # the last word decides, unless it is the one left out


def test_a_long_transcript_has_pages_with_their_own_citations(client, episode, monkeypatch):
    allow(episode)
    monkeypatch.setattr(passages, "PER_PAGE", 2)

    first, second = client.get(ADDRESS).text, client.get(ADDRESS, {"page": 2}).text

    assert [text.count('class="cue') for text in (first, second)] == [2, 2]
    assert [text.count('class="passage__cited"') for text in (first, second)] == [1, 1]
    assert [text.count('class="transcript__chapter"') for text in (first, second)] == [2, 0]
    assert client.get(FIND, {"t": 1203})["Location"] == f"{ADDRESS}?page=2#t-1200"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_a_fixed_number_of_queries(client, people, django_assert_num_queries, count):
    episode = make_episode()
    lines = "\n".join(f"00:0{n}:00 The brain clears its waste at night." for n in range(1, 2 + count))
    import_transcript(episode, lines.encode(), "talk.txt")
    allow(episode)
    for number in range(count):
        make_published(f"sleep-{number}", title=f"Sleep {number}", episode=episode, **people)

    with django_assert_num_queries(9):
        text = client.get(ADDRESS).text

    assert text.count('class="passage__cited"') == count


def test_an_import_changes_the_page_at_once(client, episode):
    allow(episode)
    before = client.get(ADDRESS).text

    import_transcript(episode, VTT.replace("dreams", "wakes").encode(), "talk.vtt", language="en", at_once=True)

    assert ["Then it wakes." in text for text in (before, client.get(ADDRESS).text)] == [False, True]


def test_the_permission_waits_for_a_moderator_where_texts_rely_on_it(episode, people):
    episode.allows_transcript = True
    change = workflow.save_episode(episode, ["allows_transcript"], by=people["by"])

    assert (change.is_waiting, change.after) == (True, {"allows_transcript": True})
    assert not Episode.objects.get(pk=episode.pk).allows_transcript


def test_digests_from_before_hold_until_the_permission_is_given(episode):
    before = Episode.objects.get(pk=episode.pk).recording_digest
    for model, row, name in [(Episode, episode, "allows_transcript"), (Show, episode.show, "allows_transcripts")]:
        row = model.objects.get(pk=row.pk)
        setattr(row, name, True)
        save = workflow.save_show if model is Show else workflow.save_episode
        save(row, [name], at_once=True)
        given = Episode.objects.get(pk=episode.pk).recording_digest
        setattr(row, name, False)
        save(row, [name], at_once=True)
        assert given != before
        assert Episode.objects.get(pk=episode.pk).recording_digest == before


def test_citations_as_a_playlist_and_as_soundbites(client, episode):
    playlist = client.get("/shows/night-talks/on-sleep/citations.m3u8")
    soundbites = client.get("/shows/night-talks/on-sleep/soundbites.xml")

    assert playlist["Content-Type"] == "audio/x-mpegurl; charset=utf-8"
    assert "#EXTINF:6,The brain clears <waste>.\n" in playlist.text
    assert "https://www.youtube.com/watch?v=abcdefghijk&t=391s\n" in playlist.text
    assert soundbites["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert (
        '<podcast:soundbite startTime="391.0" duration="6.0">The brain clears &lt;waste&gt;.</podcast'
        in soundbites.text
    )
