"""The demo's episode with the invented talk as its public transcript, on a site that is set up by commands."""

from pathlib import Path

from tests.support.samples import talk

EPISODE = "hubermanlab/ketamine-benefits-and-risks-for-depression-ptsd-neuroplasticity"
ADDRESS = f"/shows/{EPISODE}/transcript/"
ALLOW = """
from articles import workflow
from articles.models import Episode
episode = Episode.objects.get(slug={slug!r})
episode.allows_transcript = True
workflow.save_episode(episode, ["allows_transcript"], at_once=True)
"""


def add_public_talk(run, folder):
    """Import the talk and make it public; `run` takes the arguments of a command of manage.py."""
    file = Path(folder, "talk.vtt")
    file.write_bytes(talk.as_vtt())
    run("import_transcript", EPISODE, str(file))
    run("shell", "-c", ALLOW.format(slug=EPISODE.rpartition("/")[2]))
