"""The admin's pages: permissions, how many queries the lists take, shows and episodes with their chapters."""

import re
from dataclasses import asdict

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import (
    ApprovalRule,
    Article,
    BackgroundTask,
    CorrectionRequest,
    Episode,
    LogEntry,
    Mailbox,
    Profile,
    RankChange,
    RecordingChange,
    Review,
    Revision,
    Show,
    Topic,
)
from articles.workflow.collaboration import correction_requests
from articles.workflow.governance.ranks import Rank
from tests.support.clients import logged_in
from tests.support.databases.shared import shared
from tests.support.factories import make_draft, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

OURS = [Article, BackgroundTask, CorrectionRequest, Episode, LogEntry, Mailbox, Profile, RankChange]
OURS += [RecordingChange, Review, Revision, Show, Topic]


def page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


# Every page ---------------------------------------------------------------------------------------


@shared
def rows():
    """One row of every model that has admin pages, as {model: pk}."""
    article = make_published(episode=make_episode(chapters=[(0, "Welcome")]))
    made = [article, article.published_revision, Episode.objects.get(), Show.objects.get()]
    made += [Review.objects.get(), LogEntry.objects.first(), User.objects.first(), Group.objects.first()]
    made += [correction_requests.receive(article.published_revision, "This is not what is said.", sender="a")]
    made += [Topic.objects.create(title="Rest", slug="rest")]
    made += [ApprovalRule.objects.create(notice="health")]
    moderator = User.objects.get(username="moderator")
    made += [workflow.save_profile(Profile(user=moderator, name="Moderator", slug="moderator"), by=moderator)]
    made += [Mailbox.objects.create(user=moderator)]
    ranks = {"before": asdict(Rank.of(moderator)), "after": asdict(Rank())}
    made += [RankChange.objects.create(account=moderator, account_name="moderator", **ranks)]
    episode = Episode.objects.get()
    episode.title = "Retitled"
    made += [workflow.save_episode(episode, ["title"], by=article.created_by)]
    now = timezone.now()
    made += [BackgroundTask.objects.create(kind="export", by=moderator, created_at=now, due_at=now)]
    return {type(row): row.pk for row in made}


def test_every_registered_page_opens_for_an_administrator(client, administrator, rows):
    assert set(rows) == set(admin.site._registry)
    for model, model_admin in admin.site._registry.items():
        may_add = model_admin.has_add_permission(request_of(administrator))
        pk = rows[model]
        may_delete = model_admin.has_delete_permission(request_of(administrator), model.objects.get(pk=pk))

        statuses = [client.get(page(model, "changelist")).status_code]
        statuses += [client.get(page(model, "add")).status_code]
        statuses += [client.get(page(model, "change", pk)).status_code]
        statuses += [client.get(page(model, "history", pk)).status_code]
        statuses += [client.get(page(model, "delete", pk)).status_code]

        assert statuses == [200, 200 if may_add else 403, 200, 200, 200 if may_delete else 403], model


def request_of(user):
    class Request:
        pass

    request = Request()
    request.user = user
    request.GET = {}
    return request


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (Article, [200, 200, 200, 403]),
        (Episode, [200, 200, 200, 403]),
        (Show, [200, 200, 200, 403]),
        (Revision, [200, 403, 200, 403]),
        (CorrectionRequest, [403, 403, 403, 403]),
        (Review, [403, 403, 403, 403]),
        (LogEntry, [403, 403, 403, 403]),
        (Topic, [200, 403, 200, 403]),
        (ApprovalRule, [403, 403, 403, 403]),
        (Profile, [403, 403, 403, 403]),
        (RankChange, [403, 403, 403, 403]),
        (RecordingChange, [200, 403, 200, 403]),
        (User, [403, 403, 403, 403]),
        (Group, [403, 403, 403, 403]),
    ],
)
def test_editors_open_only_the_pages_they_may(client, rows, model, expected):
    client.force_login(make_user("second"))

    addresses = [page(model, "changelist"), page(model, "add"), page(model, "change", rows[model])]
    addresses += [page(model, "delete", rows[model])]

    assert [client.get(address).status_code for address in addresses] == expected


def test_records_are_read_only_even_for_moderators(client, rows):
    client.force_login(make_moderator("second"))
    for model in (Review, LogEntry):
        address = page(model, "change", rows[model])

        assert client.get(address).status_code == 200
        assert client.post(address, {"comment": "Changed"}).status_code == 403
        assert client.post(page(model, "delete", rows[model]), {"post": "yes"}).status_code == 403


def test_every_page_requires_login(client, rows):
    for model in admin.site._registry:
        for name, args in (("changelist", []), ("add", []), ("change", [rows[model]]), ("delete", [rows[model]])):
            address = page(model, name, *args)
            assert client.get(address).headers["Location"] == f"/admin/login/?next={address}"
    assert client.get("/admin/").headers["Location"] == "/admin/login/?next=/admin/"


def test_a_refused_page_explains_why_in_the_sites_design(client, rows):
    client.force_login(make_user("second"))

    response = client.get(page(User, "changelist"))

    assert response.status_code == 403
    assert "You are logged in as second, and" in response.text
    assert '<a class="site__name" href="/">Said at</a>' in response.text


def test_the_log_in_page_names_the_site(client):
    response = client.get("/admin/login/")

    assert '<a class="bar__brand" href="/">Said at <span class="bar__time">06:31</span></a>' in response.text
    assert "<title>Log in | Said at</title>" in response.text


