"""The same audio file is recognised behind tracking services, tokens and schemes; another one never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.feeds.audio_addresses import audio_key

FILE = "https://cdn.example.com/shows/12/tides.mp3"


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.example.com/shows/12/tides.mp3",
        "https://CDN.example.com:443/shows/12/tides.mp3#t=5",
        "https://dts.podtrac.com/redirect.mp3/cdn.example.com/shows/12/tides.mp3",
        "https://www.podtrac.com/pts/redirect.mp3/chtbl.com/track/5A1B/cdn.example.com/shows/12/tides.mp3?updated=1",
        "https://op3.dev/e,pg=1/https://cdn.example.com/shows/12/tides.mp3",
        "https://pdst.fm/e/chrt.fm/track/X/cdn.example.com/shows/12/tides.mp3?utm_source=rss&Expires=9&Signature=a%2Fb",
    ],
)
def test_the_same_file_has_one_key(url):
    assert audio_key(url) == audio_key(FILE) == "cdn.example.com/shows/12/tides.mp3"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (FILE, "https://cdn.example.com/shows/13/tides.mp3"),
        (FILE, "https://other.example.com/shows/12/tides.mp3"),
        (FILE, "https://cdn.example.com/shows/12/Tides.mp3"),
        ("https://a.example/play.php?id=1", "https://a.example/play.php?id=2"),
        ("https://a.example:8080/1.mp3", "https://a.example/1.mp3"),
        ("https://podtrac.com/a.mp3", "https://podtrac.com/b.mp3"),
        ("https://notpodtrac.com/cdn.example.com/1.mp3", "https://cdn.example.com/1.mp3"),
    ],
)
def test_other_files_have_other_keys(first, second):
    assert audio_key(first) != audio_key(second)


@given(st.text(max_size=60))
def test_any_text_has_a_key_that_stays(text):
    assert isinstance(audio_key(f"https://op3.dev/e/{text}"), str)
    assert audio_key(text) == audio_key(text.partition("#")[0])
