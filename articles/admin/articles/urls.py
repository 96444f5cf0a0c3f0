"""URLs of an article's admin pages and of the requests that its editor sends."""

from django.contrib import admin
from django.urls import path

from articles.admin.editor import live_check
from articles.admin.editor.saving import autosave
from articles.admin.editor.writing import completions, preview, transcript_search, uploads

from .bulk import views as bulk
from .comparing import views as comparing
from .history import reverting
from .history import views as history
from .topics import filing as topic_filing

view = admin.site.admin_view

urlpatterns = [
    path("bulk/<slug:name>/", view(bulk.confirm), name="articles_article_bulk"),
    path("<int:pk>/topics/", view(topic_filing.file_article), name="articles_article_topics"),
    path("<int:pk>/compare/", view(comparing.compare), name="articles_article_compare"),
    path("<int:pk>/blame/", view(comparing.blame), name="articles_article_blame"),
    path("<int:pk>/restore/", view(history.restore), name="articles_article_restore"),
    path("<int:pk>/revert/", view(reverting.revert), name="articles_article_revert"),
    path("<int:pk>/protection/", view(history.protection), name="articles_article_protection"),
    # Requested by the editor's scripts; these views handle an expired session themselves.
    path("preview/", preview.preview, name="articles_preview"),
    path("check/", live_check.check, name="articles_check"),
    path("evidence/", live_check.check, {"has_action": True}, name="articles_evidence"),
    path("passages/", transcript_search.passages, name="articles_passages"),
    path("spoken/", transcript_search.spoken, name="articles_spoken"),
    path("episodes/", preview.episodes, name="articles_episodes"),
    path("completions/", completions.completions, name="articles_completions"),
    path("upload/", uploads.upload, name="articles_upload"),
    path("images/", uploads.choices, name="articles_images"),
    path("clean/", uploads.clean, name="articles_clean"),
    path("autosave/", autosave.autosave, name="articles_autosave"),
    path("present/", autosave.present, name="articles_present"),
]
