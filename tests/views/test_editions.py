"""Editions on the episode's admin page, on public pages and in episodes files."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles import importing
from articles.core.recordings.editions import OffsetMap, Piece
from articles.derived import republish
from articles.importing import EpisodesError
from articles.models import Chapter, Cue, Edition, LogEntry, RecordingChange
from articles.workflow.content import SectionContent, SourceContent
from tests.admin.recordings.test_episodes import episode_form
from tests.support.factories import make_episode, make_published, make_user
from tests.support.scenarios.published_pages import page_of

pytestmark = pytest.mark.django_db

FEED = "https://feed.example/e.mp3"
TEXT = (
    SectionContent("Why we sleep", "The brain clears waste at night [00:06:31]. It rains [00:05:10-00:05:40]."),
    SectionContent("Dreams", "Dreams come late [00:20:00-00:21:00]."),
)


def make_edition(episode, key="feed", stretches=((0, 300, 0), (360, 3600, 30)), **kwargs):
    values = {"title": "Feed, with advertisements", "audio_url": FEED} | kwargs
    edition = Edition.objects.create(episode=episode, key=key, **values)
    edition.set_map(OffsetMap(Piece(*stretch) for stretch in stretches))
    return edition


def make_article(*episodes, **kwargs):
    """Return a published article based on the recordings."""
    content = {"sections": TEXT, "sources": tuple(SourceContent(one, f"e{n}") for n, one in enumerate(episodes, 1))}
    article = make_published(by=make_user(), **(content | kwargs))
    republish(article)
    return article


@pytest.fixture
def episode():
    return make_episode(youtube_id="abcdefghijk")


def stretches_of(edition):
    return list(edition.stretch_set.values_list("start_seconds", "end_seconds", "offset_seconds"))


# The public article -------------------------------------------------------------------------------


def test_citations_link_to_the_edition_and_keep_their_label(client, episode):
    make_edition(episode)
    make_article(episode)

    html = client.get("/articles/sleep/?edition=feed").text

    assert (
        f'<a class="citation" id="c-391" href="{FEED}#t=421" data-episode="night-talks/on-sleep" data-start="391">'
        '<time datetime="PT6M31S">06:31</time></a><span class="cite-note">'
    ) in html
    assert f'href="{FEED}#t=1230,1290" data-episode="night-talks/on-sleep" data-start="1200" data-end="1260">' in html


def test_a_moment_missing_from_the_edition_is_marked_in_the_text_and_the_list(client, episode):
    make_edition(episode)
    make_article(episode)

    html = client.get("/articles/sleep/?edition=feed").text

    assert html.count('</a> <span class="not-in-edition">not in this edition</span>') == 2
    assert (
        'href="https://www.youtube.com/watch?v=abcdefghijk&amp;t=310s" data-episode="night-talks/on-sleep" '
        'data-start="310" data-end="340"><time datetime="PT5M10S">05:10</time>–<time datetime="PT5M40S">05:40</time></a> '
        '<span class="not-in-edition">not in this edition</span><span class="cite-note">'
    ) in html


def test_the_list_under_the_article_links_to_the_edition_too(client, episode):
    make_edition(episode)
    make_article(episode)

    html = client.get("/articles/sleep/?edition=feed").text

    assert html.count(f'<a class="moments__time" href="{FEED}#t=') == 2


def test_editions_are_chosen_by_plain_links(client, episode):
    make_edition(episode)
    make_edition(episode, "ad-free", title="Ad-free <br>")
    make_article(episode)

    plain = client.get("/articles/sleep/")
    chosen = client.get("/articles/sleep/?edition=feed")

    assert (
        'Listen: <a href="/articles/sleep/" data-edition="" aria-current="true">Video</a> · '
        '<a href="/articles/sleep/?edition=feed" data-edition="feed" rel="nofollow" dir="auto">'
        "Feed, with advertisements</a> · "
        '<a href="/articles/sleep/?edition=ad-free" data-edition="ad-free" rel="nofollow" dir="auto">'
        "Ad-free &lt;br&gt;</a>."
    ) in plain.text
    assert '<a href="/articles/sleep/" data-edition="">Video</a>' in chosen.text
    assert 'data-edition="feed" aria-current="true" rel="nofollow"' in chosen.text
    assert "Set-Cookie" not in chosen.headers
    assert chosen.headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in plain.headers


def test_an_article_without_editions_offers_none(client, episode):
    make_article(episode)

    html = client.get("/articles/sleep/").text

    assert "Listen:" not in html


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_takes_a_constant_number_of_queries_and_an_edition_two_more(
    client, episode, count, django_assert_num_queries
):
    for number in range(count):
        make_edition(episode, f"feed-{number}")
    make_article(episode)

    with django_assert_num_queries(16):
        client.get("/articles/sleep/")
    with django_assert_num_queries(18):
        client.get("/articles/sleep/?edition=feed-0")


@pytest.mark.parametrize("key", ["video", "", "%00", "feed%20", "a" * 3000])
def test_an_unknown_edition_is_not_found(client, episode, key):
    make_edition(episode)
    make_article(episode)

    response = client.get(f"/articles/sleep/?edition={key}")

    assert response.status_code == 404


def test_an_edition_of_another_recording_is_not_found(client, episode):
    make_edition(make_episode("on-naps"))
    make_article(episode)

    assert client.get("/articles/sleep/?edition=feed").status_code == 404


def test_other_parameters_change_nothing(client, episode):
    make_edition(episode)
    make_article(episode)

    assert client.get("/articles/sleep/?utm_source=letter").content == client.get("/articles/sleep/").content


def test_only_recordings_with_the_edition_link_to_it(client, episode):
    other = make_episode("on-naps", audio_url="https://other.example/n.mp3")
    make_edition(episode)
    make_article(episode, other, sections=(SectionContent("Why", "Waste goes [00:06:31]. Naps help [e2 00:06:31]."),))

    html = client.get("/articles/sleep/?edition=feed").text

    assert f'href="{FEED}#t=421" data-episode="night-talks/on-sleep"' in html
    assert 'href="https://other.example/n.mp3#t=391" data-episode="night-talks/on-naps"' in html
    assert "Listen to <cite>On sleep</cite>:" in html
    assert "Listen to <cite>On naps</cite>:" not in html


# The public episode -------------------------------------------------------------------------------


def test_an_episode_lists_its_editions_with_what_they_lack(client, episode):
    make_edition(episode, duration_seconds=3630)
    make_edition(episode, "ad-free", title="Ad-free", stretches=())
    make_article(episode)

    html = client.get(episode.get_absolute_url()).text

    assert f'href="{FEED}#t=0" rel="noopener" dir="auto">Feed, with advertisements</a>' in html
    assert "<span>1 h</span>" in html
    assert "missing: 05:00–06:00" in html
    assert '<a href="?edition=feed" rel="nofollow">Use this edition</a>' in html
    assert "not yet compared with the original recording" in html
    assert "?edition=ad-free" not in html


def test_an_episode_is_followed_in_an_edition(client, episode):
    Chapter.objects.create(episode=episode, start_seconds=310, title="Sponsor: a kettle")
    make_edition(episode)
    make_article(episode)

    html = client.get(episode.get_absolute_url() + "?edition=feed").text

    assert f'<a class="moments__time" href="{FEED}#t=421" aria-label="Listen at 06:31">' in html
    assert (
        html.count('<span class="not-in-edition">not in this edition</span>') == 2
    )  # the chapter, and the citation in it
    assert client.get(episode.get_absolute_url() + "?edition=video").status_code == 404


# Admin: the episode's page ------------------------------------------------------------------------


def page(name, *args):
    return reverse(f"admin:articles_episode_{name}", args=args)


def edition_rows(edition=None, **changes):
    """Return what a browser sends for the only edition in the episode's form."""
    saved = "\n".join(str(piece) + f" {piece.offset_seconds:+}" for piece in edition.map.pieces) if edition else ""
    values = {
        "id": edition.pk if edition else "",
        "episode": edition.episode_id if edition else "",
        "key": "feed",
        "title": "Feed",
        "youtube_id": "",
        "audio_url": FEED,
        "duration_seconds": "",
        "stretch_lines": saved,
    } | changes
    data = {f"edition_set-0-{name}": value for name, value in values.items()}
    return data | {
        "initial-edition_set-0-stretch_lines": saved,
        "edition_set-INITIAL_FORMS": int(edition is not None),
        "edition_set-TOTAL_FORMS": 1,
    }


