"""The JSON that speech recognition returns: rows, or single words that are joined into sentences."""

import json

import pytest

from articles.core.recordings.transcripts import read

ANN = ("Salt", "is", "dear.")
OTO = ("Sand", "is", "cheap.")
SAID = [
    *((word, 3 + n / 2, 3.4 + n / 2, 0) for n, word in enumerate(ANN)),
    *((word, 65 + n / 2, 65.4 + n / 2, 1) for n, word in enumerate(OTO)),
]
TEXTS = " ".join(ANN), " ".join(OTO)


def cues(value):
    return [(cue.start_seconds, cue.end_seconds, cue.speaker, cue.text) for cue in read(json.dumps(value)).cues]


def rows(*keys, speakers=("Ida", "Oto"), unit=1):
    """Return two rows with the keys for start, end, text and speaker."""
    start, end, text, speaker = keys
    times = ((3, 5), (65, 67))
    return [
        {start: begin * unit, end: finish * unit, text: said, speaker: name}
        for (begin, finish), said, name in zip(times, TEXTS, speakers, strict=True)
    ]


def words(*keys, unit=1, form=lambda seconds: seconds):
    start, end, text, speaker = keys
    return [
        {start: form(round(a * unit, 3)), end: form(round(b * unit, 3)), text: word, speaker: name}
        for word, a, b, name in SAID
    ]


def items():
    """Return words and signs as Amazon Transcribe writes them, with times as texts."""
    for word, start, end, speaker in SAID:
        spoken = [{"content": word.strip(".")}]
        yield {
            "type": "pronunciation",
            "alternatives": spoken,
            "start_time": f"{start}",
            "end_time": f"{end}",
            "speaker_label": f"spk_{speaker}",
        }
        if word.endswith("."):
            yield {"type": "punctuation", "alternatives": [{"content": "."}]}


def results():
    for word, start, end, speaker in SAID:
        said = {"content": word.strip("."), "speaker": f"S{speaker + 1}"}
        yield {"type": "word", "start_time": start, "end_time": end, "alternatives": [said]}
        if word.endswith("."):
            yield {
                "type": "punctuation",
                "start_time": end,
                "alternatives": [{"content": ".", "speaker": f"S{speaker + 1}"}],
            }


def in_seconds(seconds):
    return f"{seconds:g}s"


