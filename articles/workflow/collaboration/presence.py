"""Who has a draft open right now, as reported by their browsers every few seconds and forgotten after a minute."""

from datetime import timedelta

from django.utils import timezone

from articles.models import Presence

KEPT = timedelta(seconds=60)
TELL_EVERY_MS = 20_000


def announce(revision, user):
    """Record that `user` has `revision` open now, and delete expired rows."""
    now = timezone.now()
    Presence.objects.filter(seen_at__lt=now - KEPT).delete()
    Presence.objects.update_or_create(
        revision=revision, user=user, defaults={"seen_at": now}, create_defaults={"seen_at": now, "since": now}
    )


def leave(revision, user):
    Presence.objects.filter(revision=revision, user=user).delete()


def others(revision, user):
    """Return the presences of other people who have `revision` open, in order of arrival."""
    present = Presence.objects.filter(revision=revision, seen_at__gte=timezone.now() - KEPT).exclude(user=user)
    return present.select_related("user").order_by("since", "pk")
