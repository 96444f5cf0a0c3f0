"""Topics, and the stored related articles of each published article."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .articles import Article


class TopicQuerySet(models.QuerySet):
    def public(self):
        """Topics of at least one published article, with their number as `article_count`."""
        published = models.Q(article__published_revision__isnull=False)
        return self.annotate(article_count=models.Count("article", filter=published)).filter(article_count__gt=0)


class Topic(models.Model):
    """A subject of articles. Assigning one needs the right to publish, because readers see it at once."""

    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        allow_unicode=True,
        help_text=_("The topic’s address. It can’t be changed later."),
    )
    title = models.CharField(_("title"), max_length=100, unique=True)
    description = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("What the topic is about, in one sentence. Shown on the topic’s page."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("topic", args=[self.slug])


class RelatedArticles(models.Model):
    """The related articles and incoming links of a published article, which change when other articles do.

    Derived. Stored apart from the page, so that the page needn't be rebuilt when another article comes or goes.
    """

    article = models.OneToOneField(Article, on_delete=models.CASCADE, primary_key=True)
    html = models.TextField(default="", help_text="Safe HTML, shown below the article.")
    related = models.ManyToManyField(Article, related_name="listed_in", help_text="The articles listed as related.")

    class Meta:
        verbose_name_plural = "related articles"

    def __str__(self):
        return f"Around {self.article_id}"
