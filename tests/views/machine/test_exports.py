"""The published text as Markdown and JSON, an episode's chapters and the track of its citations."""

import json
import re

import pytest
from django.http import SimpleCookie
from django.utils.formats import date_format
from django.utils.timezone import localtime
from lxml import etree

from articles import workflow
from articles.core import formats
from articles.core.recordings import chapters, transcripts
from articles.core.recordings.cited_moments import NAMESPACE, SECONDS
from articles.core.recordings.editions import OffsetMap, Piece
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Check, Citation, Edition
from articles.workflow.content import SectionContent, SourceContent
from articles.workflow.history import chain
from tests.support.factories import make_change, make_content, make_draft, make_episode, make_published, make_user
from tests.support.samples.cited import ELSEWHERE, HERE, UNHEARD, make_cited, make_talk, verdicts_of

pytestmark = pytest.mark.django_db

SECRET = "Zephyrine"
HOSTILE = "</script> --> <b>& “so”"
VTT = b"WEBVTT\n\n06:25.000 --> 06:45.000\nAt night the brain clears its waste away.\n"
SECTIONS = (
    SectionContent("Why we sleep", "The brain clears waste at night [00:06:31].\n\nIt rests [00:20:00-00:21:00]."),
    SectionContent("How", "Nobody knows.", 2),
)
FILES = [
    "/articles/sleep-0.md",
    "/articles/sleep-0.json",
    "/shows/night-talks/on-sleep/chapters.json",
    "/shows/night-talks/on-sleep/citations.vtt",
]


def published(count, people, **kwargs):
    episode = kwargs.pop("episode", None) or make_episode(
        chapters=[(0, "Opening"), (300, "The night shift")], youtube_id="abcdefghijk"
    )
    return [make_published(f"sleep-{n}", title=f"Sleep {n}", episode=episode, **people, **kwargs) for n in range(count)]


def test_markdown_can_be_imported_again(client, people):
    published(1, people, sections=SECTIONS, notice="health")

    response = client.get("/articles/sleep-0.md")

    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["Link"] == '<http://testserver/articles/sleep-0/>; rel="canonical"'
    (read,) = [formats.read(response.content, "sleep-0.md")]
    assert (read.title, read.name, read.notice, read.lead) == (
        "Sleep 0",
        "sleep-0",
        "health",
        "What a night of sleep does.",
    )
    assert [(one.level, one.heading, one.body) for one in read.sections] == [
        (one.level, one.heading, one.body) for one in SECTIONS
    ]
    assert [one.reference for one in read.sources] == ["night-talks/on-sleep"]


def test_json_has_the_text_and_the_status_of_each_citation(client, people):
    (article,) = published(1, people, sections=SECTIONS, notice="health")
    review, head = article.published_revision.review_set.get(), chain.head_of(article)

    value = client.get("/articles/sleep-0.json").json()

    assert value == {
        "title": "Sleep 0",
        "slug": "sleep-0",
        "url": "http://testserver/articles/sleep-0/",
        "permalink": "http://testserver/articles/sleep-0/revisions/1/",
        "revision": 1,
        "published_at": article.first_published_at.isoformat(timespec="seconds"),
        "updated_at": article.published_at.isoformat(timespec="seconds"),
        "reviewed": {
            "by": "moderator",
            "at": review.at.isoformat(timespec="seconds"),
            "others": [],
            "after_publishing": False,
            "covers": "all",
            "sentences": None,
            "sentences_total": None,
        },
        "notice": "health",
        "note": "",
        "language": "",
        "topics": [],
        "site": "Said at",
        "record": {
            "number": head.number,
            "digest": head.digest,
            "at": head.at.isoformat(timespec="seconds"),
            "key": head.key_id,
            "signature": head.signature,
        },
        "report": "http://testserver/articles/sleep-0/citations/",
        "lead": "What a night of sleep does.",
        "sections": [
            {
                "level": 1,
                "heading": "Why we sleep",
                "anchor": "why-we-sleep",
                "url": "http://testserver/articles/sleep-0/#why-we-sleep",
                "text": SECTIONS[0].body,
            },
            {
                "level": 2,
                "heading": "How",
                "anchor": "how",
                "url": "http://testserver/articles/sleep-0/#how",
                "text": "Nobody knows.",
            },
        ],
        "sources": [
            {
                "key": value["sources"][0]["key"],
                "episode": "night-talks/on-sleep",
                "title": "On sleep",
                "show": "Night Talks",
                "url": "http://testserver/shows/night-talks/on-sleep/",
                "published_on": None,
                "duration": 3600,
                "is_duration_derived": False,
                "youtube_id": "abcdefghijk",
                "audio_url": "",
                "issue": None,
                "past_end": 0,
            }
        ],
        "citations": [
            {
                "url": "http://testserver/articles/sleep-0/#c-391",
                "section": "why-we-sleep",
                "episode": "night-talks/on-sleep",
                "start": 391,
                "end": None,
                "claim": "The brain clears waste at night.",
                "hear": "https://www.youtube.com/watch?v=abcdefghijk&t=391s",
                "state": "unchecked",
                "stands": "Not checked",
                "discrepancies": [],
            },
            {
                "url": "http://testserver/articles/sleep-0/#c-1200",
                "section": "why-we-sleep",
                "episode": "night-talks/on-sleep",
                "start": 1200,
                "end": 1260,
                "claim": "It rests.",
                "hear": "https://www.youtube.com/watch?v=abcdefghijk&t=1200s",
                "state": "unchecked",
                "stands": "Not checked",
                "discrepancies": [],
            },
        ],
    }


