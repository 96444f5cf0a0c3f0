"""Finds or creates the shows and episodes that received articles cite, and fills in what is known about them."""

from django.db import transaction

from articles import workflow
from articles.core.markdown import wiki_slug
from articles.core.recordings.chapters import ChapterLine
from articles.models import Citation, Episode, named, same_name

from .editions import changed_editions
from .episodes_file import show_handle
from .other_recording import cited_by, other_recording

FIELDS = ("title", "published_on", "duration_seconds", "page_url", "audio_url", "youtube_id")
RECORDING = frozenset({"duration_seconds", "audio_url", "youtube_id"})
KEPT = (
    "{reference}: the episodes file has another recording ({new}); “{current}” was kept with its length and chapters, "
    "because citations refer to it ({cited}). Change it on the episode’s page in the admin, which asks first."
)


def placeholder(youtube_id):
    """Return the title of an episode of which only the YouTube id is known."""
    return f"YouTube {youtube_id}"


@transaction.atomic(savepoint=False)
def save_episode(known, shows=None, *, by=None, is_new_id=False):
    """Save what is `known` about an episode and its show, rebuild the texts that cite it on a change, and return it.

    `shows` caches shows by handle; this episode's show is added. `is_new_id` means that no episode has its YouTube id.
    """
    show = _save_show(known, {} if shows is None else shows, by)
    episode = None if is_new_id else _with_id(known)
    if episode is None:
        slug = _slug(known)
        episode = named(Episode.objects.filter(show=show), slug=slug)
        if episode is None or episode.youtube_id not in ("", known.youtube_id):
            episode = Episode(show=show, slug=free_slug(show, slug, episode))
            episode.chapters = []  # saves a query for the chapters of a new episode
    is_other = bool(_kept_recording(episode, known))
    changed = [name for name in FIELDS if getattr(known, name) and getattr(known, name) != getattr(episode, name)]
    changed = [name for name in changed if not (is_other and name in RECORDING)]
    has_chapters = not is_other and _has_other_chapters(episode, known)
    if changed or known.editions or has_chapters:
        with workflow.change_episode(episode, by=by, at_once=True) as change:
            for name in changed:
                setattr(episode, name, getattr(known, name))
            change.save(changed)
            if has_chapters:
                change.replace_chapters([ChapterLine(*chapter) for chapter in known.chapters])
            change.save_editions(changed_editions(episode, known.editions))
    return episode


def update_known(known, *, by=None):
    """Update the known episodes that exist already, even if no article is new, and note whose recording was kept."""
    entries = [*known.by_youtube_id.values()]
    entries += [entry for show_entries in known.by_show.values() for entry in show_entries if not entry.youtube_id]
    for entry in entries:
        handle = show_handle(entry.show_handle)
        of_show = Episode.objects.filter(same_name("show__handle", handle))
        existing = of_show.filter(slug=_slug(entry), youtube_id__in=("", entry.youtube_id))
        if _with_id(entry) or existing.exists():
            episode = save_episode(entry, by=by)
            known.kept += [
                KEPT.format(reference=episode.reference, current=current, new=new, cited=cited_by(episode))
                for _, current, new in _kept_recording(episode, entry)
            ]


def _kept_recording(episode, known):
    """Return how `known` would change what existing citations play, as `other_recording` does; nothing without any."""
    new = {name: value for name in ("youtube_id", "audio_url") if (value := getattr(known, name))}
    changed = other_recording(episode, new) if episode.pk else []
    return changed if changed and Citation.objects.filter(episode=episode).exists() else []


def _with_id(known):
    return Episode.objects.filter(youtube_id=known.youtube_id).first() if known.youtube_id else None


def _slug(known):
    is_placeholder = known.title == placeholder(known.youtube_id)
    return known.youtube_id if is_placeholder else wiki_slug(known.title)[:180] or known.youtube_id


def _save_show(known, shows, by):
    handle = show_handle(known.show_handle)
    show = shows.get(handle)
    if show is None:
        title = known.show_title or known.show_handle.strip()[:200]
        show = workflow.get_or_create_show(handle, title=title, url=known.show_url)
        shows[handle] = show
    wanted = {"title": known.show_title, "url": known.show_url}
    changed = [name for name, value in wanted.items() if value and getattr(show, name) != value]
    for name in changed:
        setattr(show, name, wanted[name])
    if changed:
        workflow.save_show(show, changed, by=by, at_once=True)
    return show


def _has_other_chapters(episode, known):
    current = [(chapter.start_seconds, chapter.title) for chapter in episode.chapters] if known.chapters else []
    return current != list(known.chapters)


def free_slug(show, slug, other):
    """Return `slug`, with a number appended if an `other` episode has it."""
    number, free = 2, slug
    while other is not None:
        free = f"{slug}-{number}"
        number += 1
        other = Episode.objects.filter(show=show, slug=free).first()
    return free
