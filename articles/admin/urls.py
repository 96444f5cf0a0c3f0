"""The admin's addresses beside those of its models: the desk's acts, the inbox, watching, the report, search."""

from django.urls import include, path

from articles.models import CorrectionRequest

from .articles import missing_links
from .people import own_profile
from .queue import inbox, transcript_search
from .queue import views as desk
from .report import views


def addresses(site):
    """Patterns for who is logged in, relative to the admin's own address."""
    view = site.admin_view
    return [
        path("desk/decide/", view(desk.decide), name="desk_decide"),
        path("evidence/", view(views.report), name="evidence_report"),
        path("evidence/export.csv", view(views.export), name="evidence_export"),
        path("search/transcripts/", view(transcript_search.transcripts), name="search_transcripts"),
        path("your-page/", view(own_profile.own_page), name="own_page"),
        path("inbox/", view(inbox.inbox), name="inbox"),
        path("inbox/read/", view(inbox.read), name="inbox_read"),
        path("articles/article/missing-links/", view(missing_links.missing_links), name="missing_links"),
        path("articles/article/<int:pk>/watch/", view(inbox.watch), name="articles_article_watch"),
        path("articles/revision/<int:pk>/look/", view(desk.acquire_lock), name="articles_revision_look"),
        path("articles/revision/<int:pk>/leave/", view(desk.release_lock), name="articles_revision_leave"),
        path("articles/revision/<int:pk>/arrange/", view(desk.set_priority), name="articles_revision_arrange"),
    ]


def lasting_addresses(site):
    """Patterns behind those of the models, so that `reverse` prefers these: addresses that mails have given out."""
    return [path("articles/challenge/", include(site.get_model_admin(CorrectionRequest).urls))]