def test_an_edition_is_added_on_the_episode_page(client, administrator, episode):
    make_article(episode)
    rows = edition_rows(stretch_lines="00:00:00-00:12:30 +0\n12:30-1:00:00 +60", duration_seconds="1:01:00")

    client.post(page("change", episode.pk), episode_form(episode, rows=rows, youtube_id="abcdefghijk"))

    edition = Edition.objects.get()
    assert (edition.key, edition.title, edition.duration_seconds) == ("feed", "Feed", 3660)
    assert stretches_of(edition) == [(0, 750, 0), (750, 3600, 60)]
    assert 'data-edition="feed"' in client.get("/articles/sleep/").text
    assert LogEntry.objects.latest("pk").note == "On sleep: editions"


def test_wrong_stretches_are_named_and_nothing_is_saved(client, administrator, episode):
    edition = make_edition(episode)
    rows = edition_rows(edition, stretch_lines="0:00-10:00 +0\n05:00-20:00 +60\nlater", title="Other")

    response = client.post(page("change", episode.pk), episode_form(episode, rows=rows, youtube_id="abcdefghijk"))

    form = response.context["inline_admin_formsets"][1].formset.forms[0]
    assert form.errors["stretch_lines"] == [
        "Line 2: 00:05:00-00:20:00 starts before 00:00:00-00:10:00 ends. Start one where the other ends.",
        "Line 3: “later” isn’t a stretch. Write the start, the end and the seconds to add, like 00:12:30-01:42:41 +60.",
    ]
    assert "05:00-20:00 +60\nlater</textarea>" in response.text
    edition.refresh_from_db()
    assert edition.title == "Feed, with advertisements"