def test_citation_urls_lead_to_the_citations(client, people):
    published(1, people, sections=SECTIONS)
    page = client.get("/articles/sleep-0/").content.decode()

    value = client.get("/articles/sleep-0.json").json()

    for named in [*value["sections"], *value["citations"]]:
        assert f' id="{named["url"].split("#")[1]}"' in page
    assert client.get(value["permalink"].removeprefix("http://testserver")).status_code == 200


def test_json_gives_automatic_checks_and_confirmations(client, people):
    (article,) = published(1, people)
    episode = article.published_revision.source_set.get().episode
    import_transcript(episode, VTT, "night.vtt")
    found = client.get("/articles/sleep-0.json").json()["citations"][0]

    workflow.confirm_citation(
        article, by=people["moderator"], episode=episode, start_seconds=391, end_seconds=None, claim=found["claim"]
    )

    heard = client.get("/articles/sleep-0.json").json()["citations"][0]
    assert (found["state"], heard["state"]) == ("found", "confirmed")
    assert found["stands"].startswith("Matches transcript (automatic, ")
    assert heard["stands"].startswith("Confirmed by moderator, ")


def test_json_names_no_reviewer_of_an_unreviewed_text(client):
    importer = make_user("importer", is_superuser=True)
    content = make_content(episode=make_episode())
    draft = workflow.create_article(content, by=importer, received_as="night-talks/sleep", received_digest="0" * 64)
    workflow.publish_received(draft, by=importer)

    value = client.get("/articles/sleep.json").json()

    assert value["reviewed"] is None
    assert value["note"] == "Imported text."


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("ending", "queries"), [("md", 5), ("json", 12)])
def test_an_article_is_a_constant_number_of_queries(client, people, count, ending, queries, django_assert_num_queries):
    sections = tuple(SectionContent(f"Part {n}", f"Waste goes [00:06:3{n}].") for n in range(count))
    published(1, people, sections=sections)
    chain.seal()

    with django_assert_num_queries(queries):
        assert client.get(f"/articles/sleep-0.{ending}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("chapters.json", 2), ("citations.vtt", 4), ("citations.m3u8", 4), ("soundbites.xml", 4)]
)
def test_an_episode_is_a_constant_number_of_queries(client, people, count, name, queries, django_assert_num_queries):
    published(count, people)

    with django_assert_num_queries(queries):
        assert client.get(f"/shows/night-talks/on-sleep/{name}").status_code == 200


def test_chapters_can_be_imported_again(client, people):
    published(1, people)

    response = client.get("/shows/night-talks/on-sleep/chapters.json")

    assert response["Content-Type"] == "application/json+chapters"
    assert response.json() == {
        "version": "1.2.0",
        "title": "On sleep",
        "podcastName": "Night Talks",
        "chapters": [{"startTime": 0, "title": "Opening"}, {"startTime": 300, "title": "The night shift"}],
    }
    assert [one.start_seconds for one in chapters.read_json(response.content).chapters] == [0, 300]


