import pytest

from articles import workflow
from articles.derived.checks import risk
from articles.models import Citation
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user

SAFE = "The brain clears waste at night."
UNSAFE = "A dose of 5 mg is dangerous together with alcohol."
RISKY = "Buyers take the safest option, with the least risk of a bad interaction in 20 % of cases."


@pytest.mark.parametrize(
    ("verdict", "claim", "notice", "expected"),
    [
        ("said here", SAFE, "none", 1),
        ("not found", SAFE, "none", 10),
        ("not found", UNSAFE, "none", 30),
        ("not found", UNSAFE, "health", 60),
        ("said nearby", SAFE, "health", 4),
        ("can't tell", SAFE, "none", 3),
        ("not found", RISKY, "none", 10),
        ("not found", RISKY, "health", 60),
    ],
)
def test_risk_weighs_verdict_safety_and_notice(verdict, claim, notice, expected):
    assert risk.of(verdict, claim, notice) == expected


def test_an_unknown_verdict_raises():
    with pytest.raises(KeyError, match="true"):
        risk.of("true", SAFE, "none")


@pytest.mark.parametrize(
    ("number", "words"), [(60, "high risk"), (30, "high risk"), (10, "some risk"), (9, "low risk")]
)
def test_risk_in_words(number, words):
    assert risk.in_words(number) == words


@pytest.mark.django_db
def test_only_the_citations_of_the_published_text_are_public():
    editor, moderator = make_user(), make_moderator()
    article = make_published(by=editor, moderator=moderator, episode=make_episode())
    change = make_change(article, by=editor, lead="Said [00:01:00].")

    before = set(Citation.objects.filter(is_public=True).values_list("revision__number", flat=True))
    workflow.approve(change, by=moderator)
    workflow.publish(change, by=moderator)
    after = set(Citation.objects.filter(is_public=True).values_list("revision__number", flat=True))
    article.refresh_from_db()
    workflow.unpublish(article, by=moderator, reason="It is wrong.")

    assert (before, after) == ({1}, {2})
    assert not Citation.objects.filter(is_public=True).exists()


@pytest.mark.django_db
def test_the_risk_of_published_citations_is_stored():
    article = make_published(episode=make_episode(), notice="health")

    [citation] = article.published_revision.citation_set.all()

    assert (citation.verdict, citation.risk, citation.score) == ("not checked", 8, None)