def test_stretches_are_validated_against_the_duration_saved_with_them(client, administrator, episode):
    rows = edition_rows(stretch_lines="00:00:00-01:10:00 +0")

    client.post(
        page("change", episode.pk),
        episode_form(episode, rows=rows, youtube_id="abcdefghijk", duration_seconds="1:10:00"),
    )

    assert stretches_of(Edition.objects.get()) == [(0, 4200, 0)]


def test_untouched_stretches_are_not_saved_again(client, administrator, episode):
    edition = make_edition(episode)
    rows = edition_rows(edition, title="Feed")
    edition.set_map(OffsetMap([Piece(0, 3600, 5)]))

    client.post(page("change", episode.pk), episode_form(episode, rows=rows, youtube_id="abcdefghijk"))

    edition = Edition.objects.get()
    assert edition.title == "Feed"
    assert stretches_of(edition) == [(0, 3600, 5)]


def test_stretches_are_visible_with_view_permission_only(client, episode):
    make_article(episode)
    make_edition(episode)
    viewer = make_user("another", groups=())
    viewer.user_permissions.set(Permission.objects.filter(codename__in=["view_episode", "view_edition"]))
    client.force_login(viewer)

    html = client.get(page("change", episode.pk)).text

    assert "00:00:00-00:05:00 +0<br>00:06:00-01:00:00 +30" in html
    assert 'name="edition_set-0-stretch_lines"' not in html


def test_a_deleted_edition_is_no_longer_offered(client, administrator, episode):
    edition = make_edition(episode)
    make_article(episode)
    rows = edition_rows(edition) | {"edition_set-0-DELETE": "on"}

    client.post(page("change", episode.pk), episode_form(episode, rows=rows, youtube_id="abcdefghijk"))

    assert Edition.objects.count() == 0
    assert "Listen:" not in client.get("/articles/sleep/").text
    assert client.get("/articles/sleep/?edition=feed").status_code == 404


def test_an_edition_needs_something_to_hear_and_a_key_of_its_own(client, administrator, episode):
    make_edition(episode)
    rows = edition_rows(audio_url="")

    response = client.post(page("change", episode.pk), episode_form(episode, rows=rows, youtube_id="abcdefghijk"))

    assert "Add an audio file or a YouTube id." in response.text
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_episodes_page_says_what_each_edition_lacks(client, administrator, episode, count):
    for number in range(count):
        make_edition(episode, f"feed-{number}")

    html = client.get(page("change", episode.pk)).text

    assert html.count("Not in this edition, or not mapped: 05:00–06:00.") == count


# Admin: computing the stretches -------------------------------------------------------------------


