"""The rows of a published article, written without the workflow's transitions, for tests of something else."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from articles.derived import refresh_linking_to, republish
from articles.derived.checks import lint_results
from articles.derived.reviews import reviewers
from articles.derived.texts import derivation
from articles.models import Article, Contributor, LogEntry, Notice, Review, Revision, Section, Source
from articles.workflow import name_of, notifications
from articles.workflow.content.changes import weigh
from articles.workflow.content.recordings import cited_recordings
from articles.workflow.drafts import versions
from articles.workflow.history import audit_log, chain, names, rows
from articles.workflow.publishing import pointer

Action = LogEntry.Action


@transaction.atomic
def write(content, *, by, moderator):
    """Write a new article with `content` as if `by` had submitted it and `moderator` had published it; return it.

    The text is derived once, where the workflow does so for the draft and again on publication.
    """
    content = versions.with_keys(content)
    author = {"author": by, "author_name": name_of(by), "saved_by": by, "saved_by_name": name_of(by)}
    now = timezone.now()
    article = Article.objects.create(slug=content.slug, created_by=by, created_by_name=name_of(by), last_saved_at=now)
    values = {name: getattr(content, name) for name in ("title", "slug", "lead", "notice", "language", "edit_summary")}
    revision = Revision.objects.create(article=article, number=1, version=1, saved_at=now, **author, **values)
    contributor = Contributor.objects.create(
        revision=revision, user=by, user_name=name_of(by), account=by.pk, name_seal=names.new_seal()
    )
    Source.objects.bulk_create(
        Source(revision=revision, position=position, key=source.key, episode=source.episode)
        for position, source in enumerate(content.sources)
    )
    sections = _sections(revision, content)
    versions.keep(revision, content, is_autosave=False)
    revision.change_kinds, revision.risk = weigh(revision)
    revision.digest = audit_log.revision_digest(revision)
    revision.status, revision.submitted_at = Revision.Status.APPROVED, now
    Review.objects.create(
        revision=revision, decision=Review.Decision.APPROVED, by=moderator, by_name=name_of(moderator), at=now
    )
    published_at = pointer.point_to(revision)  # before deriving, so that a link to the article itself leads somewhere
    _log(article, revision, by, moderator, contributor, published_at)
    _notify(revision, by, moderator)
    article.refresh_from_db()

    parts, episodes = derivation.derive(
        revision, sections=sections, episodes={source.key: source.episode for source in content.sources}
    )
    lint_results.store(revision, parts, episodes)
    republish(article)
    refresh_linking_to([content.slug])
    return article


def _sections(revision, content):
    sections = [
        Section(
            revision=revision,
            key=section.key or uuid.uuid4(),
            position=position,
            level=section.level,
            heading=section.heading,
            body=section.body,
        )
        for position, section in enumerate(content.sections)
    ]
    derivation.set_anchors(sections)
    return Section.objects.bulk_create(sections)


def _log(article, revision, by, moderator, contributor, now):
    actions = [
        (Action.CREATED, None, by, ""),
        (Action.STARTED, revision, by, ""),
        (Action.SUBMITTED, revision, by, revision.edit_summary),
        (Action.APPROVED, revision, moderator, ""),
        (Action.PUBLISHED, revision, moderator, ""),
    ]
    covered = cited_recordings(revision)
    entries, digest = [], ""
    for number, (action, about, user, note) in enumerate(actions, 1):
        entry = LogEntry(article=article, revision=about, action=action, note=note, number=number, at=now)
        entry.by, entry.by_name, entry.account = user, name_of(user), user.pk
        if action in {Action.SUBMITTED, Action.APPROVED}:
            entry.recordings = covered
        entry.name_seal = names.new_seal()
        writers = about.contributor_set.all() if about else ()
        entry.digest = digest = audit_log.entry_digest(entry, digest, writers)
        entry.proof = chain.proof_of(entry)
        entries.append(entry)
    LogEntry.objects.bulk_create(entries[:2])
    rows.record_new(contributor)  # in the order in which the workflow does, as the chain has it
    LogEntry.objects.bulk_create(entries[2:])
    Article.objects.filter(pk=article.pk).update(log_length=len(entries), log_digest=digest)


def _notify(revision, by, moderator):
    moderators = list(reviewers.users_with_permission("articles.review_revision"))
    values = {"title": revision.title, "number": revision.number, "by": name_of(by), "name": name_of(moderator)}
    values |= {"action": Action.APPROVED.label, "comment": "."}
    submitted = gettext("%(by)s submitted “%(title)s” (revision %(number)s) for review.") % values
    decided = gettext("%(name)s %(action)s “%(title)s” (revision %(number)s)%(comment)s") % values
    published = gettext("“%(title)s” (revision %(number)s) was published.") % values
    notifications.notify(Notice.Kind.SUBMITTED, submitted, revision=revision, users=moderators, actor=by)
    notifications.notify(Notice.Kind.DECIDED, decided, revision=revision, users=[by], actor=moderator)
    notifications.notify(Notice.Kind.PUBLISHED, published, revision=revision, users=[by], actor=moderator)
