"""The page that compares any two texts of an article: which can be chosen, by whom, and what it shows of them."""

from dataclasses import replace

import pytest
from django.urls import reverse

from articles import workflow
from articles.admin.articles.comparing import texts
from articles.models import Article, Episode
from articles.workflow.content import SectionContent, content_of
from tests.support.clients import logged_in
from tests.support.factories import make_change, make_draft, make_episode, make_published, make_user

pytestmark = pytest.mark.django_db


def address(article):
    return reverse("admin:articles_article_compare", args=[article.pk])


def save(draft, lead, **kwargs):
    content = replace(content_of(draft), lead=lead)
    return workflow.save_draft(draft, content, by=draft.author, version=draft.version, **kwargs)


@pytest.fixture
def article(people):
    """An article with a published revision, a rejected one, and a draft of `people["by"]` with three versions."""
    article = make_published(episode=make_episode(), lead="It takes five hours [00:06:31].", **people)
    rejected = make_change(article, by=make_user("second"), lead="It takes nine hours [00:06:31].")
    workflow.reject(rejected, by=people["moderator"], comment="No.")
    draft = workflow.start_draft(
        article, content_of(article.published_revision), by=people["by"], base=article.published_revision
    )
    for lead in ("It takes six hours [00:06:31].", "It takes seven hours [00:08:44]."):
        draft = save(draft, lead)
    return article


def change_texts(response):
    return ["".join(run.text for run in change.runs) for change in response.context["shown"].changes]


@pytest.mark.parametrize(
    ("old", "new", "title", "text"),
    [
        ("1", "2", "Revision 1 and revision 2", "It takes {five}[nine] hours [00:06:31]."),
        ("2", "1", "Revision 2 and revision 1", "It takes {nine}[five] hours [00:06:31]."),
        ("1", "3", "Revision 1 and revision 3", "It takes {five}[seven] hours {[00:06:31]}[[00:08:44]]."),
        ("3.2", "2", "Version 2 of revision 3 and Revision 2", "It takes {six}[nine] hours [00:06:31]."),
        ("3.1", "3.2", "Version 1 of revision 3 and Version 2 of revision 3", "It takes {five}[six] hours [00:06:31]."),
        ("3", "3.2", "Revision 3 and Version 2 of revision 3", "It takes {seven}[six] hours {[00:08:44]}[[00:06:31]]."),
    ],
)
def test_any_two_texts_are_compared_in_the_order_chosen(article, people, old, new, title, text):
    response = logged_in(people["by"]).get(address(article), {"old": old, "new": new})

    signs = {"equal": "{}", "delete": "{{{}}}", "insert": "[{}]"}
    [change] = [change for change in response.context["shown"].changes if change.where == "Lead"]
    assert "".join(signs[run.op].format(run.text) for run in change.runs) == text
    assert f"<h1>{title}</h1>" in response.text
    assert f'href="?old={new}&amp;new={old}">Swap</a>' in response.text


def test_the_list_has_every_text_that_may_be_read(article, people):
    def labels(user):
        groups = logged_in(user).get(address(article)).context["groups"]
        return [(name, [ref for ref, _ in options]) for name, options in groups]

    revisions = [("Drafts", ["3"]), ("Published", ["1"]), ("Not published", ["2"])]
    kept = [("Earlier versions of revision 3", ["3.2", "3.1"])]
    assert labels(people["by"]) == labels(people["moderator"]) == revisions + kept
    assert labels(make_user("third")) == revisions


def test_versions_are_for_their_author_and_moderators_only(article, people, client):
    query = {"old": "1", "new": "3.2"}

    assert logged_in(people["by"]).get(address(article), query).status_code == 200
    assert logged_in(people["moderator"]).get(address(article), query).status_code == 200
    assert logged_in(make_user("third")).get(address(article), query).status_code == 404
    assert logged_in(make_user("viewer", groups=())).get(address(article), query).status_code == 403
    assert client.get(address(article), query).status_code == 302


@pytest.mark.parametrize(
    ("query", "old", "new"),
    [
        ({}, "1", "3"),
        ({"new": "2"}, "1", "2"),
        ({"old": "2"}, "2", "3"),
        ({"new": "3.1"}, "3", "3.1"),
    ],
)
def test_without_a_choice_the_newest_text_is_compared_with_what_it_is_based_on(article, people, query, old, new):
    context = logged_in(people["moderator"]).get(address(article), query).context

    assert (context["old"].ref, context["new"].ref) == (old, new)


