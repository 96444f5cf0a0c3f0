"""Feeds as readers’ programs read them, and published corrections."""

import feedparser

from articles import workflow
from tests.support.factories import make_change

SECRET = "Zephyrine"


def correct(article, people, public_note="Said better.", **changes):
    """Publish a change to `article` and return the revision."""
    article.refresh_from_db()
    revision = make_change(article, by=people["by"], **changes)
    workflow.approve(revision, by=people["moderator"])
    return workflow.publish(revision, by=people["moderator"], public_note=public_note)


def read(client, address):
    """Return the feed as parsed by feedparser, which must find no errors."""
    feed = feedparser.parse(client.get(address).content)
    assert not feed.bozo
    return feed
