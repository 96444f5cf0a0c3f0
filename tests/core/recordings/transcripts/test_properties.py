"""Properties that hold for every format: cues survive a round trip, and no line of a file is lost."""

import html
import json
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.transcripts import TranscriptError, read

from .writers import PLAIN, TIMED, Spoken

NAMES = ["Ann Example", "Bob van Dyke", "Cleo", "Speaker 4"]
TEXTS = [
    "The tide rises twice a day.",
    "in some places only once",
    "See you tomorrow at 10:30, she said.",
    "9:15 is far too late for the tide.",
    "Well: nobody knows why & how",
    "2024",
    "Okay.",
]


@st.composite
def conversations(draw, step=1):
    """Cues one after the other, with pauses, so that the same words again aren't taken for rolling captions."""
    moment = draw(st.integers(0, 3000)) * step
    cues = []
    for _ in range(draw(st.integers(3, 12))):
        text = draw(st.sampled_from(TEXTS))
        length = draw(st.integers(3000, 9000))
        cues.append(Spoken(moment, moment + length, draw(st.sampled_from(NAMES)), text))
        moment += (length // step + draw(st.integers(1500 // step + 1, 900_000 // step))) * step
    return cues


def escaped(cue, name):
    return cue.text.replace("&", "&amp;") if name in ("ttml", "webvtt") else cue.text


@pytest.mark.parametrize("name", TIMED)
@given(cues=conversations(step=10))
def test_cues_are_read_back(name, cues):
    written = TIMED[name]([Spoken(c.start, c.end, c.speaker, escaped(c, name)) for c in cues])

    reading = read(written)

    # SubViewer has hundredths.
    digits = 2 if name == "subviewer" else 3
    found = [(round(c.start_seconds, digits), c.speaker, c.text) for c in reading.cues]
    assert found == [(round(c.start / 1000, digits), c.speaker, c.text) for c in cues]
    assert reading.format == name.partition(" ")[0]
    assert reading.problems == ()


@pytest.mark.parametrize("name", PLAIN)
@given(cues=conversations(step=1000))
def test_plain_cues_are_read_back(name, cues):
    reading = read(PLAIN[name](cues))

    found = [(c.start_seconds, c.speaker, c.text) for c in reading.cues]
    assert found == [(c.start / 1000, c.speaker, c.text) for c in cues]
    assert all(problem.text.startswith("9:15") for problem in reading.problems)  # could be a time; listed as speech


# What else may stand between the cues; {n} makes each line unique.
STRAY = [
    "w{n} and more",
    "at 10:30 w{n}",
    "10:30 w{n}",
    "w{n} 10:30",
    "[00:99] w{n}",
    "00:00:07,000 w{n}",
    "w{n} --> x{n}",
    "00:00:07,000 --> w{n}",
    "00:61:00.000 --> 00:62:00.000 w{n}",
    "0:00:05.000,w{n}",
    "Note: w{n}",
    "Ann Example: w{n}",
    "W{n}",
    "# w{n}",
    ">> w{n}",
    "(w{n})",
    "w{n}  0:05",
    "w{n}\t1:00:05",
    "https://example.org/w{n}",
    "Transcribed by w{n}",
    "use <w{n}> or <b> w{n}",
    "w{n}<x && x>y",
    "A --> w{n}",
    "STYLE w{n}",
    "w{n} [00:00:07] x{n}",
    "<w{n}>",
    "{{w{n}}}",
    "Q&ampw{n}",
    "(w{n}) w{n}",
    "",
]
LINES = {
    name: write
    for name, write in [*TIMED.items(), *PLAIN.items()]
    if "json" not in name and name not in ("ttml", "table")
}


@pytest.mark.parametrize("name", LINES)
@given(cues=conversations(step=1000), data=st.data())
def test_no_line_is_lost(name, cues, data):
    lines = LINES[name](cues).split("\n")
    first = 2 if lines[0] == "WEBVTT" else 0
    tokens = {}
    for n in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(first, len(lines)))
        stray = data.draw(st.sampled_from(STRAY)).format(n=f"{n}q")
        lines.insert(at, stray)
        if match := re.search(r"w\d+q", stray, re.IGNORECASE):
            tokens[match[0]] = stray
    try:
        reading = read("\n".join(lines))
    except TranscriptError:
        return

    read_as_speech = " ".join(f"{cue.speaker} {cue.text}" for cue in reading.cues)
    listed = {problem.line for problem in reading.problems}
    identifiers = {line for line, following in pairwise(lines) if "-->" in following}
    for token, stray in tokens.items():
        is_identifier = name.startswith("webvtt") and stray in identifiers
        assert token in read_as_speech or lines.index(stray) + 1 in listed or is_identifier, (token, "\n".join(lines))
    # A line that begins with a time may be what is said at that time.
    at_9_15 = [f"9:15 {cue.text}" for cue in reading.cues if cue.start_seconds == 555]
    for cue in cues:
        is_listed = any(cue.text in lines[number - 1] for number in listed if number)
        is_said_then = any(said.startswith(cue.text) for said in at_9_15)
        assert cue.text in read_as_speech or is_listed or is_said_then


