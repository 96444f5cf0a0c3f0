"""What the filters of the review queue leave of it."""

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast

from articles.models import Source
from articles.workflow.collaboration import assigning, review_locks

from .approvals import keys_of_begun
from .forms import ME


def filtered(waiting, wanted, user, again):
    """Return those of `waiting`, a query set, that `user` wants to see by the `wanted` values of a `QueueForm`.

    `again` has the keys of approved ones that need their approvals again.
    """
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
        waiting = waiting.filter(pk__in=keys_of_begun(waiting, again, user if approvals == ME else None))
    if wanted.get("urgent"):
        waiting = waiting.filter(is_urgent=True)
    if wanted.get("free"):
        waiting = waiting.filter(review_locks.unclaimed())
    return waiting
