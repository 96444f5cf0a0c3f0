"""The people, the episode and the text that cites it, of the tests of held changes."""

import pytest

from articles import workflow
from articles.core.recordings.editions import OffsetMap, Piece
from articles.models import Edition
from tests.support.databases.shared import shared
from tests.support.factories import make_episode, make_moderator, make_user
from tests.workflow.recordings.waiting.writers import VIDEO, WORDS, cite, import_words


@shared
def moderator():
    return make_moderator()


@shared
def second():
    """A moderator besides the one who approves."""
    return make_moderator("second-moderator")


@shared
def author():
    return make_user("author")


@shared
def other():
    """An editor who wrote nothing."""
    return make_user("other-editor")


@shared
def episode():
    episode = make_episode(youtube_id=VIDEO, chapters=[(0, "Welcome"), (300, "Why we sleep")])
    edition = Edition(episode=episode, key="feed", title="Feed", audio_url="https://audio.example/feed.mp3")
    with workflow.change_episode(episode) as change:
        change.save_editions([(edition, OffsetMap([Piece(0, 3000, 10)]))])
    import_words(episode, WORDS)
    episode.refresh_from_db()
    return episode


@pytest.fixture(scope="module")
def citing(request):
    return request.param


@shared
def revision(episode, author, moderator, citing):
    return cite(episode, author, moderator, citing)
