"""What the list of articles can be filtered by, as fast with a hundred thousand articles as with few.

The list is walked along an index of its order until a page is full, which is fast if many articles match. If few do, it
would be walked to its end, so those are looked up first, by an index of what is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, ngettext_lazy

from articles.admin.articles.queries import not_reviewed_as_a_whole
from articles.models import Article, Revision, Show, Source, SourceIssue
from articles.workflow.history import audit_log

FEW = 1000  # articles that are looked up first; more than these are only counted as more
Status = Revision.Status
PUBLIC = Q(published_revision__isnull=False)


@dataclass(frozen=True)
class Choice:
    """A value of a filter. `keys` gives those of all matching articles from an index, `matches` is the condition.

    Both are functions of the user; without `keys`, the condition is a column that most articles have or lack.
    """

    label: str
    matches: Callable
    keys: Callable | None = None


class NarrowingFilter(admin.SimpleListFilter):
    """A filter by `choices_of`, {value: Choice}. At most `looked_up` articles are looked up before the list is walked."""

    looked_up = FEW

    def choices_of(self):
        raise NotImplementedError

    @cached_property
    def all(self):
        return self.choices_of()

    def lookups(self, request, model_admin):
        return [(value, choice.label) for value, choice in self.all.items()]

    def queryset(self, request, queryset):
        choice = self.all.get(self.value())
        if choice is None:
            return queryset
        if choice.keys is not None:
            found = set(choice.keys(request.user)[: self.looked_up + 1])
            if len(found) <= self.looked_up:
                queryset = queryset.filter(pk__in=found)
        return queryset.filter(choice.matches(request.user))


def _columns(**conditions):
    """Return the choice functions for a condition on the articles' own columns, which a partial index has."""
    return {
        "matches": lambda user: Q(**conditions),
        "keys": lambda user: (
            Article.objects.visible_to(user).filter(**conditions).order_by().values_list("pk", flat=True)
        ),
    }


def _with_revision(revisions):
    """Return the choice functions for having one of `revisions`, a function of the user that gives a query set."""
    return {
        "matches": lambda user: Q(Exists(revisions(user).filter(article=OuterRef("pk")))),
        "keys": lambda user: revisions(user).order_by().values_list("article", flat=True),
    }


def _in(status, **conditions):
    return _with_revision(lambda user: Revision.objects.visible_to(user).filter(status=status, **conditions))


def _approved(user):
    """Approved revisions that were never public and aren't scheduled."""
    waiting = Revision.objects.visible_to(user).filter(status=Status.APPROVED, first_public_at=None, publish_at=None)
    return waiting.filter(~audit_log.was_ever_public())


class StateFilter(NarrowingFilter):
    title = gettext_lazy("state")
    parameter_name = "state"
    DISCARDED = "discarded"  # the list leaves these out unless they are asked for

    def choices_of(self):
        gone = {"published_revision__isnull": True, "first_published_at__isnull": False}
        problems = {"published_revision__problem_count__gt": 0}
        scheduled = {"publish_at__isnull": False, "published_for": None}
        return {
            "published": Choice(gettext_lazy("published"), lambda user: PUBLIC),
            "unpublished": Choice(gettext_lazy("not published"), **_columns(published_revision__isnull=True)),
            "taken_down": Choice(gettext_lazy("was published"), **_columns(**gone)),
            "draft": Choice(gettext_lazy("has a draft"), **_in(Status.DRAFT)),
            "waiting": Choice(gettext_lazy("in review"), **_in(Status.SUBMITTED)),
            "approved": Choice(gettext_lazy("approved, ready to publish"), **_with_revision(_approved)),
            "scheduled": Choice(gettext_lazy("scheduled"), **_in(Status.APPROVED, **scheduled)),
            "protected": Choice(gettext_lazy("protected"), **_columns(is_protected=True)),
            self.DISCARDED: Choice(gettext_lazy("discarded"), lambda user: Q()),
            "unreviewed": Choice(
                gettext_lazy("published, not reviewed as a whole"), lambda user: not_reviewed_as_a_whole()
            ),
            "problems": Choice(gettext_lazy("published, has invalid timestamps"), **_columns(**problems)),
        }


class IssueFilter(NarrowingFilter):
    title = gettext_lazy("issues")
    parameter_name = "issues"

    def choices_of(self):
        of_source = SourceIssue.objects.filter(revision=OuterRef("published_revision"))
        return {
            "flagged": Choice(gettext_lazy("flagged citations"), **_columns(flag_count__gt=0)),
            "source": Choice(
                gettext_lazy("issue of a whole recording"),
                lambda user: Q(Exists(of_source)),
                lambda user: (
                    SourceIssue.objects.filter(revision__published_for__isnull=False)
                    .order_by()
                    .values_list("revision__published_for", flat=True)
                ),
            ),
            "none": Choice(gettext_lazy("no flagged citations"), lambda user: Q(flag_count=0)),
        }


class ReviewFilter(NarrowingFilter):
    title = gettext_lazy("last review")
    parameter_name = "review"
    days = (30, 90, 365)

    def choices_of(self):
        never = {"published_revision__isnull": False, "last_reviewed_at__isnull": True}
        return {"never": Choice(gettext_lazy("never"), **_columns(**never))} | {
            str(days): Choice(
                ngettext_lazy("more than %(days)s day ago", "more than %(days)s days ago", days) % {"days": days},
                **_columns(last_reviewed_at__lt=timezone.now() - timedelta(days=days)),
            )
            for days in self.days
        }


class ShowFilter(NarrowingFilter):
    """Articles that cite a show: in the published text, or in a draft or a text in review that the user is allowed to read."""

    title = gettext_lazy("show")
    parameter_name = "show"

    def choices_of(self):
        return {
            str(pk): self._choice(pk, title) for pk, title in Show.objects.order_by("title").values_list("pk", "title")
        }

    def _choice(self, show, title):
        sources = Source.objects.filter(episode__show=show)

        def open_texts(user):
            return Revision.objects.visible_to(user).filter(status__in=[Status.DRAFT, Status.SUBMITTED])

        def matches(user):
            # Both look from the article to its texts, so that the database doesn't begin with all sources of the show.
            citing = open_texts(user).filter(Exists(sources.filter(revision=OuterRef("pk"))), article=OuterRef("pk"))
            return Q(Exists(sources.filter(revision=OuterRef("published_revision")))) | Q(Exists(citing))

        def keys(user):
            current = Q(revision__published_for__isnull=False) | Q(revision__in=open_texts(user))
            return sources.filter(current).order_by().values_list("revision__article", flat=True)

        return Choice(title, matches, keys)


class CappedPaginator(Paginator):
    """Counts no more than `FEW` articles that match a filter, since counting them all takes as long as there are many."""

    @cached_property
    def is_capped(self):
        return self._is_filtered and self._number > FEW

    @cached_property
    def _is_filtered(self):
        """Whether there is a condition besides the first one: whose articles these are."""
        return len(self.object_list.query.where.children) > 1

    @cached_property
    def _number(self):
        if not self._is_filtered:
            return self.object_list.count()
        return self.object_list.order_by().values("pk")[: FEW + 1].count()

    @cached_property
    def count(self):
        return FEW if self.is_capped else self._number
