"""Revisions: the whole content of an article at one time, with its author and its review state."""

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdownx.models import MarkdownxField

from articles.core.language import tags
from articles.models.articles.articles import Article, person

from .notes import shown
from .queries import RevisionQuerySet
from .rules import RULES

validate_language = RegexValidator(tags.PATTERN, _("Enter a language tag such as pt, pt-BR or zh-Hant."))


class Revision(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")
        CHANGES_REQUESTED = "changes_requested", _("changes requested")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")
        RECEIVED = "received", _("imported")
        DISCARDED = "discarded", _("discarded")

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
        help_text=_("The revision that this one started from."),
    )
    target = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text=_(
            "The revision that was public when this one was started, which this one is compared with and replaces."
        ),
    )

    title = models.CharField(
        _("title"), max_length=200, help_text=_("What the article is about, in the words readers would search for.")
    )
    slug = models.SlugField(
        _("slug"),
        max_length=200,
        allow_unicode=True,
        help_text=_("The article’s address once this revision is published. Old addresses keep working."),
    )
    lead = MarkdownxField(
        _("lead"),
        blank=True,
        help_text=_("The article in one or two sentences. Cite as in the text: [00:06:31]."),
    )
    notice = models.CharField(
        _("notice"),
        max_length=20,
        choices=Notice.choices,
        default=Notice.NONE,
        help_text=_("“Health” adds a note for readers: information, not advice."),
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        default="",
        validators=[validate_language],
        help_text=_(
            "The language of the text, as a tag: pt, pt-BR, ar. Screen readers and search engines go by it. Leave empty if "
            "it isn’t known."
        ),
    )
    edit_summary = models.CharField(
        _("edit summary"),
        max_length=500,
        blank=True,
        help_text=_("Describe your changes: the moderator reads this first."),
    )
    public_note = models.CharField(
        _("public note"),
        max_length=300,
        blank=True,
        help_text=_("A note to readers about this revision, shown in the version history."),
    )

    author = person(verbose_name=_("author"), editable=False)
    author_name = models.CharField(_("author"), max_length=150, editable=False)
    version = models.PositiveIntegerField(
        _("version"),
        default=0,
        editable=False,
        help_text=_("Number of saves, for detecting a form that was loaded before someone else saved."),
    )
    saved_by = person(editable=False)
    saved_by_name = models.CharField(max_length=150, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(_("saved at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    received_digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("SHA-256 of the imported text, if this revision is identical to it."),
    )

    # Scheduling and priority.
    publish_at = models.DateTimeField(
        _("publish at"), null=True, blank=True, editable=False, help_text=_("When to publish the approved revision.")
    )
    first_public_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text=_("When it was first published; with it, what is approved and waits is found without the log."),
    )
    take_down_at = models.DateTimeField(
        _("unpublish at"), null=True, blank=True, editable=False, help_text=_("When to unpublish the article.")
    )
    due_on = models.DateField(_("due"), null=True, blank=True, help_text=_("When the review should be done."))
    is_urgent = models.BooleanField(_("urgent"), default=False, help_text=_("Listed first in the review queue."))
    needs_second_review = models.BooleanField(
        default=False, editable=False, help_text=_("Published without a second review, which is still to come.")
    )
    # Without index and constraint, so that SQLite adds and drops the columns without rebuilding the table.
    assigned_to = person(editable=False, db_index=False, db_constraint=False)
    assigned_group = models.ForeignKey(
        "auth.Group",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    review_locked_by = person(editable=False)
    review_locked_by_name = models.CharField(max_length=150, editable=False)
    review_locked_at = models.DateTimeField(null=True, editable=False)

    # The record: a submitted text can't be changed unnoticed.
    digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("SHA-256 of the content as canonical JSON and of the base’s digest; set on submission."),
    )
    erased_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When the text was erased for legal reasons.")
    )
    erasure_reason = models.CharField(max_length=500, blank=True, editable=False)

    # Counted whenever the text is saved or submitted, so that lists needn't read it.
    change_kinds = models.JSONField(
        default=list, editable=False, help_text=_("The kinds of change it makes, riskiest first.")
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
            models.Index(fields=["author", "status", "-saved_at"], name="revision_of_author"),
            models.Index(fields=["-saved_at", "-id"], name="revision_last_saved"),
            models.Index(fields=["title"], name="revision_by_title"),
            models.Index(
                fields=["publish_at"], condition=models.Q(publish_at__isnull=False), name="revision_scheduled"
            ),
            models.Index(
                fields=["submitted_at"],
                condition=models.Q(status="approved", first_public_at__isnull=True),
                name="revision_approved_waiting",
            ),
            models.Index(fields=["id"], condition=models.Q(problem_count__gt=0), name="revision_with_problems"),
            models.Index(
                fields=["submitted_at"],
                condition=models.Q(needs_second_review=True),
                name="revision_needs_second_review",
            ),
        ]
        constraints = RULES
        permissions = [
            ("review_revision", "Can approve, reject and request changes to submitted revisions"),
            ("publish_revision", "Can publish approved revisions and unpublish articles"),
            ("override_review", "Can approve their own work, giving a reason that everyone can see"),
            ("erase_revision", "Can erase the text of a revision for legal reasons"),
        ]

    def __str__(self):
        title = self.title or gettext("Untitled")
        return gettext("%(title)s (revision %(number)s)") % {"title": title, "number": self.number}

    def get_absolute_url(self):
        return reverse("admin:articles_revision_change", args=[self.pk])

    @property
    def shown_note(self):
        """The public note as readers see it."""
        return shown(self.public_note)

    @property
    def comes_from(self):
        """The primary keys of the revisions whose text this one changes."""
        return {pk for pk in (self.base_id, self.target_id) if pk is not None}

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def is_outdated(self):
        """Whether another revision has been published since this one was started."""
        return self.article.published_revision_id not in {None, self.target_id, self.pk}
