"""The HTML and the words that a revision was rendered to, and how the published ones are read in one query."""

from functools import cache

from django.db import connections, models
from django.utils.translation import gettext_lazy as _

from .revisions import Revision


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
    names = ("revision__title", "lead_text", "page_html", "revision__published_for__surroundings__html")
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