GOOGLE = words("startTime", "endTime", "word", "", form=in_seconds)
TAGGED = words("startTime", "endTime", "word", "speakerTag", form=in_seconds)
PHRASES = [
    {
        "offsetInTicks": start * 1e7,
        "durationInTicks": 2e7,
        "speaker": speaker,
        "nBest": [{"display": text}, {"display": "Other."}],
    }
    for start, speaker, text in ((3, 1, TEXTS[0]), (65, 2, TEXTS[1]))
]
SPACED = [
    piece for word in words("start", "end", "text", "speaker_id") for piece in (word, {"text": " ", "type": "spacing"})
]
FILES = {
    "Deepgram, words": ({"results": {"channels": [{"alternatives": [{"words": words("start", "end", "punctuated_word", "speaker")}]}]}}, "Speaker 0", "Speaker 1"),
    "Deepgram, utterances": ({"results": {"utterances": rows("start", "end", "transcript", "speaker", speakers=(0, 1))}}, "Speaker 0", "Speaker 1"),
    "AssemblyAI, utterances": ({"utterances": rows("start", "end", "text", "speaker", unit=1000)}, "Ida", "Oto"),
    "AssemblyAI, sentences": ({"sentences": rows("start", "end", "text", "speaker", unit=1000)}, "Ida", "Oto"),
    "AssemblyAI, words": ({"utterances": None, "words": words("start", "end", "text", "speaker", unit=1000)}, "Speaker 0", "Speaker 1"),
    "utterances in seconds": ({"utterances": rows("start", "end", "text", "speaker")}, "Ida", "Oto"),
    "Amazon Transcribe, items": ({"results": {"transcripts": [], "items": list(items())}}, "spk_0", "spk_1"),
    "Amazon Transcribe, segments": ({"results": {"audio_segments": rows("start_time", "end_time", "transcript", "speaker_label")}}, "Ida", "Oto"),
    "Google": ({"results": [{"alternatives": [{"words": GOOGLE[:3]}, {"words": TAGGED}]}, {"alternatives": [{"words": GOOGLE[3:]}]}]}, "", ""),
    "Google, tagged": ({"results": [{"alternatives": [{"words": [{**word, "speakerTag": 0} for word in TAGGED]}]}, {"alternatives": [{"words": [{**word, "speakerTag": word["speakerTag"] + 1} for word in TAGGED]}]}]}, "Speaker 1", "Speaker 2"),
    "Azure": ({"recognizedPhrases": PHRASES}, "Speaker 1", "Speaker 2"),
    "Azure, fast": ({"phrases": [{"offsetMilliseconds": 3000, "durationMilliseconds": 2000, "text": TEXTS[0]}, {"offsetMilliseconds": 65000, "durationMilliseconds": 2000, "text": TEXTS[1]}]}, "", ""),
    "Speechmatics": ({"results": list(results())}, "S1", "S2"),
    "ElevenLabs": ({"words": SPACED}, "Speaker 0", "Speaker 1"),
    "OpenAI, words": ({"words": words("start", "end", "word", "")}, "", ""),
    "Fireflies": (rows("start_time", "end_time", "sentence", "speaker_name"), "Ida", "Oto"),
    "names before numbers": ([{**row, "speaker": "7"} for row in rows("start", "end", "text", "voice")], "Ida", "Oto"),
    "a speaker around the rows": ({"a": [{"speaker": "Ida", "b": rows("start", "end", "text", "x")[:1]}, {"speaker": "Oto", "b": rows("start", "end", "text", "x")[1:]}]}, "Ida", "Oto"),
    "offsets in milliseconds": ([{"offset": 3000, "duration": 2000, "text": TEXTS[0]}, {"offset": 65000, "duration": 2000, "text": TEXTS[1]}], "", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_speech_is_read_with_times_and_speakers(name):
    value, first, second = FILES[name]

    found = cues(value)

    assert [(start, speaker, text) for start, _, speaker, text in found] == [
        (3.0, first, TEXTS[0]),
        (65.0, second, TEXTS[1]),
    ]
    assert all(start < end <= start + 2 for start, end, _, _ in found)


def test_a_sentence_ends_at_a_pause_or_another_speaker():
    said = [("so", 1, 1.2, "A"), ("far", 1.3, 1.5, "A"), ("yes", 1.6, 1.9, "B"), ("and", 4.0, 4.2, "B")]
    value = {"words": [{"word": word, "start": start, "end": end, "speaker": who} for word, start, end, who in said]}

    assert cues(value) == [(1.0, 1.5, "A", "so far"), (1.6, 1.9, "B", "yes"), (4.0, 4.2, "B", "and")]


def test_a_row_without_its_words_is_listed():
    monologues = [{"speaker": 0}, {"speaker": 0, "elements": [{"value": "Salt", "ts": 3.0}]}]
    reading = read(json.dumps({"monologues": monologues}))

    assert [cue.text for cue in reading.cues] == ["Salt"]
    assert [problem.cue for problem in reading.problems] == [1]


def test_a_sign_before_the_first_word_is_kept():
    elements = [
        {"type": "punct", "value": "“"},
        {"value": "Salt", "ts": 3.0, "end_ts": 4.0},
        {"type": "punct", "value": "!”"},
    ]

    assert cues({"monologues": [{"speaker": 0, "elements": elements}]}) == [(3.0, 4.0, "Speaker 0", "“Salt!”")]


def table(step, length):
    lines = [f"{n * step}\t{n * step + length}\tThe tide rises twice a day." for n in range(12)]
    return "\n".join(["start\tend\ttext", *lines])


@pytest.mark.parametrize(
    ("step", "length", "last"), [(5000, 4000, 55.0), (300, 290, 3.3), (5, 4, 55.0), (400, 4, 4400.0)]
)
def test_milliseconds_are_told_from_seconds_by_the_pace_of_speech(step, length, last):
    assert read(table(step, length)).cues[-1].start_seconds == last


THOUSANDS = range(0, 20_000, 1000)


@pytest.mark.parametrize(
    "value",
    [
        [{"start": at, "end": at + 900, "text": "The tide rises."} for at in THOUSANDS],
        {
            "segments": [{"start": at, "end": at + 900, "text": "The tide rises."} for at in THOUSANDS],
        },
        {"transcripts": [{"start": at, "end": at + 900, "text": "The tide rises."} for at in THOUSANDS]},
        {"words": [{"start": at, "end": at + 900, "word": "Tides."} for at in THOUSANDS]},
        "start,end,text\n" + "\n".join(f"{at},{at + 900},The tide rises." for at in THOUSANDS),
    ],
)
def test_a_guessed_unit_is_reported(value):
    reading = read(value if isinstance(value, str) else json.dumps(value))

    assert reading.cues[-1].start_seconds == 19.0
    assert [str(problem.reason) for problem in reading.problems] == [
        "The times were read as milliseconds; in seconds, nobody would speak so slowly."
    ]


def test_frames_read_as_seconds_are_doubtful():
    doubts = read(table(75, 45)).doubts

    (reason,) = [doubt.reason for doubt in doubts]
    assert reason == (
        "The text is too short for its times: 72 words in 540 s of speech. Are the times milliseconds or frames instead "
        "of seconds?"
    )
