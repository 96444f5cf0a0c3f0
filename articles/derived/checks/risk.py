"""What a reader risks where a citation is wrong, as one number for lists; and what lists need beside a citation.

The number is the machine's view alone: a person who heard a citation, or dismissed its flag, is asked for apart.
"""

from django.utils.translation import gettext

from articles.core import evidence
from articles.core.lint import coverage
from articles.derived.bulk import update
from articles.models import Citation, Revision

# How much a verdict weighs. Not found may be said nowhere at all; partly is most often a number, a name or a "not"
# that is not said; elsewhere is said, but who listens is misled; not checked is simply unknown.
WEIGHTS = {
    evidence.NOT_FOUND: 10,
    evidence.PARTLY: 7,
    evidence.SAID_ELSEWHERE: 6,
    evidence.NOT_CHECKED: 4,
    evidence.SAID_NEARBY: 2,
    evidence.SAID_HERE: 1,
}
SAFETY = 3  # times as much, where somebody may take a dose or leave a medicine on the strength of it
HEALTH = 2  # times as much, in an article with a health notice
MAX = max(WEIGHTS.values()) * SAFETY * HEALTH
FROM_HIGH = 30
FROM_SOME = 10
BATCH = 500
KEPT = ["verdict", "score", "risk"]
_NEEDED = ["pk", "claim", "revision__notice", *KEPT, "finding__verdict", "finding__score"]
_UNCHECKED = {None, evidence.NOT_CHECKED}


def of(verdict, claim, notice):
    """From 1 to `MAX`; `notice` is that of the revision. Raises KeyError for a verdict that does not exist."""
    weight = WEIGHTS[verdict]
    if coverage.is_about_safety(claim):
        weight *= SAFETY
    return weight * HEALTH if notice == Revision.Notice.HEALTH else weight


def in_words(risk):
    if risk >= FROM_HIGH:
        return gettext("high risk")
    return gettext("some risk") if risk >= FROM_SOME else gettext("low risk")


def set_visibility(article):
    """Mark the citations of the published text as public, and no others of `article`."""
    shown = article.published_revision_id
    Citation.objects.filter(revision__article=article, is_public=True).exclude(revision=shown).update(is_public=False)
    if shown is not None:
        Citation.objects.filter(revision=shown, is_public=False).update(is_public=True)


def rate_citations(article):
    """Set verdict, score and risk of each published citation of `article` from its check, claim and notice.

    In batches, and only where something has changed.
    """
    latest = 0
    published = Citation.objects.filter(revision=article.published_revision_id).order_by("pk")
    while article.published_revision_id is not None:
        batch = list(published.filter(pk__gt=latest).values_list(*_NEEDED)[:BATCH])
        if not batch:
            return
        changed = []
        for pk, claim, notice, *kept, verdict, score in batch:
            now = [verdict or evidence.NOT_CHECKED, None if verdict in _UNCHECKED else score]
            now.append(of(now[0], claim, notice))
            if now != kept:
                changed.append((*now, pk))
        update(Citation, KEPT, changed)
        latest = batch[-1][0]
