"""The editor’s preview and check of a text that isn’t saved."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Episode, Rendering, Revision, Show
from articles.workflow.content import SectionContent
from tests.admin.editor.screen.addresses import change_url, sent_back
from tests.admin.editor.screen.test_shown import make_viewer
from tests.support.factories import (
    make_draft,
    make_episode,
    make_published,
)
from tests.support.scenarios.evidence_panel import flags_in

pytestmark = pytest.mark.django_db


def preview(client, content, source=(), **query):
    return client.post(reverse("admin:articles_preview", query=query), {"content": content, "source": source})


def test_preview_equals_the_public_rendering(editor_client, editor):
    episode = make_episode(chapters=[(0, "Opening")])
    body = "A claim [00:06:31] and [[naps]].[^1]\r\n\r\n## Deeper\n\n[^1]: A note."
    make_published("naps", by=editor)
    article = make_published(by=editor, episode=episode, sections=(SectionContent("One", body),))

    response = preview(editor_client, body, source="e1:night-talks/on-sleep", level="1", prefix="s1")

    public = Rendering.objects.get(revision=article.published_revision).text_html
    assert response.status_code == 200
    assert 'id="c-391"' in response.text
    assert 'href="/articles/naps/"' in response.text
    # Only readers get links from paragraphs to themselves.
    public = re.sub(r' id="p-[^"]*"|<a class="anchor" href="#p-[^>]*>¶</a>', "", public)
    assert response.text.strip() in public


def test_preview_follows_the_sources_of_the_form(editor_client):
    make_episode("a", youtube_id="aaaaaaaaaaa")
    make_episode("b", youtube_id="bbbbbbbbbbb")

    response = preview(editor_client, "[00:00:01] [e2 00:00:02]", source=["e1:night-talks/b", "e2:night-talks/a"])

    links = re.findall(r'href="([^"]+)" data-episode="([^"]+)"', response.text)
    assert links == [
        ("https://www.youtube.com/watch?v=bbbbbbbbbbb&amp;t=1s", "night-talks/b"),
        ("https://www.youtube.com/watch?v=aaaaaaaaaaa&amp;t=2s", "night-talks/a"),
    ]


def test_preview_knows_a_thousand_sources(editor_client, django_assert_num_queries):
    make_episode("first")
    show = Show.objects.get()
    Episode.objects.bulk_create(
        Episode(show=show, slug=f"night-{number}", title=f"Night {number}", duration_seconds=3600)
        for number in range(2, 1001)
    )
    sources = ["e1:night-talks/first", *(f"e{number}:night-talks/night-{number}" for number in range(2, 1001))]

    with django_assert_num_queries(6):  # session, account, two of permissions, episodes, their chapters
        response = preview(editor_client, "[00:00:01] [e1000 00:00:02]", source=sources, level="1")

    assert response.status_code == 200
    assert re.findall(r'data-episode="([^"]+)"', response.text) == ["night-talks/first", "night-talks/night-1000"]


def test_preview_is_refused_in_plain_text(client, editor_client, settings):
    settings.PREVIEW_MAX_CHARACTERS = 10
    missing = editor_client.post(reverse("admin:articles_preview"))
    long = preview(editor_client, "x" * 11)
    fits = preview(editor_client, "x" * 10)
    got = editor_client.get(reverse("admin:articles_preview"))
    anonymous = preview(Client(), "text")
    client.force_login(make_viewer())
    viewer = preview(client, "text")

    assert [(r.status_code, r.text) for r in (missing, long, anonymous, viewer)] == [
        (400, "The text is missing. Send it as “content”."),
        (413, "This text is too long for a preview: the limit is 10 characters."),
        (403, "You are no longer logged in. Log in again in another tab; your changes here are kept."),
        (403, "You don’t have permission to edit articles."),
    ]
    assert {r.headers["Content-Type"] for r in (missing, long, anonymous, viewer)} == {"text/plain; charset=utf-8"}
    assert (fits.status_code, got.status_code) == (200, 405)


def test_preview_and_check_need_the_csrf_token(editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)

    assert preview(client, "text").status_code == 403
    assert client.post(reverse("admin:articles_check")).status_code == 403


def test_check_reads_the_submitted_form(editor_client, editor):
    draft = make_draft(by=editor)
    data = sent_back(editor_client.get(change_url(draft.article)))
    data |= {"title": "", "sections-0-heading": "Renamed", "sections-0-body": "Broken [00:75:12]."}

    response = editor_client.post(reverse("admin:articles_check"), data | {"article": draft.article.pk})

    reading = response.context["reading"]
    assert response.status_code == 200
    assert [card.heading for card in reading.sections] == ["Renamed"]
    assert [one.flag.code for one in flags_in(reading.panel)] == ["malformed"]
    assert reading.missing == ["Give the article a title.", "Choose the episode that the timestamps belong to."]
    assert re.findall(r'data-part="([^"]+)"', response.text) == [
        "outline",
        "threads",
        "panel",
        "evidence",
        "todo",
        "summary-sections-0",
        "summary-sections-1",
    ]
    assert Revision.objects.get().title == "Sleep"


@pytest.mark.parametrize("data", [{}, {"sections-TOTAL_FORMS": "x"}, {"title": "a", "sections-TOTAL_FORMS": "99999"}])
def test_check_answers_whatever_is_sent(editor_client, data):
    assert editor_client.post(reverse("admin:articles_check"), data).status_code == 200


def test_episodes_are_found_by_every_word(editor_client):
    make_episode("on-sleep")
    make_episode("on-light", handle="day-talks")

    def found(q):
        return editor_client.get(reverse("admin:articles_episodes"), {"q": q}).json()

    assert found("on light") == {"episodes": ["On light · day-talks/on-light"]}
    assert found("night") == {"episodes": ["On sleep · night-talks/on-sleep"]}
    assert found("on nothing") == {"episodes": []}
    assert Client().get(reverse("admin:articles_episodes")).status_code == 403
