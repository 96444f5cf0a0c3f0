"""What people record about a citation counts wherever the same is said about the same moment."""

import pytest

from articles import workflow
from articles.derived.pages import stored
from articles.models import Article, Confirmation, Rendering
from articles.workflow.content import SectionContent
from tests.support.factories import make_episode, make_moderator, make_published, make_user

SECTIONS = (SectionContent("Sleep", "The brain clears waste at night [00:06:31]."),)


@pytest.fixture
def pair(db):
    """Two published articles that say the same, by different people."""
    episode, moderator = make_episode(), make_moderator()
    return [
        make_published(slug, by=make_user(f"writer-{slug}"), moderator=moderator, episode=episode, sections=SECTIONS)
        for slug in ("sleep", "nights")
    ]


def confirm(article, by):
    citation = article.published_revision.citation_set.get()
    return workflow.confirm_citation(
        article, by=by, episode=citation.episode, start_seconds=391, end_seconds=None, claim=citation.claim
    )


def pages():
    """Return {slug: whether its stored page is what its text and the judgements give}."""
    articles = Article.objects.select_related("published_revision__rendering")
    return {one.slug: one.published_revision.rendering.page_html == stored.page_of(one)[0] for one in articles}


def shown():
    return {row.revision.article.slug: "Confirmed by" in row.page_html for row in Rendering.objects.all()}


def test_each_article_that_says_the_same_shows_a_confirmation(pair):
    confirmation = confirm(pair[0], make_user("listener"))
    assert shown() == {"sleep": True, "nights": True}
    assert pages() == {"sleep": True, "nights": True}

    workflow.withdraw_confirmation(confirmation, by=make_user("another"))

    assert shown() == {"sleep": False, "nights": False}
    assert pages() == {"sleep": True, "nights": True}


def test_a_verdict_dismissed_in_one_article_is_dismissed_in_all(pair):
    citation = pair[0].published_revision.citation_set.get()

    workflow.dismiss(
        pair[0],
        by=make_user("listener"),
        code="not-found",
        subject=citation.claim_key,
        text=citation.claim,
        reason="heard",
    )

    assert pages() == {"sleep": True, "nights": True}


def test_a_protected_article_protects_what_others_say_in_the_same_words(pair):
    workflow.protect(pair[1], by=make_moderator("warden"), reason="Disputed.")

    with pytest.raises(workflow.NotAllowed, match="“nights” cites the same claim and is protected"):
        confirm(pair[0], make_user("listener"))

    assert not Confirmation.objects.exists()
    confirm(pair[0], make_moderator("judge"))
    assert shown() == {"sleep": True, "nights": True}
