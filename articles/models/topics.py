"""What articles are filed under, and what stands around a published one."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .articles import Article


class TopicQuerySet(models.QuerySet):
    def public(self):
        """Topics with at least one published article, each with `article_count`: how many there are."""
        published = models.Q(article__published_revision__isnull=False)
        return self.annotate(article_count=models.Count("article", filter=published)).filter(article_count__gt=0)


class Topic(models.Model):
    """A subject that articles are filed under. Who publishes files them: readers see it at once."""

    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        allow_unicode=True,
        help_text=_("The topic’s address. It stays as it is."),
    )
    title = models.CharField(_("title"), max_length=100, unique=True)
    description = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("What the topic is about, in a sentence: readers see it on its page."),
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
    """What stands around a published article and changes when others do: related articles, links to here.

    Derived; stored apart from the page, so that another article's coming or going need not make the page again.
    """

    article = models.OneToOneField(Article, on_delete=models.CASCADE, primary_key=True)
    html = models.TextField(default="", help_text="Safe HTML, as it stands under the page.")
    related = models.ManyToManyField(
        Article, related_name="listed_in", help_text="The articles that it names as related."
    )

    class Meta:
        verbose_name_plural = "related articles"

    def __str__(self):
        return f"Around {self.article_id}"
