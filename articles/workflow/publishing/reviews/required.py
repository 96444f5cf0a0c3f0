"""The approvals that a text needs: one, or by a rule two of different people, perhaps one from a named group.

An approval counts for what it names: the text and the recordings that it cites. Once a recording has changed, or a
later decision has been made, the approvals before it count no longer (docs/decisions/0020-second-approvals.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from articles.derived.reviews.reviewers import PUBLICATIONS
from articles.models import ApprovalRule, Article, Contributor, LogEntry, Review, Revision, Source
from articles.workflow.recordings import review_digest
from articles.workflow.transitions import InvalidTransition, NotAllowed

APPROVALS = 2


@dataclass(frozen=True)
class ApprovalProgress:
    """How far a revision has come that needs several approvals.

    `groups` are the names of those from which one has to come; `given` the approvals that count, in order, and `stale`
    those that no longer do, because a recording has changed since.
    """

    groups: tuple[str, ...]
    given: tuple[Review, ...] = ()
    stale: tuple[Review, ...] = ()

    @property
    def missing(self) -> list[str]:
        """The groups that none of the approvals came from yet."""
        covered = {name for review in self.given for name in review.requirement["in"]}
        return [name for name in self.groups if name not in covered]

    @property
    def needed(self) -> int:
        """The number of approvals; more than two only if two groups are needed that the approvers weren't both in."""
        return max(APPROVALS, len(self.given) + bool(self.missing))

    @property
    def next(self) -> int:
        """The number of the next approval, from 1."""
        return len(self.given) + 1

    @property
    def words(self) -> str:
        """How many approvals there are, by whom, and what is missing, in one or two sentences."""
        values = {"given": len(self.given), "needed": self.needed}
        if not self.given:
            first = gettext("%(given)s of %(needed)s approvals.") % values
        else:
            approvers = [
                gettext("%(name)s on %(day)s")
                % {"name": review.by_name, "day": date_format(localtime(review.at), "DATE_FORMAT")}
                for review in self.given
            ]
            first = gettext("%(given)s of %(needed)s approvals, by %(approvers)s.") % {
                **values,
                "approvers": ", ".join(approvers),
            }
        return f"{first} {self.wanted}"

    @property
    def wanted(self) -> str:
        """What is missing, as a sentence."""
        groups = {"groups": _quoted(self.missing)}
        if not self.missing:
            return gettext("It needs one more person.") if self.given else gettext("It needs two people.")
        if len(self.missing) > 1:
            if self.given:
                return gettext("It needs someone from each of these groups: %(groups)s.") % groups
            return gettext("It needs two people, with someone from each of these groups: %(groups)s.") % groups
        if self.given:
            return gettext("It needs someone from %(groups)s.") % groups
        return gettext("It needs two people, one of them from %(groups)s.") % groups

    @property
    def stale_words(self) -> str:
        """Who approved, and whose approval counts no longer, as a sentence; "" if there is nobody."""
        again = {review.by_id for review in self.given}
        names = ", ".join(dict.fromkeys(review.by_name for review in self.stale if review.by_id not in again))
        if not names:
            return ""
        return gettext(
            "A recording that it cites has changed since %(names)s approved it, so that approval no longer counts."
        ) % {"names": names}

    def why_not(self, user: AbstractBaseUser) -> str:
        """Return why an approval by `user` would add nothing, "" if it would."""
        mine = next((review for review in self.given if review.by_id == user.pk), None)
        if mine is not None:
            day = {"day": date_format(localtime(mine.at), "DATE_FORMAT")}
            return gettext("You approved this on %(day)s, so someone else has to give the other approval.") % day
        if self.given and self.missing and not self._of(user):
            groups = {"groups": _quoted(self.missing)}
            if len(self.missing) > 1:
                return (
                    gettext("Each of these groups still has to approve, and you aren’t a member: %(groups)s.") % groups
                )
            return gettext("The other approval has to come from %(groups)s, and you aren’t a member.") % groups
        return ""

    def is_completed_by(self, user: AbstractBaseUser) -> bool:
        """Whether nothing is missing once `user` has approved, too."""
        return bool(self.given) and not self.why_not(user) and set(self.missing) <= set(self._of(user))

    def consequence_of(self, user: AbstractBaseUser) -> str:
        """What an approval by `user` does that isn't the last one, as sentences."""
        left = [name for name in self.missing if name not in self._of(user)]
        if not left:
            return gettext("Your approval is recorded. The text is approved once somebody else has approved it, too.")
        words = (
            gettext(
                "Your approval is recorded. The text is approved once each of these groups has approved it: %(groups)s."
            )
            if len(left) > 1
            else gettext(
                "Your approval is recorded. The text is approved once somebody from %(groups)s has approved it, too."
            )
        )
        return words % {"groups": _quoted(left)}

    def record(self, revision: Revision, user: AbstractBaseUser, *, completes: bool) -> dict[str, object]:
        """Return what is kept with an approval by `user`: `Review.requirement`."""
        return {
            "approvals": APPROVALS,
            "groups": list(self.groups),
            "in": [name for name in self.groups if name in self._names(user)],
            "digest": review_digest(revision),
            "with": [review.pk for review in self.given] if completes else [],
        }

    def _of(self, user: AbstractBaseUser) -> list[str]:
        """The missing groups that `user` is a member of."""
        return [name for name in self.missing if name in self._names(user)]

    @staticmethod
    def _names(user: AbstractBaseUser) -> set[str]:
        return set(user.groups.values_list("name", flat=True))