def test_the_navigation_has_only_pages_the_user_may_open(client):
    client.force_login(make_user())
    editors = client.get("/admin/").text
    client.force_login(make_moderator())
    moderators = client.get("/admin/").text

    assert re.search(r'<a href="/admin/" aria-current="page">\s*My work\s*</a>', editors)
    assert "/admin/articles/logentry/" not in editors
    assert re.search(r'<a href="/admin/" aria-current="page">\s*Review queue\s*</a>', moderators)
    assert '<a href="/admin/articles/logentry/">Log</a>' in moderators


# Lists --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"),
    [(Show, 7), (Episode, 8), (LogEntry, 6), (Review, 6)],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_lists_take_a_constant_number_of_queries(
    client, administrator, django_assert_num_queries, model, count, queries
):
    author, moderator = make_user(), make_moderator()
    for number in range(count):
        episode = make_episode(f"talk-{number}", handle=f"show-{number}", chapters=[(0, "Welcome")])
        make_published(f"text-{number}", by=author, moderator=moderator, episode=episode)

    with django_assert_num_queries(queries):
        response = client.get(page(model, "changelist"))

    assert response.context["cl"].result_count >= count


def test_the_list_of_episodes_shows_their_details(client, administrator):
    episode = make_episode(chapters=[(0, "Welcome"), (313, "Naps")], published_on="2024-05-13", duration_seconds=6161)
    make_published(episode=episode)
    make_draft("second", by=make_user("second"), episode=episode)

    shown = client.get(page(Episode, "changelist")).text

    assert ' class="field-date">13 May 2024</td>' in shown
    assert ' class="field-length">1:42:41</td>' in shown
    assert ' class="field-chapter_number">2</td>' in shown
    assert ' class="field-cited">1 in 1 article</td>' in shown


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=sleep", ["On sleep"]),
        ("q=night-talks", ["On naps", "On sleep"]),
        ("lacks=length", ["On naps"]),
        ("lacks=chapters", ["On naps"]),
        ("lacks=recording", ["On naps", "On sleep"]),
        ("cited=yes", ["On sleep"]),
        ("cited=no", ["On naps"]),
    ],
)
def test_episodes_are_found(client, administrator, query, expected):
    make_published(episode=make_episode(chapters=[(0, "Welcome"), (60, "More")]))
    make_episode("on-naps", duration_seconds=None)

    response = client.get(f"{page(Episode, 'changelist')}?{query}")

    assert sorted(episode.title for episode in response.context["cl"].result_list) == expected


@pytest.mark.parametrize(
    ("model", "field", "term", "expected"),
    [("episode", "show", "night", ["Night Talks"]), ("citation", "episode", "sleep", ["On sleep"])],
)
def test_shows_and_episodes_are_found_from_a_field(administrator, rf, model, field, term, expected):
    make_episode()
    make_episode("on-naps", handle="day-talks")
    related = apps.get_model("articles", model)._meta.get_field(field).related_model
    model_admin = admin.site.get_model_admin(related)

    found, _ = model_admin.get_search_results(rf.get("/"), related.objects.all(), term)

    assert [str(row) for row in found] == expected


def test_changes_by_editors_to_episodes_that_published_articles_cite_wait(client):
    episode = make_episode(youtube_id="abcdefghijk")
    article = make_published(episode=episode)
    free = make_episode("not-cited")
    editor = make_user("another-editor")
    address = reverse("admin:articles_episode_change", args=[episode.pk])
    data = client_form(client, make_moderator("changing"), address) | {
        "youtube_id": "ABCDEFGHIJK",
        "confirm_recording": "on",
    }

    client.force_login(editor)
    assert client.post(address, data).status_code == 302
    assert RecordingChange.objects.waiting().get().after == {"youtube_id": "ABCDEFGHIJK"}
    assert client.get(reverse("admin:articles_episode_change", args=[free.pk])).context["has_change_permission"] is True
    episode.refresh_from_db()
    assert episode.youtube_id == "abcdefghijk"

    client.force_login(User.objects.get(username="changing"))
    assert client.post(address, data).status_code == 302
    episode.refresh_from_db()
    assert episode.youtube_id == "ABCDEFGHIJK"
    entry = article.logentry_set.order_by("number").last()
    assert (entry.action, entry.by_name, entry.note) == ("recording_changed", "changing", f"{episode}: YouTube id")


def client_form(client, user, address):
    """The data that the form at `address` posts if nothing is changed."""
    client.force_login(user)
    response = client.get(address)
    forms = [response.context["adminform"].form, *(f.formset for f in response.context["inline_admin_formsets"])]
    data = {}
    for form in forms:
        fields = [form] if hasattr(form, "fields") else [form.management_form, *form.forms]
        for part in fields:
            for bound in part:
                value = bound.value()
                data[bound.html_name] = "" if value is None else value
                if bound.field.show_hidden_initial:
                    data[bound.html_initial_name] = data[bound.html_name]
    return data


@pytest.mark.parametrize(("make", "link"), [(make_moderator, "Go to the review queue"), (make_user, "Go to your work")])
def test_a_page_without_permission_links_to_ones_own_work(make, link):
    refused = logged_in(make()).get(reverse("admin:auth_user_changelist"))

    assert refused.status_code == 403
    assert f'<a href="/admin/">{link}</a>' in refused.text


# Pages that aren't there --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("/admin/articles/recordingchange/9999/change/", "No such recording change."),
        ("/admin/articles/revision/9999/change/", "No such revision."),
        ("/admin/nowhere/", "There is no page at this address."),
    ],
)
def test_a_missing_page_says_what_is_missing_and_leads_back_to_the_work(moderator, address, reason):
    missing = logged_in(moderator).get(address)

    assert missing.status_code == 404
    assert reason in missing.text
    assert '<a href="/admin/">Go to the review queue</a>' in missing.text


def test_a_missing_public_page_is_the_same_for_everyone(client, moderator):
    assert logged_in(moderator).get("/nowhere/").content == client.get("/nowhere/").content
