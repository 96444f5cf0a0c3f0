"""Shows and episodes in the admin: chapters as lines and as a table, lengths, videos, and the articles that cite them."""

import re

import pytest
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.urls import reverse

from articles import workflow
from articles.admin.recordings.fields import TimeField, YouTubeField
from articles.importing import import_transcript
from articles.models import Chapter, Citation, Episode, Show
from articles.workflow.history import audit_log
from tests.support.factories import make_content, make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.samples.talk import as_vtt
from tests.support.scenarios.published_pages import page_of

pytestmark = pytest.mark.django_db

LINES = "00:00:00 Welcome\n00:05:13 Sponsor: a mattress\n00:09:00 Naps"


def page(model, name, *args):
    return reverse(f"admin:articles_{model._meta.model_name}_{name}", args=args)


def episode_form(episode=None, **changes):
    """What a browser sends from an episode's page; `rows` are the changed rows of the chapters' table."""
    rows = changes.pop("rows", {})
    chapters = list(episode.chapter_set.order_by("start_seconds")) if episode else []
    saved = "\n".join(
        f"0{c.start_seconds // 3600}:{c.start_seconds % 3600 // 60:02}:{c.start_seconds % 60:02} {c.title}"
        for c in chapters
    )
    data = {
        "show": episode.show_id if episode else "",
        "title": episode.title if episode else "On naps",
        "slug": episode.slug if episode else "on-naps",
        "published_on": "",
        "duration_seconds": "1:00:00",
        "youtube_id": "",
        "audio_url": "",
        "page_url": "",
        "chapter_lines": saved,
        "initial-chapter_lines": saved,
        "chapter_set-INITIAL_FORMS": len(chapters),
        "chapter_set-TOTAL_FORMS": len(chapters),
        "edition_set-INITIAL_FORMS": 0,
        "edition_set-TOTAL_FORMS": 0,
    }
    for index, chapter in enumerate(chapters):
        data |= {
            f"chapter_set-{index}-id": chapter.pk,
            f"chapter_set-{index}-episode": episode.pk,
            f"chapter_set-{index}-start_seconds": f"{chapter.start_seconds}",
            f"chapter_set-{index}-title": chapter.title,
            f"initial-chapter_set-{index}-start_seconds": f"{chapter.start_seconds}",
            f"initial-chapter_set-{index}-title": chapter.title,
            f"initial-chapter_set-{index}-is_sponsor": str(chapter.is_sponsor),
        }
        if chapter.is_sponsor:
            data[f"chapter_set-{index}-is_sponsor"] = "on"
    return data | rows | changes


def errors_of(response, field):
    return list(response.context["adminform"].form.errors.get(field, []))


def chapters_of(episode):
    return list(episode.chapter_set.values_list("start_seconds", "title", "is_sponsor"))


# Episodes -----------------------------------------------------------------------------------------


def test_an_episode_is_made_with_its_chapters(client, administrator):
    show = Show.objects.create(handle="night-talks", title="Night Talks")
    address = "https://youtu.be/abcdefghijk?t=3"

    client.post(
        page(Episode, "add"),
        episode_form(show=show.pk, duration_seconds="1:42:41", youtube_id=address, chapter_lines=LINES),
    )

    episode = Episode.objects.get()
    assert (episode.duration_seconds, episode.youtube_id) == (6161, "abcdefghijk")
    assert chapters_of(episode) == [(0, "Welcome", False), (313, "Sponsor: a mattress", True), (540, "Naps", False)]


@pytest.mark.parametrize(("scheme", "is_warned"), [("http", True), ("https", False)])
def test_audio_that_browsers_would_block_is_saved_with_a_warning(client, administrator, scheme, is_warned):
    episode = make_episode("on-naps")
    url = f"{scheme}://audio.example/naps.mp3"

    response = client.post(page(Episode, "change", episode.pk), episode_form(episode, audio_url=url), follow=True)

    episode.refresh_from_db()
    assert episode.audio_url == url
    assert (f"Browsers won’t play {url} on this site." in response.content.decode()) is is_warned


@pytest.mark.parametrize(("port", "is_warned"), [(8000, False), (9000, True)])
def test_audio_on_another_port_of_the_site_is_saved_with_a_warning(client, settings, administrator, port, is_warned):
    settings.SITE_URL, settings.ALLOWED_HOSTS, episode = "", ["site.example"], make_episode("on-naps")
    url = f"http://site.example:{port}/naps.mp3"
    form, at = episode_form(episode, audio_url=url), {"HTTP_HOST": "site.example:8000", "SERVER_PORT": "8000"}

    response = client.post(page(Episode, "change", episode.pk), form, follow=True, **at)

    assert (f"Browsers won’t play {url} on this site." in response.content.decode()) is is_warned


