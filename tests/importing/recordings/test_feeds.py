"""A feed is imported as a show and its episodes, once; existing values are kept and missing ones filled in."""

from datetime import date

import pytest
from django.core.management import CommandError

from articles.models import Chapter, Cue, Episode, LogEntry, Show, Transcript
from tests.importing.recordings.importing import report_of, run
from tests.support.factories import make_episode, make_published, make_user
from tests.support.samples.feeds import VIDEOS, make_item

pytestmark = pytest.mark.django_db


def rows():
    models = (Show, Episode, Chapter, Cue, Transcript, LogEntry)
    return [list(model.objects.order_by("pk").values()) for model in models]


# What is created ----------------------------------------------------------------------------------


def test_a_feed_becomes_a_show_and_its_episodes(write):
    tags = """<podcast:transcript url="https://a.example/1.html" type="text/html"/>
    <podcast:transcript url="https://a.example/1.vtt" type="text/vtt"/>
    <podcast:chapters url="https://a.example/1.json"/>
    <psc:chapters><psc:chapter start="0" title="Hello"/><psc:chapter start="120" title="Sponsor: Ropes"/></psc:chapters>"""

    out = run(write(make_item(1, tags=tags), make_item(2, title="On salt", itunes__duration="")))

    show = Show.objects.get()
    assert (show.handle, show.title, show.url) == ("the-harbour-hour", "The Harbour Hour", "https://harbour.example")
    first, second = Episode.objects.order_by("pk")
    assert (first.title, first.slug, first.published_on) == ("On tides", "on-tides", date(2024, 5, 6))
    assert (first.duration_seconds, first.guid) == (3723, "urn:harbour:1")
    assert (first.page_url, first.audio_url) == ("https://harbour.example/1", "https://audio.example/1.mp3")
    assert (first.chapters_url, first.transcript_url) == ("https://a.example/1.json", "https://a.example/1.vtt")
    assert list(first.chapter_set.values_list("start_seconds", "title", "is_sponsor")) == [
        (0, "Hello", False),
        (120, "Sponsor: Ropes", True),
    ]
    assert (second.slug, second.duration_seconds) == ("on-salt", None)
    assert "The Harbour Hour: the-harbour-hour (new show)\n" in out
    assert "2 new.\n" in out
    assert "The feed has transcripts for 1 item. Use --transcripts to fetch them.\n" in out


def test_a_video_channel_becomes_episodes_with_youtube_ids(write):
    run(write(VIDEOS))

    episode = Episode.objects.get()
    assert (episode.youtube_id, episode.guid, episode.page_url) == ("abcdefghijk", "", "")
    assert episode.show.url == "https://www.youtube.com/channel/UCharbour"


def test_the_same_feed_again_changes_nothing(write):
    twins = [make_item(n, title="Questions", guid="", enclosure="") for n in (3, 4)]
    feed = write(make_item(1, tags='<psc:chapters><psc:chapter start="0" title="Hello"/></psc:chapters>'), *twins)
    run(feed)
    before = rows()

    out = run(feed)

    assert rows() == before
    assert list(Episode.objects.order_by("pk").values_list("slug", flat=True)) == [
        "on-tides",
        "questions",
        "questions-2",
    ]
    assert "3 unchanged.\nNo problems.\n" in out


def test_a_dry_run_reports_and_changes_nothing(write):
    make_episode("on-salt", handle="the-harbour-hour", title="On salt", duration_seconds=None)
    before = rows()

    out = run(write(make_item(1), make_item(2, title="On salt"), make_item(3, title="On sand")), dry_run=True)

    assert rows() == before
    assert "2 new, 1 changed.\n" in out
    assert out.endswith("Nothing was changed: this was a dry run.\n")


def test_a_dry_run_of_a_new_show_leaves_no_show(write):
    out = run(write(make_item(1), make_item(2, title="On salt")), dry_run=True)

    assert "2 new.\n" in out
    assert not Show.objects.exists()


