"""Episodes of shows: the recordings that articles cite."""

from bisect import bisect_right

from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .addresses import media_address, validate_youtube_id, web_address
from .shows import CitedQuerySet, Show


class Episode(models.Model):
    show = models.ForeignKey(Show, verbose_name=_("show"), on_delete=models.PROTECT)
    title = models.CharField(_("title"), max_length=300)
    slug = models.SlugField(
        _("slug"),
        max_length=200,
        allow_unicode=True,
        help_text=_("The last part of the episode’s address on this site."),
    )
    published_on = models.DateField(
        _("release date"), null=True, blank=True, help_text=_("The day the recording was released.")
    )
    duration_seconds = models.PositiveIntegerField(
        _("length in seconds"),
        null=True,
        blank=True,
        help_text=_("Needed to find timestamps past the end. 1:42:41 is 6161 seconds."),
    )
    page_url = web_address(_("episode page"), help_text=_("The publisher’s page about the episode."))
    audio_url = web_address(
        _("audio file"), help_text=_("Address of an audio file that may be linked to. Used if there is no video.")
    )
    youtube_id = models.CharField(
        _("YouTube id"), max_length=11, blank=True, validators=[validate_youtube_id], help_text=_("Eleven characters.")
    )

    guid = models.CharField(
        _("guid"),
        max_length=500,
        blank=True,
        help_text=_("The episode’s id in the show’s feed, by which later imports recognise it."),
    )
    chapters_url = web_address(_("chapters file"), help_text=_("Address of the chapters in the show’s feed."))
    transcript_url = web_address(_("transcript file"), help_text=_("Address of the transcript in the show’s feed."))
    allows_excerpts = models.BooleanField(
        _("public excerpts"),
        default=False,
        help_text=_("The publisher allows a short transcript excerpt next to each citation."),
    )
    allows_transcript = models.BooleanField(
        _("public transcript"),
        default=False,
        db_default=False,
        help_text=_("The publisher allows the whole transcript to be public, to read and to download."),
    )
    people = models.TextField(
        _("people"),
        blank=True,
        default="",
        db_default="",
        help_text=_("Who is heard in this episode, besides the people of its show."),
    )
    transcript_digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("Digest of the current transcript; empty without one."),
    )
    transcript_seconds = models.PositiveIntegerField(
        null=True,
        editable=False,
        help_text=_("Where the transcript’s last cue ends: the length if no other is known. Derived."),
    )
    excerpt_length = models.PositiveSmallIntegerField(
        null=True,
        editable=False,
        help_text=_("How many characters each public excerpt may have, so that all are within the limit. Derived."),
    )
    excerpt_share = models.PositiveSmallIntegerField(
        null=True,
        editable=False,
        help_text=_("What share of the transcript the public excerpts are, in thousandths. Derived."),
    )
    recording_digest = models.CharField(
        max_length=64,
        blank=True,
        default="",
        editable=False,
        help_text=_("SHA-256 of the episode as readers see it and evidence uses it; set with every change."),
    )

    objects = CitedQuerySet.as_manager()

    class Meta:
        verbose_name = _("episode")
        verbose_name_plural = _("episodes")
        ordering = ["-published_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["show", "guid"],
                condition=~models.Q(guid=""),
                name="episode_guid_unique_in_show",
                violation_error_message=_("Another episode of this show has this guid."),
            ),
            models.UniqueConstraint(
                fields=["show", "slug"],
                name="episode_slug_unique_in_show",
                violation_error_message=_("Another episode of this show has this slug."),
            ),
            models.UniqueConstraint(
                fields=["youtube_id"],
                condition=~models.Q(youtube_id=""),
                name="episode_youtube_id_unique",
                violation_error_message=_("Another episode has this YouTube id."),
            ),
            models.CheckConstraint(
                condition=models.Q(duration_seconds__isnull=True) | models.Q(duration_seconds__gt=0),
                name="episode_duration_positive",
                violation_error_message=_(
                    "Enter a length of at least 1 second, or leave it empty if you don’t know it."
                ),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("episode", args=[self.show.handle, self.slug])

    @property
    def reference(self):
        """The episode's name in citations and commands: ``handle/slug``."""
        return f"{self.show.handle}/{self.slug}"

    @property
    def length_seconds(self):
        """The recording's length, or where its transcript ends if that isn't known; None without either."""
        return self.duration_seconds or self.transcript_seconds

    @property
    def is_length_derived(self):
        """Whether `length_seconds` is only where the transcript ends: the recording may go on."""
        return self.duration_seconds is None and self.transcript_seconds is not None

    @property
    def has_public_transcript(self):
        """Whether there is a transcript that the episode or its show allows everybody to read."""
        return bool(self.transcript_digest) and (self.allows_transcript or self.show.allows_transcripts)

    @property
    def has_public_excerpts(self):
        """Whether the episode or its show allows excerpts of its transcript next to citations."""
        return self.allows_excerpts or self.show.allows_excerpts

    @property
    def excerpt_percent(self):
        """What percentage of the transcript is shown as excerpts, rounded up; 0 if none is."""
        return -(-(self.excerpt_share or 0) // 10)

    @property
    def can_be_heard(self):
        """Whether there is a video, an audio file or a page to which `link_at` leads, rather than this site's own page."""
        return bool(self.youtube_id or self.audio_url or self.page_url)

    def link_at(self, start_seconds, end_seconds=None):
        """Return the address at which a moment (in seconds) can be heard: video, audio file, or the episode's page."""
        return media_address(self, start_seconds, end_seconds) or self.page_url or self.get_absolute_url()

    @cached_property
    def chapters(self):
        """The chapters in order of time, queried once."""
        return list(self.chapter_set.all())

    def chapter_at(self, seconds):
        """Return the chapter playing at `seconds`, or None before the first."""
        index = bisect_right([chapter.start_seconds for chapter in self.chapters], seconds)
        return self.chapters[index - 1] if index else None

    def chapter_title_at(self, seconds):
        chapter = self.chapter_at(seconds)
        return chapter.title if chapter else ""
