"""Reviewer profiles: who writes and sees them, where names link to them, how they are removed."""

import json
import re

import pytest
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.http import SimpleCookie
from django.urls import reverse

from articles import workflow
from articles.derived.reviews import reviewers
from articles.models import Profile
from tests.support.clients import messages_of
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_user, published

pytestmark = pytest.mark.django_db

SECRET = "Zephyrine"
HOSTILE = '<script>alert(1)</script> & "so"'
WORDS = {"name": "Mo Derator", "slug": "mo", "about": "I read.", "url": "https://mo.example.org/", "is_public": "on"}


def make_profile(user, **kwargs):
    """Create a public profile as its owner would."""
    words = {"name": "Mo Derator", "slug": "mo", "about": "I read.", "url": "", "is_public": True} | kwargs
    return workflow.save_profile(Profile(user=user, **words), by=user)


def names_leading_to_the_page(client, slug="sleep-0"):
    addresses = (f"/articles/{slug}/", f"/articles/{slug}/history/", f"/articles/{slug}/revisions/1/")
    return [client.get(address).content.decode().count('<a href="/people/mo/">moderator</a>') for address in addresses]


def data_of(client, slug="sleep-0"):
    page = client.get(f"/articles/{slug}/").content.decode()
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])


# The public page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_lists_the_reviews_in_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    published(count, people)
    make_profile(people["moderator"])

    with django_assert_num_queries(3):
        page = client.get("/people/mo/").content.decode()

    assert [page.count(f'href="/articles/sleep-{n}/revisions/1/"') for n in range(count)] == [1] * count
    assert f"{count} review" in page
    assert "<p>I read.</p>" in page


def test_newest_reviews_come_first_page_by_page(client, people, monkeypatch):
    monkeypatch.setattr("articles.views.collections.reviewers.PER_PAGE", 2)
    published(3, people)
    make_profile(people["moderator"])

    first = client.get("/people/mo/").content.decode()
    after = re.search(r"\?after=(\d+)", first)[1]
    last = client.get("/people/mo/", {"after": after}).content.decode()

    shown = [re.findall(r"/articles/(sleep-\d)/revisions", page) for page in (first, last)]
    assert shown == [["sleep-2", "sleep-1"], ["sleep-0"]]
    assert ("<p>I read.</p>" in first, "<p>I read.</p>" in last, "?after=" in last) == (True, False, False)
    for wrong in ("x", "9" * 40, "\0", "²"):
        assert client.get("/people/mo/", {"after": wrong}).status_code == 404


def test_only_reviews_of_public_texts_are_listed(client, people):
    gone, kept = published(2, people)
    make_change(kept, by=people["by"], title=SECRET)
    waiting = make_change(gone, by=make_user("second"), title=SECRET)
    workflow.approve(waiting, by=people["moderator"], comment=SECRET)
    sent_back = make_draft("naps", by=people["by"], title=SECRET, episode=make_episode("naps"))
    workflow.submit(sent_back, by=people["by"])
    workflow.reject(sent_back, by=people["moderator"], comment=SECRET)
    gone.refresh_from_db()
    workflow.unpublish(gone, by=people["moderator"], reason=SECRET)
    make_profile(people["moderator"])

    page = client.get("/people/mo/").content.decode()

    assert SECRET not in page
    assert re.findall(r"/articles/([^/]+)/revisions/(\d+)/", page) == [("sleep-1", "1")]


def test_overrides_and_later_reviews_are_labelled(client, people):
    alone = make_user("alone", is_superuser=True)
    draft = make_draft("sleep", by=alone, episode=make_episode())
    workflow.submit(draft, by=alone)
    workflow.approve(draft, by=alone, override_reason="Nobody else is there.")
    workflow.publish(draft, by=alone)
    workflow.confirm(draft, by=people["moderator"])
    make_profile(people["moderator"])
    make_profile(alone, slug="alone", name="Alone")

    own = client.get("/people/alone/").content.decode()
    later = client.get("/people/mo/").content.decode()

    assert "published without a second review: the reviewer contributed to it" in own
    assert "published without a second review" not in later
    assert "after publication" in later


def test_profile_text_is_escaped(client, people):
    make_profile(people["moderator"], name=HOSTILE, about=f"{HOSTILE}\n\nSecond.")

    page = client.get("/people/mo/").content.decode()

    assert HOSTILE not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;so&quot;") == 6
    assert "<p>Second.</p>" in page


