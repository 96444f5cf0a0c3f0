"""Editions of a recording, and articles that cite it."""

from articles.core.recordings.editions import OffsetMap, Piece
from articles.derived import republish
from articles.models import Edition
from articles.workflow.content import SectionContent, SourceContent
from tests.support.factories import make_published, make_user

FEED = "https://feed.example/e.mp3"
TEXT = (
    SectionContent("Why we sleep", "The brain clears waste at night [00:06:31]. It rains [00:05:10-00:05:40]."),
    SectionContent("Dreams", "Dreams come late [00:20:00-00:21:00]."),
)


def make_edition(episode, key="feed", stretches=((0, 300, 0), (360, 3600, 30)), **kwargs):
    values = {"title": "Feed, with advertisements", "audio_url": FEED} | kwargs
    edition = Edition.objects.create(episode=episode, key=key, **values)
    edition.set_map(OffsetMap(Piece(*stretch) for stretch in stretches))
    return edition


def make_article(*episodes, **kwargs):
    """Return a published article based on the recordings."""
    content = {"sections": TEXT, "sources": tuple(SourceContent(one, f"e{n}") for n, one in enumerate(episodes, 1))}
    article = make_published(by=make_user(), **(content | kwargs))
    republish(article)
    return article


def stretches_of(edition):
    return list(edition.stretch_set.values_list("start_seconds", "end_seconds", "offset_seconds"))
