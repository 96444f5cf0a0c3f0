import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.transcripts import Cue, TranscriptError, read

TIMINGS = "00:00:01.000 --> 00:00:02.000"


def spoken(text, name=""):
    return [cue.text for cue in read(text, name).cues]


def times(text, name=""):
    return [(cue.start_seconds, cue.end_seconds) for cue in read(text, name).cues]


# WebVTT: its parsing rules, in the order of the public conformance tests.


@pytest.mark.parametrize(
    "head",
    [
        "WEBVTT\n\n",
        "\ufeffWEBVTT\n\n",
        "WEBVTT a title\n\n",
        "WEBVTT\ta title\n\n",
        "WEBVTT\n",
        "WEBVTT\nkind: captions\nlanguage: en\n\n",
        "WEBVTT\n \n\n",
        "WEBVTT\n\n\n\n",
        "WEBVTT\n\nSTYLE\n::cue { color: red }\n\n",
        "WEBVTT\n\nREGION\nid:left\n\n",
        "WEBVTT\n\nNOTE nobody says this\n\n",
        "WEBVTT\n\nNOTE\nnor\nthis\n\n",
    ],
)
def test_webvtt_headers_and_other_blocks_are_skipped(head):
    reading = read(f"{head}{TIMINGS}\nThe tide turns.\n")

    assert reading.cues == (Cue(1.0, 2.0, "", "The tide turns."),)
    assert reading.problems == ()
    assert reading.format == "webvtt"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_webvtt_accepts_all_line_endings(ending):
    text = ending.join(["WEBVTT", "", TIMINGS, "one", "two", "", "00:00:03.000 --> 00:00:04.000", "three"])

    assert spoken(text.encode()) == ["one two", "three"]


@pytest.mark.parametrize(
    "identifier", ["7", " leading", "trailing ", "-- >", "->", " ", "a long name of a cue", "WEBVTT"]
)
def test_webvtt_identifiers_are_not_text(identifier):
    assert spoken(f"WEBVTT\n\n{identifier}\n{TIMINGS}\nSalt.\n") == ["Salt."]


@pytest.mark.parametrize(
    ("timings", "expected"),
    [
        ("00:00:01.000 --> 00:00:02.000", (1.0, 2.0)),
        ("00:01.000 --> 00:02.000", (1.0, 2.0)),
        ("0:00:01.000 --> 00:02.000", (1.0, 2.0)),
        ("1:00:01.500 --> 0001:00:02.000", (3601.5, 3602.0)),
        ("100:00:00.000 --> 100:00:01.000", (360000.0, 360001.0)),
        ("00:00:01.000-->00:00:02.000", (1.0, 2.0)),
        ("\t 00:00:01.000 \t-->\f 00:00:02.000  ", (1.0, 2.0)),
        ("00:00:01.000 --> 00:00:02.000 align:start position:10%", (1.0, 2.0)),
        ("00:00:01.000 --> 00:00:02.000garbage", (1.0, 2.0)),
        ("00:00:01,000 --> 00:00:02,000", (1.0, 2.0)),
    ],
)
def test_webvtt_reads_valid_timings(timings, expected):
    assert times(f"WEBVTT\n\n{timings}\nSalt.\n") == [expected]


@pytest.mark.parametrize(
    "timings",
    [
        "00:60:00.000 --> 01:00:01.000",
        "00:00:60.000 --> 00:01:01.000",
        "00:00:01.000 --> 00:00:60.000",
        "00::00:01.000 --> 00:00:02.000",
        "00:00:01.000x --> 00:00:02.000",
        "00:00:01.000 x--> 00:00:02.000",
        "00:00:01.000 -->x 00:00:02.000",
        "00:00:01.000 --x> --> 00:00:02.000",
        "x00:00:01.000 --> 00:00:02.000",
        " --> 00:00:02.000",
        "00:00:01.000 -->",
        "-->",
    ],
)
def test_webvtt_reports_invalid_timings_with_their_position(timings):
    reading = read(f"WEBVTT\n\n{timings}\nlost\n\n{TIMINGS}\nkept\n")

    assert [cue.text for cue in reading.cues] == ["kept"]
    assert [(problem.line, problem.cue, problem.text) for problem in reading.problems] == [
        (3, 1, " ".join(timings.split())),
        (4, 1, "lost"),
    ]


