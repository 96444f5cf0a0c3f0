"""URLs of a revision's admin pages."""

from django.contrib import admin
from django.urls import path

from articles.admin.articles.history import versions
from articles.admin.editor import timestamps

from . import comments, discarding, erasure, sharing, views
from .merge import views as merge

view = admin.site.admin_view

urlpatterns = [
    path("<int:pk>/decide/", view(views.decide), name="articles_revision_decide"),
    path("<int:pk>/heard/", view(views.confirm), name="articles_revision_confirm"),
    path("<int:pk>/preview/", view(views.preview), name="articles_revision_preview"),
    path("<int:pk>/comments/", view(comments.comment), name="articles_revision_comment"),
    path("<int:pk>/comments/<int:thread>/answer/", view(comments.answer), name="articles_comment_answer"),
    path("<int:pk>/comments/<int:thread>/<str:act>/", view(comments.close), name="articles_comment_close"),
    path("<int:pk>/merge/", view(merge.merge), name="articles_revision_merge"),
    path("<int:pk>/discard/", view(discarding.discard), name="articles_revision_discard"),
    path("<int:pk>/versions/", view(versions.draft_versions), name="articles_revision_versions"),
    path("<int:pk>/versions/restore/", view(versions.restore_version), name="articles_revision_restore_version"),
    path("<int:pk>/versions/discard/", view(versions.discard_versions), name="articles_revision_discard_versions"),
    path("<int:pk>/timestamps/<int:episode>/", view(timestamps.timestamps), name="articles_revision_timestamps"),
    path("<int:pk>/share/", view(sharing.share), name="articles_revision_share"),
    path("<int:pk>/share/<int:link>/revoke/", view(sharing.revoke), name="articles_revision_revoke"),
    path(
        "<int:pk>/share/comments/<int:comment>/delete/",
        view(sharing.delete_comment),
        name="articles_revision_delete_guest_comment",
    ),
    path("<int:pk>/erase/", view(erasure.erase), name="articles_revision_erase"),
    path("<int:pk>/erase/<int:quotation>/", view(erasure.redact), name="articles_revision_redact"),
]
