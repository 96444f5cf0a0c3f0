"""What a site has that a backup of it lacks, because it is newer: a restore would delete it."""

from datetime import UTC, datetime

from django.contrib.auth import get_user_model

from articles.core.language.shorten import printable_line, shorten
from articles.core.parsing.numbers import counted
from articles.derived.reviews.reviewers import PUBLICATIONS
from articles.models import (
    Article,
    Comment,
    CorrectionRequest,
    GuestComment,
    LogEntry,
    RankChange,
    RecordingChange,
    Review,
    Revision,
    RowRecord,
    Transcript,
    Upload,
)

NAMED = 5  # of each kind, the newest
NAME_LENGTH = 60


def since(moment):
    """Return a line for each kind of thing that was made after `moment`: how many, and the names of the newest."""
    lines = []
    for *kind, rows, at, name in _kinds():
        rows = rows.filter(**{f"{at}__gte": moment}).order_by(f"-{at}", "-pk")
        if count := rows.count():
            lines.append(f"{counted(count, *kind)}: {_listed(rows, name, count)}")
    # Whatever else somebody did is on record, such as withholding a name.
    if not lines and (count := RowRecord.objects.filter(at__gte=moment).count()):
        lines.append(counted(count, "other change on record", "other changes on record"))
    return lines


def moment_of(description):
    """Return the time of the state that a backup has, from its description."""
    moment = datetime.fromisoformat(description["made_at"])
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def shown(description):
    """Return that time for messages."""
    return f"{moment_of(description):%Y-%m-%d %H:%M:%S} UTC"


def _kinds():
    """Yield (what one is called, perhaps its plural, rows, the column with its time, how to name a row)."""
    published = LogEntry.objects.filter(action__in=PUBLICATIONS).select_related("revision", "article")
    yield "published text", published, "at", lambda row: row.revision.title if row.revision else row.article.slug
    yield "article", Article.objects.all(), "created_at", lambda row: row.slug
    drafts = Revision.objects.filter(status=Revision.Status.DRAFT)
    yield "saved draft", drafts, "saved_at", lambda row: row.title
    submitted = Revision.objects.exclude(status=Revision.Status.DRAFT)
    yield "submitted text", submitted, "submitted_at", lambda row: row.title
    reviews = Review.objects.select_related("revision")
    yield "decision", reviews, "at", lambda row: f"{row.get_decision_display()}, {row.revision.title}"
    yield "comment", Comment.objects.all(), "at", str
    yield "guest’s comment", "guests’ comments", GuestComment.objects.all(), "at", lambda row: row.name
    yield "correction request", CorrectionRequest.objects.all(), "at", str
    yield "answered correction request", CorrectionRequest.objects.all(), "answered_at", str
    yield "change to a recording", "changes to recordings", RecordingChange.objects.all(), "proposed_at", str
    transcripts = Transcript.objects.select_related("episode")
    yield "transcript", transcripts, "imported_at", lambda row: row.episode.reference
    yield "account", get_user_model().objects.all(), "date_joined", lambda row: row.get_username()
    yield "change of rank", "changes of rank", RankChange.objects.all(), "proposed_at", lambda row: row.account_name
    yield "upload", Upload.objects.all(), "at", str
    # What else was done, above all what must not come back: texts erased, unpublished or reverted, names withheld.
    entries = LogEntry.objects.exclude(action__in=PUBLICATIONS).select_related("article")
    yield (
        "entry in the log",
        "entries in the log",
        entries,
        "at",
        lambda row: f"{row.article.slug}: {row.get_action_display()}",
    )


def _listed(rows, name, count):
    names = [f"“{shorten(printable_line(name(row)), NAME_LENGTH)}”" for row in rows[:NAMED]]
    return ", ".join([*names, "…"] if count > NAMED else names)