@pytest.mark.parametrize(
    ("timings", "expected"),
    [
        ("60:01.000 --> 60:05.000", (3601.0, 3605.0)),
        ("0:1:5.2 --> 0:1:8.10", (65.2, 68.1)),
        ("0:01.000 --> 00:02.000", (1.0, 2.0)),
        ("00:1:00.000 --> 00:02:00.000", (60.0, 120.0)),
        ("00:00:01.00 --> 00:00:02.0000", (1.0, 2.0)),
        ("00:00:01 --> 00:00:02", (1.0, 2.0)),
        ("00:00:01.000 -> 00:00:02.000", (1.0, 2.0)),
        ("00:00:01. --> 00:00:02.000", (1.0, 2.0)),
        ("00:00:01:12 --> 00:00:02:24", (1.0, 2.0)),
    ],
)
def test_webvtt_times_that_break_the_rules_but_are_certain_are_read_and_reported(timings, expected):
    reading = read(f"WEBVTT\n\n{timings}\nSalt.\n")

    assert [(cue.start_seconds, cue.end_seconds) for cue in reading.cues] == [expected]
    assert {(problem.line, problem.cue) for problem in reading.problems} == {(3, 1)}


def test_webvtt_an_arrow_ends_a_cue_without_a_blank_line():
    text = (
        "WEBVTT\n\n-->\n00:00:01.000 --> 00:00:02.000\none\n-->x\n00:00:03.000 --> 00:00:04.000\ntwo\n"
        "00:00:05.000 --> 00:00:06.000\nthree"
    )

    reading = read(text)

    assert [cue.text for cue in reading.cues] == ["one", "two", "three"]
    assert [problem.line for problem in reading.problems] == [3, 6]


def test_webvtt_null_becomes_the_replacement_character():
    assert spoken(f"WEBVTT\n\n{TIMINGS}\na\x00b") == ["a\ufffdb"]


def test_webvtt_the_last_cue_may_end_with_the_file():
    assert spoken(f"WEBVTT\n\n{TIMINGS}\nend") == ["end"]
    reading = read(f"WEBVTT\n\n{TIMINGS}")
    assert reading.cues == ()
    assert [(problem.line, problem.reason) for problem in reading.problems] == [
        (3, "The cue has no text and was skipped.")
    ]


@pytest.mark.parametrize("text", ["WEBVTT", "WEBVTT\n", "WEBVTT a\n\n"])
def test_webvtt_without_cues_is_a_transcript_without_cues(text):
    assert read(text).cues == ()


@pytest.mark.parametrize("text", ["", " ", "\ufeff", "WEBVT", "WEBVTTx\n\nwords", " WEBVTT", "\n\nWEBVTT\n", "FOO"])
def test_a_file_without_signature_and_times_is_refused(text):
    with pytest.raises(TranscriptError):
        read(text, "talk.vtt")


def test_webvtt_without_its_first_line_is_read_and_reported():
    reading = read("00:01.000 --> 00:02.000\nSalt.\n", "talk.vtt")

    assert reading.cues == (Cue(1.0, 2.0, "", "Salt."),)
    assert [(problem.line, problem.text) for problem in reading.problems] == [(1, "00:01.000 --> 00:02.000")]


def test_webvtt_voices_entities_and_markup():
    text = (
        f"WEBVTT\n\n{TIMINGS}\n<v.loud Ida O&#39;Neill>Salt &amp; <i>sand</i>,\n<00:00:01.500>"
        "<c.x>5 &lt; 6</c> [laughs]\n"
    )

    assert read(text).cues == (Cue(1.0, 2.0, "Ida O'Neill", "Salt & sand, 5 < 6 [laughs]"),)


def test_entities_that_were_encoded_twice_are_decoded():
    assert spoken(f"WEBVTT\n\n{TIMINGS}\nIda&amp;#39;s salt &amp;amp; R&amp;D &amp; Q&A\n") == [
        "Ida's salt & R&D & Q&A"
    ]


def test_webvtt_two_voices_in_one_cue_share_its_time():
    text = "WEBVTT\n\n00:10.000 --> 00:20.000\n<v Ida>Salt?</v>\n<v Oto>Sand.</v>\n"

    assert read(text).cues == (Cue(10.0, 15.0, "Ida", "Salt?"), Cue(15.0, 20.0, "Oto", "Sand."))


# Quirks of real files.