@pytest.mark.parametrize("address", ["/people/", "/people/mo/"])
def test_pages_are_public_and_set_no_cookie(client, people, address):
    make_profile(people["moderator"])
    anonymous = client.get(address)
    client.force_login(people["moderator"])

    response = client.get(address)

    assert response.content == anonymous.content
    assert (anonymous.cookies, response.cookies) == (SimpleCookie(), SimpleCookie())
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_people_are_listed_in_one_query(client, people, count, django_assert_num_queries):
    for number in range(count):
        make_profile(make_moderator(f"m-{number}"), slug=f"m-{number}", name=f"Reviewer {number}")
    make_profile(people["moderator"], is_public=False, name=SECRET)

    with django_assert_num_queries(1):
        page = client.get("/people/").content.decode()

    assert [page.count(f"Reviewer {number}") for number in range(count)] == [1] * count
    assert SECRET not in page


@pytest.mark.parametrize("why", ["not public", "inactive", "no reviewer", "nobody"])
def test_an_unpublished_profile_is_not_found(client, people, why):
    user = people["moderator"]
    make_profile(user, is_public=why != "not public", about=SECRET)
    User.objects.filter(pk=user.pk).update(is_active=why != "inactive")
    if why == "no reviewer":
        user.groups.set([Group.objects.get(name="Editors")])
    if why == "nobody":
        Profile.objects.all().delete()
    client.force_login(people["by"])

    assert client.get("/people/mo/").status_code == 404
    assert reviewers.page_of([user.pk or 1]) == {}
    assert "Mo Derator" not in client.get("/people/").content.decode()


# Links from names ---------------------------------------------------------------------------------


def test_names_link_to_a_profile_only_while_it_is_public(client, people):
    published(1, people)
    before = names_leading_to_the_page(client), data_of(client)["mainEntityOfPage"]["reviewedBy"]

    profile = make_profile(people["moderator"])

    there = names_leading_to_the_page(client), data_of(client)["mainEntityOfPage"]["reviewedBy"]
    profile.is_public = False
    workflow.save_profile(profile, by=people["moderator"])
    after = names_leading_to_the_page(client), data_of(client)["mainEntityOfPage"]["reviewedBy"]
    named = {"@type": "Person", "name": "moderator"}
    assert before == after == ([0, 0, 0], named)
    assert there == ([1, 1, 1], {**named, "url": "http://testserver/people/mo/"})


def test_changing_the_profile_slug_updates_links(client, people):
    published(1, people)
    profile = make_profile(people["moderator"], slug="old")

    profile.slug = "mo"
    workflow.save_profile(profile, by=people["moderator"])

    assert names_leading_to_the_page(client) == [1, 1, 1]
    assert client.get("/people/old/").status_code == 404


def test_a_profile_leaves_the_article_page_its_number_of_queries(client, people, django_assert_num_queries):
    published(1, people)
    with django_assert_num_queries(16):
        client.get("/articles/sleep-0/")
    make_profile(people["moderator"])

    with django_assert_num_queries(16):
        client.get("/articles/sleep-0/")


def test_urls_of_many_profiles_take_one_query(people, django_assert_num_queries):
    make_profile(people["moderator"])

    with django_assert_num_queries(1):
        found = reviewers.page_of([people["moderator"].pk, people["by"].pk, None])
    with django_assert_num_queries(0):
        nothing = reviewers.page_of([None])

    assert (found, nothing) == ({people["moderator"].pk: "/people/mo/"}, {})


# The profile form ---------------------------------------------------------------------------------


def own(client):
    return reverse("admin:own_page")


def test_a_reviewer_writes_their_profile(client, people):
    published(1, people)
    client.force_login(people["moderator"])
    offered = client.get(own(client)).content.decode()

    response = client.post(own(client), WORDS | {"about": "I read.\r\n\r\nAnd I listen."})

    profile = Profile.objects.get()
    entry = AdminEntry.objects.get()
    assert 'value="moderator"' in offered
    assert messages_of(response) == ["Profile saved. It’s public, and your name links to it."]
    assert (profile.user, profile.about) == (people["moderator"], "I read.\n\nAnd I listen.")
    assert (entry.user, entry.object_id, entry.is_addition()) == (people["moderator"], str(profile.pk), True)
    assert names_leading_to_the_page(client) == [1, 1, 1]


