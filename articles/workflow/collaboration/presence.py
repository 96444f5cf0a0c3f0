"""Who has a draft open at this moment: told by their browsers every few seconds, forgotten a minute after."""

from datetime import timedelta

from django.utils import timezone

from articles.models import Presence

KEPT = timedelta(seconds=60)
TELL_EVERY_MS = 20_000


def announce(revision, user):
    """`user` has `revision` open now. What has been forgotten by now is cleared away with it."""
    now = timezone.now()
    Presence.objects.filter(seen_at__lt=now - KEPT).delete()
    Presence.objects.update_or_create(
        revision=revision, user=user, defaults={"seen_at": now}, create_defaults={"seen_at": now, "since": now}
    )


def leave(revision, user):
    Presence.objects.filter(revision=revision, user=user).delete()


def others(revision, user):
    """Those besides `user` who have `revision` open, who came first comes first."""
    present = Presence.objects.since(timezone.now() - KEPT).filter(revision=revision).exclude(user=user)
    return present.select_related("user").order_by("since", "pk")
