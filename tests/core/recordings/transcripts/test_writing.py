"""What is written is read back: by our own reader and, where it is installed, by Chromium (tests/browser)."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.transcripts import Cue, read
from articles.core.recordings.transcripts.writing import WRITERS, write_json, write_srt, write_webvtt

NAMES = ["Ann Example", "Bob & Sons", "Cleo <guest>", "Núria"]
TEXTS = [
    "The tide rises twice a day.",
    "hunts 2 < 3 and 4 > 1.",
    "See you at 10:30, she said --> there.",
    "It went 00:00:01,000 ---> 00:00:02,000 further.",
    "use the <dialog> element, R&D at AT&T",
    "WEBVTT",
    "NOTE this",
    "١٢ moons, élan, 潮",
    "42",
]
FORMATS = {"vtt": "webvtt", "srt": "srt", "json": "podcasting-json"}


@st.composite
def transcripts(draw, names=NAMES, texts=TEXTS):
    """Cues one after the other, in milliseconds, with pauses, so that none looks like a rolling caption."""
    moment, cues = draw(st.integers(0, 400_000_000)), []
    for _ in range(draw(st.integers(1, 12))):
        end = moment + draw(st.integers(2000, 9000))
        cues.append(Cue(moment / 1000, end / 1000, draw(st.sampled_from(names)), draw(st.sampled_from(texts))))
        moment = end + draw(st.integers(1500, 900_000))
    return cues


def to_milliseconds(cues):
    return [(round(c.start_seconds, 3), round(c.end_seconds, 3), c.speaker, c.text) for c in cues]


def written(ending, cues, language=""):
    return WRITERS[ending].write(cues, language)


@pytest.mark.parametrize("ending", ["vtt", "json"])
@given(cues=transcripts())
def test_cues_are_read_back(ending, cues):
    reading = read(written(ending, cues, "en-GB"), f"talk.{ending}")

    assert to_milliseconds(reading.cues) == to_milliseconds(cues)
    assert (reading.format, reading.problems) == (FORMATS[ending], ())
    assert reading.language == ("en-GB" if ending == "vtt" else "")


@given(cues=transcripts(names=["Ann Example", "Cleo Berg"], texts=[text for text in TEXTS if text != "42"]))
def test_subrip_is_read_back_with_shorter_arrows(cues):
    reading = read(write_srt(cues), "talk.srt")

    shorter = [replace(cue, text=cue.text.replace("--->", "->").replace("-->", "->")) for cue in cues]
    assert to_milliseconds(reading.cues) == to_milliseconds(shorter)


@pytest.mark.parametrize("ending", WRITERS)
@given(
    text=st.text(max_size=60), speaker=st.text(max_size=20), start=st.floats(0, 3_600_000), length=st.floats(1e-9, 90)
)
def test_no_text_breaks_out_of_its_cue(ending, text, speaker, start, length):
    """Whatever the rows hold: each cue stays one, and nothing of it is read as structure."""
    hostile = Cue(start, start + length, speaker, f"{text} --> 1 ---> 2\n\n00:00:01.000 --> 00:00:02.000\n<v Eve>no")
    cues = [hostile, Cue(start + length + 5, start + length + 6, "", "last")]

    text = written(ending, cues)

    if ending == "json":
        segments = json.loads(text)["segments"]
        assert [segment["endTime"] > segment["startTime"] for segment in segments] == [True, True]
        assert segments[0]["body"] == " ".join(hostile.text.split())
    else:
        timings = [line for line in text.split("\n") if "-->" in line]
        assert len(timings) == 2
        assert all(re.fullmatch(r"\d{2,}:\d\d:\d\d[.,]\d{3} --> \d{2,}:\d\d:\d\d[.,]\d{3}", line) for line in timings)
        assert text.count("\n\n") == len(cues) - (ending == "srt")


def test_the_formats_are_those_of_their_specifications():
    cues = [Cue(0.5, 2, "Ann & Bob", "It rises <here>."), Cue(3600, 3600.0001, "", "Then falls.")]

    assert write_webvtt(cues, "en") == (
        "WEBVTT\nLanguage: en\n\n1\n00:00:00.500 --> 00:00:02.000\n<v Ann &amp; Bob>It rises &lt;here&gt;.\n"
        "\n2\n01:00:00.000 --> 01:00:00.001\nThen falls.\n"
    )
    assert write_srt(cues) == (
        "1\n00:00:00,500 --> 00:00:02,000\nAnn & Bob: It rises <here>.\n\n2\n01:00:00,000 --> 01:00:00,001\nThen falls.\n"
    )
    assert json.loads(write_json(cues)) == {
        "version": "1.0.0",
        "segments": [
            {"speaker": "Ann & Bob", "startTime": 0.5, "endTime": 2.0, "body": "It rises <here>."},
            {"startTime": 3600.0, "endTime": 3600.001, "body": "Then falls."},
        ],
    }


def test_a_transcript_without_cues_is_an_empty_file_of_its_format():
    assert [written(ending, []) for ending in WRITERS] == [
        "WEBVTT\n",
        "",
        '{\n "version": "1.0.0",\n "segments": []\n}\n',
    ]