def test_an_end_before_its_start_is_fixed_and_reported():
    reading = read("WEBVTT\n\n00:09.000 --> 00:08.000\nSalt.\n\n00:09.500 --> 00:12.000\nSand.\n")

    assert [(c.start_seconds, c.end_seconds) for c in reading.cues] == [(9.0, 9.5), (9.5, 12.0)]
    assert [(p.line, p.cue, p.reason) for p in reading.problems] == [
        (3, 1, "The cue ends at 8 s but starts at 9 s; its end was set to 9.5 s.")
    ]


def test_cues_out_of_order_are_sorted_and_reported():
    reading = read("WEBVTT\n\n00:09.000 --> 00:10.000\nlater\n\n00:01.000 --> 00:02.000\nearlier\n")

    assert [cue.text for cue in reading.cues] == ["earlier", "later"]
    assert [(p.line, p.cue, p.text) for p in reading.problems] == [(6, 2, "earlier")]


def test_overlaps_are_kept_and_counted_once():
    reading = read("WEBVTT\n\n00:01.000 --> 00:05.000\na\n\n00:02.000 --> 00:05.000\nb\n\n00:03.000 --> 00:04.000\nc\n")

    assert [cue.end_seconds for cue in reading.cues] == [5.0, 5.0, 4.0]
    assert [(p.line, p.cue, p.reason) for p in reading.problems] == [
        (6, 2, "2 cues, starting with this one, overlap the previous one; they were kept.")
    ]


def test_rolling_captions_are_not_repeated():
    lines = [
        "the tide comes in twice",
        "a day because the moon",
        "pulls the water up and",
        "the earth turns under",
        "it all",
    ]
    cues = [
        f"00:{i:02}.000 --> 00:{i + 1:02}.000\n{before}\n{line}\n"
        for i, (before, line) in enumerate(zip(["", *lines], lines, strict=False))
    ]

    reading = read("WEBVTT\n\n" + "\n".join(cues).replace("\n\n\n", "\n\n").replace("000\n\n", "000\n"))

    assert [cue.text for cue in reading.cues] == lines
    assert [(p.cue, p.reason) for p in reading.problems] == [
        (2, "4 cues, starting with this one, repeat the end of the previous cue; the repeated words were removed.")
    ]


def test_srt_is_read_leniently():
    text = (
        "\ufeff1\r\n00:00:01,500 --> 00:00:03,000\r\n<i>Salt</i> &amp; sand\r\n \r\n2\r\n0:00:03,1 --> 0:00:04\r\n"
        "{\\an8}and\r\nwater\r\n3\r\n00:00:05,000 --> 00:00:06,000\r\nagain"
    )

    reading = read(text.encode())

    assert reading.cues == (
        Cue(1.5, 3.0, "", "Salt & sand"),
        Cue(3.1, 4.0, "", "and water"),
        Cue(5.0, 6.0, "", "again"),
    )
    assert reading.format == "srt"
    assert reading.problems == ()


def test_podcasting_json():
    segments = [
        {"speaker": "Ida", "startTime": 0.5, "endTime": 2, "body": "Salt &amp; sand"},
        {"startTime": "00:00:02", "endTime": None, "body": "and water"},
        {"startTime": -1, "body": "lost"},
        {"startTime": 4},
        "none",
    ]

    reading = read(json.dumps({"version": "1.0.0", "segments": segments}))

    assert reading.cues == (Cue(0.5, 2.0, "Ida", "Salt & sand"), Cue(2.0, 4.6, "", "and water"))
    assert [(p.cue, p.reason) for p in reading.problems] == [
        (3, "The cue has no valid start time and was skipped."),
        (4, "The cue has no text and was skipped."),
        (5, "The cue isn’t an object and was skipped."),
    ]
    assert reading.format == "podcasting-json"


def test_lone_surrogates_in_json_are_replaced():
    segments = [{"startTime": 0, "body": "a\ud800b", "speaker": "Ida\udc00"}, {"startTime": "\udfff", "body": "lost"}]

    reading = read(json.dumps({"segments": segments}))

    assert [(cue.speaker, cue.text) for cue in reading.cues] == [("Ida�", "a�b")]
    assert [problem.text for problem in reading.problems] == ['{"startTime": "�", "body": "lost"}']


def test_podlove_json():
    row = {
        "start": "00:00:01.000",
        "start_ms": 1000,
        "end": "00:00:02.500",
        "end_ms": 2500,
        "voice": "Ida",
        "text": "Salt.",
    }

    assert read(json.dumps({"transcripts": [row]})).cues == (Cue(1.0, 2.5, "Ida", "Salt."),)
    assert read(json.dumps([row])).format == "podlove-json"


