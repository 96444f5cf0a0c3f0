"""A feed's items are matched as a whole; no known episode silently becomes another, or appears twice."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError

from articles.core.http import Fetched, FetchError
from articles.core.recordings.feeds import FeedEpisode
from articles.importing import read_episodes
from articles.importing.recordings.episodes import update_known
from articles.importing.recordings.feed_matching import match_items
from articles.importing.recordings.playback import Player, is_playable
from articles.models import Citation, Episode, Show
from tests.importing.recordings.importing import deliver, report_of, run
from tests.support.factories import make_episode, make_published
from tests.support.samples.feeds import make_feed, make_item

pytestmark = pytest.mark.django_db


def weekly(*days):
    """Items without guids and pages that all have the same title, as some churches publish them."""
    return [
        make_item(
            title="Morning Service",
            guid="",
            link="",
            enclosure=f"https://audio.example/service-{day}.mp3",
            pubDate=f"Sun, {day:02} May 2024 10:00:00 +0000",
        )
        for day in days
    ]


def episodes():
    rows = Episode.objects.order_by("published_on", "pk")
    return [(row.slug, row.audio_url.rpartition("/")[2], row.published_on.day) for row in rows]


@pytest.mark.parametrize("options", [{}, {"overwrite": True}, {"overwrite": True, "replace_recordings": True}])
@pytest.mark.parametrize("later", [(19, 12, 5), (5, 12, 19), (19,)])
def test_a_weekly_title_never_turns_one_episode_into_another(write, later, options):
    run(write(*weekly(5, 12)))

    run(write(*weekly(*later)), **options)

    assert episodes() == [
        ("morning-service", "service-5.mp3", 5),
        ("morning-service-2", "service-12.mp3", 12),
        ("morning-service-3", "service-19.mp3", 19),
    ]


def test_the_only_episode_with_a_weekly_title_stays_what_it_is(write):
    run(write(*weekly(5)))

    run(write(*weekly(12)), overwrite=True, replace_recordings=True)

    assert episodes() == [("morning-service", "service-5.mp3", 5), ("morning-service-2", "service-12.mp3", 12)]


def test_exact_identifiers_of_later_items_come_before_titles_of_earlier_ones(write):
    make_episode(
        "on-tides", handle="the-harbour-hour", title="On tides", guid="", audio_url="https://audio.example/2.mp3"
    )

    run(write(make_item(1), make_item(2, title="On tides")))

    assert sorted(Episode.objects.values_list("slug", "guid")) == [
        ("on-tides", "urn:harbour:2"),
        ("on-tides-2", "urn:harbour:1"),
    ]


def test_a_new_guid_of_a_known_episode_is_recognised_and_reported(write, tmp_path):
    run(write(make_item(1), make_item(2, title="On salt", pubDate="Mon, 13 May 2024 10:00:00 GMT")))
    changed = [
        make_item(1, guid="b7-1", enclosure="http://audio.example/1.mp3?from=feed"),
        make_item(2, title="On salt", guid="b7-2", pubDate="Mon, 13 May 2024 10:00:00 GMT"),
    ]

    run(write(*changed), report=tmp_path / "report.csv")

    assert list(Episode.objects.order_by("pk").values_list("guid", flat=True)) == ["b7-1", "b7-2"]
    reasons = [row[4] for row in report_of(tmp_path) if row[2] == "guid"]
    assert reasons == [
        f"The feed has a new guid for this episode (until now “urn:harbour:{n}”); "
        "its audio file, title and day are the same."
        for n in (1, 2)
    ]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"guid": "b7", "title": "Tides, again"}, "has the same audio file, but another guid"),
        ({"guid": "b7", "enclosure": "https://new.example/1.mp3"}, "has the same title and day, but another guid"),
    ],
)
def test_a_new_episode_that_may_be_a_known_one_is_reported(write, tmp_path, item, reason):
    run(write(make_item(1)))

    run(write(make_item(1, **item)), report=tmp_path / "report.csv")

    assert Episode.objects.count() == 2
    assert [f"“the-harbour-hour/on-tides” {reason}" in row[4] for row in report_of(tmp_path)] == [True]


def test_equal_items_without_identifiers_are_matched_in_order(write):
    twins = [make_item(title="Questions", guid="", link="", enclosure="", pubDate="") for _ in range(2)]
    run(write(*twins))

    assert "2 unchanged" in run(write(*twins))


def test_a_guid_stored_with_the_feeds_address_is_recognised():
    known = make_episode("on-tides", handle="h", title="Renamed since", guid="https://one.example/41")
    item = FeedEpisode(1, "On tides", guid="41", joined_guid="https://one.example/41")

    assert match_items(known.show, [item])[1].episode == known


def test_matching_takes_two_queries(django_assert_num_queries):
    show = Show.objects.create(handle="h", title="H")
    Episode.objects.bulk_create(Episode(show=show, slug=f"e{n}", title=f"E{n}") for n in range(30))
    items = [FeedEpisode(n, f"E{n}", youtube_id=f"abcdefghi{n:02}") for n in range(30)]

    with django_assert_num_queries(2):
        matches = match_items(show, items)

    assert [matches[n].episode.slug for n in range(30)] == [f"e{n}" for n in range(30)]


def test_of_two_items_with_one_video_the_second_is_refused():
    show = make_episode("on-tides", handle="h", youtube_id="abcdefghijk").show
    items = [FeedEpisode(n, f"Part {n}", youtube_id="abcdefghijk") for n in (1, 2)]

    matches = match_items(show, items)

    assert (matches[1].episode.slug, matches[2].refused) == ("on-tides", "Same video as item 1; one of them is wrong.")


# Another recording ----------------------------------------------------------------------------------


def test_another_recording_is_listed_and_only_taken_with_its_own_option(write, tmp_path):
    run(write(make_item(1)))
    feed = write(
        make_item(1, title="On the tides", enclosure="https://audio.example/new.mp3", itunes__duration="50:00")
    )

    out = run(feed, overwrite=True, report=tmp_path / "report.csv")

    episode = Episode.objects.get()
    assert (episode.audio_url, episode.duration_seconds) == ("https://audio.example/1.mp3", 3723)
    reason = (
        "The feed has another audio file for this episode; “https://audio.example/1.mp3” was kept, because citations "
        "refer to it (none published). Use --replace-recordings to replace it. Length, chapters and transcript, which "
        "belong to it, were left out."
    )
    first, *_ = report_of(tmp_path)
    assert first[2:5] == ["recording", "https://audio.example/new.mp3", reason]
    assert (
        "another recording for 1 existing episode (0 published citations): not used; see the problems, then --replace-recordings."
        in out
    )

    assert "new.mp3" in run(feed, replace_recordings=True, dry_run=True)
    assert Episode.objects.get().audio_url == "https://audio.example/1.mp3"

    run(feed, replace_recordings=True)

    episode = Episode.objects.get()
    assert (episode.title, episode.audio_url, episode.duration_seconds) == (
        "On tides",
        "https://audio.example/new.mp3",
        3000,
    )


def test_every_recording_is_listed_before_it_is_replaced(write):
    titles = [f"Part {n}" for n in range(1, 61)]
    run(write(*[make_item(n, title=title) for n, title in enumerate(titles, 1)]))
    seen = []

    class Listening(StringIO):
        def write(self, text):
            seen.append((text, Episode.objects.filter(audio_url__contains="/new-").count()))
            return len(text)

    items = [make_item(n, title=t, enclosure=f"https://audio.example/new-{n}.mp3") for n, t in enumerate(titles, 1)]
    run(write(*items), replace_recordings=True, stdout=Listening())

    text, replaced = seen[0]
    assert replaced == 0
    assert Episode.objects.filter(audio_url__contains="/new-").count() == len(titles)
    assert text.splitlines()[0] == "Recordings that differ in the feed, and are replaced:"
    assert text.splitlines()[1:61] == [
        f"{n} the-harbour-hour/part-{n}: audio file https://audio.example/{n}.mp3 → https://audio.example/new-{n}.mp3; "
        "citations: none published"
        for n in range(1, 61)
    ]


def test_nothing_of_another_recording_is_taken_with_an_option_of_its_own_only(write):
    known = make_episode("on-tides", handle="the-harbour-hour", title="On tides", guid="urn:harbour:1")
    Episode.objects.update(audio_url="https://audio.example/old.mp3", duration_seconds=None)
    tags = """<podcast:transcript url="https://a.example/1.vtt" type="text/vtt"/>
    <psc:chapters><psc:chapter start="0" title="Hello"/></psc:chapters>"""
    feed = write(make_item(1, tags=tags, itunes__duration="50:00"))

    run(feed, overwrite=True)

    known.refresh_from_db()
    assert (known.audio_url, known.duration_seconds, known.transcript_url, known.chapter_set.count()) == (
        "https://audio.example/old.mp3",
        None,
        "",
        0,
    )

    run(feed, replace_recordings=True)

    known.refresh_from_db()
    assert (known.duration_seconds, known.transcript_url, known.chapter_set.count()) == (
        3000,
        "https://a.example/1.vtt",
        1,
    )


def test_a_video_is_another_recording_than_an_audio_file(write):
    make_episode("on-tides", handle="the-harbour-hour", title="On tides", audio_url="https://audio.example/1.mp3")
    video = '<yt:videoId xmlns:yt="http://www.youtube.com/xml/schemas/2015">abcdefghijk</yt:videoId>'
    feed = write(make_item(tags=video))

    run(feed, overwrite=True)
    assert Episode.objects.get().youtube_id == ""

    run(feed, replace_recordings=True)
    assert Episode.objects.get().youtube_id == "abcdefghijk"


TRACKED = "https://dts.podtrac.com/redirect.mp3/op3.dev/e/audio.example/1.mp3?updated=1716"


def test_a_tracking_service_before_the_same_file_is_no_other_recording(write, tmp_path):
    run(write(make_item(1)))

    out = run(write(make_item(1, enclosure=TRACKED)), report=tmp_path / "report.csv")

    assert Episode.objects.get().audio_url == "https://audio.example/1.mp3"
    assert [row[2] for row in report_of(tmp_path)] == ["audio file"]
    assert "another recording" not in out


def test_a_new_guid_and_a_tracking_service_at_once_are_recognised(write):
    run(write(make_item(1)))

    run(write(make_item(1, guid="b7", enclosure=TRACKED)))

    assert list(Episode.objects.values_list("guid", "audio_url")) == [("b7", "https://audio.example/1.mp3")]


def test_the_report_says_first_how_many_citations_another_recording_affects(write, tmp_path):
    run(write(*[make_item(n, title=f"Part {n}", itunes__duration="50:00") for n in range(1, 60)]))
    episode = Episode.objects.get(guid="urn:harbour:59")
    make_published("tides", episode=episode)
    cited = Citation.objects.filter(is_public=True, episode=episode).count()
    changed = [make_item(n, title=f"Part {n}", itunes__duration="51:00") for n in range(1, 59)]

    out = run(
        write(*changed, make_item(59, title="Part 59", enclosure="https://audio.example/new.mp3")),
        dry_run=True,
        replace_recordings=True,
        report=tmp_path / "report.csv",
    )

    assert out.splitlines()[1].startswith("59 the-harbour-hour/part-59: audio file")
    assert out.splitlines()[3].startswith("59 the-harbour-hour/part-59")
    assert f"its citations ({cited} published, in 1 article) now refer to this one" in " ".join(out.split())
    assert f"another recording for 1 existing episode ({cited} published citation): replaced." in out


def test_an_episodes_file_does_not_silently_replace_the_recording_of_citations():
    cited = make_episode("on-tides", handle="h", title="On tides", audio_url="https://audio.example/1.mp3")
    uncited = make_episode("on-salt", handle="h", title="On salt", audio_url="https://audio.example/2.mp3")
    make_published("tides", episode=cited)
    text = json.dumps(
        [
            {
                "show": {"handle": "h"},
                "title": title,
                "audio_url": "https://new.example/x.mp3",
                "page_url": "https://p.example",
            }
            for title in ("On tides", "On salt")
        ]
    )
    known = read_episodes(text)

    update_known(known)

    cited.refresh_from_db()
    uncited.refresh_from_db()
    assert (cited.audio_url, cited.page_url) == ("https://audio.example/1.mp3", "https://p.example")
    assert uncited.audio_url == "https://new.example/x.mp3"
    [line] = known.kept
    assert "h/on-tides" in line
    assert "https://new.example/x.mp3" in line


def test_swapped_audio_files_are_both_kept_and_reported(write, tmp_path):
    titles = ["On tides", "On salt"]
    run(write(*(make_item(n, title=title) for n, title in enumerate(titles, 1))))
    before = list(Episode.objects.order_by("pk").values())
    swapped = [make_item(n, title=t, enclosure=f"https://audio.example/{3 - n}.mp3") for n, t in enumerate(titles, 1)]

    run(write(*swapped), overwrite=True, report=tmp_path / "report.csv")

    assert list(Episode.objects.order_by("pk").values()) == before
    assert [row[2] for row in report_of(tmp_path)] == ["recording", "recording"]


@pytest.mark.parametrize(
    "second",
    [
        {"guid": "urn:harbour:trailer", "enclosure": "https://audio.example/trailer.mp3"},
        {
            "guid": "urn:harbour:s2e1",
            "enclosure": "https://audio.example/s2.mp3",
            "pubDate": "Mon, 05 May 2025 10:00:00 GMT",
        },
        {"guid": "urn:harbour:repost", "pubDate": "Mon, 05 May 2025 10:00:00 GMT"},
        {"guid": "", "link": "", "enclosure": "https://audio.example/bonus.mp3"},
    ],
    ids=["trailer", "season", "repost", "bonus"],
)
def test_two_items_with_one_title_stay_two_episodes(write, second):
    items = [make_item(1), make_item(1, **second)]
    run(write(*items))
    before = list(Episode.objects.order_by("pk").values())

    out = run(write(*reversed(items)))

    assert "2 unchanged" in out
    assert list(Episode.objects.order_by("pk").values()) == before
    assert len(before) == 2


def test_of_two_items_with_one_guid_the_first_is_imported(write, tmp_path):
    feed = write(make_item(1), make_item(1, title="On salt", enclosure="https://audio.example/2.mp3"))

    with pytest.raises(CommandError, match="1 of 2 items not imported"):
        run(feed, report=tmp_path / "report.csv")

    assert Episode.objects.get().title == "On tides"
    assert "Same guid as item 1; one of them is wrong." in [row[4] for row in report_of(tmp_path)]


# What the browser may play --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("https", "url", "policy", "is_allowed"),
    [
        (False, "https://cdn.example/a.mp3", ["'self'", "https:"], True),
        (False, "http://cdn.example/a.mp3", ["'self'", "https:"], False),
        (False, "http://site.example:8000/media/a.wav", ["'self'", "https:"], True),
        (True, "http://site.example/media/a.wav", ["'self'", "http:"], False),
        (True, "https://other.example/a.mp3", ["https://cdn.example"], False),
        (True, "http://[::1", ["*"], False),
    ],
)
def test_what_the_site_may_play(settings, https, url, policy, is_allowed):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["site.example"], ""
    settings.SECURE_SSL_REDIRECT, settings.SECURE_CSP = https, {"media-src": policy}

    assert is_playable(url) is is_allowed


@pytest.mark.parametrize(
    ("site", "url", "only_at"),
    [
        ("", "http://site.example:9000/a.mp3", "http://site.example:9000"),
        ("", "http://site.example/a.mp3", "http://site.example"),
        ("", "https://site.example:9000/a.mp3", ""),
        ("http://site.example:9000", "http://site.example:9000/a.mp3", ""),
    ],
)
def test_a_file_that_only_the_sites_own_address_may_play_is_reported_unless_that_is_known(settings, site, url, only_at):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["site.example"], site
    settings.SECURE_CSP = {"media-src": ["'self'", "https:"]}

    address, reason = Player(lambda url, **limits: Fetched(url, b"")).address(url)

    assert address == url
    assert reason.partition(", because")[0] == (
        f"Browsers play this file only if readers see this site at {only_at}" if only_at else ""
    )


def test_https_is_tried_once_per_host():
    asked = []

    def fetch(url, **limits):
        asked.append(url)
        if "good" not in url:
            raise FetchError("no")
        return Fetched(url, b"")

    player = Player(fetch)

    assert player.address("http://good.example/1.mp3")[0] == "https://good.example/1.mp3"
    assert player.address("http://good.example/2.mp3")[0] == "https://good.example/2.mp3"
    address, reason = player.address("http://bad.example/1.mp3")
    assert (address, "https doesn’t work there" in reason) == ("http://bad.example/1.mp3", True)
    assert player.address("http://x.example/1.mp3", "https://x.example/1.mp3") == ("https://x.example/1.mp3", "")
    assert asked == ["https://good.example/1.mp3", "https://bad.example/1.mp3"]


@pytest.mark.parametrize(
    ("url", "answer", "reported"),
    [
        ("https://a.example/1.mp3", Fetched("https://cdn.example/1.mp3", b""), ""),
        ("https://a.example/1.mp3", Fetched("https://elsewhere.test/1.mp3", b""), "https://elsewhere.test/1.mp3"),
        ("https://a.example/1.mp3", FetchError("no", "http://cdn.example/1.mp3"), "http://cdn.example/1.mp3"),
        ("https://a.example/1.mp3", FetchError("no"), ""),
        ("http://a.example/1.mp3", Fetched("https://elsewhere.test/1.mp3", b""), "https doesn’t work there"),
    ],
)
def test_a_redirect_to_a_blocked_address_is_reported(settings, url, answer, reported):
    settings.SECURE_CSP = {"media-src": ["https://*.example"]}

    def fetch(url, **limits):
        if isinstance(answer, FetchError):
            raise answer
        return answer

    address, reason = Player(fetch).address(url)

    assert (address, bool(reason)) == (url, bool(reported))
    assert reported in reason


def test_audio_that_browsers_would_block_is_reported_at_import(tmp_path):
    path = tmp_path / "feed.xml"
    path.write_bytes(make_feed(make_item(enclosure="http://127.0.0.2:9/1.mp3")))

    [(_, problems)], fetched = deliver(path)

    assert fetched == ["https://127.0.0.2:9/1.mp3"]
    assert [(part, text) for part, text, _ in problems] == [("audio file", "http://127.0.0.2:9/1.mp3")]
    assert "Browsers won’t play this file on this site" in problems[0][2]
    assert (Episode.objects.get().audio_url, Episode.objects.get().published_on) == (
        "http://127.0.0.2:9/1.mp3",
        date(2024, 5, 6),
    )
