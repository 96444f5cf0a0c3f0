"""The issues that checks without a transcript find in a revision, as its author sees them in the editor."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from articles.core import lint
from articles.derived import source_issues
from articles.derived.checks.lint_results import as_text
from articles.derived.i18n import translate
from articles.derived.texts import derivation
from articles.models import Dismissal, LintIssue

RULES = {rule.code: rule for rule in lint.RULES}
SHOWN = 100  # of each list


@dataclass(frozen=True)
class FoundIssue:
    """An issue with the `title` of its check and the `place`, the name of a part of the text."""

    issue: lint.Issue
    title: str
    message: str
    place: str


@dataclass(frozen=True)
class Issues:
    """What was found, worst first: what the published text doesn't have, and what it has, too. Dismissed ones aren't in.

    `of_sources` are the `source_issues.Found` of all citations of a recording; what these explain isn't in either list.
    """

    new: list
    earlier: list
    of_sources: list

    @property
    def count(self):
        return len(self.new) + len(self.earlier) + len(self.of_sources)

    @property
    def explained_count(self):
        """The number of flagged citations that the issues of sources explain."""
        return sum(not isinstance(ref, source_issues.PastEnd) for found in self.of_sources for ref in found.explained)

    def lists(self):
        """[(whether these are new, those shown, the number of the others)], without empty ones."""
        both = ((True, self.new), (False, self.earlier))
        return [(is_new, found[:SHOWN], len(found[SHOWN:])) for is_new, found in both if found]


def issues_of(revision):
    """Return the `Issues` of a revision. A fixed number of queries."""
    parts, episodes = derivation.read_stored(revision)
    found = lint.find_issues(as_text(revision.title, revision.lead, parts, episodes), off=settings.INSPECTION_OFF)
    dismissals = Dismissal.objects.active().filter(article=revision.article_id)
    dismissed = set(dismissals.values_list("code", "subject"))
    published = revision.article.published_revision_id
    known = LintIssue.objects.filter(revision=published if published != revision.pk else None)
    known = set(known.values_list("code", "subject"))
    whole = source_issues.of_revision(revision, (parts, episodes))
    of_sources = [issue for issue, dismissal in whole if dismissal is None]
    explained = {
        (source_issues.PAST_END, mark.part, mark.is_in_heading, mark.citation.offset)
        for issue in of_sources
        for mark in issue.explained
        if isinstance(mark, source_issues.PastEnd)
    }
    new, earlier = [], []
    for issue in sorted(found, key=lambda issue: -RULES[issue.code].weight):
        key = issue.code, issue.subject
        is_explained = (issue.code, issue.part, issue.field == "heading", issue.offset) in explained
        if key not in dismissed and not is_explained:
            (earlier if key in known else new).append(_named(issue, parts[issue.part]))
    return Issues(new, earlier, of_sources)


def _named(issue, part):
    place = part.heading.plain_text if part.section else gettext("Introduction")
    if issue.field == "heading":
        place = gettext("%(name)s (heading)") % {"name": place}
    return FoundIssue(issue, translate(RULES[issue.code].title), translate(issue.message), place)
