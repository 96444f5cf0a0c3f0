"""An article's identity: its address, and the pointer to what the public sees."""

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Long fields of a rendering that only the page itself shows.
NOT_IN_LISTS = [
    "text_html",
    "lead_html",
    "page_html",
    "plain_text",
]


class ArticleQuerySet(models.QuerySet):
    def published(self):
        """What anybody may read."""
        return self.filter(published_revision__isnull=False)

    def for_list(self):
        """Published articles, newest first, with what a list shows of each."""
        sources = apps.get_model("articles", "Source").objects.select_related("episode__show")  # of a later module
        return (
            self.published()
            .select_related("published_revision__rendering")
            .defer(*(f"published_revision__rendering__{name}" for name in NOT_IN_LISTS))
            .prefetch_related(models.Prefetch("published_revision__source_set", sources))
            .order_by("-published_at", "pk")
        )

    def older_than(self, article):
        """What follows `article` in `for_list`: by key and not by number, so that a late page costs no more."""
        same_time = models.Q(published_at=article.published_at, pk__gt=article.pk)
        return self.filter(models.Q(published_at__lt=article.published_at) | same_time)

    def visible_to(self, user):
        """What `user` may know of: everything for who may edit, else the published articles."""
        return self.all() if user.has_perm("articles.change_revision") else self.published()


class Article(models.Model):
    slug = models.SlugField(
        _("slug"),
        max_length=200,
        unique=True,
        allow_unicode=True,
        help_text=_(
            "The article’s address. It changes when a revision with another slug is published; "
            "the old address then leads to the new one."
        ),
    )
    published_revision = models.OneToOneField(
        "Revision",
        verbose_name=_("published revision"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="published_for",
        help_text=_("What the public sees. Only publishing moves it."),
    )
    first_published_at = models.DateTimeField(_("first published at"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, editable=False, help_text=_("When the pointer was last moved.")
    )
    take_down_at = models.DateTimeField(
        _("take down at"), null=True, blank=True, editable=False, help_text=_("When the article is to be taken down.")
    )
    is_protected = models.BooleanField(
        _("protected"), default=False, editable=False, help_text=_("Only who may protect articles can edit it.")
    )
    log_length = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("How many log entries there are: a missing last one is noticed.")
    )
    log_digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text=_("Digest of the last log entry.")
    )
    received_as = models.CharField(
        max_length=400,
        unique=True,
        null=True,
        blank=True,
        editable=False,
        help_text=_("Show and file name of the received text, by which a later delivery finds its article."),
    )
    received_digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("SHA-256 of the text that was last received: a delivery that brings it again changes nothing."),
    )
    topics = models.ManyToManyField("Topic", verbose_name=_("topics"), blank=True, related_query_name="article")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_by_name = models.CharField(max_length=150, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-published_at", "pk"]
        indexes = [models.Index(fields=["-published_at", "id"], name="article_newest_first")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(slug=""),
                name="article_slug_not_empty",
                violation_error_message=_("An article needs a slug."),
            ),
            models.CheckConstraint(
                condition=models.Q(published_revision__isnull=True) | models.Q(published_at__isnull=False),
                name="article_published_has_date",
            ),
        ]
        permissions = [
            ("import_received", "Can publish received texts as they came"),
            ("protect_article", "Can protect articles, and edit protected ones"),
        ]

    def __str__(self):
        return self.slug

    def get_absolute_url(self):
        return reverse("article", args=[self.slug])

    def clean(self):
        if PreviousSlug.objects.filter(slug=self.slug).exclude(article=self.pk).exists():
            raise ValidationError(
                {"slug": gettext("Another article was published under this slug and its links lead there.")}
            )


class PreviousSlug(models.Model):
    """An address that an article once had; it leads to the present one."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    slug = models.SlugField(_("slug"), max_length=200, unique=True, allow_unicode=True)
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("previous slug")
        verbose_name_plural = _("previous slugs")
        ordering = ["-replaced_at"]

    def __str__(self):
        return self.slug
