"""What people record about a citation counts wherever the same is said about the same moment."""

import pytest

from articles import workflow
from articles.models import Article, Confirmation
from articles.workflow.content import SectionContent
from tests.support.factories import make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.published_pages import outdated, page_of

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


def changes():
    """Return how often the page of each article was outdated."""
    return [outdated(article) for article in Article.objects.order_by("pk")]


def shown():
    return {article.slug: "Confirmed by" in page_of(article) for article in Article.objects.all()}


def test_each_article_that_says_the_same_shows_a_confirmation(pair):
    before = changes()
    confirmation = confirm(pair[0], make_user("listener"))
    assert shown() == {"sleep": True, "nights": True}
    assert changes() == [number + 1 for number in before]

    workflow.withdraw_confirmation(confirmation, by=make_user("another"))

    assert shown() == {"sleep": False, "nights": False}
    assert changes() == [number + 2 for number in before]


def test_a_verdict_dismissed_in_one_article_is_dismissed_in_all(pair):
    citation = pair[0].published_revision.citation_set.get()
    before = changes()

    workflow.dismiss(
        pair[0],
        by=make_user("listener"),
        code="not-found",
        subject=citation.claim_key,
        text=citation.claim,
        reason="heard",
    )

    assert changes() == [number + 1 for number in before]


def test_a_protected_article_protects_what_others_say_in_the_same_words(pair):
    workflow.protect(pair[1], by=make_moderator("warden"), reason="Disputed.")

    with pytest.raises(workflow.NotAllowed, match="“nights” cites the same claim and is protected"):
        confirm(pair[0], make_user("listener"))

    assert not Confirmation.objects.exists()
    confirm(pair[0], make_moderator("judge"))
    assert shown() == {"sleep": True, "nights": True}