@pytest.mark.parametrize("ref", ["4", "x", "1.2", "3.9", "3.", ".", "3.1.1", "9" * 30, "\0"])
def test_an_unknown_text_is_not_found(article, people, ref):
    assert logged_in(people["moderator"]).get(address(article), {"old": "1", "new": ref}).status_code == 404


def test_a_version_of_another_article_is_not_found(article, people):
    other = save(make_draft("naps", by=people["by"]), "Another lead.")

    response = logged_in(people["moderator"]).get(address(other.article), {"old": "1", "new": "3.1"})

    assert response.status_code == 404


@pytest.mark.parametrize(
    ("view", "kept"), [("unified", "unified"), ("side", "side"), ("", ""), ("x", ""), ('"><b>', "")]
)
def test_the_address_says_how_the_texts_are_shown(article, people, view, kept):
    text = logged_in(people["by"]).get(address(article), {"old": "1", "new": "2", "view": view}).text

    assert f'class="full-text{f" full-text--{kept}" if kept else ""}"' in text
    assert text.count(f'name="view" value="{kept}"') == bool(kept)
    assert text.count('#review-sections" aria-current="true"') == bool(kept)


def test_the_same_text_twice_asks_for_another(article, people):
    response = logged_in(people["by"]).get(address(article), {"old": "1", "new": "1"})

    assert response.context["shown"] is None
    assert "Both are the same text. Choose two different ones." in response.text


def test_an_erased_text_says_so_and_is_not_compared(article, people):
    workflow.publish(
        workflow.approve(make_change(article, by=make_user("third"), lead="Else."), by=people["moderator"]),
        by=people["moderator"],
    )
    workflow.erase(article.revision_set.get(number=1), by=make_user("root", is_superuser=True), reason="A court.")

    response = logged_in(people["by"]).get(address(article), {"old": "1", "new": "2"})

    assert response.context["shown"] is None
    assert "Text of revision 1 erased: A court." in response.text
    assert "An erased text can’t be compared." in response.text
    assert "five hours" not in response.text


def test_a_source_without_an_episode_is_named(people):
    draft = make_draft(by=people["by"], episode=make_episode(), lead="Said [00:06:31].")
    draft = workflow.save_draft(draft, replace(content_of(draft), sources=()), by=draft.author, version=1)
    Episode.objects.all().delete()

    response = logged_in(people["by"]).get(address(draft.article), {"old": "1.1", "new": "1"})

    assert "Source e1 was left out: its episode no longer exists." in response.text


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("query", "queries"), [({"old": "1", "new": "2"}, 20), ({"old": "1", "new": "3.2"}, 16)])
def test_the_number_of_queries_is_constant(people, django_assert_num_queries, count, query, queries):
    episode = make_episode(chapters=[(0, "Opening")])
    sections = tuple(
        SectionContent(f"Part {n}", f"It takes {n} hours [00:06:31]. Yes [00:07:00].") for n in range(count)
    )
    article = make_published(episode=episode, sections=sections, **people)
    old = content_of(article.published_revision).sections
    changed = tuple(replace(section, body=f"It takes 9 hours [00:08:44]. So {section.heading}.") for section in old)
    make_change(article, by=make_user("second"), sections=changed)
    draft = workflow.start_draft(
        article, content_of(article.published_revision), by=people["by"], base=article.published_revision
    )
    for _ in range(count + 1):
        content = replace(content_of(draft), sections=changed, lead=f"Lead {draft.version}.")
        draft = workflow.save_draft(draft, content, by=draft.author, version=draft.version)
    client = logged_in(people["by"])
    client.get(address(article), query)

    with django_assert_num_queries(queries):
        assert client.get(address(article), query).status_code == 200


def test_a_long_list_is_cut_but_has_the_texts_that_are_compared(article, people, monkeypatch):
    monkeypatch.setattr(texts, "LISTED", 1)

    response = logged_in(people["by"]).get(address(article), {"old": "1", "new": "2"})

    assert [ref for _, options in response.context["groups"] for ref, _ in options] == ["3", "1", "2"]
    assert "Only the newest texts are listed." in response.text


def test_the_history_lists_drafts_to_choose_from(article, people):
    history = reverse("admin:articles_article_history", args=[article.pk])

    text = logged_in(people["by"]).get(history).text

    for number in (1, 2, 3):
        assert f'name="old" value="{number}" form="compare"' in text
    draft = Article.objects.get().revision_set.get(number=3)
    assert reverse("admin:articles_revision_versions", args=[draft.pk]) in text
    assert (
        reverse("admin:articles_revision_versions", args=[draft.pk])
        not in logged_in(make_user("third")).get(history).text
    )