def test_citations_of_all_articles_are_a_track_in_time_order(client, people):
    published(2, people, sections=SECTIONS)

    response = client.get("/shows/night-talks/on-sleep/citations.vtt")

    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    assert response.content.decode().startswith("WEBVTT\n\n1\n00:06:31.000 --> 00:06:41.000\n{")
    read = transcripts.read(response.content, "citations.vtt")
    # Two articles may cite the same moment; their cues then overlap, which WebVTT allows.
    assert [str(problem.reason) for problem in read.problems] == [
        "2 cues, starting with this one, overlap the previous one; they were kept."
    ]
    values = [json.loads(cue.text) for cue in read.cues]
    assert [(cue.start_seconds, cue.end_seconds) for cue in read.cues] == [
        (391, 401),
        (391, 401),
        (1200, 1260),
        (1200, 1260),
    ]
    assert values[0] == {
        "claim": "The brain clears waste at night.",
        "article": "Sleep 0",
        "url": "http://testserver/articles/sleep-0/#c-391",
        "start": 391,
        "end": None,
        "state": "unchecked",
        "stands": "Not checked",
    }
    assert [value["article"] for value in values] == ["Sleep 0", "Sleep 1", "Sleep 0", "Sleep 1"]
    assert values[2]["end"] == 1260


def test_track_gives_the_status_of_each_citation_in_its_own_article(client, people):
    first, _ = published(2, people)
    episode = first.published_revision.source_set.get().episode
    import_transcript(episode, b"WEBVTT\n\n06:25.000 --> 06:45.000\nOf cats and mice.\n", "night.vtt")
    citation = Citation.objects.filter(revision=first.published_revision).get()
    finding = citation.finding
    workflow.dismiss(
        first,
        by=people["moderator"],
        code=finding.verdict,
        subject=citation.claim_key,
        text=citation.claim,
        reason="paraphrase",
    )

    read = transcripts.read(client.get("/shows/night-talks/on-sleep/citations.vtt").content, "citations.vtt")

    assert [json.loads(cue.text)["state"] for cue in read.cues] == ["looked-at", "missing"]


def test_a_cue_ends_with_the_episode(client, people):
    episode = make_episode(duration_seconds=395)
    published(1, people, episode=episode)

    track = client.get("/shows/night-talks/on-sleep/citations.vtt").content.decode()

    assert "00:06:31.000 --> 00:06:35.000" in track


def test_a_length_that_only_the_transcript_gives_cuts_nothing(client, people):
    """The recording may go on after its last words."""
    episode = make_episode(duration_seconds=None)
    import_transcript(episode, b"WEBVTT\n\n06:25.000 --> 06:35.000\nThe brain clears waste at night.\n", "night.vtt")
    published(1, people, episode=episode)

    track = client.get("/shows/night-talks/on-sleep/citations.vtt").text
    soundbites = client.get("/shows/night-talks/on-sleep/soundbites.xml").text

    assert "00:06:31.000 --> 00:06:41.000" in track
    assert 'startTime="391.0" duration="30.0"' in soundbites


def moments_of(client, slug):
    """Return the (start, end) that each of an episode's three files names; an end is None where the file sets it."""
    address = f"/shows/night-talks/{slug}/"
    values = [
        json.loads(cue.text) for cue in transcripts.read(client.get(f"{address}citations.vtt").content, "t.vtt").cues
    ]
    track = {(value["start"], value["end"]) for value in values}
    feed = etree.fromstring(client.get(f"{address}soundbites.xml").content, etree.XMLParser(resolve_entities=False))
    rows = feed.iterfind(f"channel/item/{{{NAMESPACE}}}soundbite")
    soundbites = [(float(row.get("startTime")), float(row.get("duration"))) for row in rows]
    options = re.findall(
        r"#EXTINF:(\d+),.*\n#EXTVLCOPT:start-time=(\d+)\n#EXTVLCOPT:stop-time=(\d+)\n(.*)\n",
        client.get(f"{address}citations.m3u8").text,
    )
    playlist = [(int(start), int(length)) for length, start, stop, _ in options]
    assert all(int(stop) - int(start) == int(length) for length, start, stop, _ in options)
    assert soundbites == playlist
    assert len(set(playlist)) == len(playlist)
    known = {(start, end) for start, end in track if end is not None}
    assert {(start, end or start + SECONDS) for start, end in track} == {(start, start + n) for start, n in playlist}
    return known, {start for start, end in track if end is None}, [address for *_, address in options]


