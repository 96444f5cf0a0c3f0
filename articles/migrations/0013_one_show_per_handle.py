"""Shows whose handles differ only in case are one show: merge them, and keep new ones from appearing."""

import sys
from collections import defaultdict

import django.db.models.functions.text
from django.db import migrations, models


def merge_shows(apps, schema_editor, key=str.lower):
    """Move the episodes of shows with the same handle in another case to the one that has most, and say what was done.

    An episode whose slug or guid the other show has too stays an episode of its own. Citations name episodes by their
    key, so no text, digest or log entry changes; the stored pages are marked as stale, for `rebuild --stale`.
    """
    Show = apps.get_model("articles", "Show")
    by_handle = defaultdict(list)
    for show in Show.objects.annotate(count=models.Count("episode")).order_by("pk"):
        by_handle[key(show.handle)].append(show)
    for shows in by_handle.values():
        kept, *others = sorted(shows, key=lambda show: (-show.count, show.pk))
        for other in others:
            _move_episodes(apps, other, kept)
            if other.url and not kept.url:
                kept.url = other.url
                kept.save(update_fields=["url"])
            other.delete()
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # an index can't be created while checks are pending


def _move_episodes(apps, other, kept):
    Episode, Rendering = apps.get_model("articles", "Episode"), apps.get_model("articles", "Rendering")
    own = set(Episode.objects.filter(show=kept).values_list("slug", flat=True))
    slugs = own | set(Episode.objects.filter(show=other).values_list("slug", flat=True))
    guids = set(Episode.objects.filter(show=kept).exclude(guid="").values_list("guid", flat=True))
    moved = list(Episode.objects.filter(show=other).order_by("pk"))
    _say(f"The show “{other.handle}” ({other.title}) became part of “{kept.handle}” ({kept.title}): {len(moved)} episodes.")
    for episode in moved:
        if episode.slug in own:
            before, number = episode.slug, 2
            while (free := f"{before[:190]}-{number}") in slugs:
                number += 1
            episode.slug = free
            slugs.add(free)
            _say(f"  Both have an episode “{before}”. That of “{other.handle}” is now “{kept.handle}/{free}”.")
        if episode.guid in guids:
            _say(f"  The guid “{episode.guid}” stays with the episode that “{kept.handle}” had; {episode.slug} lost it.")
            episode.guid = ""
        episode.show = kept
        episode.save(update_fields=["show", "slug", "guid"])
    citing = apps.get_model("articles", "Source").objects.filter(episode__in=moved)
    if count := Rendering.objects.filter(revision__in=citing.values("revision")).update(renderer_version=0):
        _say(f"  {count} stored texts cite these episodes. Run manage.py rebuild --stale.")


def _say(line):
    sys.stdout.write(f"\n{line}")


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_scheduler_and_mailboxes")]

    operations = [
        migrations.RunPython(merge_shows, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="show",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("handle"),
                name="show_handle_unique_in_any_case",
                violation_error_message="Another show has this handle, perhaps in upper or lower case.",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(django.db.models.functions.text.Lower("slug"), name="article_slug_in_any_case"),
        ),
        migrations.AddIndex(
            model_name="previousslug",
            index=models.Index(django.db.models.functions.text.Lower("slug"), name="previous_slug_in_any_case"),
        ),
    ]
