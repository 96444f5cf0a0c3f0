"""Republishing: each of its steps, their order, and that nothing else takes any of them."""

import ast

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.core.markdown import RENDERER_VERSION
from articles.derived import rederive, refresh, refresh_linking_to, republish, republish_citing
from articles.derived.search import find
from articles.derived.texts import derivation
from articles.models import Article, Citation, LintIssue, RelatedArticles, Rendering, SearchEntry
from articles.workflow import integrity
from articles.workflow.content import SectionContent, content_of
from tests.support.databases.shared import shared
from tests.support.factories import make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.paths import PROJECT
from tests.support.samples.cited import HERE, make_cited, make_talk
from tests.support.scenarios.published_pages import outdated, page_of

pytestmark = pytest.mark.django_db

ARTICLES = PROJECT / "articles"
STALE = 5  # how often pages were outdated before


@shared
def people():
    return {"by": make_user(), "moderator": make_moderator()}


@shared
def article(people):
    article = make_cited(episode=make_talk(), **people)
    spoil()
    return article


def spoil():
    """Delete or outdate everything that republishing produces."""
    Citation.objects.update(is_public=False, verdict="partly", score=0.5, risk=59)
    SearchEntry.objects.all().delete()
    Rendering.objects.update(page_changes=STALE, partial_review={})
    RelatedArticles.objects.all().delete()


def submitted(slug, people):
    return workflow.submit(make_draft(slug, by=people["by"]), by=people["by"])


# What follows -------------------------------------------------------------------------------------


def test_citations_of_the_published_text_are_visible(article):
    republish(article)

    assert list(Citation.objects.values_list("is_public", flat=True)) == [True, True, True]


def test_citations_of_other_texts_are_not_visible(article, people):
    draft = make_draft("other", by=people["by"], episode=make_episode())
    Citation.objects.update(is_public=True)

    republish(draft.article)

    assert set(Citation.objects.filter(is_public=True).values_list("revision", flat=True)) == {
        article.published_revision_id
    }


def test_citations_have_the_risk_of_their_verdict(article):
    republish(article)

    rated = Citation.objects.order_by("position").values_list("verdict", "risk")
    assert list(rated) == [("said here", 1), ("said elsewhere", 6), ("not found", 10)]


def test_search_finds_the_text(article):
    republish(article)

    assert [found.article.slug for found in find("harbour").found] == ["ketamine"]


def test_the_page_is_outdated_and_what_reviews_cover_stored(article):
    republish(article)

    assert outdated(article) == STALE + 1
    assert Rendering.objects.get(revision__published_for=article.pk).partial_review is None


def test_related_articles_are_refreshed(article, people):
    other = make_published("sleep", episode=article.published_revision.source_set.get().episode, **people)
    RelatedArticles.objects.all().delete()

    republish(article)

    assert list(RelatedArticles.objects.get(article=article).related.all()) == [other]
    assert list(RelatedArticles.objects.get(article=other).related.all()) == [article]


def test_related_articles_can_be_left_to_a_later_refresh(article):
    republish(article, with_related=False)

    assert not RelatedArticles.objects.exists()


def test_nothing_is_left_of_an_unpublished_article(article, people):
    republish(article)

    workflow.unpublish(article, by=people["moderator"], reason="Withdrawn.")

    assert not Citation.objects.filter(is_public=True).exists()
    assert not SearchEntry.objects.exists()
    assert not RelatedArticles.objects.exists()


def test_the_steps_happen_in_order(article, people):
    published = article.published_revision
    workflow.start_draft(article, content_of(published), by=people["by"], base=published)

    with CaptureQueriesContext(connection) as queries:
        republish(article)

    steps = [
        "SET is_public",
        "SET verdict",
        f"INTO {SearchEntry._meta.db_table}",
        "SET page_changes",
        f"INTO {RelatedArticles._meta.db_table}",
    ]
    statements = [query["sql"].replace('"', "") for query in queries]
    first = [next(index for index, sql in enumerate(statements) if step in sql) for step in steps]
    assert first == sorted(first)


def test_all_articles_that_cite_an_episode_are_republished(article, people):
    make_published("sleep", episode=make_episode(), **people)
    spoil()

    assert republish_citing(article.published_revision.source_set.get().episode) == 1

    assert list(Rendering.objects.order_by("pk").values_list("page_changes", flat=True)) == [STALE + 1, STALE]


