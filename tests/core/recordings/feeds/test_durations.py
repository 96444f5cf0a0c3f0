"""Durations in feeds, in all notations that publishers use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.feeds import read
from articles.core.recordings.feeds.parse import parse_duration
from tests.support.samples.feeds import make_feed, make_item, problems_of


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("3723", 3723),
        (" 3723.5 ", 3724),
        ("3722,6", 3723),
        ("62:03", 3723),
        ("1:02:03", 3723),
        ("01:02:03.400", 3723),
        ("1:2:3", 3723),
        ("0:59", 59),
        ("180:00", 10800),
        ("1h 2m 3s", 3723),
        ("62 minutes", 3720),
        ("01:02:03:400", 3723),
        ("24:00:00", 86400),
        ("1000:00", 60_000),
        ("01:02:03.5", 3724),
        ("372.500", 373),
        ("62 min", 3720),
        ("3723s", 3723),
        ("PT1H2M", 3720),
        ("PT62M3S", 3723),
        ("P0DT1H2M3.4S", 3723),
    ],
)
def test_parse_duration_reads_all_notations(written, seconds):
    assert parse_duration(written) == seconds


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("about an hour", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("1:02:03:04", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("-5", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("-00:30", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("PT", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("P1DT2H", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("3,723", "The length may be thousands or a fraction of seconds; it was ignored. Enter it by hand."),
        ("0", "The length is 0; it was ignored."),
        ("٣٧٢٣", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("1:62:03", "Minutes and seconds go from 0 to 59; the length was ignored."),
        ("2:63", "Minutes and seconds go from 0 to 59; the length was ignored."),
        ("00:00:00", "The length is 0; it was ignored."),
        ("86401", "The length is over a day; it was ignored. Enter the right one by hand."),
        (
            "62:03:00",
            "The length is over a day (1:02:03 was probably meant); it was ignored. Enter the right one by hand.",
        ),
    ],
)
def test_parse_duration_explains_what_is_wrong(written, message):
    with pytest.raises(ValueError, match=r"\A.") as refusal:
        parse_duration(written)

    assert str(refusal.value) == message


@given(st.text(max_size=20))
def test_parse_duration_raises_nothing_but_value_errors(text):
    try:
        assert 0 < parse_duration(text) <= 86_400
    except ValueError as error:
        assert str(error)  # noqa: PT017  (the error must have a message)


@given(st.integers(1, 86_400))
def test_parse_duration_reads_what_is_written(seconds):
    clock = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"

    assert parse_duration(clock) == parse_duration(str(seconds)) == seconds
    if seconds < 60_000:  # minutes have three digits at most
        assert parse_duration(f"{seconds // 60}:{seconds % 60:02}") == seconds


def test_an_invalid_length_is_left_empty_and_reported():
    feed = read(make_feed(make_item(itunes__duration="an hour")))

    assert feed.episodes[0].duration_seconds is None
    assert problems_of(feed) == [
        (1, "duration", "an hour", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored.")
    ]


def test_the_length_of_the_media_is_read():
    media = '<m:content xmlns:m="http://search.yahoo.com/mrss/" url="https://a.example/1.mp4" duration="77"/>'

    assert read(make_feed(make_item(itunes__duration="", tags=media))).episodes[0].duration_seconds == 77
