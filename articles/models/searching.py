"""What is searched: passages of the published texts and windows of the transcripts. Derived.

Beside these columns each database keeps an index of `words` of its own, in step by itself (migrations/_sql.py).
"""

from django.db import models

from .articles import Article
from .episodes import Episode


class Passage(models.Model):
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
    words = models.TextField(help_text="The tokens by which it is found (articles/search/folding.py).")
    digest = models.CharField(max_length=64, help_text="At the title: of all that the article’s rows are made from.")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text[:60]


class Spoken(models.Model):
    id = models.BigIntegerField(primary_key=True, help_text="Episode and number of the window.")
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE)
    start_seconds = models.FloatField()
    end_seconds = models.FloatField()
    words = models.TextField(help_text="The tokens by which it is found.")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "spoken"

    def __str__(self):
        return f"{self.episode_id} {self.start_seconds}"
