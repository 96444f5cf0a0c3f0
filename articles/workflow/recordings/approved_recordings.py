"""What an approval covers: the text and the recordings that it cites, as they were when a moderator reviewed them."""

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext

from articles.models import Episode, LogEntry, RecordingChange, Revision
from articles.workflow.content.recordings import cited_recordings, part_label
from articles.workflow.history import audit_log
from articles.workflow.transitions import Action, InvalidTransition

APPROVALS = (Action.APPROVED, Action.OVERRIDDEN)


def review_digest(revision, *, is_locked=False):
    """Return the digest (64 hex digits) of what a moderator reviews: the text and the recordings that it cites."""
    covered = {"text": revision.digest, "recordings": cited_recordings(revision, is_locked=is_locked)}
    return audit_log.digest(covered)


def require_reviewed(revision, digest):
    """Require that `digest` is that of the revision and its recordings, so that only what was reviewed is approved.

    None skips the check, but an erased text can't have been reviewed. The caller has locked the article.
    """
    if Revision.objects.filter(pk=revision.pk).exclude(erased_at=None).exists():
        raise InvalidTransition(gettext("This revision was erased; there is nothing to approve."))
    if digest is not None and digest != review_digest(revision, is_locked=True):
        raise InvalidTransition(
            gettext(
                "The text or a recording that it cites has changed since you opened it, so nothing was approved. "
                "Reload the page and review it."
            )
        )


def require_unchanged(revision):
    """Require that the recordings which `revision` cites are those of its approval. The caller has locked the article.

    Raises `InvalidTransition`, which names the episodes and what has changed.
    """
    if changed := changed_since_approval(revision, is_locked=True):
        raise InvalidTransition(
            gettext("Changed after the approval: %(recordings)s. Review it again, then publish it.")
            % {"recordings": _named(changed)}
        )


def changed_since_approval(revision, *, is_locked=False):
    """Return which cited recordings differ from those approved, as [{"episode": title, "parts": names of the parts}]."""
    return _changed_since(revision, APPROVALS, is_locked=is_locked)


def with_changed_recordings(revisions):
    """Annotate approved revisions with `has_changed_recordings`: whether a recording was changed since, even if back."""
    approvals = LogEntry.objects.filter(revision=OuterRef("pk"), action__in=APPROVALS).order_by("-number")
    cited = Episode.objects.filter(source__revision=OuterRef(OuterRef("pk")))
    changes = RecordingChange.objects.applied().filter(
        Q(episode__in=cited) | Q(episode=None, show__in=cited.values("show")),
        is_visible=True,
        decided_at__gte=OuterRef("approved_at"),
    )
    return revisions.annotate(approved_at=Subquery(approvals.values("at")[:1]), has_changed_recordings=Exists(changes))


def require_as_submitted(revision):
    """Require that the recordings are those of the submission, of a revision that is approved without being looked at."""
    if changed := _changed_since(revision, [Action.SUBMITTED]):
        raise InvalidTransition(
            gettext("Changed after the submission: %(recordings)s. Open the revision to review it.")
            % {"recordings": _named(changed)}
        )


def _changed_since(revision, actions, *, is_locked=False):
    entry = LogEntry.objects.filter(revision=revision, action__in=actions).order_by("number").last()
    if entry is None:
        return []
    current = cited_recordings(revision, is_locked=is_locked)
    changes = changes_to(revision).applied().filter(decided_at__gte=entry.at)
    if entry.recordings is None:  # written before recordings were covered; changes since then have been recorded
        differing = [pk for pk, _ in current if changes.to([pk]).exists()]
    else:
        differing = [recording[0] for recording in current if recording not in entry.recordings]
    return [
        {"episode": episode.title, "parts": _parts(changes.to([episode.pk]))}
        for episode in Episode.objects.filter(pk__in=differing).order_by("pk")
    ]


def changes_to(revision):
    """Return the changes that readers see to the recordings that `revision` cites, as a query set."""
    return RecordingChange.objects.to(Episode.objects.filter(source__revision=revision)).filter(is_visible=True)


def _named(changed):
    return "; ".join(gettext("“%(episode)s” (%(parts)s)") % values for values in changed)


def _parts(changes):
    """Return the names of the parts that `changes` have changed, for people."""
    names = {name: part_label(name) for change in changes.order_by("pk") for name in change.after}
    return ", ".join(names.values()) or gettext("it isn’t as it was recorded")