def test_changed_lines_replace_the_chapters_and_keep_marks(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome"), (313, "A word from us"), (540, "Naps")])
    Chapter.objects.filter(title="A word from us").update(is_sponsor=True)
    kept = Chapter.objects.get(title="Welcome").pk
    lines = "00:00:00 Welcome\n00:05:20 A word from us\n00:09:00 Long naps"

    client.post(page(Episode, "change", episode.pk), episode_form(episode, chapter_lines=lines))

    assert chapters_of(episode) == [(0, "Welcome", False), (320, "A word from us", True), (540, "Long naps", False)]
    assert Chapter.objects.get(title="Welcome").pk == kept


def test_chapters_are_changed_one_by_one(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome"), (313, "Naps")])
    new = {
        "chapter_set-TOTAL_FORMS": 3,
        "chapter_set-1-is_sponsor": "on",
        "chapter_set-2-episode": episode.pk,
        "chapter_set-2-start_seconds": "0:09:00",
        "chapter_set-2-title": "Sponsors",
    }

    client.post(page(Episode, "change", episode.pk), episode_form(episode, rows=new))

    assert chapters_of(episode) == [(0, "Welcome", False), (313, "Naps", True), (540, "Sponsors", True)]


def test_chapters_changed_twice_are_not_saved_and_not_lost(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])
    data = episode_form(episode, chapter_lines="00:00:00 Hello", rows={"chapter_set-0-title": "Good evening"})

    response = client.post(page(Episode, "change", episode.pk), data)

    assert "You changed the chapters both in the lines above and in this table." in response.text
    assert "00:00:00 Hello</textarea>" in response.text
    assert 'value="Good evening"' in response.text
    assert chapters_of(episode) == [(0, "Welcome", False)]


def test_invalid_lines_are_reported_and_kept(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])
    typed = "00:00:00 Welcome\nNaps\n01:00:00 Too late"

    response = client.post(page(Episode, "change", episode.pk), episode_form(episode, chapter_lines=typed))

    assert errors_of(response, "chapter_lines") == [
        "Line 2: “Naps” doesn’t start with a time. Write it like 00:05:13 Title.",
        "Line 3: 01:00:00 is at or after the end of the episode (01:00:00). Fix the time or the episode’s length.",
    ]
    assert f"\n{typed}</textarea>" in response.text
    assert chapters_of(episode) == [(0, "Welcome", False)]


def test_shorter_length_is_refused_while_chapters_are_past_it(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome"), (1800, "Naps")])
    address = page(Episode, "change", episode.pk)

    refused = client.post(address, episode_form(episode, duration_seconds="20:00"))
    client.post(address, episode_form(episode, duration_seconds="20:00", chapter_lines="00:00:00 Welcome"))

    assert errors_of(refused, "chapter_lines") == [
        "Line 2: 00:30:00 is at or after the end of the episode (00:20:00). Fix the time or the episode’s length."
    ]
    assert chapters_of(episode) == [(0, "Welcome", False)]


def test_two_chapters_at_the_same_second_are_refused(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])
    new = {"chapter_set-TOTAL_FORMS": 2, "chapter_set-1-episode": episode.pk}
    new |= {"chapter_set-1-start_seconds": "0:00:00", "chapter_set-1-title": "Again"}

    response = client.post(page(Episode, "change", episode.pk), episode_form(episode, rows=new))

    assert response.status_code == 200
    assert chapters_of(episode) == [(0, "Welcome", False)]


def test_a_refused_form_shows_the_episode_that_is_stored(client, administrator, people):
    episode = make_episode(duration_seconds=None)
    make_published(episode=episode, **people)
    form = episode_form(episode, title="Another title", duration_seconds="1:02", chapter_lines="rubbish")

    response = client.post(page(Episode, "change", episode.pk), form)

    assert response.context["adminform"].form.errors.keys() == {"chapter_lines"}
    assert "<h1>On sleep</h1>" in response.text
    assert (response.context["original"].title, response.context["subtitle"]) == ("On sleep", "On sleep")
    timeline = response.context["timeline"]
    assert (timeline.total, timeline.past_end, timeline.duration) == (1, 0, "")
    assert 'value="Another title"' in response.text


