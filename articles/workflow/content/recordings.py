"""The recordings that a text cites: their states as values, their stored digests, and the digest a review names."""

from collections import defaultdict

from django.utils.translation import gettext

from articles.core.recordings import state
from articles.derived import bulk
from articles.models import Chapter, Edition, Episode, Show, Source, Transcript

# Every column of an episode or show is one of these, derived, or part of the state in another form.
SHOW_COLUMNS = ("handle", "title", "url", "allows_transcripts", "allows_excerpts", "people")
EPISODE_COLUMNS = (
    "title",
    "slug",
    "published_on",
    "duration_seconds",
    "page_url",
    "audio_url",
    "youtube_id",
    "allows_excerpts",
    "allows_transcript",
    "people",
)
LISTS = {"chapters": Chapter, "editions": Edition}
NOT_SHOWN = frozenset({"guid", "chapters_url", "transcript_url"})  # columns that no page shows
BATCH = 500


def states_of(episodes):
    """Return {primary key: state} of `episodes`, a query set, read from the database in three or four queries."""
    rows = {episode.pk: episode for episode in episodes.select_related("show")}
    chapters, editions = defaultdict(list), defaultdict(list)
    for chapter in Chapter.objects.filter(episode__in=rows).order_by("episode", "start_seconds"):
        chapters[chapter.episode_id].append([chapter.start_seconds, chapter.title, chapter.is_sponsor])
    for edition in Edition.objects.filter(episode__in=rows).order_by("episode", "key").prefetch_related("stretch_set"):
        editions[edition.episode_id].append(edition_value(edition))
    return {pk: state_from(episode, chapters[pk], editions[pk]) for pk, episode in rows.items()}


def state_from(episode, chapters=(), editions=()):
    """Return the state of an episode (`core.recordings.state`); chapters and editions as `states_of` reads them."""
    columns = {name: getattr(episode, name) for name in EPISODE_COLUMNS}
    day = columns["published_on"]
    return columns | {
        "show": show_value(episode.show),
        "published_on": day.isoformat() if hasattr(day, "isoformat") else day,
        "chapters": list(chapters),
        "editions": list(editions),
        "transcript": episode.transcript_digest,
    }


def show_value(show):
    """Return a show as part of its episodes' states: permissions and people only if given, as in `state.ADDED`."""
    given = [name for name in ("allows_transcripts", "allows_excerpts") if getattr(show, name)]
    return [show.handle, show.title, show.url, *given, *([{"people": show.people}] if show.people else [])]


def edition_value(edition):
    stretches = [[row.start_seconds, row.end_seconds, row.offset_seconds] for row in edition.stretch_set.all()]
    columns = ("key", "title", "audio_url", "youtube_id", "duration_seconds")
    return [*(getattr(edition, name) for name in columns), stretches]


def store_digests(episodes):
    """Store the digest of each of `episodes`, a query set, that isn't up to date; return how many weren't."""
    keys, changed = list(episodes.order_by("pk").values_list("pk", flat=True)), 0
    for start in range(0, len(keys), BATCH):
        batch = Episode.objects.filter(pk__in=keys[start : start + BATCH])
        stored = dict(batch.values_list("pk", "recording_digest"))
        digests = {pk: state.digest(value) for pk, value in states_of(batch).items()}
        rows = [(value, pk) for pk, value in digests.items() if value != stored[pk]]
        bulk.update(Episode, ["recording_digest"], rows)
        changed += len(rows)
    return changed


def cited_recordings(revision, *, is_locked=False):
    """Return [[primary key, digest], …] of the episodes that `revision` cites, in the order of their keys.

    With `is_locked`, they can't change before the transaction ends. Call it with the article locked: changes to
    recordings lock the articles that cite them first.
    """
    episodes = Episode.objects.filter(pk__in=Source.objects.filter(revision=revision).values("episode")).order_by("pk")
    if is_locked:
        episodes = episodes.select_for_update(no_key=True)
    return [list(row) for row in episodes.values_list("pk", "recording_digest")]


def part_label(name):
    """Return the name of a part of a recording, or of a column that no page shows, for people."""
    if name in LISTS:
        return str(LISTS[name]._meta.verbose_name_plural)
    if name == "transcript":
        return str(Transcript._meta.verbose_name)
    if name == "cue":
        return gettext("transcript correction")
    model = Show if name in {"handle", "url", "allows_transcripts"} else Episode
    return str(model._meta.get_field(name).verbose_name)
