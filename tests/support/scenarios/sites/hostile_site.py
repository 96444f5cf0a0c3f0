"""The site with one of everything, in which every text that a person can write is hostile, and says where it is from."""

import re
from collections import Counter

from django.apps import apps
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import models
from django.urls import reverse
from django.utils import timezone

from articles.core import evidence
from articles.models import (
    Comment,
    CommentedPassage,
    Confirmation,
    CorrectionRequest,
    Cue,
    Dismissal,
    DraftVersion,
    Exemption,
    Notice,
    Quotation,
    RecordingChange,
    Revision,
    ScheduledJob,
    Show,
    SuggestedEdit,
    Transcript,
)
from articles.workflow.content import content_of
from articles.workflow.drafts import versions
from tests.support.databases.triggers import without_triggers_of_database
from tests.support.samples import hostile
from tests.support.scenarios.sites.every_address import every_address, route_of
from tests.support.scenarios.sites.full_site import make_everything

PLACE = re.compile(r"Qp(\d\d)")
DIGEST, CODE, DERIVED, ADDRESS, NAME = (
    "a digest",
    "one of the program’s own words",
    "derived from the texts, and rebuilt from them here",
    "an address that is checked as one; hostile addresses are below",
    "a name in addresses: letters, digits and hyphens",
)
# Text columns that nobody writes freely: {model: {field: reason}}.
LEFT_OUT = {
    "articles.Article": {"slug": NAME, "log_digest": DIGEST, "received_digest": DIGEST},
    "articles.PreviousSlug": {"slug": NAME},
    "articles.Show": {"handle": NAME, "handle_key": NAME, "url": ADDRESS},
    "articles.Episode": {
        "slug": NAME,
        "page_url": ADDRESS,
        "audio_url": ADDRESS,
        "youtube_id": ADDRESS,
        "chapters_url": ADDRESS,
        "transcript_url": ADDRESS,
        "transcript_digest": DIGEST,
        "recording_digest": DIGEST,
    },
    "articles.Upload": {"name": NAME, "source_digest": DIGEST, "address_digest": DIGEST},
    "articles.RecordingChange": {"before_digest": DIGEST, "after_digest": DIGEST},
    "articles.Contributor": {"name_seal": DIGEST},
    "articles.Edition": {"key": NAME, "audio_url": ADDRESS, "youtube_id": ADDRESS},
    "articles.Transcript": {"digest": DIGEST, "format": CODE, "language": CODE},
    "articles.Check": dict.fromkeys(
        ("key", "claim", "context", "transcript_digest", "excerpt", "matched_words", "missing", "discrepancies",
         "discrepancy_kinds", "where_excerpt", "candidates", "reason"), DERIVED,
    ),
    "articles.Confirmation": {"claim_key": DIGEST},
    "articles.Dismissal": {"code": CODE, "subject": DIGEST},
    "articles.LintIssue": dict.fromkeys(("code", "subject", "text", "message"), DERIVED),
    "articles.Tally": {"verdict": CODE},
    "articles.Quotation": {"fields": CODE},
    "articles.RankChange": {"before": "names of groups, which are a place of their own", "after": "as before"},
    "articles.Revision": {
        "slug": NAME,
        "language": CODE,
        "received_digest": DIGEST,
        "digest": DIGEST,
        "change_kinds": DERIVED,
    },
    "articles.Section": {"anchor": DERIVED},
    "articles.Citation": dict.fromkeys(("anchor", "text", "claim", "context", "claim_key", "verdict"), DERIVED),
    "articles.Link": {"slug": DERIVED},
    "articles.ImageUse": {"name": DERIVED},
    "articles.Source": {"key": NAME},
    "articles.DraftVersion": {"digest": DIGEST},
    "articles.Comment": {"change": DIGEST},
    "articles.CorrectionRequest": {"sender": DIGEST},
    "articles.DraftLink": {"digest": DIGEST},
    "articles.GuestComment": {"sender": DIGEST},
    "articles.FollowUp": {"address": ADDRESS, "address_digest": DIGEST},
    "articles.Review": {"requirement": "names of groups, which are a place of their own, digests and keys"},
    "articles.LogEntry": {
        "digest": DIGEST, "name_seal": DIGEST, "recordings": DIGEST, "requirement": "as of a review", "proof": DIGEST,
    },
    "articles.RowRecord": {"table": CODE, "salt": DIGEST, "sealed": DIGEST, "digest": DIGEST, "proof": DIGEST},
    "articles.ChainLink": {"entry_digest": DIGEST, "digest": DIGEST, "key_id": DIGEST, "signature": DIGEST, "proof": DIGEST},
    "articles.SearchEntry": dict.fromkeys(("text", "heading", "anchor", "words", "digest"), DERIVED),
    "articles.TranscriptWindow": {"words": DERIVED},
    "articles.Rendering": dict.fromkeys(
        ("lead_html", "lead_text", "text_html", "page_html", "partial_review", "plain_text"), DERIVED
    ),
    "articles.RelatedArticles": {"html": DERIVED},
    "articles.StoredResponse": dict.fromkeys(("key", "etag", "headers"), DERIVED),
    "articles.SavedView": {"query": "names and values of filters, which the list encodes"},
    "articles.BackgroundTask": {"arguments": CODE, "key": CODE, "claim": CODE, "result": CODE},
    "articles.Mailbox": {"failing_address": ADDRESS},
    "articles.Topic": {"slug": NAME},
    "articles.Profile": {"slug": NAME, "url": ADDRESS},
    "admin.LogEntry": {"object_id": CODE, "change_message": CODE},
    "auth.Permission": {"name": CODE, "codename": CODE},
    "auth.User": {"password": DIGEST, "email": ADDRESS},
    "contenttypes.ContentType": {"app_label": CODE, "model": CODE},
    "sessions.Session": {"session_key": DIGEST, "session_data": CODE},
}  # fmt: skip
NOT_SHOWN = {"axes", "django_tasks_database"}  # apps whose rows no page shows
# Places that are stored but on no page.
ON_NO_PAGE = {
    ("articles.Article", "received_as"): "finds an article again that is imported a second time",
    ("articles.Article", "created_by_name"): "for the record",
    ("articles.Confirmation", "claim"): "for the record; pages show the claim as the text has it",
    ("articles.Dismissal", "text"): "for the record; pages show what is flagged as the text has it",
    ("articles.Confirmation", "withdrawn_by_name"): "for the record; the log shows it",
    ("articles.Dismissal", "withdrawn_by_name"): "for the record; the log shows it",
    ("articles.Exemption", "withdrawn_by_name"): "for the record; the log shows it",
    ("articles.CommentedPassage", "prefix"): "for finding the passage in later texts",
    ("articles.CommentedPassage", "suffix"): "for finding the passage in later texts",
    ("articles.GuestComment", "deleted_by_name"): "for the record",
    ("articles.IssuedPassword", "set_by_name"): "in refusals of decisions only",
    ("admin.LogEntry", "object_repr"): "for the record; histories show what was changed",
    ("articles.RecordingChange", "cues"): "for carrying the change out; pages show the first that differ, from `after`",
}
# What is written in blocks; everything else is a line.
BLOCKS = {"lead", "body", "about"}
ADDRESSES = (
    'https://elsewhere.example/"><img src=x onerror=xss()>',
    "https://elsewhere.example/'onfocus='xss()'autofocus='",
    "https://elsewhere.example/?a=</script><script>xss()</script>",
)
ROWS = 12  # of each model, so that everything stays on one page


