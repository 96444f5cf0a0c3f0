"""Who should review a revision: a person or a group. It binds nobody, but the queue and the notices follow it."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Q
from django.utils.translation import gettext

from articles.derived.reviews.reviewers import users_with_permission
from articles.models import ApprovalRule, Contributor, Notice, Revision
from articles.workflow import notifications
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    compare_and_set,
    lock_article,
    moved_on,
    name_of,
    record,
    require,
    transition,
)

REVIEW = "articles.review_revision"


def reviewers():
    """The active users with the permission to review, by name."""
    return users_with_permission(REVIEW).order_by("first_name", "last_name", "username")


def groups():
    """The groups that may review, that have a reviewer as a member, or that a rule for second approvals names, by name."""
    permitted = Group.objects.filter(permissions__codename="review_revision").values("pk")
    of_reviewers = Group.objects.filter(user__in=reviewers().order_by().values("pk")).values("pk")
    of_rules = ApprovalRule.objects.exclude(group=None).values("group")
    return Group.objects.filter(Q(pk__in=permitted) | Q(pk__in=of_reviewers) | Q(pk__in=of_rules)).order_by("name")


def assigned_to(user):
    """Return a filter condition for revisions that `user` should review: as a person, or as a member of a group."""
    return Q(assigned_to=user) | Q(assigned_group__in=user.groups.all())


def assignee_name(revision):
    """Return the name of the person or group that should review the revision, "" if it is assigned to nobody."""
    if revision.assigned_to:
        return name_of(revision.assigned_to)
    return revision.assigned_group.name if revision.assigned_group else ""


def unassigned():
    """Return a filter condition for revisions that nobody should review: assigned to nobody, or to someone who no longer can."""
    return ~Q(assigned_to__in=reviewers()) & ~Q(assigned_group__in=groups())


@transition
def assign(revision, *, by, to=None):
    """Assign a revision in review to a user or a group, or to nobody (None), and log it; the assignees are told.

    Raises `NotAllowed` if `by` may not review, and `InvalidTransition` if `to` may not, wrote part of the text, or the
    revision isn't in review.
    """
    require(by, REVIEW, gettext("review revisions"))
    lock_article(revision.article)
    group = to if isinstance(to, Group) else None
    person = None if group else to
    before = Revision.objects.filter(pk=revision.pk).values_list("assigned_to", "assigned_group").get()
    is_same = before == (person and person.pk, group and group.pk)
    if not is_same and (refusal := why_not(revision, person, group)):
        raise InvalidTransition(refusal)
    changes = {"assigned_to": person, "assigned_group": group}
    if not compare_and_set(Revision.objects.awaiting_review(), revision, **changes):
        raise moved_on(revision)
    if is_same:
        return revision
    record(revision.article, revision, Action.ASSIGNED, by, assignee_name(revision) or gettext("nobody"))
    if to is not None:
        _tell(revision, person, group, by)
    return revision


def why_not(revision, person, group):
    """Return why neither a person nor the members of a group can be asked to review, "" if they can."""
    if person and not reviewers().filter(pk=person.pk).exists():
        return gettext("%(name)s can’t review revisions.") % {"name": name_of(person)}
    if group and not groups().filter(pk=group.pk).exists():
        return gettext("The members of “%(name)s” can’t review revisions.") % {"name": group.name}
    if person and settings.FOUR_EYES and Contributor.objects.filter(revision=revision, user=person).exists():
        return gettext("%(name)s wrote part of this text, so someone else has to review it.") % {
            "name": name_of(person)
        }
    return ""


def _tell(revision, person, group, by):
    words = (
        gettext("%(by)s assigned the review of “%(title)s” (revision %(number)s) to you.")
        if person
        else gettext("%(by)s assigned the review of “%(title)s” (revision %(number)s) to the group %(group)s.")
    )
    values = {"by": name_of(by), "title": revision.title, "number": revision.number, "group": group and group.name}
    notifications.notify(
        Notice.Kind.ASSIGNED,
        words % values,
        revision=revision,
        users=[user for user in ([person] if person else group.user_set.all()) if user.has_perm(REVIEW)],
        actor=by,
    )