MARKUP = {"ttml": "<p>{}</p>", "table": "{}\t\t\t"}


@pytest.mark.parametrize("name", MARKUP)
@given(cues=conversations(step=1000), data=st.data())
def test_no_line_of_ttml_or_a_table_is_lost(name, cues, data):
    stray_forms = ["w{n} and more", "10:30 w{n}", "Note: w{n}", "w{n} --> x{n}", "00:61:00 w{n}", "(w{n})", "# w{n}"]
    lines = TIMED[name]([Spoken(c.start, c.end, c.speaker, escaped(c, name)) for c in cues]).split("\n")
    first, last = (2, len(lines) - 1) if name == "ttml" else (1, len(lines))
    tokens = set()
    for n in range(data.draw(st.integers(1, 5))):
        stray = data.draw(st.sampled_from(stray_forms)).format(n=f"{n}q")
        tokens.add(f"w{n}q")
        form = data.draw(st.sampled_from(["{}", MARKUP[name]]))
        escape = html.escape(stray) if name == "ttml" else stray
        lines.insert(data.draw(st.integers(first, last)), form.format(escape))

    reading = read("\n".join(lines))

    read_as_speech = " ".join(f"{cue.speaker} {cue.text}" for cue in reading.cues)
    listed = " ".join(problem.text for problem in reading.problems)
    assert {token for token in tokens if token not in read_as_speech and token not in listed} == set()
    assert [cue.text for cue in reading.cues if cue.text in TEXTS] == [cue.text for cue in cues]


SIGNS = [
    "hunts 2 < 3 and 4 > 1.",
    "use the <dialog> element, not List<int>.",
    "where a<b && b>c holds",
    "R&D at AT&T &copyright, Q&amplifier",
    "set {x} to {1}",
    "we go A --> B here",
]


@pytest.mark.parametrize("name", [*TIMED, *PLAIN])
@given(text=st.sampled_from(SIGNS))
def test_what_isnt_markup_is_speech(name, text):
    cues = [Spoken(3000, 6000, "Ann Example", text), Spoken(65_000, 69_000, "Cleo Berg", text)]
    escape = name == "ttml"

    written = {**TIMED, **PLAIN}[name](
        [Spoken(c.start, c.end, c.speaker, html.escape(c.text) if escape else c.text) for c in cues]
    )

    assert [(cue.start_seconds, cue.text) for cue in read(written).cues] == [(3.0, text), (65.0, text)]


ROWS = {name: write for name, write in TIMED.items() if "json" in name}


@pytest.mark.parametrize("name", ROWS)
@given(cues=conversations(step=1000), broken=st.sets(st.integers(0, 11)))
def test_no_row_is_lost(name, cues, broken):
    value = json.loads(ROWS[name](cues))
    rows = value
    while isinstance(rows, dict):
        rows = next(iter(rows.values()))
    places = {place for place in broken if place < len(rows)}
    for place in places:
        rows[place] = {"words": place} if place % 2 else "words"
    try:
        reading = read(json.dumps(value))
    except TranscriptError:
        assert len(places) == len(rows)
        return

    assert len(reading.cues) == len(rows) - len(places)
    assert {problem.cue - 1 for problem in reading.problems if problem.cue} >= places


@pytest.mark.parametrize("name", ROWS)
@given(cues=conversations(step=1000), others=conversations(step=1000))
def test_no_second_list_is_lost(name, cues, others):
    said = [Spoken(c.start, c.end, c.speaker, f"{c.text} w{number}q") for number, c in enumerate(others)]
    value = {**json.loads(ROWS[name](cues)), "others": json.loads(ROWS[name](said))}

    reading = read(json.dumps(value))

    texts = {cue.text for cue in reading.cues} | {problem.text for problem in reading.problems}
    assert texts >= {c.text for c in [*cues, *said]}
