"""Store the digest of every episode as it is now, which reviews cover from here on.

Approvals that were given before name no recordings: what an episode was like then isn't known, and their log entries
can't be changed. They count as given for the recordings as they are at this migration.
"""

import hashlib
import json
from collections import defaultdict

from django.db import migrations

SHOW = ("handle", "title", "url")
COLUMNS = ("title", "slug", "published_on", "duration_seconds", "page_url", "audio_url", "youtube_id", "allows_excerpts")
EDITION = ("key", "title", "audio_url", "youtube_id", "duration_seconds")
BATCH = 500


def store_digests(apps, schema_editor):
    Episode = apps.get_model("articles", "Episode")
    alias = schema_editor.connection.alias
    keys = list(Episode.objects.using(alias).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        episodes = Episode.objects.using(alias).filter(pk__in=keys[start : start + BATCH]).select_related("show")
        chapters, editions = _parts(apps, alias, episodes)
        for episode in episodes:
            state = {name: getattr(episode, name) for name in COLUMNS} | {
                "show": [getattr(episode.show, name) for name in SHOW],
                "published_on": episode.published_on.isoformat() if episode.published_on else None,
                "chapters": chapters[episode.pk],
                "editions": editions[episode.pk],
                "transcript": episode.transcript_digest,
            }
            canonical = json.dumps(state, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            digest = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
            Episode.objects.using(alias).filter(pk=episode.pk).update(recording_digest=digest)


def _parts(apps, alias, episodes):
    """Return {episode: chapters} and {episode: editions}, as plain data."""
    chapters, editions, stretches = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in _rows(apps, alias, "Chapter", episode__in=episodes).order_by("episode", "start_seconds"):
        chapters[row.episode_id].append([row.start_seconds, row.title, row.is_sponsor])
    for row in _rows(apps, alias, "Stretch", edition__episode__in=episodes).order_by("edition", "start_seconds"):
        stretches[row.edition_id].append([row.start_seconds, row.end_seconds, row.offset_seconds])
    for row in _rows(apps, alias, "Edition", episode__in=episodes).order_by("episode", "key"):
        editions[row.episode_id].append([*(getattr(row, name) for name in EDITION), stretches[row.pk]])
    return chapters, editions


def _rows(apps, alias, model, **conditions):
    return apps.get_model("articles", model).objects.using(alias).filter(**conditions)


class Migration(migrations.Migration):
    dependencies = [("articles", "0020_recording_changes")]

    operations = [migrations.RunPython(store_digests, migrations.RunPython.noop)]
