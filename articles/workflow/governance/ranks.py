"""Who may change accounts and what they may do: a superuser, or two administrators together; every change is logged."""

from dataclasses import asdict, dataclass, replace
from functools import reduce
from operator import or_

from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models import ProtectedError, Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext

from articles.core.language.folding import folded_name
from articles.models import LogEntry, RankChange
from articles.workflow.history import rows
from articles.workflow.transitions import (
    InvalidTransition,
    NotAllowed,
    compare_and_set,
    name_of,
    refuse_second,
    require,
    transition,
)
from articles.workflow.transitions.four_eyes import require_two_people

from .profiles import change_accounts
from .suppression.names import NAMES

ADMINISTERING = "auth.change_user"
Outcome = RankChange.Outcome


@dataclass(frozen=True)
class Rank:
    """What an account may do: its groups and its own permissions ("app.codename"), in order, and Django's flags."""

    groups: tuple[str, ...] = ()
    is_superuser: bool = False
    is_staff: bool = False
    is_active: bool = False
    permissions: tuple[str, ...] = ()

    @classmethod
    def of(cls, account):
        groups = account.groups.order_by("name").values_list("name", flat=True) if account.pk else ()
        own = sorted(permission_names(account.user_permissions.all())) if account.pk else ()
        return cls(tuple(groups), account.is_superuser, account.is_staff, account.is_active, tuple(own))


def may_edit(account, *, by):
    """Whether `by` may change the name, address and password of `account`: their own, and those of lower accounts.

    Of two administrators neither may: with the other's password one person could act as two.
    """
    if account.pk == by.pk or by.is_superuser:
        return by.is_superuser or by.has_perm(ADMINISTERING)
    permissions = set(_permissions(account))
    return (
        by.has_perm(ADMINISTERING)
        and not account.is_superuser
        and ADMINISTERING not in permissions
        and permissions <= by.get_all_permissions()
    )


def may_change_rank(account, *, by):
    """Whether `by` may change the groups of `account`, or propose to; nobody may change their own or those above."""
    return account.pk != by.pk and by.has_perm(ADMINISTERING) and (by.is_superuser or not account.is_superuser)


@transition
def change_rank(account, rank, *, by):
    """Give `account` this `Rank`, or propose it; return the `RankChange`, None if the rank is the same.

    Superusers change ranks alone, and any administrator blocks an account below theirs alone.
    """
    account = _locked(account)
    before = Rank.of(account)
    if before == rank:
        return None
    _require(account, by)
    change = RankChange(
        account=account,
        account_name=account.get_username(),
        before=asdict(before),
        after=asdict(rank),
        proposed_by=by,
        proposed_by_name=name_of(by),
    )
    is_block = rank == replace(before, is_active=False)
    is_alone = by.is_superuser or (is_block and may_edit(account, by=by))
    if is_alone:
        waiting = RankChange.objects.filter(account=account, outcome=Outcome.PROPOSED)
        with rows.recorded(RankChange, waiting.values_list("pk", flat=True)):
            waiting.update(**_decision(Outcome.REJECTED, by))
    with refuse_second(gettext("Another change of this account waits for a second administrator. Decide on it first.")):
        change.save()
    rows.record_new(change)
    if is_alone:
        _apply(change, account, by)
    return change


@transition
def confirm_rank(change, *, by):
    """Carry out a change that another administrator proposed."""
    account = _account_of(change)
    _require(account, by)
    if change.proposed_by_id == by.pk:
        raise NotAllowed(gettext("You proposed this change, so another administrator has to confirm it."))
    require_two_people(by, [change.proposed_by_id])
    if asdict(Rank.of(account)) != _value(change.before):
        raise InvalidTransition(gettext("This account has changed since. Reject the change and propose it again."))
    _apply(change, account, by)
    return change


@transition
def reject_rank(change, *, by):
    """Drop a proposed change: other administrators reject it, and whoever proposed it takes it back."""
    require(by, ADMINISTERING, gettext("change accounts"))
    _decide(change, Outcome.REJECTED, by)
    return change