def test_second_to_save_chapters_is_warned_and_may_save_again(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])
    mine = episode_form(episode, chapter_lines="00:00:00 Mine")
    Chapter.objects.update(title="Theirs")

    refused = client.post(page(Episode, "change", episode.pk), mine)
    loaded = refused.context["adminform"].form["chapter_lines"].as_hidden(only_initial=True)
    client.post(page(Episode, "change", episode.pk), mine | {"initial-chapter_lines": "00:00:00 Theirs"})

    assert errors_of(refused, "chapter_lines")[1:] == ["00:00:00 Theirs"]
    assert 'value="00:00:00 Theirs"' in loaded
    assert chapters_of(episode) == [(0, "Mine", False)]


def test_saving_an_episode_derives_the_texts_that_cite_it(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])
    revision = make_published(episode=episode).published_revision
    assert "Why we sleep, refused" not in page_of(revision.article)

    client.post(
        page(Episode, "change", episode.pk),
        episode_form(episode, chapter_lines="00:00:00 Welcome\n00:06:00 Why we sleep, refused"),
    )
    revision.rendering.refresh_from_db()
    assert "Why we sleep, refused" in page_of(revision.article)

    client.post(page(Episode, "change", episode.pk), episode_form(episode, duration_seconds="0:06:10"))
    revision.refresh_from_db()
    assert revision.problem_count == 1
    assert Citation.objects.filter(revision=revision).count() == 0


def test_excerpts_are_public_once_the_episode_allows_them(client, administrator):
    episode = make_episode(duration_seconds=6161)
    revision = make_published(episode=episode).published_revision
    import_transcript(episode, as_vtt(), "talk.vtt")
    revision.rendering.refresh_from_db()
    assert "moments__quote" not in page_of(revision.article)

    client.post(
        page(Episode, "change", episode.pk), episode_form(episode, duration_seconds="1:42:41", allows_excerpts="on")
    )

    revision.rendering.refresh_from_db()
    assert page_of(revision.article).count('<q class="moments__quote"') == 1


def test_a_renamed_show_is_renamed_in_the_texts(client, administrator):
    revision = make_published(episode=make_episode()).published_revision
    show = Show.objects.get()

    client.post(page(Show, "change", show.pk), {"handle": show.handle, "title": "Talks at Night", "url": ""})

    revision.rendering.refresh_from_db()
    assert "Talks at Night" in page_of(revision.article)


def test_a_cited_episode_and_its_show_are_not_deleted(client, administrator):
    article = make_published(episode=make_episode())
    episode = Episode.objects.get()

    of_episode = client.post(page(Episode, "delete", episode.pk), {"post": "yes"})
    of_show = client.post(page(Show, "delete", episode.show_id), {"post": "yes"})

    revision = article.published_revision
    text = f'<a href="/admin/articles/revision/{revision.pk}/change/">Sleep (revision 1)</a>, approved'
    assert text in of_episode.text
    assert f'episode <a href="/admin/articles/episode/{episode.pk}/change/">On sleep</a>' in of_show.text
    assert Episode.objects.count() == Show.objects.count() == 1


def test_an_episode_of_which_a_citation_was_confirmed_is_not_deleted(client, administrator):
    """The article's log has the confirmation, even if the text no longer cites the episode."""
    by, episode = make_user(), make_episode()
    draft = make_draft(by=by, episode=episode)
    said = draft.citation_set.values("start_seconds", "end_seconds", "claim").get()
    workflow.confirm_citation(draft.article, by=make_moderator(), episode=episode, **said)
    workflow.save_draft(draft, make_content(episode=make_episode("another")), by=by, version=draft.version)

    answer = client.post(page(Episode, "delete", episode.pk), {"post": "yes"})

    assert f'<a href="/admin/articles/article/{draft.article_id}/change/">' in answer.text
    assert "a citation was confirmed" in answer.text
    with pytest.raises(ProtectedError):
        workflow.delete_recordings(Episode.objects.filter(pk=episode.pk))
    assert audit_log.verify(draft.article) is None


def test_an_episode_that_nobody_cites_can_be_deleted(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])

    client.post(page(Episode, "delete", episode.pk), {"post": "yes"})

    assert Episode.objects.count() == Chapter.objects.count() == 0


# Fields -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("1:42:41", 6161),
        ("42:41", 2561),
        (" 6161 ", 6161),
        ("0:06:31", 391),
        ("6m31s", 391),
        ("06:31.5", 391),
        ("", None),
    ],
)
def test_time_field_reads(typed, seconds):
    assert TimeField(required=False).clean(typed) == seconds


