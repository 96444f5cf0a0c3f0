"""Admin URLs besides those of the models: review queue actions, inbox, citation report, transcript search."""

from django.urls import include, path

from articles.models import CorrectionRequest

from .accounts import own_account, own_profile
from .articles import missing_links
from .articles.beginning import received
from .articles.beginning import views as beginning
from .editor.images import views as images
from .editor.writing import transcript_search
from .queue import inbox, workload
from .queue import views as queue
from .report import decide as report_rows
from .report import precision, problems
from .report import views as report


def addresses(site):
    """URL patterns for logged-in users, relative to the admin's root."""
    view = site.admin_view
    return [
        path("desk/select/", view(queue.select), name="queue_select"),
        path("desk/decide/", view(queue.decide), name="queue_bulk_decide"),
        path("desk/workload/", view(workload.workload), name="queue_workload"),
        path("evidence/", view(report.report), name="evidence_report"),
        path("evidence/precision/", view(precision.precision), name="evidence_precision"),
        path("evidence/judgements.jsonl", view(precision.export), {"form": "jsonl"}, name="evidence_judgements"),
        path("evidence/judgements.csv", view(precision.export), {"form": "csv"}, name="evidence_judgements_csv"),
        path("evidence/decide/", view(report_rows.decide), name="evidence_decide"),
        path("evidence/undo/", view(report_rows.take_back), name="evidence_undo"),
        path("evidence/claim/<int:pk>/", view(report_rows.open_claim), name="evidence_claim"),
        path("evidence/problem/", view(problems.problem), name="evidence_problem"),
        path("evidence/problem/settle/", view(problems.settle), name="evidence_settle"),
        path("evidence/problem/undo/", view(problems.take_back), name="evidence_take_back"),
        path("evidence/export.csv", view(report.export), name="evidence_export"),
        path("evidence/export/", view(report.start_export), name="evidence_start_export"),
        path("images/", view(images.library), name="images"),
        path("images/upload/", view(images.upload), name="image_upload"),
        path("images/<int:pk>/", view(images.image), name="image"),
        path("search/transcripts/", view(transcript_search.transcripts), name="search_transcripts"),
        path("your-account/", view(own_account.own_account), name="own_account"),
        path("your-page/", view(own_profile.own_page), name="own_page"),
        path("inbox/", view(inbox.inbox), name="inbox"),
        path("inbox/read/", view(inbox.read), name="inbox_read"),
        path("articles/article/begin/", view(beginning.begin), name="begin_article"),
        path("articles/article/begin/<int:pk>/", view(beginning.begin_episode), name="begin_from_episode"),
        path("articles/article/begin/received/", view(received.receive), name="receive_article"),
        path("articles/article/missing-links/", view(missing_links.missing_links), name="missing_links"),
        path("articles/article/<int:pk>/watch/", view(inbox.watch), name="articles_article_watch"),
        path("articles/revision/<int:pk>/look/", view(queue.acquire_lock), name="articles_revision_acquire_lock"),
        path("articles/revision/<int:pk>/leave/", view(queue.release_lock), name="articles_revision_release_lock"),
        path("articles/revision/<int:pk>/arrange/", view(queue.set_priority), name="articles_revision_set_priority"),
    ]


def lasting_addresses(site):
    """Old addresses that mails still link to. They come after the models' own, so that `reverse` prefers those."""
    return [path("articles/challenge/", include(site.get_model_admin(CorrectionRequest).urls))]