UNCLEAR = "Mood improves within minutes [00:25:06]."


def test_soundbites_leave_out_and_playlists_mark_what_may_not_be_said_there(client):
    article = make_cited(
        episode=make_talk(audio_url="https://audio.example/1.mp3"), bodies=(HERE, ELSEWHERE, UNHEARD, UNCLEAR)
    )
    assert verdicts_of(article)[-1] == "can't tell"

    soundbites = client.get("/shows/night-talks/on-ketamine/soundbites.xml").text
    playlist = client.get("/shows/night-talks/on-ketamine/citations.m3u8").text

    assert re.findall(r"<podcast:soundbite[^>]*>([^<]*)", soundbites) == [claim_of(HERE)]
    day = date_format(localtime(Check.objects.first().checked_at), "DATE_FORMAT")
    assert re.findall(r"#EXTINF:\d+,(.*)", playlist) == [
        f"{claim_of(ELSEWHERE)} – Better match at 19:06 (automatic, {day})",
        claim_of(HERE),
        f"{claim_of(UNCLEAR)} – Unclear from transcript (automatic, {day})",
        f"{claim_of(UNHEARD)} – Not found in transcript (automatic, {day})",
    ]


def claim_of(body):
    return body.partition(" [")[0] + "."


def confirm_all(articles, by):
    for article in articles:
        for citation in Citation.objects.filter(revision=article.published_revision).select_related("episode"):
            times = {"start_seconds": citation.start_seconds, "end_seconds": citation.end_seconds}
            workflow.confirm_citation(article, by=by, episode=citation.episode, claim=citation.claim, **times)


def test_soundbites_leave_out_what_nobody_and_nothing_has_checked(client, people):
    articles = published(1, people)
    address = "/shows/night-talks/on-sleep/soundbites.xml"
    unchecked = client.get(address).text

    confirm_all(articles, people["moderator"])

    assert "<podcast:soundbite" not in unchecked
    assert client.get(address).text.count("<podcast:soundbite") == 1


def test_playlists_mark_what_nobody_and_nothing_has_checked(client, people):
    body = "[00:06:00]\n\nThe brain clears waste at night [00:06:31]. Then it rests [00:20:00]."
    article, *_ = published(1, people, sections=(SectionContent("Why", body),))
    heard = Citation.objects.select_related("episode").get(revision=article.published_revision, start_seconds=1200)
    times = {"start_seconds": 1200, "end_seconds": None}

    workflow.confirm_citation(article, by=people["moderator"], episode=heard.episode, claim="Then it rests.", **times)

    playlist = client.get("/shows/night-talks/on-sleep/citations.m3u8").text
    assert re.findall(r"#EXTINF:\d+,(.*)", playlist) == [
        "On sleep – Not checked",
        "The brain clears waste at night. – Not checked",
        "Then it rests.",
    ]


def test_track_soundbites_and_playlist_agree_per_episode_on_its_own_clock(client, people):
    first = make_episode(audio_url="https://audio.example/1.mp3")
    second = make_episode("second", audio_url="https://audio.example/2.mp3")
    edition = Edition.objects.create(episode=first, key="video", youtube_id="abcdefghijk")
    edition.set_map(OffsetMap([Piece(0, 600, 60), Piece(600, 6000, 90)]))
    sections = (
        SectionContent(
            "Why", "It rests [00:06:31-00:06:40]. It wakes [e2 00:06:31]. It dreams [00:20:00] [e2 00:01:00-00:01:30]."
        ),
    )
    sources = (SourceContent(first, "e1"), SourceContent(second, "e2"))
    articles = [  # what several articles cite is one moment
        make_published(f"sleep-{number}", title="Sleep", sources=sources, sections=sections, **people)
        for number in range(3)
    ]
    confirm_all(articles, people["moderator"])

    assert moments_of(client, "on-sleep") == (
        {(391, 400)},
        {1200},
        ["https://audio.example/1.mp3#t=391,400", "https://audio.example/1.mp3#t=1200"],
    )
    assert moments_of(client, "second") == (
        {(60, 90)},
        {391},
        ["https://audio.example/2.mp3#t=60,90", "https://audio.example/2.mp3#t=391"],
    )


