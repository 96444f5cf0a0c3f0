"""A published article with a recording, heard or seen."""

import pytest

from articles.workflow.content import SectionContent
from tests.support.factories import make_episode, make_published
from tests.support.scenarios.played_recording import AUDIO, SECONDS

SECTIONS = (
    SectionContent("First", "The night is long [00:00:05]. It has *two* halves [00:00:20-00:00:22]."),
    SectionContent("Second", "The moon is slow [00:01:00]."),
)


@pytest.fixture
def heard(people):
    """An article that cites an audio file."""
    episode = make_episode(duration_seconds=SECONDS, audio_url=AUDIO, chapters=[(0, "Opening"), (50, "The moon")])
    return make_published("night", title="Night", episode=episode, sections=SECTIONS, **people)


@pytest.fixture
def seen(people):
    """An article that cites a video."""
    episode = make_episode(duration_seconds=SECONDS, youtube_id="abcdefghijk")
    return make_published("night", title="Night", episode=episode, sections=SECTIONS, **people)
