"""Forms that were opened before someone else saved: they neither undo that nor lose what was typed."""

import pytest
from django.urls import reverse

from articles.models import Episode, Show, Topic
from tests.support.clients import logged_in
from tests.support.factories import make_episode, make_moderator

pytestmark = pytest.mark.django_db


def fields_of(page):
    """What submitting the page's form untouched would send."""
    form = page.context["adminform"].form
    formsets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    fields = {}
    for each in [form, *(formset.management_form for formset in formsets), *(f for s in formsets for f in s.forms)]:
        for bound in each:
            fields[bound.html_name] = bound.value()
            if bound.field.show_hidden_initial:
                fields[bound.html_initial_name] = bound.value()
    return {name: value for name, value in fields.items() if value is not None and value is not False}


@pytest.fixture(params=["show", "episode", "topic"])
def stale(request, moderator):
    """A page opened by one moderator before another saved a new title: (client, address, its fields, the row)."""
    episode = make_episode(duration_seconds=3600)
    row = {
        "show": episode.show,
        "episode": episode,
        "topic": Topic.objects.create(slug="naps", title="Naps", description="Short."),
    }[request.param]
    address = reverse(f"admin:articles_{request.param}_change", args=[row.pk])
    client = logged_in(moderator)
    mine, theirs = (fields_of(each.get(address)) for each in (client, logged_in(make_moderator("ada"))))
    saved = logged_in(make_moderator("ben")).post(address, theirs | {"title": "Theirs"})
    assert saved.status_code == 302
    row.refresh_from_db()
    assert row.title == "Theirs"
    return client, address, mine, row


OTHER = {
    Show: ("url", "https://show.example/"),
    Episode: ("duration_seconds", "1:10:00"),
    Topic: ("description", "Long."),
}
STORED = {Show: "https://show.example/", Episode: 4200, Topic: "Long."}


def test_saving_another_field_keeps_what_someone_else_saved(stale):
    client, address, mine, row = stale
    name, value = OTHER[type(row)]

    assert client.post(address, mine | {name: value}).status_code == 302

    row.refresh_from_db()
    assert (row.title, getattr(row, name)) == ("Theirs", STORED[type(row)])


def test_the_same_field_is_refused_once_and_then_replaced(stale):
    client, address, mine, row = stale

    refused = client.post(address, mine | {"title": "Mine"})
    form = refused.context["adminform"].form
    row.refresh_from_db()

    assert row.title == "Theirs"
    assert form.errors == {
        "title": ["Someone else changed this after you opened the page, to “Theirs”. Save again to replace it."]
    }
    assert form["title"].value() == "Mine"
    assert 'name="initial-title" value="Theirs"' in refused.text
    assert client.post(address, mine | {"title": "Mine", "initial-title": "Theirs"}).status_code == 302
    row.refresh_from_db()
    assert row.title == "Mine"


def test_the_same_change_by_both_is_no_conflict(stale):
    client, address, mine, _ = stale

    assert client.post(address, mine | {"title": "Theirs"}).status_code == 302


def test_other_line_endings_are_no_conflict(moderator):
    topic = Topic.objects.create(slug="naps", title="Naps", description="Short.\nDeep.")
    address = reverse("admin:articles_topic_change", args=[topic.pk])
    client = logged_in(moderator)
    sent = fields_of(client.get(address)) | {
        "initial-description": "Short.\r\nDeep.",
        "description": "Short.\r\nLight.",
    }

    assert client.post(address, sent).status_code == 302


def test_pressing_save_without_changes_changes_nothing(stale):
    client, address, mine, row = stale

    assert client.post(address, mine).status_code == 302

    row.refresh_from_db()
    assert row.title == "Theirs"
