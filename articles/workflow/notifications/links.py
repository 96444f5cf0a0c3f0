"""Where a notice leads to."""

from django.urls import reverse

from articles.models import Notice

Kind = Notice.Kind


def url_of(notice, user):
    """What a notice links to: the public page, the comments of guests or the recording change if it's about that.

    Otherwise the revision or article.
    """
    revision, article = notice.revision, notice.article
    if notice.kind == Kind.PUBLISHED and article.published_revision_id == notice.revision_id:
        return article.get_absolute_url()
    if notice.kind == Kind.CHALLENGED and user.has_perm("articles.view_correctionrequest"):
        return reverse("admin:articles_correctionrequest_changelist") + f"?article={article.pk}"
    if notice.recording_change_id is not None and user.has_perm("articles.view_recordingchange"):
        return reverse("admin:articles_recordingchange_change", args=[notice.recording_change_id])
    if notice.kind == Kind.GUEST_COMMENTED and revision is not None and user.has_perm("articles.share_draft"):
        return reverse("admin:articles_revision_share", args=[revision.pk]) + "#comments"
    if revision is not None:
        return revision.get_absolute_url()
    return reverse("admin:articles_article_change", args=[article.pk])