@pytest.mark.parametrize(("seconds", "shown"), [(6161, "1:42:41"), (391, "0:06:31"), (36000, "10:00:00"), (None, None)])
def test_time_field_shows(seconds, shown):
    assert TimeField().prepare_value(seconds) == shown


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1:2:3", "“1:2:3” needs two digits for minutes and for seconds: write it like 1:42:41."),
        ("99999999", "“99999999” is too long for a recording. Write it like 1:42:41."),
        ("an hour", "“an hour” needs digits 0-9 separated by colons: write it like 1:42:41."),
        ("9" * 30, "“999999999999999999999999999999” is longer than any recording: write it like 1:42:41."),
    ],
)
def test_time_field_reports_invalid_times(typed, message):
    with pytest.raises(ValidationError) as refusal:
        TimeField().clean(typed)
    assert refusal.value.messages == [message]


@pytest.mark.parametrize(
    "typed",
    [
        "abc-efg_ijk",
        "https://www.youtube.com/watch?v=abc-efg_ijk&t=391s",
        "https://m.youtube.com/watch?app=desktop&v=abc-efg_ijk",
        "youtube.com/watch?v=abc-efg_ijk",
        "https://youtu.be/abc-efg_ijk?si=1",
        "https://www.youtube-nocookie.com/embed/abc-efg_ijk",
        "https://www.youtube.com/shorts/abc-efg_ijk",
        "https://www.youtube.com/live/abc-efg_ijk?feature=share",
    ],
)
def test_youtube_field_extracts_the_id_from_an_address(typed):
    assert YouTubeField().clean(typed) == "abc-efg_ijk"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("abc", "“abc” isn’t a YouTube ID, which has 11 letters, digits, - or _. Paste the video’s address instead."),
        ("example.org/watch?v=abcdefghijk", "“example.org/watch?v=abcdefghijk” isn’t the address of a YouTube video."),
        ("https://youtube.com/@talks", "“https://youtube.com/@talks” links to YouTube, but not to a single video."),
        ("https://youtu.be/abc", "“abc” isn’t a YouTube ID, which has 11 letters, digits, - or _."),
    ],
)
def test_youtube_field_reports_invalid_addresses(typed, message):
    with pytest.raises(ValidationError) as refusal:
        YouTubeField().clean(typed)
    assert refusal.value.messages[0].startswith(message)


# Another recording ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [
        ({"youtube_id": "abcdefghijk"}, {"youtube_id": "ABCDEFGHIJK"}, True),
        ({"youtube_id": "abcdefghijk"}, {"youtube_id": ""}, True),
        ({"audio_url": "https://a.example/1.mp3"}, {"audio_url": "https://a.example/2.mp3"}, True),
        ({"audio_url": "https://a.example/1.mp3"}, {"youtube_id": "abcdefghijk"}, True),
        ({"audio_url": "http://a.example/1.mp3"}, {"audio_url": "https://op3.dev/e/a.example/1.mp3"}, False),
        ({}, {"audio_url": "https://a.example/1.mp3"}, False),
    ],
)
def test_another_recording_of_a_cited_episode_is_asked_about(admin_client, before, after, asks):
    recording = {"youtube_id": "", "audio_url": ""} | before
    episode = make_episode("on-naps", **recording)
    make_published("naps", episode=episode)
    sent = episode_form(episode, **recording | after, title="New title")
    address = page(Episode, "change", episode.pk)

    response = admin_client.post(address, sent)

    if asks:
        [error] = errors_of(response, "confirm_recording")
        count = Citation.objects.filter(is_public=True, episode=episode).count()
        assert f"{count} published citation" in error
        assert "in 1 article." in error
        assert 'name="confirm_recording"' in response.content.decode()
        assert 'value="New title"' in response.content.decode()
        episode.refresh_from_db()
        assert {name: getattr(episode, name) for name in recording} == recording
        kept = admin_client.post(address, sent | {"confirm_recording": "on", "title": ""}).content.decode()
        assert re.search('<input[^>]*name="confirm_recording"[^>]* checked', kept)
        response = admin_client.post(address, sent | {"confirm_recording": "on"})
        assert "these citations" not in AdminLogEntry.objects.latest("pk").get_change_message()
    assert response.status_code == 302
    episode.refresh_from_db()
    assert {name: getattr(episode, name) for name in recording} == recording | after


def test_nothing_is_asked_about_an_episode_without_published_citations(admin_client):
    episode = make_episode("on-naps", youtube_id="abcdefghijk")
    sent = episode_form(episode, youtube_id="ABCDEFGHIJK")

    assert "confirm_recording" not in admin_client.get(page(Episode, "change", episode.pk)).content.decode()
    assert admin_client.post(page(Episode, "change", episode.pk), sent).status_code == 302