def send(client, edition, act, **data):
    saved = data.pop("saved_lines", "\n".join(f"{p} {p.offset_seconds:+}" for p in edition.map.pieces))
    return client.post(
        page("edition", edition.episode_id, edition.pk), {"act": act, "saved_lines": saved, "stretch_lines": "", **data}
    )


def test_chapter_pairs_are_computed_shown_and_not_saved_yet(client, administrator, episode):
    for start, title in [(0, "Welcome"), (300, "Sponsor: a kettle"), (360, "Naps"), (900, "Dreams")]:
        Chapter.objects.create(episode=episode, start_seconds=start, title=title)
    edition = make_edition(episode, stretches=())
    theirs = "0:00 Welcome\n05:00 naps\n10:00 Sponsor: a bed\n15:00 Dreams"

    response = send(client, edition, "chapters", chapter_lines=theirs)

    assert "3 of the episode’s 4 chapters match a chapter of this edition." in response.text
    assert "Only in the episode: 00:05:00 Sponsor: a kettle." in response.text
    assert "Only in this edition: 00:10:00 Sponsor: a bed." in response.text
    assert "\n00:00:00-00:05:00 +0\n00:06:00-00:11:00 -60\n00:15:00-01:00:00 +0</textarea>" in response.text
    assert "Not in this edition, or not mapped: 05:00–06:00, 11:00–15:00." in response.text
    assert "\n0:00 Welcome\n05:00 naps" in response.text
    assert stretches_of(edition) == []


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "Paste the edition’s chapters, one per line: 00:05:13 Title."),
        ("Naps", "Line 1: “Naps” doesn’t start with a time. Write it like 00:05:13 Title."),
        ("00:00 Other", "None of these titles matches a chapter of the episode. Write them as they are there."),
    ],
)
def test_chapters_that_do_not_match_say_why(client, administrator, episode, lines, message):
    Chapter.objects.create(episode=episode, start_seconds=0, title="Welcome")
    edition = make_edition(episode)

    response = send(client, edition, "chapters", chapter_lines=lines)

    assert list(response.context["form"].errors["chapter_lines"]) == [message]


# 5 s each with twelve words, of which the common ones recur.
WORDS = [" ".join(f"w{(12 * number + word) ** 2 % 499}" for word in range(11)) + f" n{number}" for number in range(300)]


def make_cues(episode):
    Cue.objects.bulk_create(
        Cue(episode=episode, start_seconds=5 * number, end_seconds=5 * number + 5, text=text)
        for number, text in enumerate(WORDS)
    )


def transcript_file(offset_at):
    """Return an edition's transcript as a file; `offset_at` gives the seconds to add to a cue, or None to omit it."""
    lines = []
    for number, text in enumerate(WORDS):
        if (offset := offset_at(number)) is not None:
            start = 5 * number + offset
            lines.append(f"{start // 3600:02}:{start // 60 % 60:02}:{start % 60:02}.000 | {text}")
    return SimpleUploadedFile("feed.txt", "\n".join(lines).encode())


def test_a_transcript_of_the_edition_gives_the_stretches(client, administrator, episode):
    make_cues(episode)
    edition = make_edition(episode, stretches=())

    response = send(
        client, edition, "transcript", transcript=transcript_file(lambda number: 40 if number >= 100 else 0)
    )

    assert "Compared 300 cues of feed.txt with 300 cues of the episode." in response.text
    assert "\n00:00:00-00:08:20 +0\n00:08:20-01:00:00 +40</textarea>" in response.text
    assert f'<a href="{FEED}#t=540" rel="noopener">09:00–1:00:40</a>' in response.text
    assert stretches_of(edition) == []


def test_a_transcript_of_something_else_is_refused(client, administrator, episode):
    make_cues(episode)
    edition = make_edition(episode, stretches=())
    other = SimpleUploadedFile("x.txt", b"00:00:01 nothing of this\n00:00:09 was ever said")
    empty = SimpleUploadedFile("y.txt", b"no times")

    assert list(send(client, edition, "transcript", transcript=other).context["form"].errors["transcript"]) == [
        "x.txt has no words in common with the episode’s transcript. Is it the same recording?"
    ]
    assert (
        send(client, edition, "transcript", transcript=empty)
        .context["form"]
        .errors["transcript"][0]
        .startswith("y.txt: no line with a time was found")
    )
    assert list(send(client, edition, "transcript").context["form"].errors["transcript"]) == [
        "Choose a transcript of this edition."
    ]


