"""The site as a whole: uploads, transcripts, rows that belong to nothing, and what the scheduler has to do."""

import hashlib
import re

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection

from articles.derived import search
from articles.derived.checks import run
from articles.derived.rebuilding import versions
from articles.derived.recordings import excerpts
from articles.derived.texts import images
from articles.models import (
    Article,
    Check,
    Cue,
    Episode,
    LogEntry,
    Quotation,
    RecordingChange,
    RelatedArticles,
    Revision,
    SearchEntry,
    Transcript,
    TranscriptWindow,
)
from articles.workflow.governance.erasing.redaction import REMARKS, texts_of
from articles.workflow.recordings.stored_cues import digest_of
from articles.workflow.scheduling import check_health

from .types import REBUILD_STALE, RESTORE, Finding, stale_if

Action = LogEntry.Action
RECHECK, REBUILD_SEARCH = "Run `manage.py check_citations`", "Run `manage.py rebuild_search`"
_BY_DIGEST = re.compile(r"uploads/[0-9a-f]{64}\.")
SCHEDULING = [Action.SCHEDULED, Action.UNSCHEDULED, Action.NOT_PUBLISHED, Action.PUBLISHED, Action.WITHDRAWN]


def check_uploads(article):
    """Images that the texts show are where uploads are stored, as they were: the name is the SHA-256 of the file."""
    problems = {}
    for revision in article.revision_set.order_by("number").iterator(chunk_size=20):
        for name in images.shown_in(texts_of(revision)):
            if name not in problems:
                problems[name] = _problem_of_upload(name)
            if problems[name]:
                place = f"{article.slug}: revision {revision.number}"
                remedy = "Restore it from a backup of the uploads"
                yield Finding("uploads", place, f"the image {name} {problems[name]}", remedy)


def _problem_of_upload(name):
    try:
        with default_storage.open(name) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            is_empty = file.tell() == 0
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"can’t be read: {error.strerror}"
    if is_empty:
        return "is empty"
    # Images that earlier versions stored have random names.
    is_named_so = not _BY_DIGEST.match(name) or digest in name
    return "" if is_named_so else "isn’t what was stored under this name"


def check_schedule(article):
    """A revision is scheduled exactly if its log says so."""
    entries = LogEntry.objects.filter(article=article, action__in=SCHEDULING).order_by("number")
    last = dict(entries.values_list("revision", "action"))
    scheduled = set(article.revision_set.filter(publish_at__isnull=False).values_list("pk", flat=True))
    logged = {pk for pk, action in last.items() if action == Action.SCHEDULED}
    for revision in article.revision_set.filter(pk__in=scheduled ^ logged).order_by("number"):
        place = f"{article.slug}: revision {revision.number}"
        if revision.pk in logged:
            yield Finding("schedule", place, "its schedule is lost", "Schedule it again")
        else:
            yield Finding("schedule", place, "it is scheduled, but nobody did that", f"Cancel its schedule. {RESTORE}")


def check_late(*, quick):
    """Nothing that is due waits for a scheduler that doesn't run."""
    health = check_health()
    for late in (*health.late_revisions, *health.late_articles):
        yield Finding("schedule", str(late), "its time has passed", "Start the scheduler (`manage.py run_worker`)")


def check_orphans(*, quick):
    """No row refers to one that is gone, and no derived row to an article that isn't published."""
    for model, field, pk in _dangling():
        yield Finding("orphans", f"{model._meta.verbose_name} {pk}", f"its {field.name} is missing", RESTORE)
    unpublished = Article.objects.filter(published_revision__isnull=True)
    for model in (SearchEntry, RelatedArticles):
        for pk in model.objects.filter(article__in=unpublished).values_list("pk", flat=True)[:10]:
            place = f"{model._meta.verbose_name} {pk}"
            yield Finding("orphans", place, "its article isn’t published", "Run `manage.py rebuild`")
    for quotation in Quotation.objects.filter(redacted_at=None).exclude(kind=Quotation.Kind.REVISION).iterator():
        model = RecordingChange if quotation.kind == Quotation.Kind.RECORDING else REMARKS[quotation.kind][0]
        if not model._base_manager.filter(pk=quotation.row).exists():
            yield Finding("orphans", f"quotation {quotation.pk}", "what it refers to is missing", RESTORE)


def _dangling():
    """Yield (model, field, key) of up to ten rows for each foreign key whose row is gone."""
    quote = connection.ops.quote_name
    for model in apps.get_app_config("articles").get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if not field.is_relation:
                continue
            target = field.target_field
            # A hundred statements: Django takes longer to write them than the database to answer.
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {quote(model._meta.pk.column)} FROM {quote(model._meta.db_table)} referring"  # noqa: S608
                    f" WHERE {quote(field.column)} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
                    f" {quote(target.model._meta.db_table)} referred"
                    f" WHERE referred.{quote(target.column)} = referring.{quote(field.column)}) ORDER BY 1 LIMIT 10"
                )
                gone = cursor.fetchall()
            yield from ((model, field, pk) for (pk,) in gone)


def check_transcript(episode, *, quick):
    """The episode's cues are those of its current transcript, and searched."""
    current = Transcript.objects.current().filter(episode=episode).values_list("digest", flat=True).first()
    place = f"episode {episode.reference}"
    if episode.transcript_digest != (current or ""):
        yield Finding("transcripts", place, "its current transcript isn’t the one on record", "Import it again")
    if not episode.transcript_digest:
        return
    cues = Cue.objects.filter(episode=episode).order_by("start_seconds", "pk")
    if not cues.exists():
        yield Finding("transcripts", place, "its cues are missing", "Import the transcript again")
    elif not quick and digest_of(cues.iterator(chunk_size=500)) != episode.transcript_digest:
        yield Finding("transcripts", place, "its cues aren’t those that were imported", "Import the transcript again")
    windows = TranscriptWindow.objects.filter(episode=episode).order_by("pk")
    if not windows.exists():
        yield Finding("search", place, "its transcript isn’t searched", REBUILD_SEARCH)
    elif not quick and _rows_of(windows) != _rows_of(search.windows_of(episode)):
        yield Finding("search", place, "what is searched isn’t what its cues give", REBUILD_SEARCH)


def check_excerpts(episode, *, quick):
    """The public excerpts of the episode are as long as its citations and the limit allow."""
    if any(excerpts.differing(Episode.objects.filter(pk=episode.pk))):
        problem = "its excerpts aren’t what its public citations and the limit give"
        citing = Revision.objects.published().filter(citation__episode=episode)
        is_stale = versions.of_earlier_version(citing).exists()
        yield from stale_if(is_stale, [Finding("excerpts", f"episode {episode.reference}", problem, REBUILD_STALE)])


def check_checks(episode, *, quick):
    """Automatic checks are of their claims, and say what checking these again gives."""
    checks = Check.objects.filter(episode=episode).order_by("start_seconds", "pk")  # those of one passage together
    for check in checks.iterator(chunk_size=500):
        check.episode = episode
        place = f"check {check.pk}"
        if check.key != run.check_key(episode, check):
            yield Finding("checks", place, "its key isn’t that of its claim", RECHECK)
        elif not quick and run.is_current(check, episode) and (wrong := run.differing(check)):
            yield Finding("checks", place, f"{', '.join(wrong)} isn’t what checking it again gives", RECHECK)


def _rows_of(windows):
    return [(window.pk, window.start_seconds, window.end_seconds, window.words) for window in windows]
