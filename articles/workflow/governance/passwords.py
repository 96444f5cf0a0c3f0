"""Passwords set by somebody else: who knows an account’s password isn’t a second person beside it."""

from django.conf import settings
from django.utils import timezone

from articles.models import IssuedPassword
from articles.workflow.history import rows
from articles.workflow.transitions import name_of, transition


@transition
def issue_password(account, *, by):
    """Note that `by` has set the password of `account`, another one."""
    if account.pk == by.pk:
        return
    values = {"set_by": by, "set_by_name": name_of(by), "at": timezone.now(), "replaced_at": None}
    existing = IssuedPassword.objects.filter(account=account).values_list("pk", flat=True)
    with rows.recorded(IssuedPassword, existing) as new:
        issued, is_new = IssuedPassword.objects.update_or_create(account=account, defaults=values)
        if is_new:
            new.append(issued.pk)


@transition
def replace_password(account):
    """Note that the owner of `account` has chosen another password."""
    issued = IssuedPassword.objects.filter(account=account, replaced_at=None)
    with rows.recorded(IssuedPassword, issued.values_list("pk", flat=True)):
        issued.update(replaced_at=timezone.now())


def must_replace_password(account):
    """Whether somebody else knows the account’s password, as far as the site can tell."""
    return settings.FOUR_EYES and IssuedPassword.objects.filter(account=account, replaced_at=None).exists()
