"""Editions of an episode: the same recording with different advertisements or cuts, and so on another clock."""

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from articles.core.recordings.editions import OffsetMap, Piece

from .addresses import media_address, validate_youtube_id, web_address
from .episodes import Episode


class EditionQuerySet(models.QuerySet):
    def heard_in(self, slug, key):
        """Editions with this key of the episodes cited by the article published under `slug`."""
        of_article = models.Q(episode__source__revision__published_for__slug=slug)
        editions = self.filter(of_article, key=key).select_related("episode__show").distinct()
        return editions.order_by("pk").prefetch_related("stretch_set")


class Edition(models.Model):
    """One version of an episode. Citations use the episode's clock; stretches map it to the edition's clock."""

    episode = models.ForeignKey(Episode, verbose_name=_("episode"), on_delete=models.CASCADE)
    key = models.SlugField(_("key"), max_length=40, help_text=_("Short name used in addresses: video, feed, ad-free."))
    title = models.CharField(
        _("title"), max_length=100, help_text=_("The name that readers choose: “Feed, with advertisements”.")
    )
    audio_url = web_address(_("audio file"))
    youtube_id = models.CharField(_("YouTube id"), max_length=11, blank=True, validators=[validate_youtube_id])
    duration_seconds = models.PositiveIntegerField(_("length in seconds"), null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["episode", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "key"],
                name="edition_key_unique_in_episode",
                violation_error_message=_("This episode has another edition with this key."),
            ),
            models.CheckConstraint(
                condition=~models.Q(audio_url="") | ~models.Q(youtube_id=""),
                name="edition_can_be_heard",
                violation_error_message=_("Add an audio file or a YouTube id."),
            ),
        ]

    def __str__(self):
        return self.title

    @cached_property
    def map(self):
        """The stretches as an `OffsetMap` between the two clocks; queried once."""
        rows = self.stretch_set.all()
        return OffsetMap(Piece(row.start_seconds, row.end_seconds, row.offset_seconds) for row in rows)

    def set_map(self, offset_map):
        """Replace the edition's stretches by those of `offset_map`; return whether that changed anything.

        The caller holds the transaction.
        """
        if self.map == offset_map:
            return False
        self.stretch_set.all().delete()
        Stretch.objects.bulk_create(
            Stretch(
                edition=self,
                start_seconds=piece.start_seconds,
                end_seconds=piece.end_seconds,
                offset_seconds=piece.offset_seconds,
            )
            for piece in offset_map.pieces
        )
        self._prefetched_objects_cache = {}
        self.map = offset_map
        return True

    def link_at(self, start_seconds, end_seconds=None):
        """Return the address of a moment on the episode's clock in this edition; None if the edition lacks it."""
        edition_range = self.map.range_to_edition(start_seconds, end_seconds)
        return None if edition_range is None else media_address(self, *edition_range)

    @property
    def address(self):
        """The address of the edition's start."""
        return self.heard_at(0)

    def heard_at(self, seconds):
        """Return the address of a moment on the edition's own clock (in seconds)."""
        return media_address(self, seconds)

    @property
    def gaps(self):
        """The parts of the episode that this edition lacks, as (start, end) in seconds; empty if its length is unknown."""
        return self.map.gaps(self.episode.length_seconds or 0)


class Stretch(models.Model):
    """A part of the episode that an edition contains: second t of the episode is second t + offset of the edition."""

    edition = models.ForeignKey(Edition, verbose_name=_("edition"), on_delete=models.CASCADE)
    start_seconds = models.PositiveIntegerField(_("from"))
    end_seconds = models.PositiveIntegerField(_("to"))
    offset_seconds = models.IntegerField(_("offset"))

    class Meta:
        verbose_name = _("stretch")
        ordering = ["edition", "start_seconds"]
        verbose_name_plural = _("stretches")
        constraints = [
            models.UniqueConstraint(fields=["edition", "start_seconds"], name="stretch_start_unique_in_edition"),
            models.CheckConstraint(
                condition=models.Q(end_seconds__gt=models.F("start_seconds")),
                name="stretch_ends_after_it_starts",
                violation_error_message=_("A stretch must end after it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.start_seconds}–{self.end_seconds}: {self.offset_seconds:+}"
