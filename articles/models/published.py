"""The HTML and the words that a revision was rendered to, and how the published ones are read in one query."""

from functools import cache

from django.db import connections, models
from django.utils.translation import gettext_lazy as _

from .articles import Article
from .episodes import Episode
from .revisions import Revision


class SearchEntry(models.Model):
    class Kind(models.IntegerChoices):
        """What is more telling comes first."""

        TITLE = 1
        HEADING = 2
        CLAIM = 3
        TEXT = 4

    id = models.BigIntegerField(
        primary_key=True,
        help_text="Kind, article and place in one number: in its order the most telling come first.",
    )
    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    kind = models.PositiveSmallIntegerField(choices=Kind)
    text = models.TextField(help_text="What is shown: the title, the heading, the claim, or a section’s text.")
    heading = models.TextField(help_text="That of the section; empty in the lead.")
    anchor = models.CharField(max_length=320, help_text="Of the section or citation; empty in the lead.")
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, null=True, help_text="Whom a claim cites.")
    start_seconds = models.PositiveIntegerField(null=True)
    end_seconds = models.PositiveIntegerField(null=True)
    size = models.PositiveIntegerField(help_text="Words in `text`.")
    words = models.TextField(help_text="The tokens by which it is found (articles/derived/search/tokens.py).")
    digest = models.CharField(max_length=64, help_text="At the title: of all that the article’s rows are made from.")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text[:60]


class TranscriptWindow(models.Model):
    id = models.BigIntegerField(primary_key=True, help_text="Episode and number of the window.")
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE)
    start_seconds = models.FloatField()
    end_seconds = models.FloatField()
    words = models.TextField(help_text="The tokens by which it is found.")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "transcript windows"

    def __str__(self):
        return f"{self.episode_id} {self.start_seconds}"


class RenderingQuerySet(models.QuerySet):
    def of_published(self, slug):
        """Title, description, HTML and surroundings of the published article with this slug; None if there is none.

        One query; the surroundings are None where none have been made.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(_statement_of_published(self.db), [slug])
            return cursor.fetchone()


@cache
def _statement_of_published(database):
    """The statement of `RenderingQuerySet.of_published`, written once: that takes eight times as long as its answer."""
    found = Rendering.objects.using(database).filter(revision__published_for__slug="")
    names = ("revision__title", "lead_text", "page_html", "revision__published_for__relatedarticles__html")
    columns = found.values_list(*names)[:1]
    statement, _ = columns.query.get_compiler(using=database).as_sql()  # the slug is its only parameter
    return statement


class Rendering(models.Model):
    """A revision as the public page shows it, so that reading renders nothing. Derived; safe HTML throughout."""

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, primary_key=True)
    renderer_version = models.PositiveIntegerField(db_index=True)
    lead_html = models.TextField()
    lead_text = models.TextField(default="", help_text=_("The lead without marks, for lists and previews."))
    text_html = models.TextField(help_text=_("The sections, nested as the outline says."))
    page_html = models.TextField(
        default="",
        help_text=_("The whole article as the page shows it, while it is published: facts and all of the above."),
    )
    word_count = models.PositiveIntegerField(
        default=0, help_text=_("Of the whole text, for how long it takes to read.")
    )
    plain_text = models.TextField(help_text=_("Title, lead, headings and text without marks, for search."))

    objects = RenderingQuerySet.as_manager()

    def __str__(self):
        return f"Rendering of {self.revision_id}"
