"""Ranks are as granted, and reviewers were allowed to review: by their rank at that time, and by the four-eyes rule."""

from dataclasses import asdict

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.migrations.recorder import MigrationRecorder

from articles.derived.reviews.reviewers import BY_REVIEWERS
from articles.models import Contributor, RankChange, Review
from articles.workflow.governance.permissions import ROLES
from articles.workflow.governance.ranks import Rank

from .types import Finding

LOGGED_SINCE = "0018_ranks"  # the migration since which changes of rank are logged
RIGHT = "review_revision"
REVOKE = "Ask who changed it outside the site; a superuser sets it right under “Changes of rank”"


def check_ranks(*, quick):
    """What each account may do is what the last change of its rank says, and each change starts from the one before."""
    latest = {}
    changes = RankChange.objects.filter(outcome=RankChange.Outcome.DONE, account__isnull=False)
    for change in changes.order_by("decided_at", "pk").iterator(chunk_size=500):
        before = latest.get(change.account_id)
        if before is not None and not _is_same(before.after, change.before):
            problem = f"change {change.pk} of its rank doesn’t start from what change {before.pk} gave"
            yield Finding("ranks", f"account {change.account_name}", problem, REVOKE)
        latest[change.account_id] = change
    accounts = get_user_model().objects.filter(pk__in=latest).prefetch_related("groups")
    for account in accounts.order_by("pk"):
        change = latest[account.pk]
        rank = asdict(Rank.of(account))
        if not _is_same(rank | {name: list(rank[name]) for name in ("groups", "permissions")}, change.after):
            problem = f"its groups, permissions and flags aren’t those that change {change.pk} of its rank gave"
            yield Finding("ranks", f"account {account.get_username()}", problem, REVOKE)


def _is_same(rank, other):
    """Compare two stored ranks; earlier versions stored no permissions."""
    unknown = {"permissions"} - (rank.keys() & other.keys())
    return all(rank.get(name) == other.get(name) for name in (rank.keys() | other.keys()) - unknown)


def check_groups(*, quick):
    """The groups have exactly the permissions of their roles."""
    for group in Group.objects.filter(name__in=ROLES).prefetch_related("permissions__content_type"):
        found = {(p.content_type.app_label, p.codename) for p in group.permissions.all()}
        wanted = {(app, codename) for app, names in ROLES[group.name].items() for codename in names}
        if found != wanted:
            names = ", ".join(sorted(codename for _, codename in found ^ wanted))
            remedy = "Run `manage.py ensure_groups`, and ask who changed it"
            yield Finding("ranks", f"group {group.name}", f"its permissions differ from its role’s: {names}", remedy)


def check_reviewers(article):
    """Reviewers had the right at that time, and hadn't written what they reviewed."""
    reviews = Review.objects.filter(revision__article=article, by__isnull=False).select_related("revision", "by")
    reviews = list(reviews.order_by("pk"))
    if not reviews:
        return
    writers = set(Contributor.objects.filter(revision__article=article).values_list("revision", "user"))
    ranks = _ranks_of({review.by_id for review in reviews})
    since = _logged_since()
    for review in reviews:
        place = f"{article.slug}: revision {review.revision.number}"
        wrote = (review.revision_id, review.by_id) in writers
        if settings.FOUR_EYES and wrote and review.decision in BY_REVIEWERS and not review.is_override:
            problem = f"{review.by_name} wrote part of it and found it right (“{review.decision}”)"
            yield Finding("reviewers", place, problem, "Unpublish it, and have somebody else review it")
        if since is not None and review.at >= since and not _may_review(review.by, ranks, review.at):
            problem = f"{review.by_name} reviewed it at {review.at:%Y-%m-%d %H:%M} without the right to review"
            yield Finding("reviewers", place, problem, "Have somebody else review it, and ask how this came about")


def _logged_since():
    applied = MigrationRecorder.Migration.objects.filter(app="articles", name=LOGGED_SINCE)
    return applied.values_list("applied", flat=True).first()


def _ranks_of(accounts):
    """Return {account: its changes of rank that were carried out, in order}."""
    changes = RankChange.objects.filter(account__in=accounts, outcome=RankChange.Outcome.DONE)
    of_account = {account: [] for account in accounts}
    for change in changes.order_by("decided_at", "pk"):
        of_account[change.account_id].append(change)
    return of_account


def _may_review(account, ranks, at):
    later = next((change for change in ranks[account.pk] if change.decided_at > at), None)
    if later is None:
        return account.is_superuser or _in_groups(account.groups.values_list("name", flat=True)) or _has_it(account)
    before = later.before
    had_it = f"articles.{RIGHT}" in before["permissions"] if "permissions" in before else _has_it(account)
    return before["is_superuser"] or _in_groups(before["groups"]) or had_it


def _in_groups(names):
    return Group.objects.filter(name__in=list(names), permissions__codename=RIGHT).exists()


def _has_it(account):
    """Whether the account itself has the permission, besides its groups."""
    return account.user_permissions.filter(codename=RIGHT).exists()
