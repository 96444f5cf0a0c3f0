"""Every acknowledged save is there: the current text of a draft, and its versions as they were saved."""

from articles.models import DraftVersion
from articles.workflow.content import content_of
from articles.workflow.history import audit_log

from .types import RESTORE, Finding


def check_versions(article):
    """Versions are as saved, and the newest one is the draft's text, unless the draft was merged since."""
    newest = {}
    versions = DraftVersion.objects.filter(revision__article=article).order_by("revision__number", "number")
    for version in versions.select_related("revision").iterator(chunk_size=50):
        place = f"{article.slug}: revision {version.revision.number}, version {version.number}"
        if audit_log.digest(version.content) != version.digest:
            yield Finding("saves", place, "it differs from what was saved", RESTORE)
        if version.number > version.revision.version:
            yield Finding("saves", place, f"the draft itself is only at version {version.revision.version}", RESTORE)
        newest[version.revision_id] = version.number, version.digest
    for revision in article.revision_set.open():
        place = f"{article.slug}: revision {revision.number}"
        number, digest = newest.get(revision.pk, (None, None))
        if number is None:  # imported, and not edited since
            continue
        if digest != audit_log.digest(audit_log.content_value(content_of(revision))):
            problem = f"the draft’s text (version {revision.version}) isn’t what was saved last (version {number})"
            yield Finding(
                "saves", place, problem, f"Open the draft, compare it with its versions, and restore one. {RESTORE}"
            )
