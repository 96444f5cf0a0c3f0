"""Changes of recordings that wait, in the admin and in commands: every field of the form is held, every page shows them."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from articles.admin.recordings.episodes import admin as episode_admin
from articles.models import RecordingChange, Show
from tests.support.factories import make_user
from tests.workflow.recordings.waiting.writers import INVENTED, cite, fresh, seen_state, set_title

pytestmark = pytest.mark.django_db


def form_data(client, address):
    response = client.get(address)
    forms = [response.context["adminform"].form, *(f.formset for f in response.context["inline_admin_formsets"])]
    data = {}
    for form in forms:
        for each in (form, *getattr(form, "forms", ()), getattr(form, "management_form", form)):
            for name in getattr(each, "fields", {}):
                value = each[name].value()
                if value not in (None, False):
                    data[each.add_prefix(name)] = value
                if each.fields[name].show_hidden_initial:
                    data[each.add_initial_prefix(name)] = "" if value is None else value
    return data


FIELDS = {
    "show": None,  # another show, made in the test
    "title": "Another title",
    "slug": "another-slug",
    "published_on": "2024-05-06",
    "duration_seconds": "1:10:00",
    "youtube_id": "ABCDEFGHIJK",
    "audio_url": "https://audio.example/1.mp3",
    "page_url": "https://page.example/1",
    "allows_excerpts": "on",
    "allows_transcript": "on",
    "people": "Ada Lovelace | voice: SPEAKER_00 | role: guest",
    "chapter_lines": "00:00:00 Welcome\n00:06:00 Another chapter",
    "chapter_set-0-title": "Another chapter",
    "edition_set-0-title": "Another edition",
    "edition_set-0-stretch_lines": "00:00:00-00:30:00 +20",
}


INTERNAL = {
    "guid": "another",
    "chapters_url": "https://feed.example/c.json",
    "transcript_url": "https://feed.example/t.vtt",
}


NOT_A_FIELD = {"confirm_recording", "change_reason", "chapters_file"}


def test_every_form_field_has_a_row():
    fields = set(episode_admin.EpisodeForm.base_fields) | {
        field for _, options in episode_admin.EpisodeAdmin.fieldsets for field in options["fields"]
    }
    named = {name for name in (*FIELDS, *INTERNAL) if "-" not in name}
    assert fields == named | NOT_A_FIELD | {"chapters_download", "cited_by"}


@pytest.mark.parametrize("citing", ["approved"], indirect=True)
@pytest.mark.parametrize("name", [*FIELDS, *INTERNAL])
def test_every_form_field_is_held(name, client, revision, episode, other):
    before = seen_state(episode)
    value = (FIELDS | INTERNAL)[name] or str(Show.objects.create(handle="another", title="Another show").pk)
    client.force_login(other)
    address = reverse("admin:articles_episode_change", args=[episode.pk])

    response = client.post(
        address, form_data(client, address) | {name: value, "change_reason": "Heard again.", "confirm_recording": "on"}
    )

    assert response.status_code == 302, response.context["adminform"].form.errors
    row = RecordingChange.objects.order_by("pk").last()
    assert row.reason == "Heard again."
    assert (row.is_waiting, row.is_visible) == (True, name in FIELDS)
    assert seen_state(episode) == before


def test_the_queue_the_review_and_the_episode_show_what_waits(client, episode, author, moderator, other):
    revision = cite(episode, author, moderator, "submitted")
    row = set_title(episode, other, reason="Heard again.")
    page = reverse("admin:articles_recordingchange_change", args=[row.pk])
    client.force_login(moderator)

    for address in (
        reverse("admin:index", query={"tab": "recordings"}),
        revision.get_absolute_url(),
        reverse("admin:articles_episode_change", args=[episode.pk]),
    ):
        text = client.get(address).text
        assert page in text, address
        assert "Heard again." in text, address
    text = client.get(page).text
    assert "<del>On sleep</del>" in text
    assert "<ins>Another title</ins>" in text

    decide = reverse("admin:articles_recordingchange_decide", args=[row.pk])
    assert client.post(decide, {"act": "reject"}).status_code == 409
    assert client.post(decide, {"act": "nothing"}).status_code == 404
    assert client.post(decide, {"act": "accept"}).status_code == 302
    assert fresh(episode).title == "Another title"
    client.force_login(other)
    assert client.post(decide, {"act": "accept"}).status_code == 403


def test_the_queue_does_not_approve_unseen_changes(client, episode, author, moderator, second):
    revision = cite(episode, author, moderator, "submitted")
    set_title(episode, second)
    client.force_login(moderator)

    decide = reverse("admin:queue_bulk_decide")
    page = client.post(decide, {"act": "approve", "revision": [revision.pk]}, follow=True)

    assert "Changed after the submission: “Another title” (title)." in page.text

    revision.refresh_from_db()
    assert revision.status == "submitted"


def test_an_import_lists_what_it_changed_under_texts(tmp_path, episode, author, moderator):
    root = make_user("root", is_superuser=True)
    cite(episode, author, moderator, "published")
    file = tmp_path / f"{episode.slug}.txt"
    file.write_text(INVENTED)
    out = StringIO()

    call_command("import_transcript", episode.reference, str(file), username="root", confirm=True, stdout=out)

    assert f"{episode.reference}: transcript" in out.getvalue()
    assert RecordingChange.objects.order_by("pk").last().proposed_by == root
