"""Which texts need a second approval: set by administrators, in force at once for everything not yet approved."""

from django.utils.translation import gettext, ngettext

from articles.derived.reviews.reviewers import users_with_permission
from articles.models import ApprovalRule, Review, Revision
from articles.workflow.history import rows
from articles.workflow.publishing.reviews import progress_by_key
from articles.workflow.transitions import InvalidTransition, refuse_second, transition


@transition
def save_approval_rule(rule):
    """Save a new or changed rule. Raises `InvalidTransition` if nobody in its group could give an approval."""
    if refusal := why_no_group(rule.group):
        raise InvalidTransition(refusal)
    if rule.pk is None:
        with refuse_second(gettext("There is such a rule already. Change that one.")):
            rule.save()
        rows.record_new(rule)
    else:
        with rows.recorded(ApprovalRule, [rule.pk]):
            rule.save()


@transition
def delete_approval_rules(rules):
    """Delete `rules`, a query set: from now on one approval is enough for these texts."""
    with rows.recorded(ApprovalRule, list(rules.values_list("pk", flat=True))):
        rules.delete()


def why_no_group(group):
    """Return why a group can't be the one that an approval has to come from, "" if it can, also for None."""
    if group is None or users_with_permission("articles.review_revision").filter(groups=group).exists():
        return ""
    return gettext("Nobody in “%(name)s” can review revisions, so such a text could never be published.") % {
        "name": group.name
    }


def why_no_new_name(group):
    """Return why a stored `group` can't get another name now, "" if it can.

    Approvals name the groups that they came from, so a text that waits for its last one could never be approved.
    """
    first = Review.objects.filter(decision=Review.Decision.CO_APPROVED)
    named = {revision for revision, needs in first.values_list("revision", "requirement") if group.name in needs["in"]}
    named = Revision.objects.filter(pk__in=named).exclude(status=Revision.Status.WITHDRAWN).select_related("article")
    count = sum(
        any(group.name in review.requirement["in"] for review in progress.given)
        for progress in progress_by_key(named).values()
    )
    if not count:
        return ""
    return ngettext(
        "%(count)s text waits for another approval and has one from “%(name)s”. Rename the group once it has both.",
        "%(count)s texts wait for another approval and have one from “%(name)s”. Rename the group once they have both.",
        count,
    ) % {"count": count, "name": group.name}
