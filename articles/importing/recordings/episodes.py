"""Finds or makes the shows and episodes that received articles cite, with what is known of them from elsewhere."""

from django.db import transaction

from articles.core.markdown import wiki_slug
from articles.core.recordings.chapters import is_sponsor_title
from articles.derived import text
from articles.models import Chapter, Episode, Show

from .editions import save_editions
from .episodes_file import show_handle

FIELDS = ("title", "published_on", "duration_seconds", "page_url", "audio_url", "youtube_id")


def placeholder(youtube_id):
    """The title of an episode of which only the id is known."""
    return f"YouTube {youtube_id}"


@transaction.atomic(savepoint=False)
def save_episode(known, shows=None, *, is_new_id=False):
    """Write what is `known` of an episode and its show into rows; texts that cite it are derived again on a change.

    `shows` are shows that were met before, by handle; the one of this episode is added to them. `is_new_id`: no
    episode has its YouTube id.
    """
    show = _save_show(known, {} if shows is None else shows)
    values = {name: getattr(known, name) for name in FIELDS if getattr(known, name)}
    episode = None if is_new_id else _with_id(known)
    if episode is None:
        slug = _slug(known)
        episode = Episode.objects.filter(show=show, slug=slug).first()
        if episode is None or episode.youtube_id not in ("", known.youtube_id):
            episode = Episode.objects.create(show=show, slug=free_slug(show, slug, episode), **values)
            save_chapters(episode, known)
            save_editions(episode, known.editions)
            if not known.chapters:
                episode.course = []  # nobody has to ask for the chapters of what was made a line before
            return episode
    update_episode(episode, values, known)
    return episode


def update_known(known):
    """Bring the episodes up to date that are known and here already, also where no article is new."""
    entries = [*known.by_youtube_id.values()]
    entries += [entry for of_show in known.by_show.values() for entry in of_show if not entry.youtube_id]
    for entry in entries:
        handle = show_handle(entry.show_handle)
        here = Episode.objects.filter(show__handle=handle, slug=_slug(entry), youtube_id__in=("", entry.youtube_id))
        if _with_id(entry) or here.exists():
            save_episode(entry)


def _with_id(known):
    return Episode.objects.filter(youtube_id=known.youtube_id).first() if known.youtube_id else None


def _slug(known):
    is_placeholder = known.title == placeholder(known.youtube_id)
    return known.youtube_id if is_placeholder else wiki_slug(known.title)[:180] or known.youtube_id


def _save_show(known, shows):
    handle = show_handle(known.show_handle)
    show = shows.get(handle)
    if show is None:
        title = known.show_title or known.show_handle.strip()[:200]
        show, _ = Show.objects.get_or_create(handle=handle, defaults={"title": title, "url": known.show_url})
        shows[handle] = show
    wanted = {name: value for name, value in (("title", known.show_title), ("url", known.show_url)) if value}
    if any(getattr(show, name) != value for name, value in wanted.items()):
        text.hold_citing(Episode.objects.filter(show=show))
        for name, value in wanted.items():
            setattr(show, name, value)
        show.save(update_fields=list(wanted))
    return show


def update_episode(episode, values, known=None):
    changed = {name: value for name, value in values.items() if getattr(episode, name) != value}
    if changed or (known is not None and (_has_other_chapters(episode, known) or known.editions)):
        text.hold_citing([episode])
    for name, value in changed.items():
        setattr(episode, name, value)
    if changed:
        episode.save(update_fields=list(changed))
    has_new_chapters = known is not None and save_chapters(episode, known)
    has_new_editions = known is not None and save_editions(episode, known.editions)
    if changed or has_new_chapters or has_new_editions:
        text.refresh_citing(episode)


def save_chapters(episode, known):
    """Write the chapters, if any are known; whether they changed."""
    if not _has_other_chapters(episode, known):
        return False
    episode.chapter_set.all().delete()
    Chapter.objects.bulk_create(
        Chapter(episode=episode, start_seconds=start, title=title, is_sponsor=is_sponsor_title(title))
        for start, title in known.chapters
    )
    return True


def _has_other_chapters(episode, known):
    if not known.chapters:
        return False
    present = episode.chapter_set.order_by("start_seconds").values_list("start_seconds", "title")
    return list(present) != list(known.chapters)


def free_slug(show, slug, other):
    """`slug`, with a number where an `other` episode has it."""
    number, free = 2, slug
    while other is not None:
        free = f"{slug}-{number}"
        number += 1
        other = Episode.objects.filter(show=show, slug=free).first()
    return free