def test_a_change_is_logged_and_a_profile_can_be_unpublished_again(client, people):
    make_profile(people["moderator"])
    client.force_login(people["moderator"])

    response = client.post(own(client), {key: value for key, value in WORDS.items() if key != "is_public"})

    assert messages_of(response) == ["Profile saved. Only you can see it until you make it public."]
    assert Profile.objects.get().is_public is False
    assert AdminEntry.objects.get().is_change()
    assert client.get("/people/mo/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"slug": "a/b"}, "Enter a valid “slug”"),
        ({"slug": "taken"}, "This address is already taken. Choose a different one."),
        ({"url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"url": "ftp://mo.example.org/"}, "Enter a valid URL."),
        ({"about": "x" * 2001}, "Ensure this value has at most 2000 characters (it has 2001)."),
    ],
)
def test_errors_are_shown_and_nothing_is_saved(client, people, wrong, message):
    make_profile(make_moderator("other"), slug="taken")
    client.force_login(people["moderator"])

    response = client.post(own(client), WORDS | wrong)

    assert response.status_code == 400
    assert message in response.content.decode().replace("&quot;", '"')
    assert not Profile.objects.filter(user=people["moderator"]).exists()


def test_line_breaks_count_as_one_character(client, people):
    client.force_login(people["moderator"])

    client.post(own(client), WORDS | {"about": "x" + "\r\nx" * 999})

    assert len(Profile.objects.get().about) == 1999


def test_a_url_without_a_scheme_is_taken_as_https(client, people):
    client.force_login(people["moderator"])

    client.post(own(client), WORDS | {"url": "mo.example.org"})

    assert Profile.objects.get().url == "https://mo.example.org"


def test_only_reviewers_have_a_profile(client, people):
    client.force_login(people["by"])

    assert client.get(own(client)).status_code == 403
    assert client.post(own(client), WORDS).status_code == 403
    assert own(client) not in client.get(reverse("admin:index")).content.decode()
    with pytest.raises(workflow.NotAllowed, match="isn’t allowed to have a reviewer profile"):
        make_profile(people["by"])


def test_nobody_can_write_for_someone_else(client, people):
    profile = make_profile(people["moderator"])
    root = User.objects.create_superuser("root", "root@example.org", "a long test password")
    client.force_login(root)
    address = reverse("admin:articles_profile_change", args=[profile.pk])

    response = client.post(address, {"name": "Somebody", "slug": "mo", "about": "Not mine."})

    profile.refresh_from_db()
    assert (response.status_code, profile.about) == (403, "I read.")
    with pytest.raises(workflow.NotAllowed, match="Only reviewers themselves can edit their profiles"):
        workflow.save_profile(profile, by=root)


# Removal ------------------------------------------------------------------------------------------


def test_an_administrator_unpublishes_a_profile(client, people):
    published(1, people)
    profile = make_profile(people["moderator"])
    client.force_login(make_user("administrator", groups=("Administrators",)))

    response = client.post(
        reverse("admin:articles_profile_changelist"), {"action": "take_down", "_selected_action": [profile.pk]}
    )

    profile.refresh_from_db()
    assert messages_of(response) == ["Unpublished the profile of Mo Derator. Its text is kept."]
    assert (profile.is_public, profile.about) == (False, "I read.")
    assert AdminEntry.objects.get().change_message == "Unpublished."
    assert names_leading_to_the_page(client) == [0, 0, 0]


def test_a_moderator_cannot_unpublish_another_profile(client, people):
    profile = make_profile(make_moderator("other"))
    client.force_login(people["moderator"])

    assert client.get(reverse("admin:articles_profile_changelist")).status_code == 403
    with pytest.raises(workflow.NotAllowed, match="isn’t allowed to unpublish other people’s profiles"):
        workflow.take_profile_down(profile, by=people["moderator"])


def test_suppressing_a_name_deletes_the_profile(client, people):
    published(1, people)
    make_profile(people["moderator"])
    make_user("eraser", is_superuser=True)

    call_command("suppress_name", "moderator", by="eraser", verbosity=0)

    assert Profile.objects.count() == 0
    assert client.get("/people/mo/").status_code == 404
    page = client.get("/articles/sleep-0/").content.decode()
    assert ("/people/mo/" in page, "name withheld" in page) == (False, True)


@pytest.mark.parametrize("how", ["one", "several"])
def test_deleting_the_account_deactivates_it_and_unlinks_the_names(client, people, how):
    published(1, people)
    make_profile(people["moderator"])
    pk = people["moderator"].pk
    client.force_login(User.objects.create_superuser("root", "root@example.org", "a long test password"))

    if how == "one":
        client.post(reverse("admin:auth_user_delete", args=[pk]), {"post": "yes"})
    else:
        data = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
        client.post(reverse("admin:auth_user_changelist"), data)

    assert (Profile.objects.count(), User.objects.get(pk=pk).is_active) == (1, False)
    assert names_leading_to_the_page(client) == [0, 0, 0]


def test_deactivating_the_account_unlinks_the_names_and_reactivating_links_them(client, people):
    published(1, people)
    make_profile(people["moderator"])
    user = people["moderator"]
    client.force_login(User.objects.create_superuser("root", "root@example.org", "a long test password"))
    address = reverse("admin:auth_user_change", args=[user.pk])
    values = {
        "username": user.username,
        "email": user.email,
        "is_staff": "on",
        "groups": [group.pk for group in user.groups.all()],
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
    }

    client.post(address, values)
    closed = names_leading_to_the_page(client)
    client.post(address, values | {"is_active": "on"})
    opened = names_leading_to_the_page(client)
    client.post(address, values | {"is_active": "on", "groups": []})
    demoted = names_leading_to_the_page(client)

    assert (closed, opened, demoted) == ([0, 0, 0], [1, 1, 1], [0, 0, 0])
