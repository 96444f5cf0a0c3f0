"""After an erasure no column, file, session, cache, search index or database file holds any of the text."""

import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, models
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import workflow
from articles.derived.checks import run
from articles.models import (
    Article,
    BackgroundTask,
    Check,
    Comment,
    Confirmation,
    DraftVersion,
    FollowUp,
    LintIssue,
    LogEntry,
    Mailbox,
    Notice,
    Rendering,
    Revision,
    SavedView,
    ScheduledJob,
    Source,
    TaskFilePart,
    Upload,
)
from articles.workflow.collaboration import comments, correction_requests, margin, sharing, suggested_edits
from articles.workflow.content import SectionContent, SourceContent, content_of
from articles.workflow.history import audit_log
from articles.workflow.scheduling import run_jobs
from tests.support.databases.empty import empty_database
from tests.support.databases.marks import left_in_tables
from tests.support.factories import make_change, make_episode, make_published, make_user

MARK = "Zqxwvjk"
# Every column that can hold text, and what an erasure does about it. A new one fails until it is decided here.
ERASED = {
    "articles.Revision": "title lead edit_summary public_note",
    "articles.Section": "heading body anchor",
    "articles.Source": "key",
    "articles.Citation": "anchor text claim context",
    "articles.Rendering": "lead_html lead_text text_html page_html partial_review plain_text",
    "articles.Link": "slug",
    "articles.ImageUse": "name",
    "articles.Upload": "file_name alt credit",
    "articles.Check": "claim context matched_words missing discrepancies",
    "articles.Confirmation": "claim",
    "articles.Dismissal": "text note",
    "articles.Exemption": "reason",
    "articles.LintIssue": "text message",
    "articles.Comment": "text quote",
    "articles.CommentedPassage": "prefix suffix",
    "articles.SuggestedEdit": "replacement",
    "articles.CorrectionRequest": "section_heading claim text answer",
    "articles.FollowUp": "address",
    "articles.GuestComment": "name text",
    "articles.Review": "comment",
    "articles.LogEntry": "note",
    "articles.RecordingChange": "reason comment",
    "articles.Notice": "text mail_error",
    "articles.DraftVersion": "content",
    "articles.SearchEntry": "text heading anchor words",
    "articles.RelatedArticles": "html",
    "articles.StoredResponse": "key etag headers brotli gzip body",
    "articles.ScheduledJob": "error",
    "articles.BackgroundTask": "error arguments result",
    "articles.SavedView": "name query",
    "articles.TaskFilePart": "data",
    "django_tasks_database.DBTaskResult": "traceback",
    "articles.Mailbox": "last_error",
    "admin.LogEntry": "object_repr change_message",
    "sessions.Session": "session_data",
}
KEPT = {
    "a name, which suppress_name withholds": {
        "articles.Article": "created_by_name",
        "articles.Transcript": "imported_by_name reviewed_by_name",
        "articles.Confirmation": "by_name withdrawn_by_name",
        "articles.Dismissal": "by_name withdrawn_by_name",
        "articles.Exemption": "by_name withdrawn_by_name",
        "articles.Revision": "author_name saved_by_name review_locked_by_name",
        "articles.Contributor": "user_name",
        "articles.Comment": "by_name resolved_by_name",
        "articles.SuggestedEdit": "decided_by_name",
        "articles.CorrectionRequest": "answered_by_name",
        "articles.DraftLink": "made_by_name revoked_by_name",
        "articles.GuestComment": "deleted_by_name",
        "articles.Quotation": "redacted_by_name",
        "articles.RecordingChange": "proposed_by_name decided_by_name",
        "articles.IssuedPassword": "set_by_name",
        "articles.RankChange": "account_name proposed_by_name decided_by_name before after",
        "articles.Review": "by_name",
        "articles.LogEntry": "by_name",
        "articles.DraftVersion": "saved_by_name",
        "articles.Profile": "slug name about url",
        "articles.Mailbox": "failing_address",
        "auth.User": "password username first_name last_name email",
    },
    "an address, or the public reason": {
        "articles.Article": "slug received_as",
        "articles.PreviousSlug": "slug",
        "articles.Revision": "slug erasure_reason",
    },
    "a digest, key or code": {
        "articles.Article": "log_digest received_digest",
        "articles.Check": "key transcript_digest reason candidates discrepancy_kinds",
        "articles.Confirmation": "claim_key",
        "articles.Dismissal": "code subject",
        "articles.LintIssue": "code subject",
        "articles.Tally": "verdict",
        "articles.Revision": "language received_digest digest change_kinds",
        "articles.Comment": "change",
        "articles.CorrectionRequest": "sender",
        "articles.FollowUp": "address_digest",
        "articles.DraftLink": "digest",
        "articles.GuestComment": "sender",
        "articles.Quotation": "fields",
        "articles.LogEntry": "digest name_seal recordings requirement proof",
        "articles.Review": "requirement",
        "articles.ChainLink": "entry_digest digest key_id signature proof",
        "articles.RowRecord": "table salt sealed digest proof",
        "articles.Contributor": "name_seal",
        "articles.SearchEntry": "digest",
        "articles.Citation": "claim_key verdict",
        "articles.DraftVersion": "digest",
        "articles.Upload": "name source_digest address_digest",
        "articles.BackgroundTask": "key claim",
        "django_tasks_database.DBTaskResult": "args_kwargs task_path worker_ids queue_name backend_name return_value exception_class_path",
        "admin.LogEntry": "object_id",
        "sessions.Session": "session_key",
        "auth.Permission": "name codename",
        "auth.Group": "name",
        "contenttypes.ContentType": "app_label model",
    },
    "of a recording or topic, not of a text": {
        "articles.Show": "handle handle_key title url people",
        "articles.Episode": "title slug page_url audio_url youtube_id guid chapters_url transcript_url people transcript_digest recording_digest",
        "articles.RecordingChange": "reference before after before_digest after_digest cues",
        "articles.Chapter": "title",
        "articles.Cue": "speaker text",
        "articles.Transcript": "digest format language file_name problems",
        "articles.Check": "excerpt where_excerpt",
        "articles.Edition": "key title audio_url youtube_id",
        "articles.TranscriptWindow": "words",
        "articles.Topic": "slug title description",
    },
    "of attempts to log in": {
        "axes.AccessFailureLog": "user_agent username http_accept path_info",
        "axes.AccessAttempt": "user_agent username http_accept path_info get_data post_data",
        "axes.AccessLog": "user_agent username http_accept path_info session_hash",
    },
}


