"""Articles: the address, and the pointer to the published revision."""

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.responses import PublicVersion


def person(**options):
    """Return a field for an account; deleting the account empties it."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", **options
    )


WITHHELD = "name withheld"  # in place of a name
TOMBSTONE = "Erased"  # in place of words


def name_seal():
    """Return a field by which a log entry's digest covers a name that may have to be withheld later.

    It holds a random salt as long as the name is stored, and then the salted digest of the name, so that the record can
    still be verified, but nobody can find out the name by trying. Empty in rows of earlier versions.
    """
    return models.CharField(max_length=64, blank=True, default="", editable=False)


class ArticleQuerySet(models.QuerySet):
    def published(self):
        """Articles that have a published revision."""
        return self.filter(published_revision__isnull=False)

    def with_preview(self):
        """Load the published revision and its rendering without the long fields that only the article's page shows."""
        long = ("text_html", "lead_html", "page_html", "plain_text")
        articles = self.select_related("published_revision__rendering")
        return articles.defer(*(f"published_revision__rendering__{name}" for name in long))

    def for_list(self):
        """Published articles, newest first, with everything that a list shows of them."""
        source = apps.get_model("articles", "Source")  # its module imports this one
        sources = source.objects.select_related("episode__show")
        return (
            self.published()
            .with_preview()
            .prefetch_related(models.Prefetch("published_revision__source_set", sources))
            .order_by("-published_at", "pk")
        )

    def with_page(self):
        """Published articles with what their page is made from, also as `with_page_version`."""
        articles = self.filter(published_revision__rendering__isnull=False)
        articles = articles.select_related("published_revision__rendering", "relatedarticles")
        articles = articles.defer("published_revision__rendering__page_html")
        return articles.with_page_version()

    def with_page_version(self):
        """Articles with the number in `PublicVersion` of what is made only from what their page shows: `page_version`."""
        version = PublicVersion.objects.filter(scope=models.OuterRef("pk")).values("number")
        return self.annotate(page_version=Coalesce(models.Subquery(version), 0))

    def older_than(self, article):
        """The articles after `article` in `for_list`: keyset pagination, so that a late page costs no more."""
        same_time = models.Q(published_at=article.published_at, pk__gt=article.pk)
        return self.filter(models.Q(published_at__lt=article.published_at) | same_time)

    def addressed(self, condition):
        """Articles whose slug meets `condition`, a Q of the field `slug`, or that once had such a slug.

        Two look-ups in indexes; a join with the previous slugs would read all articles.
        """
        present = Article.objects.filter(condition).order_by().values("pk")
        return self.filter(pk__in=present.union(PreviousSlug.objects.filter(condition).order_by().values("article")))

    def discarded(self):
        """Articles that were never published and have nothing but discarded drafts."""
        revisions = apps.get_model("articles", "Revision").objects.order_by().filter(article=models.OuterRef("pk"))
        discarded = apps.get_model("articles", "Revision").objects.order_by().filter(status="discarded")
        articles = self.filter(pk__in=discarded.values("article"), first_published_at=None)
        return articles.filter(~models.Exists(revisions.exclude(status="discarded")))

    def kept(self):
        """All but the `discarded` articles, which no list shows."""
        return self.exclude(pk__in=Article.objects.discarded().order_by().values("pk"))

    def visible_to(self, user):
        """Articles `user` may see: all of them for editors, published ones for everyone else."""
        return self.all() if user.has_perm("articles.change_revision") else self.published()


class Article(models.Model):
    slug = models.SlugField(
        _("slug"),
        max_length=200,
        unique=True,
        allow_unicode=True,
        help_text=_(
            "The article’s address. It changes when a revision with another slug is published; "
            "the old address then redirects to the new one."
        ),
    )
    published_revision = models.OneToOneField(
        "Revision",
        verbose_name=_("published revision"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="published_for",
        help_text=_("The public text. Only publishing and unpublishing change it."),
    )
    first_published_at = models.DateTimeField(_("first published at"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, editable=False, help_text=_("When the current text was published.")
    )
    take_down_at = models.DateTimeField(
        _("unpublish at"), null=True, blank=True, editable=False, help_text=_("When to unpublish the article.")
    )
    is_protected = models.BooleanField(
        _("protected"), default=False, editable=False, help_text=_("Only people who can protect articles can edit it.")
    )
    log_length = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Number of log entries, which reveals a missing last one.")
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
        help_text=_("Show and file name of the imported text, by which a later import finds the article."),
    )
    received_digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("SHA-256 of the last imported text; importing the same text again changes nothing."),
    )
    last_saved_at = models.DateTimeField(
        _("last saved"),
        null=True,  # until the first save, so that an earlier version of the site can go on writing during an upgrade
        editable=False,
        help_text=_("When one of its revisions was last saved, so that lists needn’t look at all of them."),
    )
    flag_count = models.PositiveIntegerField(
        _("flagged citations"),
        null=True,
        editable=False,
        help_text=_("Citations of the published text that somebody should check; empty without one. Derived."),
    )
    last_reviewed_at = models.DateTimeField(
        _("last review"),
        null=True,
        editable=False,
        help_text=_("When a second person last reviewed the published text; empty if nobody did. Derived."),
    )
    topics = models.ManyToManyField("Topic", verbose_name=_("topics"), blank=True, related_query_name="article")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = person(editable=False)
    created_by_name = models.CharField(max_length=150, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-published_at", "pk"]
        indexes = [
            models.Index(fields=["-published_at", "id"], name="article_newest_first"),
            models.Index(fields=["-last_saved_at", "-id"], name="article_last_saved"),
            models.Index(
                fields=["take_down_at"], condition=models.Q(take_down_at__isnull=False), name="article_to_unpublish"
            ),
            # What the admin's list filters and sorts by; all but the last two have few rows on most sites.
            models.Index(
                fields=["-last_saved_at", "-id"],
                condition=models.Q(published_revision__isnull=True),
                name="article_not_published",
            ),
            models.Index(fields=["id"], condition=models.Q(is_protected=True), name="article_protected"),
            models.Index(fields=["flag_count", "id"], name="article_by_flags"),
            models.Index(fields=["last_reviewed_at", "id"], name="article_by_last_review"),
            models.Index(Lower("slug"), name="article_slug_in_any_case"),
            models.Index(Lower("received_as"), name="article_received_in_any_case"),
        ]
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
            ("import_received", "Can publish imported texts without review"),
            ("protect_article", "Can protect articles, and edit protected ones"),
        ]

    def __str__(self):
        return self.slug

    def get_absolute_url(self):
        return reverse("article", args=[self.slug])

    @property
    def is_taken_down(self):
        """Whether it was public once and isn't now, so that publishing any text of it brings the article back."""
        return self.published_revision_id is None and self.first_published_at is not None

    def clean(self):
        if PreviousSlug.objects.filter(slug=self.slug).exclude(article=self.pk).exists():
            raise ValidationError(
                {
                    "slug": gettext(
                        "Another article used this slug before, and its old links still lead there. Choose another slug."
                    )
                }
            )


class PreviousSlug(models.Model):
    """A former address of an article; it redirects to the current one."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    slug = models.SlugField(_("slug"), max_length=200, unique=True, allow_unicode=True)
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("previous slug")
        verbose_name_plural = _("previous slugs")
        ordering = ["-replaced_at"]
        indexes = [models.Index(Lower("slug"), name="previous_slug_in_any_case")]

    def __str__(self):
        return self.slug