def test_limit_imports_the_first_items(write):
    run(write(make_item(1), make_item(2, title="On salt")), limit=1)

    assert [episode.title for episode in Episode.objects.all()] == ["On tides"]


# Which show ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "known",
    [
        {"handle": "harbour", "title": "Harbour", "url": "https://harbour.example/"},
        {"handle": "harbour", "title": "the harbour hour"},
        {"handle": "the-harbour-hour", "title": "the-harbour-hour"},
    ],
    ids=["address", "title", "handle"],
)
def test_an_existing_show_is_found(write, known):
    show = Show.objects.create(**known)

    run(write(make_item()))

    assert Episode.objects.get().show == show


@pytest.mark.parametrize("is_dry", [False, True])
def test_a_new_show_is_said_to_be_new(write, is_dry):
    Show.objects.create(handle="harbour", title="Harbour")

    new, known = (run(write(make_item()), show=handle, dry_run=is_dry) for handle in ("harbor", "harbour"))

    assert "The Harbour Hour: harbor (new show)\n" in new
    assert "The Harbour Hour: harbour\n" in known


def test_a_named_show_is_used(write):
    Show.objects.create(handle="other", title="The Harbour Hour")

    run(write(make_item()), show="harbour")

    assert Episode.objects.get().show.handle == "harbour"


def test_missing_show_values_are_filled_in_and_differences_reported(write, tmp_path):
    Show.objects.create(handle="harbour", title="Harbour")

    run(write(make_item()), show="harbour", report=tmp_path / "report.csv")

    show = Show.objects.get()
    assert (show.title, show.url) == ("Harbour", "https://harbour.example")
    reason = "The existing value “Harbour” was kept. Use --overwrite to replace it."
    assert report_of(tmp_path) == [["", "The Harbour Hour", "show’s title", "The Harbour Hour", reason, "unchanged"]]


def test_an_ambiguous_show_is_refused(write):
    for handle in ("a", "b"):
        Show.objects.create(handle=handle, title="The Harbour Hour")

    with pytest.raises(CommandError, match=r"several shows match \(a, b\)\. Choose one with --show HANDLE\.\Z"):
        run(write(make_item()))


@pytest.mark.parametrize("title", ["ÄRZTE am Meer", "a\u0308rzte am meer", "Ärzte  am Ｍeer"])
def test_a_title_in_another_case_is_the_same_show(write, title):
    show = Show.objects.create(handle="docs", title="Ärzte am Meer", url="http://docs.example/")

    run(write(make_item(), title=title, link="https://docs.example"))

    assert Episode.objects.get().show == show


def test_of_two_shows_with_one_title_the_website_decides(write):
    shows = [
        Show.objects.create(handle=handle, title="The Harbour Hour", url=f"https://{handle}.example")
        for handle in ("other", "harbour")
    ]

    run(write(make_item()))

    assert Episode.objects.get().show == shows[1]


def test_another_show_of_the_same_publisher_is_not_mixed_up(write):
    run(write(make_item(1), title="Salt Talk"))
    feed = write(make_item(2, title="On sand"))

    with pytest.raises(CommandError, match=r"“salt-talk” \(Salt Talk\) has the same website, but another title"):
        run(feed)
    run(feed, show="harbour")

    assert sorted(Episode.objects.values_list("show__handle", "slug")) == [
        ("harbour", "on-sand"),
        ("salt-talk", "on-tides"),
    ]


def test_a_renamed_show_is_known_by_its_website_and_episodes(write):
    run(write(make_item(1), title="Salt Talk"))

    run(write(make_item(1), make_item(2, title="On sand")))

    assert [show.handle for show in Show.objects.all()] == ["salt-talk"]


# Which episode ------------------------------------------------------------------------------------


def known_episode(**values):
    values = {"title": "Tides", "published_on": None, "duration_seconds": None} | values
    return make_episode(values.pop("slug", "tides"), handle="the-harbour-hour", **values)