def text_fields():
    """Return {(model's label, field)} of every column of every table that can hold text."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.FileField, models.BinaryField)
    return {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, kinds) and not field.choices
    }


def test_every_text_field_has_a_decision():
    decided = [
        (label, name)
        for decision in (ERASED, *KEPT.values())
        for label, names in decision.items()
        for name in names.split()
    ]

    assert len(decided) == len(set(decided))
    assert {one for one in decided if not one[0].startswith("tests.")} == text_fields()


@pytest.fixture
def own_database(transactional_db, tmp_path):
    """A database in which no other test has rolled back rows, whose bytes stay, or left a transaction open."""
    with empty_database(tmp_path, is_migrated=True):
        yield


@pytest.fixture
def marked(own_database, without_triggers):
    """A superseded revision with the mark in every field that can hold some of its text, and in what was made from it."""
    editor, moderator = make_user(), make_user("moderator", groups=("Moderators",))
    root = make_user("root", is_superuser=True)
    episode = make_episode()
    upload = default_storage.save(f"uploads/2026/{MARK}.webp", ContentFile(MARK.encode()))
    shared = default_storage.save("uploads/2026/shared.webp", ContentFile(b"shared"))
    for name in (upload, shared, "uploads/2026/other.webp"):
        Upload.objects.create(name=name, size=6, alt=f"{MARK} part", credit=f"{MARK} part", file_name=f"{MARK} part")
    article = make_published(episode=episode, by=editor, moderator=moderator)
    make_published("naps", title="Naps", episode=episode, by=editor, moderator=moderator)
    sections = (
        SectionContent(
            f"{MARK} part", f"{MARK} is mentioned here [{MARK} 00:06:31]. See [[{MARK}]]. ![](/media/{upload})"
        ),
        SectionContent("Shared", f"The brain rests [00:07:00]. ![](/media/{shared})"),
    )
    sources = (SourceContent(episode, "e1"), SourceContent(make_episode("second"), MARK))
    written = {"title": MARK, "lead": f"{MARK} in a lead.", "sections": sections, "sources": sources}
    revision = make_change(article, by=editor, edit_summary=f"Adds {MARK}.", **written)
    section = revision.section_set.get(position=1)
    comment = comments.add(revision, by=moderator, text=f"Who is {MARK}?", quote=MARK, section_key=section.key)
    comments.answer(comment, by=editor, text=f"{MARK} it is.")
    passage = margin.choose(margin.fields_of(content_of(revision)), "is mentioned")
    suggested_edits.suggest(revision, by=moderator, text="Where?", passage=passage, replacement=f"{MARK} is named")
    link, _ = workflow.share(revision, by=moderator, days=1, allows_comments=True)
    sharing.comment(link, name=MARK, text=f"I know {MARK}.", sender="a")
    workflow.approve(revision, by=moderator, comment=f"{MARK} is fine.")
    workflow.publish(revision, by=moderator, public_note=f"Now with {MARK}.")
    article = Article.objects.get(pk=article.pk)
    citation = revision.citation_set.get(claim__contains=MARK)
    heard = {"episode": citation.episode, "start_seconds": 391, "end_seconds": None, "claim": citation.claim}
    workflow.confirm_citation(article, by=moderator, section_key=section.key, **heard)
    issue = {"code": "not found", "subject": citation.claim_key, "text": citation.claim, "reason": "other"}
    workflow.dismiss(article, by=moderator, **issue, note=f"{MARK} said so.")
    workflow.exempt(article, by=moderator, section_key=section.key, reason=f"{MARK} needs none.")
    request = correction_requests.receive(
        revision, f"{MARK} is wrong.", sender="a", section=section, claim=citation.claim
    )
    open_request = correction_requests.receive(revision, f"{MARK}, too.", sender="a")
    FollowUp.objects.filter(correction_request=open_request).update(mail="waiting", address=f"{MARK}@example.org")
    correction_requests.answer(request, by=moderator, outcome="stands", answer=f"{MARK} stands.")
    replaced = replace(
        content_of(revision),
        title="Sleep",
        lead="A lead.",
        edit_summary="Shorter.",
        sections=sections[1:],
        sources=sources[:1],
    )
    change = workflow.start_draft(article, replaced, by=editor, base=revision)
    workflow.approve(workflow.submit(change, by=editor), by=moderator)
    workflow.publish(change, by=moderator)
    LintIssue.objects.create(revision=revision, code="x", subject="y", text=MARK, message=MARK)
    Check.objects.create(
        key=run.claim_key(episode, 5, None, MARK), episode=episode, start_seconds=5, checker_version=1, verdict="not found",
        claim=f"{MARK} unsaved", context=MARK, missing=[MARK], matched_words=[MARK],
        discrepancies=[["quotation", MARK, "", None]], checked_at=timezone.now(),
    )  # fmt: skip
    content = audit_log.content_value(content_of(revision))
    for number, kept_in in ((90, revision), (91, change)):
        DraftVersion.objects.create(
            revision=kept_in, number=number, saved_at=timezone.now(), digest="", content=content
        )
    AdminEntry.objects.create(
        user=root, content_type=ContentType.objects.get_for_model(Revision), object_id=revision.pk, object_repr=MARK,
        change_message=MARK, action_flag=2,
    )  # fmt: skip
    SavedView.objects.create(user=editor, name=MARK)
    SavedView.objects.create(user=editor, name="Search", query=f"q={MARK}+sleeps")
    Mailbox.objects.create(user=editor, last_error=f"Refused: {MARK}")
    ScheduledJob.objects.create(name="mail", ended_at=timezone.now(), error=f"{MARK} (revision 2): OSError")
    now = timezone.now()
    task = BackgroundTask.objects.create(
        kind="import", created_at=now, due_at=now, state="failed", error=f"{MARK}.",
        arguments={"paths": {"paths": [f"/srv/{MARK}.md"]}}, result={"lines": [MARK]},
    )  # fmt: skip
    TaskFilePart.objects.create(task=task, number=0, data=MARK.encode())
    DBTaskResult.objects.create(
        args_kwargs={"args": [task.pk], "kwargs": {}}, task_path="work_on", backend_name="default", traceback=MARK
    )
    with without_triggers():  # wherever the above hasn't put it
        plant(revision)
    return revision


def plant(revision):
    """Put the mark into every field listed in `ERASED`, of every row of the revision."""
    for label, names in ERASED.items():
        model = apps.get_model(label)
        fields = {field.name for field in model._meta.concrete_fields}
        if ("revision" not in fields and model is not Revision) or model is Source:
            continue
        rows = model._base_manager.filter(**{"pk" if model is Revision else "revision": revision.pk})
        if model is LogEntry:
            rows = rows.exclude(action__in=["moved", "redacted"])
        for row in rows:
            for name in names.split():
                field = model._meta.get_field(name)
                if MARK in str(getattr(row, name)):
                    continue
                value = f"{MARK} {row.pk}" if field.unique or name in {"anchor", "slug"} else MARK
                if isinstance(field, models.JSONField):
                    value = getattr(row, name) if model is DraftVersion else [MARK]
                model._base_manager.filter(pk=row.pk).update(**{name: value})


def database_files():
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return [file for file in (path, path.with_name(f"{path.name}-wal")) if file.exists()]
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
        )
        folder, oid = cursor.fetchone()
    return [file for file in Path(folder, "base", str(oid)).iterdir() if file.is_file()]


def left_in_files():
    forms = {MARK.encode(), MARK.lower().encode(), MARK.encode("utf-16-le")}
    return [
        file.name for file in database_files() for data in [file.read_bytes()] if any(form in data for form in forms)
    ]


def compact_now():
    """Let the scheduler repeat the compaction until no transaction of another test process is in its way."""
    job = ScheduledJob.objects.get(name="compaction")
    end = time.monotonic() + 300
    while job.succeeded_at is None and time.monotonic() < end:
        run_jobs()
        job.refresh_from_db()
    assert (job.succeeded_at is None, job.error) == (False, "")


def keep_form_values(client, revision):
    client.force_login(make_user("third", groups=("Moderators",)))
    session = client.session
    session["unsent_reviews"] = {str(revision.pk): f"text%3A={MARK}", "999999": "text%3A=Another"}
    session["queue_selection"] = f"revision={revision.pk}&comment={MARK}"
    session["_messages"] = f"“{MARK}” was saved."
    session.save()


@pytest.mark.django_db(transaction=True)
def test_nothing_of_an_erased_text_is_left(own_database, marked, client, administrator):
    keep_form_values(client, marked)
    assert len(set(left_in_tables(MARK))) > 40
    assert left_in_files()
    uploads = [f"uploads/2026/{name}.webp" for name in (MARK, "shared")]
    uploads = [name for name in uploads if default_storage.exists(name)]

    workflow.erase(marked, by=administrator, reason="A court says so.")
    compact_now()

    assert " ".join(left_in_tables(MARK)) == ""
    assert left_in_files() == []
    assert [default_storage.exists(name) for name in uploads] == [False, True]
    assert client.session["unsent_reviews"] == {"999999": "text%3A=Another"}
    assert "queue_selection" not in client.session
    assert ScheduledJob.objects.get(name="compaction").succeeded_at is not None
    for file in default_storage.listdir("uploads/2026")[1]:
        assert MARK not in file
    for address in ("/articles/sleep/", "/articles/sleep/history/", "/feeds/articles.atom", "/feeds/corrections.atom"):
        assert MARK not in client.get(address).text


@pytest.mark.django_db(transaction=True)
def test_the_scheduler_compacts_a_database_that_was_in_use(own_database, people, administrator, client, monkeypatch):
    article = make_published(**people)
    change = make_change(article, by=people["by"], lead="Zqxwvjk in a lead.")
    workflow.reject(change, by=people["moderator"], comment="No.")

    def fail():
        raise OperationalError("database is locked")

    with monkeypatch.context() as busy:
        busy.setattr("articles.workflow.scheduling.jobs.compact", fail)
        page = client.post(
            reverse("admin:articles_revision_erase", args=[change.pk]), {"reason": "A court."}, follow=True
        )
        job = ScheduledJob.objects.get(name="compaction")
    assert "may still contain deleted words" in page.text
    assert (job.succeeded_at, job.error) == (None, "OperationalError: database is locked")
    assert left_in_files()

    compact_now()

    assert left_in_files() == []


@pytest.mark.django_db(transaction=True)
def test_compaction_waits_for_transactions_that_keep_what_was_deleted(own_database, people, administrator, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("On SQLite, nothing runs beside VACUUM.")
    monkeypatch.setattr("articles.workflow.scheduling.compaction.SECONDS", 0.2)
    article = make_published(**people)
    for database, begin in (
        ("postgres", "SELECT pg_current_xact_id()"),
        (connection.settings_dict["NAME"], "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1"),
    ):
        change = make_change(article, by=people["by"], lead=f"{MARK} in a lead.")
        workflow.reject(change, by=people["moderator"], comment="No.")

        with transaction_in(database, begin):
            workflow.erase(change, by=administrator, reason="A court.")

            job = ScheduledJob.objects.get(name="compaction")
            assert job.succeeded_at is None
            assert "An earlier transaction" in job.error
        compact_now()
        assert left_in_files() == []


@contextmanager
def transaction_in(database, begin):
    """A transaction in a database of the same server, begun with a statement."""
    other = connection.copy()
    other.settings_dict = connection.settings_dict | {"NAME": database}
    other.ensure_connection()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(begin)
        yield
    finally:
        other.close()


@pytest.mark.django_db
def test_the_stored_page_of_a_superseded_text_is_deleted(people):
    article = make_published(**people)
    first = article.published_revision
    change = workflow.approve(make_change(article, by=people["by"], lead="Another."), by=people["moderator"])
    Rendering.objects.update(page_html="Stored.")

    workflow.publish(change, by=people["moderator"])
    assert Rendering.objects.get(revision=first).page_html == ""
    assert "Another." in Rendering.objects.get(revision=change).page_html
    workflow.unpublish(Article.objects.get(), by=people["moderator"], reason="A court.")

    assert set(Rendering.objects.values_list("page_html", flat=True)) == {""}


@pytest.mark.django_db
def test_brief_words_of_an_erased_text_are_redacted_where_they_are_about_it_and_listed_elsewhere(people, root):
    article = make_published(title="Naps", **people)
    change = make_change(article, by=people["by"], title="Siesta", edit_summary="Other naps.")
    workflow.reject(change, by=people["moderator"], comment="Siesta? No.")
    other = make_change(Article.objects.get(), by=make_user("third"), lead="Another.")
    elsewhere = comments.add(other, by=people["moderator"], text="No siesta in here.")
    comments.add(other, by=people["moderator"], text="Nothing of it.")

    workflow.erase(change, by=root, reason="A court.")

    left = change.quotation_set.filter(redacted_at=None)
    assert [(quotation.kind, quotation.row) for quotation in left] == [("comment", elsewhere.pk)]
    assert set(Comment.objects.values_list("text", flat=True)) == {"No siesta in here.", "Nothing of it."}
    assert change.review_set.get().comment == "Erased"
    assert not Notice.objects.filter(text__icontains="siesta").exclude(text__contains="No siesta in here").exists()
    assert audit_log.verify(article) is None


@pytest.mark.django_db
def test_a_claim_that_another_text_makes_stays_confirmed(people, root):
    episode = make_episode()
    article = make_published(episode=episode, **people)
    change = make_change(article, by=people["by"], lead="It takes eight hours [00:07:00].")
    workflow.reject(change, by=people["moderator"], comment="No.")
    for citation in change.citation_set.all():
        values = {name: getattr(citation, name) for name in ("episode", "start_seconds", "end_seconds", "claim")}
        workflow.confirm_citation(article, by=people["moderator"], **values)

    workflow.erase(change, by=root, reason="A court.")

    claims = list(Confirmation.objects.order_by("start_seconds").values_list("claim", flat=True))
    notes = list(LogEntry.objects.filter(action="heard").order_by("pk").values_list("note", flat=True))
    assert claims == ["The brain clears waste at night.", "Erased"]
    assert sorted(notes) == ["06:31 “The brain clears waste at night.”", "Erased"]
    assert audit_log.verify(article) is None