def text_fields():
    """Return {model: [fields with text]} of every installed model; enumerations aren't texts."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    found = {}
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if isinstance(field, kinds) and not field.choices]
        if fields and model._meta.app_label not in NOT_SHOWN:
            found[model] = fields
    return found


def places():
    """Return [(model, field)] in which a person can write; a place's number is its index."""
    return [
        (model, field)
        for model, fields in text_fields().items()
        for field in fields
        if field.name not in LEFT_OUT.get(model._meta.label, {})
    ]


def hostile_addresses(rows):
    """Return the addresses of all pages and files, at most two of each kind: "public" ones, and those of the "admin"."""
    first, draft = rows.article.revision_set.get(number=1), rows.draft
    decided = RecordingChange.objects.exclude(pk=rows.recording_change.pk).first()
    new, old = draft.draftversion_set.values_list("number", flat=True)[:2]
    more = [
        reverse("admin:articles_revision_erase", args=[first.pk]),
        reverse("admin:articles_article_compare", args=[draft.article_id])
        + f"?old={draft.number}.{old}&new={draft.number}.{new}",
        reverse("admin:articles_recordingchange_change", args=[decided.pk]),
    ]
    found, kinds = {"public": [], "admin": []}, Counter()
    for address in dict.fromkeys([*more, *every_address(rows).values()]):
        route = address if address == "/nowhere/" else route_of(address)
        kinds[route] += 1
        if kinds[route] <= 2:
            found["admin" if address.startswith("/admin/") else "public"].append(address)
    return found


def make_hostile_site():
    """Make the rows of the full site and write hostile texts into all places, then rebuild what is derived from them."""
    rows = make_everything()
    with without_triggers_of_database():
        _add_rare_rows(rows)
        for number, (model, field) in enumerate(places()):
            chosen = Cue.objects.filter(start_seconds__range=(380, 560)) if model is Cue else model._base_manager.all()
            for index, row in enumerate(chosen.order_by("pk")[:ROWS]):
                written = _written(field, number, start=7 * index + 13 * number, row=row)
                if written is not None:
                    model._base_manager.filter(pk=row.pk).update(**{field.name: written})
        for model, fields in text_fields().items():
            left_out = LEFT_OUT.get(model._meta.label, {})
            for name in (field.name for field in fields if left_out.get(field.name) == ADDRESS and "url" in field.name):
                for index, row in enumerate(model._base_manager.order_by("pk")[:ROWS]):
                    model._base_manager.filter(pk=row.pk).update(**{name: ADDRESSES[index % len(ADDRESSES)]})
        call_command("rebuild", verbosity=0)
        call_command("rebuild_search", verbosity=0)
    return rows


