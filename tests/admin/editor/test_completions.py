"""What the editor offers while typing: articles to link to and chapters to cite, for people who are allowed to edit."""

from django.test import Client
from django.urls import reverse

from articles.admin.editor.writing.completions import ARTICLES_SHOWN
from tests.support.factories import make_draft, make_episode, make_published, make_user


def ask(client, **data):
    return client.post(reverse("admin:articles_completions"), data).json()


def test_articles_are_found_by_title_and_slug_with_what_a_link_is_written_as(editor_client, editor):
    episode = make_episode()
    make_published("naps", title="Naps", by=editor, episode=episode)
    make_published("rem-sleep", title="Sleep [REM]", by=editor, episode=episode)
    make_draft("napping", title="Napping in progress", by=editor, episode=episode)

    assert ask(editor_client, q="nap")["articles"] == [
        {"title": "Napping in progress", "slug": "napping", "target": "napping|Napping in progress"},
        {"title": "Naps", "slug": "naps", "target": "Naps"},
    ]
    assert ask(editor_client, q="rem")["articles"] == [
        {"title": "Sleep [REM]", "slug": "rem-sleep", "target": "rem-sleep|Sleep REM"}
    ]
    assert ask(editor_client, q="nothing like\0 it")["articles"] == []


def test_articles_that_begin_with_what_was_typed_come_first(editor_client, editor):
    episode = make_episode()
    for number in range(ARTICLES_SHOWN):
        make_published(f"m{number}", title=f"A market {number}", by=editor, episode=episode)
    for slug, title in (("doses", "Doses of ketamine"), ("ketamine", "Ketamine"), ("ketones", "Ketones")):
        make_published(slug, title=title, by=editor, episode=episode)

    found = [article["title"] for article in ask(editor_client, q="ket")["articles"]]

    assert found[:4] == ["Ketamine", "Ketones", "Doses of ketamine", "A market 0"]
    assert len(found) == ARTICLES_SHOWN
    assert [article["title"] for article in ask(editor_client, q="ket dos")["articles"]] == ["Doses of ketamine"]


def test_chapters_are_those_of_the_sources_in_order(editor_client):
    make_episode("one", chapters=[(0, "Opening"), (313, "Why")])
    make_episode("two", chapters=[(5, "Other")])

    found = ask(editor_client, source=["e1:night-talks/one", "e2:night-talks/two", "e3:night-talks/none"])

    assert found["chapters"] == [
        {"key": "", "seconds": 0, "title": "Opening"},
        {"key": "", "seconds": 313, "title": "Why"},
        {"key": "e2", "seconds": 5, "title": "Other"},
    ]


def test_others_are_told_nothing(editor):
    make_draft("secret", title="Secret draft", by=editor, episode=make_episode())
    reader = Client()
    reader.force_login(make_user("viewer", groups=()))

    for client in (Client(), reader):
        response = client.post(reverse("admin:articles_completions"), {"q": "secret"})
        assert response.status_code == 403
        assert "Secret" not in response.content.decode()
