"""The records of changes to recordings: their rows, the log entries of the texts that cite them, and notices."""

from collections import defaultdict

from django.utils import timezone
from django.utils.translation import gettext

from articles.core.recordings.transcripts import typed_text
from articles.derived.recordings import dependents
from articles.derived.reviews import reviewers
from articles.models import Notice, RecordingChange, Review, Source
from articles.workflow import notifications
from articles.workflow.content.recordings import NOT_SHOWN, part_label
from articles.workflow.history import rows
from articles.workflow.transitions import Action, compare_and_set, name_of, record

BY_COMMAND = "manage.py"  # the name in the log if no account made the change
Outcome = RecordingChange.Outcome


def propose(made, episodes, by, reason, *, is_visible, cues=None):
    """Store a change that waits for a decision, log it with the texts concerned, and notify those who decide."""
    relying = _relying(episodes)
    row = _insert(made, by, reason, Outcome.WAITING, is_visible=is_visible, is_cited=True, cues=cues)
    names = [*made.names, *(part_label(name) for name in made.differing if name in NOT_SHOWN)]
    _log(relying, Action.RECORDING_PROPOSED, _note(made.before["title"], names), by)
    values = {"by": actor_name(by), "recording": made.before["title"], "title": relying[0].title}
    values["parts"] = _listed(names)
    notifications.notify(
        Notice.Kind.RECORDING,
        gettext("%(by)s proposed a change to “%(recording)s” (%(parts)s), which “%(title)s” cites.") % values,
        revision=relying[0],
        users=reviewers.users_with_permission("articles.publish_revision"),
        actor=by,
        recording_change=row,
    )
    return row


def applied(made, episodes, by, reason, *, is_visible, is_command, proposal):
    """Store a change that was made, log it with the texts concerned, and tell their authors; return its row.

    `proposal` is the row, whose outcome is set already, if the change was proposed before; it is the one returned.
    """
    relying, is_command = _relying(episodes), is_command or by is None
    is_as_proposed = proposal and made.digests() == (proposal.before_digest, proposal.after_digest)
    if proposal and not is_as_proposed:
        # Another change came in between. What was proposed stays on record as it was, so what it did is one more row.
        reason = gettext("Carries out change %(number)s, proposed before others.") % {"number": proposal.pk}
    if not is_as_proposed:
        values = {"is_visible": is_visible, "is_cited": bool(relying), "is_command": is_command}
        made_row = _insert(made, by, reason, Outcome.APPLIED, proposal=proposal, **values)
    row = proposal or made_row
    if is_visible or proposal:
        names = made.names or map(part_label, made.differing)
        _log(relying, Action.RECORDING_CHANGED, _note(made.recording, names), by, changed=episodes)
    if is_visible:
        _tell_authors(relying, made, row, by, is_command=is_command)
    return row


def decide(row, outcome, by, comment=""):
    """Set the outcome of a waiting change; return False if it no longer waits."""
    values = {
        "outcome": outcome,
        "decided_at": timezone.now(),
        "decided_by": by,
        "decided_by_name": name_of(by),
        "comment": typed_text(comment)[:500],
        "cues": None,
    }
    with rows.recorded(RecordingChange, [row.pk]):
        return compare_and_set(RecordingChange.objects.waiting(), row, **values)


def log_refusal(row, episodes, action, by):
    """Log that a proposed change was rejected or withdrawn, as `action` says."""
    note = _note(row.reference, map(part_label, row.after))
    _log(_relying(episodes), action, note, by)


def notify_proposer(row, episodes, text, by):
    """Tell whoever proposed a change what became of it."""
    for revision in _relying(episodes)[:1]:
        notifications.notify(
            Notice.Kind.RECORDING, text, revision=revision, users=[row.proposed_by], actor=by, recording_change=row
        )


def actor_name(by):
    return name_of(by) if by is not None else BY_COMMAND


def _insert(made, by, reason, outcome, *, proposal=None, **values):
    """Store what `by` proposed, or did; with a `proposal`, what `by` decided and somebody else had proposed."""
    before, after = made.values()
    before_digest, after_digest = made.digests()
    now = timezone.now()
    if outcome == Outcome.APPLIED:
        values |= {"decided_at": now, "decided_by": by, "decided_by_name": actor_name(by)}
    row = RecordingChange.objects.create(
        **made.subject(),
        before=before,
        after=after,
        before_digest=before_digest,
        after_digest=after_digest,
        reason=typed_text(reason)[:500],
        proposed_at=now,
        proposed_by=proposal.proposed_by if proposal else by,
        proposed_by_name=proposal.proposed_by_name if proposal else actor_name(by),
        outcome=outcome,
        **values,
    )
    rows.record_new(row)
    return row


def _relying(episodes):
    """Return the revisions that rely on `episodes`: those of one article together, the published one last."""
    relying = dependents.revisions_relying_on(episodes).select_related("article", "author")
    return sorted(relying, key=lambda row: (row.article_id, row.pk == row.article.published_revision_id, -row.pk))


def _log(relying, action, note, by, *, changed=()):
    """Log an action once with each article, about what is published or else in review.

    The entries cover the digests of the `changed` episodes that their articles cite.
    """
    sources = Source.objects.filter(revision__in=relying, episode__in=changed).order_by("episode") if changed else None
    digests = {}
    for article, *recording in (
        sources.values_list("revision__article", "episode", "episode__recording_digest") if sources else ()
    ):
        known = digests.setdefault(article, [])
        if recording not in known:
            known.append(recording)
    latest = {revision.article_id: revision for revision in relying}
    for pk, revision in latest.items():
        record(revision.article, revision, action, by, note, by_name=actor_name(by), recordings=digests.get(pk))


def _tell_authors(relying, made, row, by, *, is_command):
    """Notify each author and watcher once: of a text to be reviewed again, else of a public one; and whoever approved one.

    A command may change hundreds of recordings under published texts, which its report lists; it notifies of the first.
    """
    told, approvers = set(), _approvers(relying)
    for revision in relying:
        if is_command and revision.pk == revision.article.published_revision_id:
            continue
        approved = approvers[revision.pk]
        users = {revision.author, *notifications.watchers(revision.article)} - told - approved
        told |= users
        values = {"recording": made.recording, "title": revision.title, "parts": _listed(made.names)}
        text = gettext("“%(recording)s”, which “%(title)s” cites, was changed (%(parts)s).") % values
        lapsed = gettext("Your approval of revision %(number)s no longer counts.") % {"number": revision.number}
        for recipients, words in ((users, text), (approved, f"{text} {lapsed}")):
            notifications.notify(
                Notice.Kind.RECORDING, words, revision=revision, users=recipients, actor=by, recording_change=row
            )


def _approvers(revisions):
    """Return {revision key: the accounts whose approvals waited for another one}, empty sets for the others."""
    found = defaultdict(set)
    of_any = Review.objects.filter(revision__in=revisions).order_by("pk").select_related("by")
    for review in of_any if of_any.filter(decision=Review.Decision.CO_APPROVED).exists() else ():
        if review.decision == Review.Decision.CO_APPROVED:
            found[review.revision_id].add(review.by)
        else:
            found[review.revision_id].clear()
    return found


def _note(recording, names):
    return f"{recording}: {_listed(names)}"


def _listed(names):
    return ", ".join(dict.fromkeys(names))
