"""The pages that offer what to begin an article from."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from articles.models import Article, Episode
from tests.support.clients import logged_in
from tests.support.factories import make_draft, make_episode, make_published, make_user

pytestmark = pytest.mark.django_db

BEGIN = "/admin/articles/article/begin/"


def from_episode(episode):
    return f"{reverse('admin:articles_article_add')}?episode={episode.pk}"


def test_episodes_are_found_by_title_and_show(editor_client):
    tides = make_episode("on-tides", handle="harbour", chapters=[(0, "Hello"), (60, "Sea")], published_on="2024-05-06")
    moon = make_episode("on-moon", published_on="2024-05-07")

    found = editor_client.get(BEGIN, {"episode": "harbour tides"})

    assert list(found.context["episodes"]) == [tides]
    text = found.content.decode()
    assert from_episode(tides) in text
    assert reverse("admin:begin_from_episode", args=[tides.pk]) in text
    assert "Harbour, 2 chapters, no transcript" in text
    assert "No episode matches." in editor_client.get(BEGIN, {"episode": "herring"}).content.decode()
    assert list(editor_client.get(BEGIN).context["episodes"]) == [moon, tides]


@pytest.mark.parametrize(("count", "is_told"), [(10, False), (11, True)])
def test_that_there_are_more_is_said(editor_client, editor, count, is_told):
    for number in range(count):
        make_draft(f"tides-{number}", title=f"Tides {number}", by=editor, episode=make_episode(f"tides-{number}"))

    text = editor_client.get(BEGIN, {"article": "tides"}).text

    assert text.count("There are more. Search for other words to see them.") == 2 * is_told


def test_articles_are_found_by_the_title_of_a_text_that_one_may_read(editor_client, editor):
    published = make_published("naps", title="Naps at noon", by=editor)
    draft = make_draft("dreams", title="Dreams at night", by=editor)

    assert list(editor_client.get(BEGIN, {"article": "noon naps"}).context["templates"]) == [published]
    found = editor_client.get(BEGIN, {"article": "at"})
    assert set(found.context["templates"]) == {published, draft.article}
    assert f"?like={draft.article.pk}" in found.content.decode()
    assert "Dreams at night" in found.content.decode()
    assert "No article matches." in editor_client.get(BEGIN, {"article": "herring"}).content.decode()
    assert "No article matches." not in editor_client.get(BEGIN).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_however_much_there_is(editor_client, editor, count, django_assert_num_queries):
    for n in range(count):
        make_published(f"naps-{n}", title=f"Naps {n}", by=editor, episode=make_episode(f"naps-{n}"))

    with django_assert_num_queries(7):
        editor_client.get(BEGIN, {"episode": "naps", "article": "naps"})


def test_the_chapters_of_an_episode_can_be_chosen(editor_client):
    episode = make_episode(chapters=[(0, "Opening"), (313, "Why")])

    text = editor_client.get(reverse("admin:begin_from_episode", args=[episode.pk])).content.decode()

    assert text.count(' name="chapter"') == text.count(" checked") == 2
    assert "00:00–05:13" in text
    assert "05:13–1:00:00" in text
    assert "nothing of what is said can be shown" in text


def test_of_very_many_chapters_none_is_chosen_beforehand(editor_client):
    episode = make_episode(chapters=[(n, f"Chapter {n}") for n in range(41)])

    text = editor_client.get(reverse("admin:begin_from_episode", args=[episode.pk])).content.decode()

    assert " checked" not in text
    assert "The episode has 41 chapters. Choose up to 40" in text


def test_what_cannot_be_divided_has_no_such_page(editor_client):
    episode = make_episode(duration_seconds=None)

    assert editor_client.get(reverse("admin:begin_from_episode", args=[episode.pk])).status_code == 404
    assert editor_client.get(reverse("admin:begin_from_episode", args=[episode.pk + 1])).status_code == 404


def test_the_episode_its_transcript_and_the_list_lead_to_a_new_article(editor_client):
    episode = make_episode()
    pages = (
        reverse("admin:articles_episode_change", args=[episode.pk]),
        reverse("admin:articles_episode_transcript", args=[episode.pk]),
        reverse("admin:articles_episode_changelist"),
    )

    for page in pages:
        assert from_episode(episode) in editor_client.get(page).content.decode(), page


def test_those_who_may_not_write_are_not_led_there(db):
    episode = make_episode()
    viewer = logged_in(make_user("viewer", groups=(), is_superuser=False))
    allowed = Permission.objects.filter(codename__in=["view_episode", "view_article"])
    User.objects.get(username="viewer").user_permissions.set(allowed)
    pages = (
        reverse("admin:articles_episode_change", args=[episode.pk]),
        reverse("admin:articles_episode_changelist"),
    )

    for page in pages:
        assert from_episode(episode) not in viewer.get(page).content.decode(), page
    for page in (BEGIN, f"{BEGIN}{episode.pk}/", f"{BEGIN}received/", from_episode(episode)):
        assert viewer.get(page).status_code == 403, page
    assert (Article.objects.count(), Episode.objects.count()) == (0, 1)
