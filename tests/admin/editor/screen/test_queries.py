"""How many queries the editor's screen and its check take."""

import pytest
from django.urls import reverse

from articles.workflow.content import SectionContent
from tests.admin.editor.screen.addresses import change_url, sent_back
from tests.support.factories import (
    make_draft,
    make_episode,
    make_published,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_screen_asks_a_constant_number_of_queries(editor_client, editor, django_assert_num_queries, count):
    episode = make_episode(chapters=[(0, "Opening")])
    sections = tuple(SectionContent(f"S {number}", f"Text [00:0{number}:00] [[naps]].") for number in range(count))
    article = make_published(by=editor, episode=episode, sections=sections)

    with django_assert_num_queries(26):
        editor_client.get(change_url(article))


@pytest.mark.parametrize("count", [1, 3])
def test_check_asks_a_constant_number_of_queries(editor_client, editor, django_assert_num_queries, count):
    episode = make_episode(chapters=[(0, "Opening")])
    sections = tuple(SectionContent(f"S {number}", f"Text [00:0{number}:00] [[naps]].") for number in range(count))
    draft = make_draft(by=editor, episode=episode, sections=sections)
    data = sent_back(editor_client.get(change_url(draft.article))) | {"article": draft.article.pk}

    with django_assert_num_queries(19):
        editor_client.post(reverse("admin:articles_check"), data)
