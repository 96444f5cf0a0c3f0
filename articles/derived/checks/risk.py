"""What a reader risks if a citation is wrong, as a number, and the other columns that lists need.

The number reflects the automatic check alone; confirmations and dismissals are queried separately.
"""

from django.utils.translation import gettext

from articles.core import evidence
from articles.core.lint import coverage
from articles.derived.bulk import update
from articles.models import Citation, Revision

# Riskiest first. Not found may be said nowhere at all; partly is a number, a name, a quotation or a "not" that isn't
# said like this; elsewhere is said, but listeners are sent to the wrong place; not checked is simply unknown,
# and so is most of what the check can't tell.
WEIGHTS = {
    evidence.NOT_FOUND: 10,
    evidence.PARTLY: 7,
    evidence.SAID_ELSEWHERE: 6,
    evidence.NOT_CHECKED: 4,
    evidence.CANT_TELL: 3,
    evidence.SAID_NEARBY: 2,
    evidence.SAID_HERE: 1,
}
SAFETY = 3  # factor for claims on which someone may take a dose or stop a medicine
HEALTH = 2  # factor for articles with a health notice
FROM_HIGH = 30
FROM_SOME = 10
_STORED = ["verdict", "score", "risk", "is_public"]
_NEEDED = ["pk", "claim", "revision__notice", *_STORED, "finding__verdict", "finding__score"]
_UNCHECKED = {None, evidence.NOT_CHECKED}


def of(verdict, claim, notice):
    """Return the risk, from 1 to 60; `notice` is the revision's. Raises KeyError for an unknown verdict."""
    weight, is_about_health = WEIGHTS[verdict], notice == Revision.Notice.HEALTH
    if coverage.is_about_safety(claim, is_about_health=is_about_health):
        weight *= SAFETY
    return weight * HEALTH if is_about_health else weight


def in_words(risk):
    if risk >= FROM_HIGH:
        return gettext("high risk")
    return gettext("some risk") if risk >= FROM_SOME else gettext("low risk")


def hide_others(article):
    """Mark the citations of all revisions of `article` but the published one as not public."""
    # Not `revision__article`: Django would update through a join of the table with itself, which PostgreSQL without
    # statistics plans as nested loops.
    others = Revision.objects.filter(article=article).exclude(pk=article.published_revision_id)
    Citation.objects.filter(revision__in=others, is_public=True).update(is_public=False)


def show_citations(article):
    """Mark each published citation of `article` as public; set its verdict, score and risk from check, claim and notice.

    Writes only changed rows, and each once, since triggers and indexes make that costly.
    """
    update(Citation, _STORED, [(*current, pk) for pk, stored, current in shown_of(article) if current != stored])


def shown_of(article):
    """Yield (key, `_STORED` as they are, as they should be) of each published citation of `article`."""
    if article.published_revision_id is None:
        return
    published = Citation.objects.filter(revision=article.published_revision_id).order_by("pk")
    for pk, claim, notice, *stored, verdict, score in published.values_list(*_NEEDED):
        current = [verdict or evidence.NOT_CHECKED, None if verdict in _UNCHECKED else score]
        current.append(of(current[0], claim, notice))
        yield pk, stored, [*current, True]
