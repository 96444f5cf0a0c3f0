"""What the filters of the review queue leave of it."""

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast

from articles.models import Review, Source
from articles.workflow.collaboration import assigning, review_locks
from articles.workflow.reviews import progress_by_key

from .forms import ME


def filtered(waiting, wanted, user):
    """Return those of `waiting`, a query set, that `user` wants to see by the `wanted` values of a `QueueForm`."""
    if words := wanted.get("q"):
        waiting = waiting.filter(Q(title__icontains=words) | Q(author_name__icontains=words))
    if kind := wanted.get("kind"):
        # The list holds fixed words, and a search in its text works the same on both databases.
        kinds = Cast("change_kinds", CharField())
        waiting = waiting.annotate(kinds_text=kinds).filter(kinds_text__contains=f'"{kind}"')
    if author := wanted.get("author"):
        waiting = waiting.filter(author_name=author)
    if show := wanted.get("show"):
        waiting = waiting.filter(Exists(Source.objects.filter(revision=OuterRef("pk"), episode__show=show)))
    if assigned := wanted.get("assigned"):
        waiting = waiting.filter(assigning.assigned_to(user) if assigned == ME else assigning.unassigned())
    if approvals := wanted.get("approvals"):
        waiting = waiting.filter(pk__in=_with_approvals(waiting, user if approvals == ME else None))
    if wanted.get("urgent"):
        waiting = waiting.filter(is_urgent=True)
    if wanted.get("free"):
        waiting = waiting.filter(review_locks.unclaimed())
    return waiting


def _with_approvals(waiting, user):
    """Return the keys of those of `waiting` that have an approval and need another, by `user` if that isn't None."""
    begun = Review.objects.filter(revision=OuterRef("pk"), decision=Review.Decision.CO_APPROVED)
    begun = waiting.filter(Exists(begun)).select_related("article").prefetch_related("contributor_set")
    revisions = {revision.pk: revision for revision in begun.defer("lead")}
    found = {pk: progress for pk, progress in progress_by_key(revisions.values()).items() if progress.given}
    if user is None:
        return list(found)
    wrote = {pk for pk, one in revisions.items() if user.pk in {writer.user_id for writer in one.contributor_set.all()}}
    return [pk for pk, progress in found.items() if pk not in wrote and not progress.why_not(user)]
