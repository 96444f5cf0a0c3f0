"""A row of the review queue: a revision, with its facts and labels."""

from dataclasses import dataclass
from datetime import date

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.timesince import timesince
from django.utils.translation import gettext, gettext_noop, ngettext

from articles.admin.shared.helpers import invalid_timestamps
from articles.core.revisions.diff import Kind, kind_label
from articles.models import Revision
from articles.workflow.collaboration import assigning, review_locks
from articles.workflow.content.changes import NEW_ARTICLE, NOTHING
from articles.workflow.publishing.reviews import ApprovalProgress

KINDS_SHOWN = 3
# The highest rank of a change that can mislead readers, and of one that says something new.
HIGH = Kind.CITATION_RETIMED.rank
SOME = Kind.ABOUT.rank
RISKY = {kind.value for kind in Kind if kind.rank <= HIGH} | {NEW_ARTICLE}


@dataclass(frozen=True)
class Row:
    """A revision and the texts of its row in the queue. A template would take twice as long to put these together."""

    revision: Revision
    lock: review_locks.ReviewLock | None
    today: date
    progress: ApprovalProgress | None
    is_lapsed: bool  # it is approved, but needs its approvals again
    is_passed: bool  # the user can't decide about it, or somebody else is: it isn't opened after a decision

    @property
    def risk(self):
        return risk_words(self.revision.risk)

    @property
    def kinds(self):
        """Pairs of (kind of change, whether it is risky), the riskiest first."""
        return [(gettext(kind_label(kind)), kind in RISKY) for kind in self.revision.change_kinds[:KINDS_SHOWN]]

    @property
    def more_kinds(self):
        return [gettext(kind_label(kind)) for kind in self.revision.change_kinds[KINDS_SHOWN:]]

    @property
    def name(self):
        if not self.revision.target_id:
            return gettext("new article")
        return gettext("revision %(number)s") % {"number": self.revision.number}

    @property
    def title(self):
        return self.revision.title or gettext("Untitled")

    @property
    def _named(self):
        return {"title": self.title, "number": self.revision.number}

    @property
    def label(self):
        """The accessible name of the row's checkbox."""
        return gettext("Select “%(title)s”, revision %(number)s") % self._named

    @property
    def subject(self):
        """What is decided, as the question before a decision by key names it."""
        return gettext("“%(title)s”, revision %(number)s") % self._named

    @property
    def citations(self):
        count = self.revision.citation_count
        return ngettext("%(number)s citation", "%(number)s citations", count) % {"number": intcomma(count)}

    @property
    def problems(self):
        return invalid_timestamps(self.revision)

    @property
    def comments(self):
        count = self.revision.open_threads
        return ngettext("%(n)s open comment", "%(n)s open comments", count) % {"n": count}

    @property
    def assignee(self):
        return assigning.assignee_name(self.revision)

    @property
    def age(self):
        return timesince(self.revision.submitted_at, depth=1)

    @property
    def is_overdue(self):
        return self.revision.due_on is not None and self.revision.due_on < self.today

    @property
    def is_due_today(self):
        return self.revision.due_on == self.today


def risk_words(rank):
    """A revision's risk, from the rank of its riskiest change.

    Not translated here, because it also makes a CSS class.
    """
    if rank == 0:
        return gettext_noop("all new")
    if rank <= HIGH:
        return gettext_noop("high risk")
    if rank <= SOME:
        return gettext_noop("some risk")
    return gettext_noop("low risk") if rank < NOTHING else gettext_noop("no change")
