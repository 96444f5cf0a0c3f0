"""Files of everything are made in batches: they may grow with the citations, but not in memory, nor in queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.importing.transcripts.transcript import import_transcript
from articles.views.machine.exports import BATCH
from tests.support.clients import logged_in
from tests.support.factories import make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.many_citations import PER_ARTICLE, copy_citations

pytestmark = pytest.mark.django_db

ARTICLES = 4
WORDS = b"WEBVTT\n\n06:25.000 --> 06:45.000\nThe brain clears waste at night.\n"
EPISODE = "/shows/night-talks/on-sleep/"
TRACK, PLAYLIST, SOUNDBITES = (f"{EPISODE}{name}" for name in ("citations.vtt", "citations.m3u8", "soundbites.xml"))


@pytest.fixture(scope="module")
def root(module_rows):
    """A superuser of a site with 10,000 citations of one episode."""
    people, episode = {"by": make_user(), "moderator": make_moderator()}, make_episode(youtube_id="abcdefghijk")
    import_transcript(episode, WORDS, "night.vtt")  # soundbites have only what was checked
    copy_citations([make_published(f"long-{number}", episode=episode, **people) for number in range(ARTICLES)])
    connection.cursor().execute("ANALYZE")
    return make_user("root", is_superuser=True)


@pytest.mark.parametrize(
    ("address", "rows", "end"),
    [
        (TRACK, ARTICLES * PER_ARTICLE, b"}\n"),
        (PLAYLIST, PER_ARTICLE, b"s\n"),  # of each moment once
        (SOUNDBITES, PER_ARTICLE, b"</rss>\n"),
        ("/admin/evidence/export.csv?article=long-0", PER_ARTICLE, b"\r\n"),
    ],
)
def test_files_of_everything_are_read_in_batches(root, address, rows, end):
    client = logged_in(root)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    content = response.getvalue()

    assert content.endswith(end)
    assert content.count(b"The brain clears waste at night.") >= rows
    assert int(response.headers["Content-Length"]) == len(content)
    assert len(queries) <= 8 * (rows / BATCH + 1) + 8
