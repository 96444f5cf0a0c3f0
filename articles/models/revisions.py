"""The whole content of an article at one time: who wrote it, how it stands, and the recordings that it cites."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdownx.models import MarkdownxField

from articles.core.language import tags

from .articles import Article
from .episodes import Episode

validate_source_key = RegexValidator(
    r"^[A-Za-z][\w-]*\Z", _("A key begins with a letter: cite with it as [e2 00:06:31].")
)

validate_language = RegexValidator(tags.PATTERN, _("A language is named by its tag, such as pt, pt-BR or zh-Hant."))


class RevisionQuerySet(models.QuerySet):
    def published(self):
        """The revisions that the public sees now."""
        return self.filter(published_for__isnull=False)

    def awaiting_review(self):
        """What a moderator has to look at: submitted, or gone out without a second review."""
        return self.filter(models.Q(status=Revision.Status.SUBMITTED) | models.Q(needs_look=True))

    def due(self, now):
        """Approved revisions whose time to go out has come."""
        return self.filter(status=Revision.Status.APPROVED, publish_at__lte=now, published_for__isnull=True)

    def open(self):
        """Drafts: what can still be edited."""
        return self.filter(status=Revision.Status.DRAFT)

    def visible_to(self, user):
        """What `user` may read: everything for who may edit, else what is published."""
        return self.all() if user.has_perm("articles.change_revision") else self.published()


class Revision(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")
        CHANGES_REQUESTED = "changes_requested", _("changes requested")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")
        RECEIVED = "received", _("received")

    class Notice(models.TextChoices):
        NONE = "none", _("none")
        HEALTH = "health", _("health: information, not advice")

    article = models.ForeignKey(Article, verbose_name=_("article"), on_delete=models.CASCADE)
    number = models.PositiveIntegerField(_("number"), editable=False)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False)
    base = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text=_("The revision whose text it was started from."),
    )
    target = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text=_("What the public saw when it was started: the text it is compared with and takes the place of."),
    )

    title = models.CharField(
        _("title"), max_length=200, help_text=_("What the article is about, as a reader would look for it.")
    )
    slug = models.SlugField(
        _("slug"),
        max_length=200,
        allow_unicode=True,
        help_text=_("The address that the article gets when this revision is published. Old addresses keep working."),
    )
    lead = MarkdownxField(
        _("lead"),
        blank=True,
        help_text=_("What the article says in one or two sentences. Cite as in the text: [00:06:31]."),
    )
    notice = models.CharField(
        _("notice"),
        max_length=20,
        choices=Notice.choices,
        default=Notice.NONE,
        help_text=_("“Health” tells readers that this is information, not advice."),
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        default="",
        validators=[validate_language],
        help_text=_("The language of the text as a tag: pt, pt-BR, ar. Empty: the language of the site."),
    )
    edit_summary = models.CharField(
        _("edit summary"),
        max_length=500,
        blank=True,
        help_text=_("What you changed and why: the moderator reads it first."),
    )
    public_note = models.CharField(
        _("public note"),
        max_length=300,
        blank=True,
        help_text=_("What readers are told about this revision. It stands in the history."),
    )

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    author_name = models.CharField(_("author"), max_length=150, editable=False)
    version = models.PositiveIntegerField(
        _("version"),
        default=0,
        editable=False,
        help_text=_("Counts the saves: a form that was loaded before another save is told so."),
    )
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    saved_by_name = models.CharField(max_length=150, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(_("saved at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    received_digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("SHA-256 of the received text that this revision is, word for word."),
    )

    # What is arranged for it, beside the content.
    publish_at = models.DateTimeField(
        _("publish at"), null=True, blank=True, editable=False, help_text=_("When the approved revision is to go out.")
    )
    take_down_at = models.DateTimeField(
        _("take down at"), null=True, blank=True, editable=False, help_text=_("When the article is to come down again.")
    )
    due_on = models.DateField(
        _("due"), null=True, blank=True, help_text=_("By when somebody should have looked at it.")
    )
    is_urgent = models.BooleanField(_("urgent"), default=False, help_text=_("Stands first in the queue."))
    needs_look = models.BooleanField(
        default=False, editable=False, help_text=_("It went out without a second review and waits for one.")
    )
    looked_at_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    looked_at_by_name = models.CharField(max_length=150, editable=False)
    looked_at_at = models.DateTimeField(null=True, editable=False)

    # The record: what was submitted cannot be changed unnoticed.
    digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("SHA-256 over the content as canonical JSON and the digest of its base, from submission on."),
    )
    erased_at = models.DateTimeField(null=True, editable=False, help_text=_("When a legal erasure took the text away."))
    erasure_reason = models.CharField(max_length=500, blank=True, editable=False)

    # Counted from the text when it is saved or submitted, for lists.
    change_kinds = models.JSONField(
        default=list, editable=False, help_text=_("What kinds of change it makes, riskiest first.")
    )
    risk = models.PositiveSmallIntegerField(default=0, editable=False, help_text=_("Rank of the riskiest change."))
    citation_count = models.PositiveIntegerField(default=0, editable=False)
    problem_count = models.PositiveIntegerField(default=0, editable=False)
    sentence_count = models.PositiveIntegerField(default=0, editable=False)
    cited_sentence_count = models.PositiveIntegerField(default=0, editable=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-saved_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "-saved_at"], name="revision_queue"),
            models.Index(fields=["title"], name="revision_by_title"),
            models.Index(
                fields=["publish_at"], condition=models.Q(publish_at__isnull=False), name="revision_scheduled"
            ),
            models.Index(fields=["submitted_at"], condition=models.Q(needs_look=True), name="revision_needs_look"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_unique_in_article"),
            models.UniqueConstraint(
                fields=["article", "author"],
                condition=models.Q(status="draft"),
                name="revision_one_draft_per_article_and_editor",
                violation_error_message=_("You have a draft of this article already: go on with that one."),
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="revision_number_from_one"),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=[
                        "draft",
                        "submitted",
                        "approved",
                        "changes_requested",
                        "rejected",
                        "withdrawn",
                        "received",
                    ]
                ),
                name="revision_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "received"]) | models.Q(submitted_at__isnull=False),
                name="revision_left_draft_by_submission",
            ),
            models.CheckConstraint(
                condition=models.Q(take_down_at__isnull=True)
                | models.Q(publish_at__isnull=True)
                | models.Q(take_down_at__gt=models.F("publish_at")),
                name="revision_comes_down_after_it_goes_out",
                violation_error_message=_("The time to come down lies before the time to go out."),
            ),
        ]
        permissions = [
            ("review_revision", "Can approve, send back and reject submitted revisions"),
            ("publish_revision", "Can publish approved revisions and take articles down"),
            ("override_review", "Can approve what they wrote themselves, with a reason that everybody sees"),
            ("erase_revision", "Can erase the text of a revision for legal reasons"),
        ]

    def __str__(self):
        title = self.title or gettext("Untitled")
        return gettext("%(title)s (revision %(number)s)") % {"title": title, "number": self.number}

    def get_absolute_url(self):
        return reverse("admin:articles_revision_change", args=[self.pk])

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def is_outdated(self):
        """The published text has moved on since this revision was started."""
        return self.article.published_revision_id not in {None, self.target_id, self.pk}


class Contributor(models.Model):
    """Somebody who wrote a part of what a revision changes, and who therefore may not approve it."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    user_name = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "user"], name="contributor_unique_in_revision"),
        ]

    def __str__(self):
        return self.user_name


class Source(models.Model):
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE)
    position = models.PositiveIntegerField(
        _("position"), help_text=_("The first source is the default: [00:06:31] cites it.")
    )
    key = models.CharField(
        _("key"),
        max_length=20,
        validators=[validate_source_key],
        help_text=_("Short name for citing a source that is not the first: [e2 00:06:31]."),
    )
    episode = models.ForeignKey(Episode, verbose_name=_("episode"), on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["revision", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "position"],
                name="source_position_unique_in_revision",
                violation_error_message=_("Two sources stand at the same place."),
            ),
            models.UniqueConstraint(
                fields=["revision", "key"],
                name="source_key_unique_in_revision",
                violation_error_message=_("Two sources have the same key."),
            ),
        ]

    def __str__(self):
        return f"{self.key}: {self.episode}"