def test_a_transcript_that_looks_wrong_is_compared_only_once_confirmed(client, administrator, episode):
    make_cues(episode)
    edition = make_edition(episode, stretches=(), duration_seconds=600)
    file = transcript_file(lambda number: 40)

    asked = send(client, edition, "transcript", transcript=file, chapter_lines="0:00 Welcome")
    form = asked.context["form"]
    kept = {name: form[name].value() for name in ("transcript_text", "transcript_name", "chapter_lines")}
    again = send(client, edition, "transcript", **kept)
    other = send(
        client,
        edition,
        "transcript",
        transcript=SimpleUploadedFile("b.txt", file.file.getvalue()),
        confirm="on",
        **kept,
    )
    done = send(client, edition, "transcript", confirm="on", **kept)

    assert "the episode is only 10 min long" in form.errors["transcript"][0]
    assert "feed.txt looks wrong, so nothing was computed. It is kept here" in " ".join(asked.text.split())
    assert asked.context["notes"] == again.context["notes"] == other.context["notes"] == []
    assert kept["chapter_lines"] == "0:00 Welcome"
    assert "Compared 300 cues of feed.txt with 300 cues of the episode." in done.text
    assert stretches_of(edition) == []


def test_a_long_transcript_that_looks_wrong_is_chosen_again_to_confirm_it(client, administrator, episode, monkeypatch):
    monkeypatch.setattr("articles.admin.recordings.editions.forms.PASTED_MAX", 100)
    make_cues(episode)
    edition = make_edition(episode, stretches=(), duration_seconds=600)

    asked = send(client, edition, "transcript", transcript=transcript_file(lambda number: 40))
    name = asked.context["form"]["transcript_name"].value()
    file = transcript_file(lambda number: 40)
    done = send(client, edition, "transcript", transcript=file, transcript_name=name, confirm="on")

    assert "It is too long to be kept here" in asked.text
    assert "Compared 300 cues of feed.txt" in done.text


def test_a_transcript_that_is_too_large_is_refused(client, administrator, episode, settings):
    settings.TRANSCRIPT_MAX_BYTES = 100
    make_cues(episode)
    edition = make_edition(episode, stretches=())

    response = send(client, edition, "transcript", transcript=transcript_file(lambda number: 0))

    assert response.context["form"].errors["transcript"][0].startswith("The file is larger than")


def test_confirmed_stretches_are_saved_and_logged(client, administrator, episode):
    make_article(episode)
    edition = make_edition(episode)

    response = send(client, edition, "save", stretch_lines="0:00-1:00:00 +12")

    assert response.url == page("change", episode.pk)
    assert stretches_of(edition) == [(0, 3600, 12)]
    assert f'href="{FEED}#t=403"' in client.get("/articles/sleep/?edition=feed").text
    assert LogEntry.objects.latest("pk").note == ("On sleep: stretches of the edition “Feed, with advertisements”")


def test_wrong_stretches_are_not_saved_on_the_editions_page(client, administrator, episode):
    edition = make_edition(episode)

    response = send(client, edition, "save", stretch_lines="later")

    assert list(response.context["form"].errors["stretch_lines"]) == [
        "Line 1: “later” isn’t a stretch. Write the start, the end and the seconds to add, like 00:12:30-01:42:41 +60."
    ]
    assert stretches_of(edition) == [(0, 300, 0), (360, 3600, 30)]


def test_the_second_save_is_refused_and_keeps_the_input(client, administrator, episode):
    edition = make_edition(episode)

    response = send(client, edition, "save", stretch_lines="0:00-1:00:00 +12", saved_lines="00:00:00-00:01:00 +0")

    assert list(response.context["form"].errors["stretch_lines"])[1:] == [
        "00:00:00-00:05:00 +0",
        "00:06:00-01:00:00 +30",
    ]
    assert "\n0:00-1:00:00 +12</textarea>" in response.text
    assert 'name="saved_lines" value="00:00:00-00:05:00 +0\n00:06:00-01:00:00 +30">' in response.text
    assert stretches_of(edition) == [(0, 300, 0), (360, 3600, 30)]