# What doesn't happen by itself --------------------------------------------------------------------


def test_deriving_a_published_text_changes_nothing_public(article):
    derivation.derive(Article.objects.get(pk=article.pk).published_revision)

    assert outdated(article) == STALE
    assert not Citation.objects.filter(is_public=True).exists()
    assert not SearchEntry.objects.exists()
    assert not LintIssue.objects.exists()
    assert not RelatedArticles.objects.exists()


def test_rederiving_a_published_text_republishes_it_and_finds_lint_issues(people):
    sections = (SectionContent("Doses", "Take 5 mg at night."), SectionContent("Part", HERE))
    article = make_published(by=people["by"], moderator=people["moderator"], episode=make_talk(), sections=sections)
    LintIssue.objects.all().delete()
    spoil()

    rederive(article.published_revision)

    assert "Take 5 mg at night." in page_of(article)
    assert list(LintIssue.objects.values_list("code", flat=True)) == ["uncited-dose"]


def test_deriving_a_draft_again_republishes_nothing(article, people):
    draft = workflow.start_draft(
        article,
        workflow.content.content_of(article.published_revision),
        by=people["by"],
        base=article.published_revision,
    )

    assert refresh(article.revision_set.filter(pk=draft.pk)) == 1

    assert outdated(article) == STALE
    assert not LintIssue.objects.filter(revision=draft).exists()


# Links --------------------------------------------------------------------------------------------


@shared
def linking(people):
    """An article that cites an episode and links to one that doesn't exist yet."""
    sections = (SectionContent("Part", f"{HERE} See [[naps]]."),)
    return make_published(by=people["by"], moderator=people["moderator"], episode=make_talk(), sections=sections)


def test_a_link_follows_its_target_and_nothing_else_is_derived_again(linking, people):
    citations = list(Citation.objects.filter(revision=linking.published_revision).values())
    target = workflow.publish(
        workflow.approve(submitted("naps", people), by=people["moderator"]), by=people["moderator"]
    )

    assert 'href="/articles/naps/"' in page_of(linking)
    workflow.unpublish(target.article, by=people["moderator"], reason="Wrong")
    assert 'href="/articles/naps/"' not in page_of(linking)
    assert list(Citation.objects.filter(revision=linking.published_revision).values()) == citations
    assert list(integrity.check(Article.objects.all())) == []


def test_a_page_whose_links_lead_where_they_did_is_left_alone(linking):
    spoil()

    assert refresh_linking_to(["naps"]) == 1
    assert outdated(linking) == STALE


def test_a_text_of_an_earlier_renderer_is_derived_completely(linking):
    Rendering.objects.update(renderer_version=1, text_html="Old.")
    Citation.objects.all().delete()

    refresh_linking_to(["naps"])

    assert linking.published_revision.citation_set.count() == 1
    assert Rendering.objects.get(revision=linking.published_revision_id).renderer_version == RENDERER_VERSION


# No other module does it --------------------------------------------------------------------------


def modules_where(matches):
    found = set()
    for path in ARTICLES.rglob("*.py"):
        if "migrations" not in path.parts and any(map(matches, ast.walk(ast.parse(path.read_text())))):
            found.add(str(path.relative_to(ARTICLES)))
    return found


def name_of(node):
    return getattr(node, "attr", getattr(node, "id", None))


@pytest.mark.parametrize("step", ["hide_others", "show_citations", "refresh_page"])
def test_only_republishing_calls_the_steps(step):
    called = modules_where(lambda node: isinstance(node, ast.Call) and name_of(node.func) == step)

    assert called == {"derived/rebuilding/republishing.py"}


def test_only_one_module_writes_the_published_pointer():
    def writes(node):
        if isinstance(node, ast.Assign):
            return any(isinstance(to, ast.Attribute) and to.attr == "published_revision" for to in node.targets)
        return (
            isinstance(node, ast.Call)
            and name_of(node.func) in {"update", "create", "Article"}
            and any(keyword.arg == "published_revision" for keyword in node.keywords)
        )

    assert modules_where(writes) == {"workflow/publishing/pointer.py"}
