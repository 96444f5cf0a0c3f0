"""An article about a talk whose transcript is there."""

from articles.importing.transcripts.transcript import import_transcript
from tests.admin.evidence.panel.reading import SECTIONS
from tests.support.databases.shared import shared
from tests.support.factories import make_episode, make_published, make_user
from tests.support.samples import talk


@shared
def editor():
    return make_user(first_name="Ines", last_name="Alba")


@shared
def episode():
    chapters = [(0, "Opening"), (381, "Where it is given"), (1100, "The receptor"), (3400, "Rewiring")]
    episode = make_episode("a-talk", duration_seconds=talk.DURATION, chapters=chapters, youtube_id="abcdefghijk")
    import_transcript(episode, talk.as_vtt(), "talk.vtt")
    return episode


@shared
def article(editor, episode):
    return make_published("talk", by=editor, episode=episode, lead="", sections=SECTIONS)
