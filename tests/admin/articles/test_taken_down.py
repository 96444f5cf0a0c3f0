"""Whoever could bring an unpublished article back reads first that it was unpublished, by whom and why."""

import html

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Article
from tests.support.clients import logged_in
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.reviewing import page_of

pytestmark = pytest.mark.django_db

WORDS = "by moderator: “Sources <doubtful>”. Publishing a text makes it public again."
editor, moderator, episode = shared(make_user), shared(make_moderator), shared(make_episode)
LIST, QUEUE = reverse("admin:articles_article_changelist"), reverse("admin:index")


@shared
def change(editor, moderator, episode):
    """A submitted change of an article that is unpublished while it waits."""
    article = make_published(by=editor, moderator=moderator, episode=episode)
    change = make_change(article, by=editor, lead="Other words.")
    workflow.unpublish(article, by=moderator, reason="Sources <doubtful>")
    return change


def shown(user, address, **posted):
    client = logged_in(user)
    return html.unescape((client.post(address, posted) if posted else client.get(address)).text)


def test_pages_of_the_article_name_the_reason(change, editor, moderator):
    article = change.article
    history = reverse("admin:articles_article_history", args=[article.pk])
    write = reverse("admin:articles_article_change", args=[article.pk])

    assert WORDS in shown(moderator, page_of(change))
    assert WORDS in shown(moderator, history)
    assert WORDS in shown(editor, write)
    assert "the published text doesn’t change" not in shown(editor, write)
    workflow.approve(change, by=moderator)
    assert WORDS in shown(moderator, page_of(change))


def test_lists_and_bulk_actions_mark_it(change, moderator):
    decide = reverse("admin:queue_bulk_decide")
    marks = [
        "article unpublished" in shown(moderator, QUEUE),
        "article unpublished" in shown(moderator, decide, act="approve_and_publish", revision=change.pk),
    ]
    workflow.approve(change, by=moderator)
    selected = {"action": "publish_approved", "_selected_action": change.article_id}
    marks.append("article unpublished" in shown(moderator, LIST, **selected))

    assert marks == [True, True, True]
    assert ">unpublished<" in shown(moderator, LIST)


def test_other_articles_say_nothing_of_it(change, editor, moderator, episode):
    workflow.publish(workflow.approve(change, by=moderator), by=moderator)
    other = make_change(Article.objects.get(), by=editor, lead="More words.")
    new = workflow.submit(make_draft("new", by=editor, episode=episode), by=editor)

    for revision in (other, new):
        assert "unpublished" not in shown(moderator, page_of(revision)).split('id="decision"')[1].split("</form>")[0]
    assert "article unpublished" not in shown(moderator, QUEUE)