@pytest.mark.parametrize(
    "known",
    [
        {"guid": "urn:harbour:1", "title": "Renamed since"},
        {"audio_url": "https://audio.example/1.mp3"},
        {"slug": "on-tides"},
    ],
    ids=["guid", "audio", "title"],
)
def test_an_existing_episode_is_found(write, known):
    episode = known_episode(**known)

    run(write(make_item()))

    episode.refresh_from_db()
    assert Episode.objects.count() == 1
    assert (episode.guid, episode.duration_seconds) == ("urn:harbour:1", 3723)


def test_a_video_is_found_by_its_id_even_in_another_show(write, tmp_path):
    episode = make_episode("tides", handle="water", youtube_id="abcdefghijk", title="YouTube abcdefghijk")

    run(write(VIDEOS), report=tmp_path / "report.csv")

    episode.refresh_from_db()
    assert (Episode.objects.count(), episode.title) == (1, "On tides")
    reason = "The video belongs to an episode of the show “water”; no new episode was created."
    assert report_of(tmp_path) == [["1", "water/tides", "show", "water/tides", reason, "changed"]]


@pytest.mark.parametrize(
    "known", [{"guid": "urn:harbour:0"}, {"guid": "urn:harbour:0", "audio_url": "https://audio.example/1.mp3"}]
)
def test_an_episode_with_another_guid_is_not_matched(write, known):
    known_episode(slug="on-tides", **known)

    run(write(make_item()))

    assert sorted(Episode.objects.values_list("slug", "guid")) == [
        ("on-tides", "urn:harbour:0"),
        ("on-tides-2", "urn:harbour:1"),
    ]


def test_two_items_with_the_same_guid_are_reported(write):
    with pytest.raises(CommandError, match="1 of 2 items not imported"):
        run(write(make_item(1), make_item(2, title="On salt", guid="urn:harbour:1")))

    assert [episode.title for episode in Episode.objects.all()] == ["On tides"]


def test_a_guid_that_is_too_long_is_kept_as_a_digest(write):
    feed = write(make_item(guid="x" * 501))
    run(feed)
    Episode.objects.update(slug="renamed", audio_url="", title="Renamed")

    run(feed)

    assert Episode.objects.get().guid.startswith("sha256:")


# What is kept -------------------------------------------------------------------------------------


def test_an_editors_values_are_kept_and_differences_reported(write, tmp_path):
    chapters = [(0, "Hello"), (60, "Moon")]
    known_episode(slug="on-tides", title="On the tides", duration_seconds=3600, chapters=chapters)
    tags = '<psc:chapters><psc:chapter start="0" title="Welcome"/></psc:chapters>'
    feed = write(make_item(link="", tags=tags))

    run(feed, report=tmp_path / "report.csv")

    episode = Episode.objects.get()
    assert (episode.title, episode.duration_seconds) == ("On the tides", 3600)
    assert list(episode.chapter_set.values_list("start_seconds", "title")) == chapters
    kept = "The existing value “{}” was kept. Use --overwrite to replace it."
    assert [row[2:] for row in report_of(tmp_path)] == [
        ["title", "On tides", kept.format("On the tides"), "changed"],
        ["length", "1:02:03", kept.format("1:00:00"), "changed"],
        ["chapters", "1 chapters, the last at 00:00", kept.format("2 others"), "changed"],
    ]


def test_overwrite_uses_the_feeds_values_and_keeps_sponsors(write):
    episode = known_episode(slug="on-tides", duration_seconds=3600, page_url="https://harbour.example/old")
    Chapter.objects.create(episode=episode, start_seconds=5, title="A word", is_sponsor=True)
    tags = '<psc:chapters><psc:chapter start="0" title="Hello"/><psc:chapter start="9" title="A word"/></psc:chapters>'

    run(write(make_item(link="", tags=tags)), overwrite=True)

    episode.refresh_from_db()
    assert (episode.title, episode.duration_seconds) == ("On tides", 3723)
    assert episode.page_url == "https://harbour.example/old"
    assert list(episode.chapter_set.values_list("title", "is_sponsor")) == [("Hello", False), ("A word", True)]


