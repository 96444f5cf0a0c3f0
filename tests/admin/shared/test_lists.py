"""How the admin's lists and records read: on phones, where rows are cards, every cell names its column."""

import re

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Article, LogEntry, Review
from articles.templatetags.display import labelled
from tests.support.clients import logged_in
from tests.support.factories import make_draft, make_episode, make_published, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return logged_in(make_user("root", is_superuser=True))


def page(model, name, *args):
    return reverse(f"admin:articles_{model._meta.model_name}_{name}", args=args)


def test_cells_name_their_column_except_the_title_and_the_checkbox(client):
    make_draft(title="Dreams & <b>")
    html = client.get(page(Article, "changelist")).content.decode()
    [row] = re.findall(r"<tbody>.*?</tbody>", html, re.DOTALL)

    assert '<td data-label="State" class="field-state">not published</td>' in row
    assert re.findall(r'data-label="([^"]+)"', row) == ["State", "In progress", "Flagged", "Last review", "Last saved"]
    assert '<td class="action-checkbox">' in row
    assert '<td data-label="Flagged" class="field-flags"><span class="empty-value">–</span></td>' in row


def test_the_name_of_a_column_is_escaped():
    cells, headers = ["<th>Title</th>", '<td class="x">1</td>'], [{"text": "title"}, {"text": 'a "b" & <c>'}]

    assert list(labelled(cells, headers)) == [
        "<th>Title</th>",
        '<td data-label="A &quot;b&quot; &amp; &lt;c&gt;" class="x">1</td>',
    ]


def test_a_record_doesnt_link_to_a_history_of_its_own(client):
    article = make_published()

    for model in (LogEntry, Review):
        row = model.objects.first()
        html = client.get(page(model, "change", row.pk)).text
        assert str(row) in html
        assert page(model, "history", row.pk) not in html
    assert page(Article, "history", article.pk) in client.get(page(Article, "change", article.pk)).text


def test_recording_changes_are_listed_by_title_and_say_whether_they_are_cited(client):
    editor = make_user()
    episode = make_episode(title="On sleep & more")
    make_published(by=editor, episode=episode)
    episode.title = "On sleep, again"
    change = workflow.save_episode(episode, ["title"], by=editor)
    html = client.get(page(type(change), "changelist")).text

    assert f'<span dir="auto">On sleep &amp; more</span> <span class="quiet">{change.reference}</span>' in html
    assert ">cited by an article</td>" in html