@transition
def deactivate(account, *, by):
    """Block an account for good instead of deleting it: its name stays taken, and the records keep their account."""
    return change_rank(account, Rank(), by=by)


def has_history(account):
    """Whether anything is recorded of the account, so that it must not be deleted."""
    if LogEntry.objects.filter(account=account.pk).exists() or AdminEntry.objects.filter(user=account).exists():
        return True
    changes = RankChange.objects.filter(Q(proposed_by=account) | Q(decided_by=account))
    recorded = (model._base_manager.filter(**{column: account}) for model, column, _ in NAMES if column)
    return changes.exists() or any(rows.exists() for rows in recorded)


@receiver(pre_delete, sender=get_user_model(), dispatch_uid="keep_history")
def keep_history(sender, instance, **kwargs):
    """Refuse to delete an account with a history by any code; the database's foreign keys refuse it to SQL."""
    if has_history(instance):
        message = gettext("%(name)s has a history and can’t be deleted. Deactivate the account instead.")
        raise ProtectedError(message % {"name": instance.get_username()}, {instance})


def is_name_taken(name, account):
    """Whether `name` is, in any case or width, another account's, or recorded with what another account did."""
    folded = folded_name(name)
    others = get_user_model()._default_manager.exclude(pk=account.pk)
    if any(folded in {folded_name(other.get_username()), folded_name(other.get_full_name())} for other in others):
        return True
    for model, person, column in NAMES:
        rows = model._base_manager.exclude(**{column: ""})
        if person and account.pk:
            rows = rows.filter(~Q(**{person: account.pk}) | Q(**{f"{person}__isnull": True}))
        elif account.pk:
            continue  # who that was is recorded elsewhere as well
        if any(folded == folded_name(known) for known in rows.order_by().values_list(column, flat=True).distinct()):
            return True
    return False


def _require(account, by):
    require(by, ADMINISTERING, gettext("change accounts"))
    if account.pk == by.pk:
        raise NotAllowed(gettext("Nobody changes their own groups. Ask another administrator."))
    if not may_change_rank(account, by=by):
        raise NotAllowed(gettext("Only superusers can change the account of a superuser."))


def _locked(account):
    return get_user_model()._default_manager.select_for_update(no_key=True).get(pk=account.pk)


def _account_of(change):
    if change.account_id is None:
        raise InvalidTransition(gettext("This account no longer exists."))
    return _locked(change.account)


def _apply(change, account, by):
    _decide(change, Outcome.DONE, by)
    rank = _value(change.after)
    with change_accounts([account.pk]):
        account.groups.set(Group.objects.filter(name__in=rank.pop("groups")))
        account.user_permissions.set(_with_names(rank.pop("permissions")))
        for name, value in rank.items():
            setattr(account, name, value)
        account.save(update_fields=list(rank))


def _decide(change, outcome, by):
    with rows.recorded(RankChange, [change.pk]):
        done = compare_and_set(RankChange.objects.filter(outcome=Outcome.PROPOSED), change, **_decision(outcome, by))
    if not done:
        raise InvalidTransition(gettext("Someone has already decided on this change. Reload the page."))


def _decision(outcome, by):
    return {"outcome": outcome, "decided_at": timezone.now(), "decided_by": by, "decided_by_name": name_of(by)}


def _value(stored):
    """A stored `Rank` as `asdict` gives it; JSON has no tuples, and earlier versions stored no permissions."""
    return stored | {"groups": tuple(stored["groups"]), "permissions": tuple(stored.get("permissions", ()))}


def _permissions(account):
    """Yield the permissions of an account, also of a blocked one, as "app.codename"."""
    return permission_names(Permission.objects.filter(Q(group__user=account) | Q(user=account)))


def permission_names(permissions):
    return (f"{app}.{codename}" for app, codename in permissions.values_list("content_type__app_label", "codename"))


def _with_names(names):
    """Return the permissions with these names ("app.codename")."""
    pairs = [name.split(".", 1) for name in names]
    named = (Q(content_type__app_label=app, codename=codename) for app, codename in pairs)
    return Permission.objects.filter(reduce(or_, named, Q(pk__in=())))