def test_stretches_of_published_episodes_wait_for_a_second_person(client, episode):
    make_article(episode)
    edition = make_edition(episode)
    client.force_login(make_user("another"))

    send(client, edition, "save", stretch_lines="0:00-1:00:00 +12")

    assert stretches_of(edition) == [(0, 300, 0), (360, 3600, 30)]
    assert RecordingChange.objects.get().outcome == "waiting"


def test_editors_change_stretches_of_unpublished_episodes(client, episode):
    edition = make_edition(episode)
    client.force_login(make_user("another"))

    assert client.get(page("edition", episode.pk, edition.pk)).status_code == 200
    assert client.get(page("edition", make_episode("on-naps").pk, edition.pk)).status_code == 404
    assert client.get(page("edition", 4711, edition.pk)).status_code == 404


# Episodes files -----------------------------------------------------------------------------------


def episodes_file(*editions):
    return json.dumps({
        "show": {"handle": "night-talks"}, "title": "On sleep", "youtube_id": "abcdefghijk",
        "duration_seconds": 3600, "editions": list(editions),
    })  # fmt: skip


def load(text):
    (known,) = importing.read_episodes(text).by_youtube_id.values()
    return importing.save_episode(known)


def test_importing_editions_from_an_episodes_file_is_idempotent(django_assert_num_queries):
    text = episodes_file(
        {"key": "feed", "title": "Feed", "audio_url": FEED, "stretches": [[0, 750, 0], ["00:12:30", "01:00:00", 60]]},
        {"key": "ad-free", "title": "Ad-free", "youtube_id": "bcdefghijkl", "duration_seconds": 3500},
    )

    episode = load(text)
    before = list(Edition.objects.values_list("pk", "stretch__pk"))
    load(text)

    feed, ad_free = episode.edition_set.all()
    assert (feed.key, feed.title, feed.audio_url, stretches_of(feed)) == (
        "feed", "Feed", FEED, [(0, 750, 0), (750, 3600, 60)],
    )  # fmt: skip
    assert (ad_free.youtube_id, ad_free.duration_seconds, stretches_of(ad_free)) == ("bcdefghijkl", 3500, [])
    assert list(Edition.objects.values_list("pk", "stretch__pk")) == before


def test_an_episodes_file_changes_what_it_gives_and_keeps_the_rest():
    episode = make_episode(youtube_id="abcdefghijk")
    make_edition(episode)
    make_edition(episode, "ad-free", title="Ad-free")
    article = make_article(episode)

    load(episodes_file({"key": "feed", "title": "In the feed", "audio_url": FEED}))

    assert [edition.title for edition in episode.edition_set.all()] == ["In the feed", "Ad-free"]
    assert stretches_of(episode.edition_set.get(key="feed")) == [(0, 300, 0), (360, 3600, 30)]
    assert "In the feed</a>" in page_of(article)


@pytest.mark.parametrize(
    ("edition", "message"),
    [
        ("feed", "episode 1: edition 1: an edition must be an object with “key” and “title”."),
        ({"key": "feed"}, "episode 1: edition 1: “title” is missing."),
        ({"key": "feed", "title": "Feed"}, "episode 1: edition 1: “audio_url” or “youtube_id” is required."),
        (
            {"key": "a b", "title": "Feed", "audio_url": FEED},
            (
                "episode 1: edition 1: “key” is invalid: Enter a valid “slug” consisting of letters, numbers, "
                "underscores or hyphens."
            ),
        ),
        (
            {"key": "feed", "title": "Feed", "audio_url": FEED, "stretches": [[0, 10]]},
            "episode 1: edition 1: stretch 1: write it as [start, end, offset].",
        ),
        (
            {"key": "feed", "title": "Feed", "audio_url": FEED, "stretches": [[0, 10, 0], [5, 20, 0]]},
            (
                "episode 1: edition 1: 00:00:05-00:00:20 starts before 00:00:00-00:00:10 ends. "
                "Start one where the other ends."
            ),
        ),
    ],
)  # fmt: skip
def test_unusable_editions_are_named(edition, message):
    with pytest.raises(EpisodesError) as refused:
        importing.read_episodes(episodes_file(edition))

    assert str(refused.value) == message


def test_two_editions_with_one_key_are_refused():
    feed = {"key": "feed", "title": "Feed", "audio_url": FEED}

    with pytest.raises(EpisodesError) as refused:
        importing.read_episodes(episodes_file(feed, feed))

    assert str(refused.value) == "episode 1: edition 2: another edition has the key “feed”."