def test_addresses_of_linked_files_follow_the_feed(write):
    known_episode(slug="on-tides", chapters_url="https://a.example/old.json")

    run(write(make_item(tags='<podcast:chapters url="https://a.example/new.json"/>')))

    assert Episode.objects.get().chapters_url == "https://a.example/new.json"


def test_unusable_values_are_reported(write, tmp_path):
    long = f"https://audio.example/{'x' * 500}.mp3"
    tags = '<psc:chapters><psc:chapter start="1:02:03" title="Late"/></psc:chapters>'

    run(write(make_item(enclosure=long, tags=tags)), report=tmp_path / "report.csv")

    assert [row[2:] for row in report_of(tmp_path)] == [
        ["audio file", long[:120], "This isn’t an http(s) address of at most 500 characters; it was ignored.", "new"],
        [
            "chapter",
            "1:02:03 Late",
            "The chapter starts at or after the end of the episode (1:02:03); it was skipped.",
            "new",
        ],
    ]


def test_articles_that_cite_an_episode_are_updated_and_logged(write):
    episode = make_episode("on-tides", handle="the-harbour-hour", title="On tides", duration_seconds=None)
    article = make_published(episode=episode)
    tags = '<psc:chapters><psc:chapter start="6:00" title="Why the sea rises"/></psc:chapters>'

    run(write(make_item(itunes__duration="6:10", tags=tags)))

    revision = article.published_revision
    revision.refresh_from_db()
    assert (revision.citation_count, revision.problem_count) == (0, 1)
    entry = LogEntry.objects.filter(article=article).order_by("pk").last()
    assert entry.by_name == "manage.py"
    assert entry.note == "On tides: release date, length in seconds, episode page, audio file, chapters"


# Broken feeds and the report ----------------------------------------------------------------------


def test_unreadable_items_are_reported_and_the_others_imported(write, tmp_path):
    broken = make_item(2).replace("</title>", "")

    with pytest.raises(CommandError, match="1 of 3 items not imported") as refusal:
        run(write(make_item(1), broken, make_item(3, title="=On salt")), report=tmp_path / "report.csv")

    assert refusal.value.returncode == 1
    assert list(Episode.objects.order_by("pk").values_list("guid", flat=True)) == ["urn:harbour:1", "urn:harbour:3"]
    reason = "Line 16: the item is not well-formed (mismatched tag) and was skipped."
    assert [[row[0], *row[4:]] for row in report_of(tmp_path)] == [["2", reason, "not imported"]]


def test_report_cells_are_not_formulas(write, tmp_path):
    run(write(make_item(title="=HYPERLINK(1)", itunes__duration="=1+1")), report=tmp_path / "report.csv")

    assert [row[3] for row in report_of(tmp_path)] == ["'=1+1"]


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"", "the file is empty."), (b"<html/>", "not a feed: it is neither RSS nor Atom.")],
)
def test_a_file_that_is_not_a_feed_is_refused(write, data, message):
    with pytest.raises(CommandError, match=message):
        run(write(data))

    assert not Show.objects.exists()


def test_a_missing_file_is_reported(tmp_path):
    with pytest.raises(CommandError, match=r"Can’t read .*feed\.xml: No such file or directory\.\Z"):
        run(tmp_path / "feed.xml")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"limit": 0}, "--limit must be at least 1."),
        ({"show": "a b"}, "“a b” isn’t a valid handle. Use only letters, digits, - and _."),
        ({"username": "nobody"}, "There is no active user “nobody”."),
    ],
)
def test_invalid_options_are_reported(write, options, message):
    with pytest.raises(CommandError) as refusal:
        run(write(make_item()), **options)

    assert str(refusal.value) == message


def test_the_importing_user_needs_permission(write):
    make_user("editor")

    with pytest.raises(CommandError, match=r"editor lacks permission: articles\.publish_revision"):
        run(write(make_item()), username="editor")
