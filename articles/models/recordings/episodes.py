"""Shows and their episodes."""

from bisect import bisect_right
from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.names import FoldedField, same_name

validate_web_address = URLValidator(schemes=["http", "https"])
validate_handle = RegexValidator(
    r"^[\w-]+\Z", _("Use only letters, digits, - and _: the handle is part of the show’s address.")
)
validate_youtube_id = RegexValidator(
    r"^[A-Za-z0-9_-]{11}\Z", _("Enter the 11 characters after “v=” in the YouTube address: letters, digits, - or _.")
)


def media_address(recording, start_seconds, end_seconds=None):
    """Return the address of a moment (in seconds) in the recording's video, else in its audio file, else "".

    The audio file's address gets a media fragment (W3C Media Fragments URI).
    """
    if recording.youtube_id:
        return f"https://www.youtube.com/watch?v={recording.youtube_id}&t={start_seconds}s"
    if recording.audio_url:
        end = f",{end_seconds}" if end_seconds is not None else ""
        return urlunsplit(urlsplit(recording.audio_url)._replace(fragment=f"t={start_seconds}{end}"))
    return ""


def web_address(verbose_name, **options):
    """Return a field for an optional web address."""
    return models.CharField(verbose_name, max_length=500, blank=True, validators=[validate_web_address], **options)


class CitedQuerySet(models.QuerySet):
    def cited(self):
        """Shows or episodes cited by published revisions, with `article_count`; only these are public."""
        episode = "episode__" if self.model is Show else ""
        articles = models.Count(f"{episode}source__revision__published_for", distinct=True)
        return self.annotate(article_count=articles).filter(article_count__gt=0)


class Show(models.Model):
    handle = models.CharField(
        _("handle"),
        max_length=100,
        unique=True,
        validators=[validate_handle],
        help_text=_("Short name used in addresses and in imported texts (“From: …”), such as the channel’s name."),
    )
    handle_key = FoldedField(of="handle")
    title = models.CharField(_("title"), max_length=200, help_text=_("The show’s name as readers know it."))
    url = web_address(_("website"), help_text=_("The show’s own site."))
    allows_transcripts = models.BooleanField(
        _("public transcripts"),
        default=False,
        db_default=False,
        help_text=_("The publisher allows the whole transcripts of this show’s episodes to be public."),
    )
    allows_excerpts = models.BooleanField(
        _("public excerpts"),
        default=False,
        db_default=False,
        help_text=_("The publisher allows a short transcript excerpt next to each citation of this show’s episodes."),
    )
    people = models.TextField(
        _("people"),
        blank=True,
        default="",
        db_default="",
        help_text=_("Who is heard in its episodes. An episode’s own people come before them."),
    )

    objects = CitedQuerySet.as_manager()

    class Meta:
        verbose_name = _("show")
        verbose_name_plural = _("shows")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(handle=""),
                name="show_handle_not_empty",
                violation_error_message=_("A show needs a handle."),
            ),
            models.UniqueConstraint(
                fields=["handle_key"],
                name="show_handle_key_unique",
                violation_error_message=_("Another show has this handle, perhaps in upper or lower case."),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None and "handle" in update_fields:
            update_fields = {*update_fields, "handle_key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_absolute_url(self):
        return reverse("show", args=[self.handle])

    def clean(self):
        # Forms don't check the constraint, because they leave its column out.
        alike = Show.objects.filter(same_name("handle", self.handle)).exclude(pk=self.pk)
        if alike.exclude(handle=self.handle).exists():
            raise ValidationError({"handle": gettext("Another show has this handle in upper or lower case.")})


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
