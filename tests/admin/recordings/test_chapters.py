"""Chapters in the admin as Podcasting 2.0 JSON: pasted, uploaded, downloaded."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.core.recordings.chapters import ChapterLine, read_json
from articles.models import Chapter, Episode
from tests.admin.recordings.test_episodes import chapters_of, episode_form, errors_of, page
from tests.support.factories import make_episode, make_published, make_user

pytestmark = pytest.mark.django_db

JSON = """{"version": "1.2.0", "chapters": [
  {"startTime": 0, "title": "Hello", "img": "https://a.example/1.png"},
  {"startTime": 313.5, "title": "Sponsor: a mattress"},
  {"startTime": 540, "title": "Naps"}
]}"""
LATE = "01:00:00 is at or after the end of the episode (01:00:00). Fix the time or the episode’s length."
LINES_AND_FILE = (
    "You changed the chapters both in the lines and with a file. Nothing is saved yet. "
    "To save the lines, remove the file; to save the file, undo your changes to the lines."
)
READ = [(0, "Hello", False), (313, "Sponsor: a mattress", True), (540, "Naps", False)]


def upload(text, name="chapters.json"):
    return SimpleUploadedFile(name, text.encode())


def send(client, episode, **changes):
    return client.post(page(Episode, "change", episode.pk), episode_form(episode, **changes), follow=True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("chapters.txt", "00:00 Ouverture\n01:00 Déjà l’été à Orléans"),
        ("chapters.json", '{"version": "1.2.0", "chapters": [{"startTime": 60, "title": "Déjà l’été à Orléans"}]}'),
    ],
)
def test_a_file_in_another_encoding_is_read_and_that_is_said(client, administrator, name, text):
    episode = make_episode()

    response = send(client, episode, chapters_file=SimpleUploadedFile(name, text.encode("cp1252")))

    assert episode.chapter_set.last().title == "Déjà l’été à Orléans"
    assert "The file isn’t UTF-8; it was read as Windows-1252. Check that its letters are right." in response.text


def test_pasted_json_becomes_chapters_and_reports_what_is_dropped(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])

    response = send(client, episode, chapter_lines=JSON)

    assert chapters_of(episode) == READ
    assert "1 chapter has an image (img), which isn’t kept." in response.text


def test_uploaded_file_replaces_all_chapters(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome"), (600, "More")])

    send(client, episode, chapters_file=upload(JSON))

    assert chapters_of(episode) == READ


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "description.txt",
            "\ufeff\r\n00:00 - Hello<br />\r\n* **[05:13](#t=05:13)** Sponsor: a mattress\r\n09:00 Naps\r\n",
        ),
        ("chapters.txt", JSON),
    ],
)
def test_a_text_file_is_read_as_if_it_were_pasted(client, administrator, name, text):
    episode = make_episode(chapters=[(0, "Welcome")])

    send(client, episode, chapters_file=upload(text, name))

    assert chapters_of(episode) == READ


def test_lines_of_a_file_that_cannot_be_read_are_named(client, administrator):
    response = send(client, make_episode(), chapters_file=upload("00:00 Hello\nrubbish", "chapters.txt"))

    (error,) = errors_of(response, "chapters_file")
    assert error.startswith("Line 2: “rubbish” doesn’t start with a time.")


@pytest.mark.parametrize(("lines", "said"), [("x", "the error below"), ("x\ny", "the errors below")])
def test_errors_are_counted_above_the_form(client, administrator, lines, said):
    response = send(client, make_episode(), chapters_file=upload(lines, "chapters.txt"))

    assert f"Please correct {said}." in response.text


def test_a_new_episode_takes_a_file(client, administrator):
    show = make_episode().show

    client.post(page(Episode, "add"), episode_form(show=show.pk, chapters_file=upload(JSON)))

    assert chapters_of(Episode.objects.get(slug="on-naps")) == READ


@pytest.mark.parametrize("field", ["chapter_lines", "chapters_file"])
@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("{", ["Line 1: invalid JSON (Expecting property name enclosed in double quotes). Fix it there."]),
        ('{"a": 1}', ['The JSON has no "chapters" list, which Podcasting 2.0 chapters have at the top level.']),
        (
            '{"version": "1.2.0", "chapters": [{"title": "Naps"}, {"startTime": 3600, "title": "Late"}]}',
            [
                "Chapter 1: its startTime isn’t a number of seconds.",
                f"Chapter 2: {LATE}",
            ],
        ),
    ],
    ids=["json", "list", "chapters"],
)
def test_invalid_json_is_reported_and_changes_nothing(client, administrator, field, text, messages):
    episode = make_episode(chapters=[(0, "Welcome")])

    response = send(client, episode, **{field: text if field == "chapter_lines" else upload(text)})

    assert errors_of(response, field) == messages
    assert chapters_of(episode) == [(0, "Welcome", False)]


def test_file_without_chapters_keeps_the_existing_ones(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])

    response = send(client, episode, chapters_file=upload('{"version": "1.2.0", "chapters": []}'))

    assert errors_of(response, "chapters_file") == ["The file has no usable chapters. Nothing is saved yet."]
    assert chapters_of(episode) == [(0, "Welcome", False)]


def test_lines_and_file_at_once_are_not_saved(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])

    response = send(client, episode, chapter_lines="00:00:00 Hi", chapters_file=upload(JSON))

    assert errors_of(response, "chapters_file") == [
        LINES_AND_FILE,
    ]
    assert chapters_of(episode) == [(0, "Welcome", False)]


def test_second_to_upload_is_warned(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])
    mine = episode_form(episode, chapters_file=upload(JSON))
    Chapter.objects.update(title="Theirs")

    response = client.post(page(Episode, "change", episode.pk), mine)

    assert errors_of(response, "chapter_lines")[1:] == ["00:00:00 Theirs"]
    assert chapters_of(episode) == [(0, "Theirs", False)]


def test_the_chapters_are_downloaded_as_they_are_saved(client, administrator):
    episode = make_episode("über-schlaf", chapters=[(0, "Welcome"), (313, "Naps")], title="Über Schlaf")
    address = reverse("admin:articles_episode_chapters", args=[episode.pk])

    link = client.get(page(Episode, "change", episode.pk))
    response = client.get(address)

    assert f'<a href="{address}" download>Download chapters.json</a>' in link.text
    assert response.headers["Content-Type"] == "application/json+chapters"
    assert response.headers["Content-Disposition"] == ("attachment; filename*=utf-8''%C3%BCber-schlaf.chapters.json")
    assert '"title": "Über Schlaf"' in response.content.decode()
    assert read_json(response.content).chapters == (ChapterLine(0, "Welcome"), ChapterLine(313, "Naps"))


def test_no_download_without_chapters(client, administrator):
    episode = make_episode()

    assert "Download chapters.json" not in client.get(page(Episode, "change", episode.pk)).text
    assert client.get(reverse("admin:articles_episode_chapters", args=[episode.pk + 1])).status_code == 404


def test_viewers_download_chapters_of_an_episode_they_may_not_change(client):
    episode = make_episode(chapters=[(0, "Welcome")])
    make_published(episode=episode)
    viewer = make_user("second", groups=())
    viewer.user_permissions.add(Permission.objects.get(codename="view_episode"))
    client.force_login(viewer)

    response = client.get(page(Episode, "change", episode.pk))

    assert "Download chapters.json" in response.text
    assert 'type="file" name="chapters_file"' not in response.text
    assert client.get(reverse("admin:articles_episode_chapters", args=[episode.pk])).status_code == 200


@pytest.mark.parametrize("username", [None, "reader"])
def test_others_get_no_chapters(client, username):
    episode = make_episode(chapters=[(0, "Welcome")])
    if username:
        client.force_login(make_user(username, groups=()))

    response = client.get(reverse("admin:articles_episode_chapters", args=[episode.pk]))

    assert response.status_code == (403 if username else 302)


def test_chapters_download_rejects_post(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome")])

    assert client.post(reverse("admin:articles_episode_chapters", args=[episode.pk])).status_code == 405
