"""The four-eyes rule: who counts as a second person for what others wrote or proposed."""

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext

from articles.models import Contributor, IssuedPassword

from .transitions import NotAllowed, name_of


def require_second_person(user, *revisions):
    """Enforce the four-eyes rule, also for superusers: no contributor to `revisions` (or keys) can approve."""
    if settings.FOUR_EYES and Contributor.objects.filter(revision__in=revisions, user=user).exists():
        raise NotAllowed(gettext("You contributed to this revision, so someone else has to approve it."))
    require_two_people(user, Contributor.objects.filter(revision__in=revisions).values("user"))


def require_two_people(user, others):
    """Enforce that `user` isn't one person with any of the accounts `others` (keys), as far as the site can tell.

    An administrator who set an account's password could use it, and choose another one as if they were its owner. So
    the two count as one person; superusers, who can do everything alone, don't count. Until its owner has chosen another
    password, nobody can act as a second person with an account at all.
    """
    if not settings.FOUR_EYES:
        return
    own = IssuedPassword.objects.filter(account=user).first()
    if own is not None and own.replaced_at is None:
        raise NotAllowed(
            gettext("%(name)s set your password and so knows it. Choose another one first.") % {"name": own.set_by_name}
        )
    for issued in IssuedPassword.objects.filter(
        Q(account=user, set_by__in=others) | Q(account__in=others, set_by=user), set_by__is_superuser=False
    ).select_related("account"):
        values = {"name": issued.set_by_name, "other": name_of(issued.account)}
        message = gettext("%(name)s set the password of %(other)s, so a third person has to decide on this.")
        raise NotAllowed(message % values)
