"""Store where the transcript of each episode ends, which is used in place of a length that isn't known."""

from django.db import migrations
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Ceil


def store_lengths(apps, schema_editor):
    alias = schema_editor.connection.alias
    cues = apps.get_model("articles", "Cue").objects.using(alias).filter(episode=OuterRef("pk")).order_by()
    ends = cues.values("episode").annotate(end=Ceil(Max("end_seconds"))).values("end")
    episodes = apps.get_model("articles", "Episode").objects.using(alias).exclude(transcript_digest="")
    episodes.update(transcript_seconds=Subquery(ends))


class Migration(migrations.Migration):
    dependencies = [("articles", "0034_transcript_length")]

    operations = [migrations.RunPython(store_lengths, migrations.RunPython.noop)]