@pytest.mark.parametrize("text", ["{", '{"segments": 3}', "[" * 100_000, '{"a": 1}', "[]"])
def test_json_that_is_not_a_transcript_is_refused(text):
    with pytest.raises(TranscriptError):
        read(text, "talk.json")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:00:04 Salt.\n00:00:09 Sand.", [Cue(4.0, 5.8, "", "Salt."), Cue(9.0, 10.8, "", "Sand.")]),
        ("00:00:04.920 | Salt.", [Cue(4.92, 6.72, "", "Salt.")]),
        ("[0:04] Salt.\nand sand", [Cue(4.0, 7.4, "", "Salt. and sand")]),
        ("62:28 Salt.", [Cue(3748.0, 3749.8, "", "Salt.")]),
        ("0:04\nSalt.", [Cue(4.0, 5.8, "", "Salt.")]),
        ("[00:00:04.000 --> 00:00:09.000]  Salt.", [Cue(4.0, 9.0, "", "Salt.")]),
        ("Ida Moor (00:00:12):\nSalt.\n\nSand.", [Cue(12.0, 14.6, "Ida Moor", "Salt. Sand.")]),
        ("Ida Moor [00:00:12]: Salt.", [Cue(12.0, 13.8, "Ida Moor", "Salt.")]),
        ("Ida Moor  0:12\nSalt.", [Cue(12.0, 13.8, "Ida Moor", "Salt.")]),
    ],
)
def test_plain_lines(text, expected):
    reading = read(text)

    assert [Cue(c.start_seconds, round(c.end_seconds, 3), c.speaker, c.text) for c in reading.cues] == expected
    assert reading.format == "plain"
    assert reading.problems == ()


def test_plain_lines_without_time_or_text_are_reported():
    reading = read("A talk\n00:00:04 Salt.\n00:75 Sand.\n00:00:09\n")

    assert [cue.text for cue in reading.cues] == ["Salt."]
    assert [(p.line, p.reason) for p in reading.problems] == [
        (1, "Text before the first time was skipped."),
        (3, "00:75 isn’t a valid time (minutes and seconds go up to 59) and was skipped."),
        (4, "The time has no text and was skipped."),
    ]


@pytest.mark.parametrize(
    "shape", ["<a" + " " * 300_000, "<" * 300_000, "<v " * 100_000, "&" * 300_000, "&amp;" * 60_000]
)
def test_unclosed_markup_is_read_in_linear_time(shape):
    assert len(read(f"WEBVTT\n\n{TIMINGS}\nSalt {shape}").cues) == 1


def test_many_problems_are_cut_off_and_counted():
    reading = read("WEBVTT\n\n" + "x --> y\nlost\n\n" * 700 + f"{TIMINGS}\nkept\n")

    assert len(reading.problems) == 501
    assert reading.problems[-1].reason == "901 more problems are not listed."
    assert reading.doubts == reading.problems[:1]


PIECES = st.sampled_from(
    ["WEBVTT", "\n", "\n\n", "-->", " --> ", "00:00:01.000", "0:75", "1:02:03,4", "<v Ida>", "<", "&amp;", "[", "]",
     "(00:00:12):", "{", '"segments": [', "\x00", "\ufeff", "NOTE", "a", " ", "|", "99999999999:00:00.000", "٣:٤٥"]
)  # fmt: skip


@given(
    st.one_of(st.binary(), st.text(), st.lists(PIECES, max_size=40).map("".join)),
    st.sampled_from(["", "a.vtt", "a.json"]),
)
def test_read_raises_nothing_but_its_error_and_gives_ordered_cues(data, name):
    try:
        reading = read(data, name)
    except TranscriptError:
        return

    starts = [cue.start_seconds for cue in reading.cues]
    assert starts == sorted(starts)
    assert all(0 <= cue.start_seconds < cue.end_seconds and cue.text for cue in reading.cues)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("\ud800"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "segments",
                    "transcripts",
                    "voices",
                    "id",
                    "startTime",
                    "start_ms",
                    "endTime",
                    "body",
                    "text",
                    "speaker",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_json_raises_nothing_but_its_error(value):
    try:
        reading = read(json.dumps(value))
    except TranscriptError:
        return

    texts = [cue.speaker + cue.text for cue in reading.cues] + [problem.text for problem in reading.problems]
    "".join(texts).encode()  # text that can't be encoded can't be stored
