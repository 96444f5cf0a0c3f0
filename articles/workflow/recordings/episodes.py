"""Changes to shows, and to episodes with their chapters and editions."""

from contextlib import ExitStack, contextmanager

from django.db import transaction
from django.utils.translation import gettext

from articles.core.recordings import state
from articles.models import Chapter, Edition, Episode, RecordingChange, Show, Transcript, named
from articles.workflow.content.recordings import NOT_SHOWN, state_from
from articles.workflow.history import rows

from .steps import change


def get_or_create_show(handle, **values):
    """Return the show with this handle in any case, created with these column values if there is none."""
    return named(Show.objects, handle=handle) or Show.objects.get_or_create(handle=handle, defaults=values)[0]


def save_show(show, columns=(), *, by=None, reason="", at_once=False, proposal=None):
    """Save these `columns` (names) of a show; a new show is saved in full. Returns the `RecordingChange`, if any.

    A change may have to wait for a decision; the other arguments are those of `steps.change`.
    """
    cited = Episode.objects.filter(show=show, source__isnull=False).distinct() if show.pk else ()
    with change(show, cited, by, reason=reason, at_once=at_once, proposal=proposal) as made:
        _save(show, columns, made)
    return made.row


@contextmanager
def change_episode(episode, *, by=None, reason="", at_once=False, proposal=None):
    """Combine everything that the block does to `episode`, which may be unsaved, into one change.

    Yields an `EpisodeChange`, whose methods save. The episode is locked, so what the block reads can't change. The
    consequences follow once, when the block ends, and only if the change is visible on a page. A change may
    have to wait for a decision: then `row` of the `EpisodeChange` is waiting, and nothing is saved.
    """
    with change(episode, [episode], by, reason=reason, at_once=at_once, proposal=proposal) as made:
        yield EpisodeChange(episode, made)


class EpisodeChange:
    """The operations available inside `change_episode`. `is_new` means that the episode didn't exist before."""

    def __init__(self, episode, made):
        self.episode = episode
        self.is_new = made.is_new
        self._made = made

    @property
    def row(self):
        """The `RecordingChange` of the finished change; None if nothing changed or the episode is new."""
        return self._made.row

    def save(self, columns=()):
        """Save these columns of the episode, or all of a new one; names that aren't columns are ignored."""
        if self.episode.pk is None:
            self.episode.recording_digest = state.digest(state_from(self.episode))
        _save(self.episode, columns, self._made)

    def replace_chapters(self, lines):
        """Replace the episode's chapters with `lines`, `ChapterLine` values.

        A sponsor flag set by hand stays with its title, even if the chapter has moved. New titles take the line's flag.
        """
        before = {} if self.is_new else {chapter.start_seconds: chapter for chapter in self.episode.chapter_set.all()}
        sponsors = {chapter.title: chapter.is_sponsor for chapter in before.values()}
        new, renamed = [], []
        for line in lines:
            chapter = before.pop(line.start_seconds, None)
            if chapter is None:
                chapter = Chapter(episode=self.episode, start_seconds=line.start_seconds)
                new.append(chapter)
            elif chapter.title != line.title:
                renamed.append(chapter)
            else:
                continue
            chapter.title, chapter.is_sponsor = line.title, sponsors.get(line.title, line.is_sponsor)
        if not (before or renamed or new):
            return
        self._made.begin()
        if before:
            self.episode.chapter_set.filter(start_seconds__in=list(before)).delete()
        if renamed:
            Chapter.objects.bulk_update(renamed, ["title", "is_sponsor"])
        Chapter.objects.bulk_create(new)
        self._changed_chapters()

    def save_chapters(self, saved, deleted=()):
        """Save changed chapters and delete others, given as rows."""
        if saved or deleted:
            self._made.begin()
            _write(saved, deleted)
            self._changed_chapters()

    def save_editions(self, saved, deleted=()):
        """Save changed editions, given as pairs of a row and its new `OffsetMap` (or None), and delete others."""
        if not saved and not deleted:
            return
        self._made.begin()
        _write([edition for edition, _ in saved], deleted)
        for edition, offsets in saved:
            if offsets is not None:
                edition.set_map(offsets)
        self._made.needs_digest = True
        self._made.names.append(str(Edition._meta.verbose_name_plural))

    def _changed_chapters(self):
        self.episode.__dict__.pop("chapters", None)
        self._made.needs_digest = True
        self._made.names.append(str(Chapter._meta.verbose_name_plural))


def save_episode(episode, columns=(), *, by=None, reason="", at_once=False):
    """Save these `columns` (names) of an episode; a new episode is saved in full.

    Returns the `RecordingChange`, if any.
    """
    with change_episode(episode, by=by, reason=reason, at_once=at_once) as episode_change:
        episode_change.save(columns)
    return episode_change.row


def save_stretches(edition, offsets, *, by=None, reason=""):
    """Replace the edition's stretches with an `OffsetMap`; return the `RecordingChange`, None if they are the same."""
    with change(edition.episode, [edition.episode], by, reason=reason) as made:
        made.begin()
        if edition.set_map(offsets):
            made.names.append(gettext("stretches of the edition “%(edition)s”") % {"edition": edition})
    return made.row


@transaction.atomic
def delete_recordings(recordings):
    """Delete shows or episodes, a query set; what was recorded of them stays, except for their transcripts.

    The database protects shows with episodes, and episodes that are cited or of which citations were confirmed.
    """
    of_them = {f"{recordings.model._meta.model_name}__in": list(recordings.values_list("pk", flat=True))}
    with ExitStack() as stack:
        for model in (RecordingChange,) if recordings.model is Show else (RecordingChange, Transcript):
            found = model._base_manager.filter(**of_them).values_list("pk", flat=True)
            stack.enter_context(rows.recorded(model, found))
        recordings.delete()


def _save(recording, columns, made):
    if recording.pk is None:
        recording.save()
        return
    fields = [field for field in recording._meta.concrete_fields if field.name in columns]
    if fields:
        made.begin()
        made.needs_digest = True
        recording.save(update_fields=[field.name for field in fields])
    made.names += [str(field.verbose_name) for field in fields if field.name not in NOT_SHOWN]


def _write(saved, deleted):
    for row in deleted:
        row.delete()
    for row in saved:
        row.save()