def _add_rare_rows(rows):
    """Add what the full site lacks: judgements, answers, resolved comments, an erased text, and what went wrong."""
    by = {"by": rows.draft.author, "by_name": "Root", "at": timezone.now()}
    article, waiting, now = rows.article, rows.waiting, timezone.now()
    cited = waiting.citation_set.order_by("pk").first()
    for claimed in (
        *waiting.citation_set.order_by("pk")[1:3],
        *article.published_revision.citation_set.order_by("pk")[:2],
    ):
        moment = {
            "episode": claimed.episode,
            "start_seconds": claimed.start_seconds,
            "end_seconds": claimed.end_seconds,
        }
        Confirmation.objects.create(article=article, claim_key=claimed.claim_key, claim=claimed.claim, **moment, **by)
    key = waiting.section_set.first().key
    Exemption.objects.create(article=article, section_key=None, reason="Common knowledge.", **by)
    for code in evidence.VERDICTS:
        Dismissal.objects.create(
            article=article, code=code, subject=cited.claim_key, text=cited.claim, reason="other", note="Seen.", **by
        )
    comments = {"revision": waiting, "text": "Is it?", **by}
    Comment.objects.create(quote="The brain rests", **comments)
    done = Comment.objects.create(resolved_at=now, resolved_by_name="Root", section_key=key, **comments)
    CommentedPassage.objects.create(comment=done, start=0)
    SuggestedEdit.objects.create(comment=done, outcome="dismissed", decided_at=now, decided_by_name="Root")
    CorrectionRequest.objects.filter(pk=rows.correction_request.pk).update(
        outcome="stands", answer="He says seven.", answered_at=now, answered_by=by["by"], answered_by_name="Root"
    )
    Revision.objects.filter(pk=waiting.pk).update(
        review_locked_by=rows.profile.user,
        review_locked_by_name="Ines",
        review_locked_at=now,
        assigned_to=rows.profile.user,
    )
    first = article.revision_set.get(number=1)
    Revision.objects.filter(pk=first.pk).update(erased_at=now, erasure_reason="A court says so.")
    comment = Comment.objects.filter(revision=waiting).first()
    Quotation.objects.create(
        revision=first, kind="comment", row=comment.pk, fields=["text"], redacted_at=now, redacted_by_name="Root"
    )
    ScheduledJob.objects.update_or_create(name="publishing", defaults={"ended_at": now, "error": "It failed."})
    Notice.objects.update(mail="failed", mail_error="No such mailbox.")
    Transcript.objects.update(
        problems=[[3, 1, "a line of it", "it isn’t a time"]], reviewed_at=now, reviewed_by_name="Ines"
    )
    RecordingChange.objects.exclude(pk=rows.recording_change.pk).update(
        outcome="rejected", decided_at=now, decided_by_name="Ines", comment="It isn’t said."
    )
    versions.keep(rows.draft, content_of(rows.draft), is_autosave=False)
    version = rows.draft.draftversion_set.first()
    DraftVersion.objects.create(**{f.name: getattr(version, f.name) for f in version._meta.concrete_fields} | {"id": None, "number": version.number + 1, "digest": "0" * 64})  # fmt: skip
    history = {
        "user": by["by"],
        "content_type": ContentType.objects.get_for_model(Show),
        "object_id": rows.episode.show_id,
    }
    AdminEntry.objects.create(action_flag=3, object_repr="A show", change_message="Changed the title.", **history)


def _written(field, number, *, start, row):
    """Return the hostile value of a row's field, None to leave it as it is."""
    before = getattr(row, field.name)
    if isinstance(field, models.JSONField):
        return _with_leaves(before, number, start) if before else None
    if before is None:
        return None
    separator = "\n\n" if field.name in BLOCKS else " "
    text = separator.join((f"Qp{number:02}", hostile.filling(start, separator)))
    if field.name in BLOCKS:
        return f"{before}\n\n{text}"  # with its citations
    return f"{text} {row.pk}" if field.unique else text


def _with_leaves(value, number, start, key=""):
    """Return a JSON value whose sentences, and whatever an article's fields hold, are hostile; single words are codes."""
    if isinstance(value, dict):
        return {name: _with_leaves(one, number, start, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_with_leaves(one, number, start) for one in value]
    if isinstance(value, str) and (" " in value or key in {"title", "heading"}):
        return f"Qp{number:02} {hostile.filling(start)}"
    return value
