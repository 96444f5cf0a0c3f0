"""The four-eyes rule: who counts as a second person for what others wrote or proposed."""

from collections import defaultdict
from functools import cached_property

from django.conf import settings
from django.utils.translation import gettext

from articles.models import Contributor, IssuedPassword, RankChange

from .errors import NotAllowed
from .guards import name_of


def require_second_person(user, *revisions, refusal=""):
    """Enforce the four-eyes rule, also for superusers: no contributor to `revisions` (or keys) can approve.

    `refusal` tells contributors so where it isn't about approving.
    """
    if refusal := why_no_second_person(user, *revisions, refusal=refusal):
        raise NotAllowed(refusal)


def why_no_second_person(user, *revisions, refusal=""):
    """Return why `require_second_person` would refuse `user`, "" if it wouldn't."""
    if settings.FOUR_EYES and Contributor.objects.filter(revision__in=revisions, user=user).exists():
        return refusal or gettext("You contributed to this revision, so someone else has to approve it.")
    return why_one_person(user, Contributor.objects.filter(revision__in=revisions).values_list("user", flat=True))


def require_two_people(user, others):
    """Enforce that `user` isn't one person with any of the accounts `others` (keys), as far as the site can tell."""
    if refusal := why_one_person(user, others):
        raise NotAllowed(refusal)


def why_one_person(user, others):
    """Return why `user` may be one person with one of the accounts `others` (keys), "" if nothing suggests it.

    An administrator who set an account's password could use it, and choose another one as if they were its owner. So
    the two count as one person, and so do two accounts of which the same administrator set both passwords (`_Passwords`);
    superusers, who can do everything alone, don't count. Until its owner has chosen another password, nobody can act as
    a second person with an account at all. At most two queries besides `others`.
    """
    if not settings.FOUR_EYES:
        return ""
    passwords = _Passwords()
    own = passwords.all.get(user.pk)
    if own is not None and own.replaced_at is None:
        message = gettext("%(name)s set your password and so knows it. Choose another one first.")
        return message % {"name": own.set_by_name}
    others = {other for other in others if other is not None}
    if not passwords.issued.keys() & {user.pk, *others}:
        return ""
    return next((why for other in sorted(others) if (why := passwords.why_one(user.pk, other))), "")


class _Passwords:
    """Who could use which account, by the passwords that administrators who aren't superusers gave to others.

    An account belongs to whoever set its password until somebody else has vouched for it since: has set another
    password, or has proposed, confirmed or made a change of its rank that leaves it active.
    """

    def __init__(self):
        self.all = {row.account_id: row for row in IssuedPassword.objects.select_related("account", "set_by")}
        self.issued = {
            account: row for account, row in self.all.items() if row.set_by is not None and not row.set_by.is_superuser
        }

    def why_one(self, user, other):
        """Return why two accounts (keys) may be one person, "" if nothing suggests it."""
        for account, issuer in ((user, other), (other, user)):
            if account in self.issued and self.issued[account].set_by_id == issuer:
                message = gettext("%(name)s set the password of %(other)s, so a third person has to decide on this.")
                return message % self._names(account)
        if not self._is_one(user, other, self._owners):
            return ""
        if user in self._owners and self._owners[user] == self._owners.get(other):
            message = gettext(
                "%(name)s set the passwords of both %(user)s and %(other)s, so the two count as one person. A third "
                "person has to decide on this, or another administrator or a superuser has to set a new password for "
                "one of them or confirm a change of its rank."
            )
            return message % {**self._names(other), "user": self._names(user)["other"]}
        message = gettext(
            "By who set which password, you count as one person with someone who did this: %(passwords)s. A third person "
            "has to decide on it, or a superuser has to set a new password for one of these accounts."
        )
        lines = _line(user, self._owners) + _line(other, self._owners)
        accounts = [account for account in dict.fromkeys(lines) if account in self.issued]
        one = gettext("%(name)s set that of %(other)s")
        return message % {"passwords": ", ".join(one % self._names(account) for account in accounts)}

    def _names(self, account):
        row = self.issued[account]
        return {"name": row.set_by_name, "other": name_of(row.account)}

    def _is_one(self, user, other, owners):
        line, others = _line(user, owners), _line(other, owners)
        return bool({*line} & {*others}) or self._leads(line, others) or self._leads(others, line)

    def _leads(self, line, others):
        """Whether the last of `line` got its password from one of `others`.

        That was vouched for, so it only matters between the two themselves, and for whoever somebody else belongs to.
        """
        issued = self.issued.get(line[-1])
        return issued is not None and issued.set_by_id in (others if len(line) > 1 else others[:1])

    @cached_property
    def _owners(self):
        """Whom accounts belong to, as {account: owner}: nobody vouches for an account who is one person with its owner.

        At first all belong to whoever set their password. Whoever is then vouched for may have vouched for others.
        """
        owners = {account: row.set_by_id for account, row in self.issued.items()}
        vouchers, freed = self._vouchers(), True
        while freed:
            freed = [
                account
                for account, owner in owners.items()
                if any(by.is_superuser or not self._is_one(by.pk, owner, owners) for by in vouchers[account])
            ]
            for account in freed:
                del owners[account]
        return owners

    def _vouchers(self):
        """Return {account: those who proposed, confirmed or made a change of its rank since its password was set}."""
        changes = RankChange.objects.filter(
            account__in=self.issued, outcome=RankChange.Outcome.DONE, after__is_active=True
        ).select_related("proposed_by", "decided_by")
        vouchers = defaultdict(list)
        for change in changes:
            since = self.issued[change.account_id].at
            acted = ((change.proposed_by, change.proposed_at), (change.decided_by, change.decided_at))
            vouchers[change.account_id] += [by for by, at in acted if by is not None and at > since]
        return vouchers


def _line(account, owners):
    """Return the account, whom it belongs to, whom that one belongs to, and so on (keys)."""
    line = [account]
    while (owner := owners.get(line[-1])) is not None and owner not in line:
        line.append(owner)
    return line