def test_hostile_texts_stay_inside_their_cue(client, people):
    sections = (SectionContent(HOSTILE, f"Said: {HOSTILE} \n--> 00:00 [00:06:31]."),)
    make_published("sleep-0", title=HOSTILE, sections=sections, episode=make_episode(title=HOSTILE), **people)

    body = client.get("/shows/night-talks/on-sleep/citations.vtt").content
    value = client.get("/articles/sleep-0.json").json()

    (cue,) = transcripts.read(body, "citations.vtt").cues
    assert json.loads(cue.text)["article"] == HOSTILE
    assert json.loads(cue.text)["claim"] == value["citations"][0]["claim"]
    assert body.count(b"-->") == 1
    assert (value["title"], value["sections"][0]["heading"]) == (HOSTILE, HOSTILE)


def test_previous_slugs_redirect(client, people):
    (article,) = published(1, people)
    revision = make_change(article, by=people["by"], slug="slumber")
    workflow.approve(revision, by=people["moderator"])
    workflow.publish(revision, by=people["moderator"])

    for ending in ("md", "json"):
        response = client.get(f"/articles/sleep-0.{ending}")
        assert (response.status_code, response["Location"]) == (301, f"/articles/slumber.{ending}")


def test_unpublished_articles_are_not_exported(client, people):
    (article,) = published(1, people)
    episode = article.published_revision.source_set.get().episode
    secret = {"title": SECRET, "lead": SECRET, "sections": (SectionContent(SECRET, f"{SECRET} [00:10:00]."),)}
    make_change(article, by=people["by"], **secret)
    make_draft("unseen", by=make_user("second"), sources=(SourceContent(make_episode("hidden"), "e1"),), **secret)
    make_draft("unseen-2", by=make_user("third"), episode=episode, **secret)

    for address in FILES:
        assert SECRET not in client.get(address).content.decode()
    for address in ["/articles/unseen.md", "/articles/unseen.json", "/articles/no.md"]:
        assert client.get(address).status_code == 404
    for name in ("chapters.json", "citations.vtt"):
        assert client.get(f"/shows/night-talks/hidden/{name}").status_code == 404

    workflow.unpublish(article, by=people["moderator"], reason="Wrong")
    assert [client.get(address).status_code for address in FILES if address.startswith("/articles/")] == [410, 410]
    assert {client.get(address).status_code for address in FILES if address.startswith("/shows/")} == {404}


@pytest.mark.parametrize("address", FILES)
def test_files_are_public_and_support_conditional_requests(client, people, address):
    published(1, people)
    anonymous = client.get(address)
    client.force_login(people["by"])

    response = client.get(address)
    again = client.get(address, headers={"If-None-Match": anonymous["ETag"]})

    assert response.content == anonymous.content
    assert (anonymous.cookies, response.cookies) == (SimpleCookie(), SimpleCookie())
    assert response["Vary"] == "Accept-Encoding"
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_pages_name_their_files(client, people):
    published(1, people)

    article = client.get("/articles/sleep-0/").content.decode()
    episode = client.get("/shows/night-talks/on-sleep/").content.decode()

    assert '<link rel="alternate" type="text/markdown" href="/articles/sleep-0.md">' in article
    assert '<link rel="alternate" type="application/json" href="/articles/sleep-0.json">' in article
    assert 'type="application/json+chapters" href="/shows/night-talks/on-sleep/chapters.json">' in episode
    assert '<link rel="alternate" type="text/vtt" href="/shows/night-talks/on-sleep/citations.vtt">' in episode


def test_a_track_can_be_loaded_by_another_site(client, people):
    """With `<audio crossorigin>`, `<track>` uses CORS and accepts only text/vtt in UTF-8."""
    published(1, people)

    first = client.get("/shows/night-talks/on-sleep/citations.vtt", headers={"Origin": "https://other.example.org"})
    again = client.get("/shows/night-talks/on-sleep/citations.vtt", headers={"If-None-Match": first["ETag"]})

    assert first["Content-Type"] == "text/vtt; charset=utf-8"
    assert first.content.startswith(b"WEBVTT\n\n")
    assert (first["Access-Control-Allow-Origin"], again["Access-Control-Allow-Origin"]) == ("*", "*")
    assert again.status_code == 304
