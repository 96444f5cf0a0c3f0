"""Editions on the episode’s admin page: their stretches, by hand, from chapters or from a transcript."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.core.recordings.editions import OffsetMap, Piece
from articles.models import Chapter, Cue, Edition, LogEntry, RecordingChange
from tests.admin.recordings.test_episodes import episode_form
from tests.support.factories import make_episode, make_user
from tests.views.editions.rows import FEED, make_article, make_edition, stretches_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode():
    return make_episode(youtube_id="abcdefghijk")


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


# Computing the stretches --------------------------------------------------------------------------


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