def _quoted(groups: Iterable[str]) -> str:
    return ", ".join(gettext("“%(name)s”") % {"name": name} for name in groups)


def progress_of(revision: Revision) -> ApprovalProgress | None:
    """Return the `ApprovalProgress` of a revision, None if one approval is enough."""
    return progress_by_key([revision]).get(revision.pk)


def progress_by_key(revisions: Iterable[Revision]) -> Mapping[int, ApprovalProgress]:
    """Return {key: `ApprovalProgress`} of those `revisions`, with their articles, that need several approvals.

    One query if no rule is set, else up to seven and two for each revision that some people have approved.
    """
    revisions = list(revisions)
    groups = _groups_by_key(revisions)
    if not groups:
        return {}
    given = defaultdict(list)
    # The review of a whole public text may come from somebody who wrote only the part that was reviewed before.
    wrote = Contributor.objects.filter(revision__in=groups).values_list("revision", "user")
    wrote = set(wrote) if settings.FOUR_EYES else set()
    for review in Review.objects.filter(revision__in=groups).order_by("pk"):
        if review.decision == Review.Decision.CO_APPROVED:
            if (review.revision_id, review.by_id) not in wrote:
                given[review.revision_id].append(review)
        else:
            given[review.revision_id].clear()
    found = {}
    for revision in revisions:
        if revision.pk in groups:
            reviews = given[revision.pk]
            digest = review_digest(revision) if reviews else ""
            counts = [review.requirement["digest"] == digest for review in reviews]
            found[revision.pk] = ApprovalProgress(
                groups[revision.pk],
                tuple(review for review, is_counted in zip(reviews, counts, strict=True) if is_counted),
                tuple(review for review, is_counted in zip(reviews, counts, strict=True) if not is_counted),
            )
    return found


def require_addition(progress: ApprovalProgress | None, user: AbstractBaseUser) -> None:
    """Require that an approval by `user` adds something to what is given."""
    if progress is not None and (refusal := progress.why_not(user)):
        raise NotAllowed(refusal)


def require_last(revision: Revision, user: AbstractBaseUser) -> None:
    """Require that `revision` needs no other approval after one by `user`."""
    progress = progress_of(revision)
    require_addition(progress, user)
    if progress is not None and not progress.is_completed_by(user):
        raise InvalidTransition(
            gettext("It needs another approval besides yours. Use “Approve” to give yours: %(words)s")
            % {"words": progress.words}
        )


def require_complete(revision: Revision) -> None:
    """Require that `revision`, which somebody has just approved, needs no other approval."""
    if revision.status == Revision.Status.SUBMITTED and (progress := progress_of(revision)):
        raise InvalidTransition(
            gettext("This text needs another approval, so nothing was approved or published. %(wanted)s Use “Approve”.")
            % {"wanted": progress.wanted}
        )


def _groups_by_key(revisions: list[Revision]) -> dict[int, tuple[str, ...]]:
    """Return {key: names of the groups from which an approval has to come} of the revisions that a rule is about.

    A rule is about a text also if it is about the one that it replaces, or that was public last: otherwise a text could
    leave the rule by itself, or by being unpublished first.
    """
    rules = list(ApprovalRule.objects.select_related("group")) if revisions else []
    if not rules:
        return {}
    published = LogEntry.objects.filter(article__in={r.article_id for r in revisions}, action__in=PUBLICATIONS)
    last = dict(published.order_by("number").values_list("article", "revision"))
    texts = {
        r.pk: {r.pk, r.target_id, r.article.published_revision_id, last.get(r.article_id)} - {None} for r in revisions
    }
    every = set().union(*texts.values())
    shows, topics = {rule.show_id for rule in rules} - {None}, {rule.topic_id for rule in rules} - {None}
    cited = Source.objects.filter(revision__in=every, episode__show__in=shows)
    cited = set(cited.values_list("revision", "episode__show")) if shows else set()
    filed = Article.topics.through.objects.filter(article__in={r.article_id for r in revisions}, topic__in=topics)
    filed = set(filed.values_list("article", "topic")) if topics else set()
    has_notices = any(rule.notice for rule in rules)
    noticed = set(Revision.objects.filter(pk__in=every).values_list("pk", "notice")) if has_notices else set()
    found = {}
    for revision in revisions:
        matching = [
            rule
            for rule in rules
            if (revision.article_id, rule.topic_id) in filed
            or any((pk, rule.show_id) in cited or (pk, rule.notice) in noticed for pk in texts[revision.pk])
        ]
        if matching:
            found[revision.pk] = tuple(sorted({rule.group.name for rule in matching if rule.group}))
    return found
