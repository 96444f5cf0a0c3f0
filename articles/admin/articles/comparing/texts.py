"""The texts of an article that somebody may compare: its revisions, and the versions of them that saves kept.

An address names a revision by its number ("7"), and a version by both numbers ("7.12").
"""

from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext

from articles.admin.shared.helpers import found_or_404, local_time
from articles.core.revisions import diff as core_diff
from articles.models import DraftVersion, Revision
from articles.views import diff
from articles.workflow.content.changes import text_of
from articles.workflow.drafts import versions

LISTED = 200  # newest revisions, and newest versions, that can be chosen from a list


@dataclass(frozen=True)
class ChosenText:
    """A revision, or with `version` what one save of it stored."""

    revision: Revision
    version: DraftVersion | None = None

    @property
    def ref(self):
        """What addresses call it."""
        return f"{self.revision.number}.{self.version.number}" if self.version else str(self.revision.number)

    @property
    def name(self):
        if self.version is None:
            return gettext("Revision %(number)s") % {"number": self.revision.number}
        values = {"version": self.version.number, "number": self.revision.number}
        return gettext("Version %(version)s of revision %(number)s") % values

    @property
    def is_erased(self):
        return self.revision.erased_at is not None


def chosen(article, user, ref):
    """Return the `ChosenText` that an address calls `ref`; raises Http404 if there is none that `user` may read."""
    number, dot, version = ref.partition(".")
    revisions = article.revision_set.visible_to(user).select_related("article", "base")
    revision = found_or_404(revisions, number, gettext("This article has no such revision."), field="number")
    if not dot:
        return ChosenText(revision)
    kept = versions.visible_to(user, article).filter(revision=revision)
    return ChosenText(revision, found_or_404(kept, version, gettext("This draft has no such version."), field="number"))


def pair(article, user, asked):
    """Return the two `ChosenText`s that `asked`, a query, names as `old` and `new`.

    Without `new` it is the newest revision, without `old` the one that the new one is based on, or what is published.
    """
    new = asked.get("new") or str(newest_number(article, user))
    new = chosen(article, user, new)
    if asked.get("old"):
        return chosen(article, user, asked["old"]), new
    if new.version is not None:
        return ChosenText(new.revision), new
    before = new.revision.base or article.published_revision or new.revision
    return chosen(article, user, str(before.number)), new


def newest_number(article, user):
    """Return the number of the newest revision that `user` may read, 0 if there is none."""
    numbers = article.revision_set.visible_to(user).order_by("-number").values_list("number", flat=True)
    return numbers.first() or 0


def choices(article, user, *always):
    """Return (groups, whether some texts are left out) for a list: groups are (name, [(ref, label)]), newest first.

    The texts `always` are listed however old they are. Two queries.
    """
    found = article.revision_set.visible_to(user).defer("lead", "change_kinds").order_by("-number")[: LISTED + 1]
    kept = versions.visible_to(user, article).defer("content").select_related("revision")
    found, kept = list(found), list(kept.order_by("-revision__number", "-number")[: LISTED + 1])
    texts = [ChosenText(revision) for revision in found[:LISTED]]
    # The version that a draft is at is the draft itself.
    texts += [ChosenText(row.revision, row) for row in kept[:LISTED] if row.number != row.revision.version]
    by_ref = {text.ref: text for text in texts} | {text.ref: text for text in always}
    groups = {}
    for text in sorted(by_ref.values(), key=_order, reverse=True):
        groups.setdefault(_group(text, article), []).append((text.ref, _label(text)))
    return list(groups.items()), max(len(found), len(kept)) > LISTED


def _order(text):
    """Order revisions before versions; within a group of either by number."""
    rank = 0 if text.version else 3 if text.revision.is_draft else 2 if text.revision.first_public_at else 1
    return rank, text.revision.number, text.version.number if text.version else 0


def _group(text, article):
    if text.version:
        return gettext("Earlier versions of revision %(number)s") % {"number": text.revision.number}
    if text.revision.is_draft:
        return gettext("Drafts")
    return gettext("Published") if text.revision.first_public_at else gettext("Not published")


def _label(text):
    revision, version = text.revision, text.version
    if version:
        values = {"number": version.number, "name": version.saved_by_name, "moment": local_time(version.saved_at)}
        if version.is_autosave:
            return gettext("Version %(number)s: %(name)s, %(moment)s, saved automatically") % values
        return gettext("Version %(number)s: %(name)s, %(moment)s") % values
    values = {
        "number": revision.number,
        "name": revision.author_name,
        "day": local_time(revision.submitted_at or revision.saved_at, "DATE_FORMAT"),
        "state": gettext("published now")
        if revision.pk == revision.article.published_revision_id
        else revision.get_status_display(),
    }
    return gettext("Revision %(number)s: %(name)s, %(day)s, %(state)s") % values


def compare(old, new):
    """Return (`diff.Shown` of two `ChosenText`s, keys of sources left out because their episode no longer exists).

    Citation statuses are known of revisions only, so a comparison with a version has none.
    """
    if old.version is None and new.version is None:
        return diff.compare(old.revision, new.revision, excerpts=True), []
    (before, old_sources, lacked), (after, new_sources, lacks) = read(old), read(new)
    return diff.show(core_diff.compare(before, after), old_sources, new_sources), sorted({*lacked, *lacks})


def read(text):
    """Return (`diff.Text`, episodes by source key, keys of sources without an episode) of a `ChosenText`."""
    if text.version is None:
        [(value, sources)] = diff.read(text.revision)
        return value, sources, []
    content, lacking = versions.content_of_version(text.version)
    sources = {source.key: source.episode for source in content.sources}
    prefetch_related_objects(list(sources.values()), "chapter_set")
    return text_of(content), sources, lacking
