"""What the programs that people use really export."""

import json
from contextlib import suppress

import pytest

from articles.core.recordings.transcripts import TranscriptError, read
from articles.core.recordings.transcripts.formats.lines import plain


def cues(text, name=""):
    return [(round(cue.start_seconds, 3), cue.speaker, cue.text) for cue in read(text, name).cues]


def problems(text):
    return [(problem.line, problem.text, problem.reason) for problem in read(text).problems]


WEBEX = 'WEBVTT\n\n1 "Ida Moor" (123)\n00:03.120 --> 00:05.000\nSalt.\n\n2 "Oto" (7)\n00:05.120 --> 00:07.000\nSand.\n'
BROADCAST = "WEBVTT\n\n00:03.000 --> 00:05.000\n>> IDA: Salt.\n\n00:05.000 --> 00:07.000\n&gt;&gt; Sand?\n"
TEAMS = "WEBVTT\n\n3fa8/12-0\n00:03.000 --> 00:05.000\n<v Ida Moor>Salt\nand sand.</v>\n\nNOTE Confidence: 0.9\n"
DOUBLE_SPACED = "1\n\n00:00:03,000 --> 00:00:04,000\n\nSalt.\n\n2\n\n00:00:05,000 --> 00:00:06,000\n\nSand.\n"
WHISPERX = (
    "1\n00:00:03,000 --> 00:00:04,000\n[SPEAKER_00]: Salt.\n\n2\n00:00:05,000 --> 00:00:06,000\n[SPEAKER_01]: Sand.\n"
)
MEETING = (
    "Ida Moor\n0 minutes 3 seconds0:03\nIda Moor 0 minutes 3 seconds\nSalt at 10:30?\n"
    "Oto\n1 hour 2 minutes 5 seconds1:02:05\nOto 1 hour 2 minutes 5 seconds\nSand.\n"
)
MEETING_CUES = [(3.0, "Ida Moor", "Salt at 10:30?"), (3725.0, "Oto", "Sand.")]
BOTH = [(3.0, "Ida Moor", "Salt."), (65.0, "Oto", "Sand.")]
TEXT = [(3.0, "", "Salt."), (65.0, "", "Sand.")]
SRV3 = (
    '<?xml version="1.0"?><timedtext format="3"><head><ws id="0"/></head><body><w t="0" id="1"/>'
    '<p t="3000" d="900" w="1"><s>Salt</s><s t="9">.</s></p><p t="4000" d="1" a="1">\n</p>'
    '<p t="65000">Sand.</p></body></timedtext>'
)
JSON3 = {
    "events": [
        {"tStartMs": 0, "id": 1},
        {"tStartMs": 3000, "dDurationMs": 900, "segs": [{"utf8": "Salt"}, {"utf8": "."}]},
        {"tStartMs": 4000, "aAppend": 1, "segs": [{"utf8": "\n"}]},
        {"tStartMs": 65000, "segs": [{"utf8": "Sand."}]},
    ]
}
REV = {
    "speakers": [{"id": 0, "name": "Ida Moor"}, {"id": 1, "name": "Oto"}],
    "monologues": [
        {"speaker": 0, "elements": [{"value": "Salt", "ts": 3, "end_ts": 4}, {"value": "."}]},
        {"speaker": 1, "elements": [{"value": "Sand", "ts": 65, "end_ts": 66}, {"value": "."}]},
    ],
}
APPLE = (
    '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:p="urn:p"><body><div><p begin="3.0" end="4.4">'
    '<span begin="3.0" p:unit="word">Salt</span><span begin="3.5" p:unit="word">water.</span></p></div></body></tt>'
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (WEBEX, [(3.12, "Ida Moor", "Salt."), (5.12, "Oto", "Sand.")]),
        (BROADCAST, [(3.0, "IDA", "Salt."), (5.0, "", "Sand?")]),
        (TEAMS, [(3.0, "Ida Moor", "Salt and sand.")]),
        (DOUBLE_SPACED, [(3.0, "", "Salt."), (5.0, "", "Sand.")]),
        (WHISPERX, [(3.0, "SPEAKER_00", "Salt."), (5.0, "SPEAKER_01", "Sand.")]),
        (MEETING, MEETING_CUES),
        (SRV3, TEXT),
        ('<transcript><text start="3" dur="1">Salt.</text><text start="65">Sand.</text></transcript>', TEXT),
        (json.dumps(JSON3), TEXT),
        (json.dumps(REV), BOTH),
        (json.dumps({"chunks": [{"timestamp": [3, 4], "text": "Salt."}, {"timestamp": [65, None], "text": "Sand."}]}), TEXT),
        (json.dumps([{"text": "Salt.", "start": 3, "duration": 1}, {"text": "Sand.", "start": 65, "duration": 1}]), TEXT),
        ('{"start": 3, "text": "Salt."}\n{"start": 65, "text": "Sand."}\n', TEXT),
        (APPLE, [(3.0, "", "Salt water.")]),
        ("start\tend\ttext\n3000\t4000\tSalt.\n65000\t66000\tSand.\n", TEXT),
        ('Speaker,Start time,Text\nIda Moor,00:03,Salt.\nOto,1:05,"Sand."\n', BOTH),
        ('"00:03","Ida Moor","Salt."\n"01:05","Oto","Sand."\n', BOTH),
        ("3.000000\t4.000000\tSalt.\n65.000000\t66.000000\tSand.\n", TEXT),
        ("[00:03.000 --> 00:05.000]  Salt.\n[01:05.000 --> 01:07.000]  Sand.\n", TEXT),
        ("[00:03.00]Salt.\n[01:05.00]Sand.\n", TEXT),
        ("0:03\nSalt.\n1:05\nSand.\n", TEXT),
        ("0:03\n3 seconds\nSalt.\n1:05\n1 minute, 5 seconds\nSand.\n", TEXT),
        ("0:03Salt.\n1:05Sand.\n", TEXT),
        ("[0:03](https://example.org/?t=3) Salt.\n[1:05](https://example.org/?t=65) Sand.\n", TEXT),
        ("Ida Moor: Salt. #00:00:03-5#\nOto: Sand. #00:01:05-1#\n", BOTH),
        ("【00：00：03】Salt.\n【00：01：05】Sand.\n", TEXT),
        ("\u200b00:03\u00a0Salt.\n01:05\u00a0\u200bSand.\n", TEXT),
        ("1. 00:03 Salt.\n2. 01:05 Sand.\n", TEXT),
        ("**Ida Moor** *(00:03)*\nSalt.\n\n**Oto** *(01:05)*\nSand.\n", BOTH),
        ("### Ida Moor [00:03]\nSalt.\n\n### Oto [01:05]\nSand.\n", BOTH),
        ("## 00:03\n\nSalt.\n\n## 01:05\n\nSand.\n", TEXT),
        ("== 00:03 ==\nSalt.\n== 01:05 ==\nSand.\n", TEXT),
        ('"00:03" Salt.\n"01:05" Sand.\n', TEXT),
        ("<b>00:03</b> Salt.\n<b>01:05</b> Sand.\n", TEXT),
        ("00:03 → Salt.\n01:05 → Sand.\n", TEXT),
        ("00:03;Ida Moor;Salt.\n01:05;Oto;Sand.\n", BOTH),
        ("00:03 | Ida Moor | Salt.\n01:05 | Oto | Sand.\n", BOTH),
        ("00:03 田中：塩。\n01:05 鈴木：砂。\n", [(3.0, "田中", "塩。"), (65.0, "鈴木", "砂。")]),
        ("Ida Moor (00:03): Salt.\n\nOto: (01:05) Sand.\n", BOTH),
        ("[00:00:03]\nIda Moor: Salt.\n\n[00:01:05]\nOto: At 10:30.\n", [(3.0, "Ida Moor", "Salt."), (65.0, "Oto", "At 10:30.")]),
        (json.dumps({"a": {"b": [{"c": [{"start": 3, "text": "Salt."}]}, {"c": [{"start": 65, "text": "Sand."}]}]}}), TEXT),
        ("[3s] Salt.\n[65s] Sand.\n", TEXT),
        ("00:00:03\nIDA MOOR:\nSalt.\n\n00:01:05\nOTO:\nSand.\n", [(3.0, "IDA MOOR", "Salt."), (65.0, "OTO", "Sand.")]),
    ],
)  # fmt: skip
def test_exports_are_read_with_their_speakers(text, expected):
    assert cues(text) == expected


@pytest.mark.parametrize("text", ["Salt. [00:03]\nSand. [01:05]\n", "Salt.\n0:03\n\nSand.\n1:05\n"])
def test_times_after_the_text_are_its_start_and_reported(text):
    assert cues(text) == TEXT
    assert [reason for _, _, reason in problems(text)] == [
        "The times come after the text; each was read as the time at which its text starts."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ida Moor  0:03\nSalt at\n10:30 is late\n\nOto  1:05\nwe meet 1:15 then\n1:20 or so\n\nIda Moor  2:20\nBye.\n",
        "0:03\nSalt at\n10:30 is late\n1:05\nSand.\n",
        "[00:00:03] Salt at\n0:45 later\n[00:01:05] Sand.\n[00:02:00] Bye.\n",
        "00:00:03 Salt at\n10:30 then\n00:01:05 Sand.\n00:02:00 Bye.\n",
        "Ida (0:03)\nHi at 0:30\nOto (1:05)\nSand.\nIda (2:00)\nBye.\n",
        "WEBVTT\n\n00:03.000 --> 00:05.000\n10:30 is late\n\n01:05.000 --> 01:06.000\nSand at 1:10.\n",
    ],
)
def test_a_time_inside_speech_is_never_a_cue(text):
    assert [start for start, _, _ in cues(text)][:2] == [3.0, 65.0]
    assert {start for start, _, _ in cues(text)} <= {3.0, 65.0, 120.0, 140.0}


@pytest.mark.parametrize(
    "text",
    ["We met at 10:30 and left.\nThen it was over.\n", "9:30 AM Doors\n10:15 AM Tide\n1:00 PM End\n", "Score 2:1\n"],
)
def test_texts_with_a_time_of_day_are_no_transcripts(text):
    with pytest.raises(TranscriptError, match="no line with a time was found"):
        read(text)


def test_what_isnt_speech_is_reported():
    text = "Tide talk\nSUMMARY\n\nIda Moor  0:03\nSalt.\n\nOto  1:05\nSand.\n\nTranscribed by https://example.org\n"

    assert cues(text) == BOTH
    assert [(line, written) for line, written, _ in problems(text)] == [
        (1, "Tide talk"),
        (2, "SUMMARY"),
        (10, "Transcribed by https://example.org"),
    ]


def test_a_time_before_every_line_that_says_nothing_is_ignored_and_reported():
    text = "0:00 Ida Moor  0:03\n0:00 Salt.\n0:00 Oto  1:05\n0:00 Sand.\n"

    assert cues(text) == BOTH
    assert problems(text) == [(1, "0:00 Ida Moor 0:03", "Every line begins with the same time; it was ignored.")]


def test_ttml_times_and_losses():
    text = (
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:m="http://www.w3.org/ns/ttml#metadata" '
        'xmlns:p="http://www.w3.org/ns/ttml#parameter" p:frameRate="25" p:tickRate="1000" xml:lang="de"><head>'
        '<m:agent xml:id="a"><m:name>Ida</m:name></m:agent></head><body>\n<div begin="10s">\n'
        '<p begin="1.5s" dur="2s" m:agent="a">Salt<br/>and</p>\n<p begin="5000t" end="6000t">ticks</p>\n'
        '<p begin="250f">frames</p>\n<p begin="00:00:20:12">clock</p>\n<p begin="soon">lost</p>\n<p>too</p></div>\n'
        "</body></tt>"
    )

    reading = read(text)

    assert cues(text) == [(11.5, "Ida", "Salt and"), (15.0, "", "ticks"), (20.0, "", "frames"), (30.0, "", "clock")]
    assert reading.cues[0].end_seconds == 13.5
    assert reading.language == "de"
    assert [(line, written) for line, written, _ in problems(text)] == [
        (6, "00:00:20:12"),
        (7, "soon lost"),
        (8, "too"),
    ]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("[Script Info]\nTitle: x\n", "ASS/SSA"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04....word/document.xml", "Word (.docx)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Word 97–2003 (.doc)"),
        ("{\\rtf1\\ansi 0:03 Salt}", "RTF"),
        ("<!DOCTYPE html><html><body>0:03 Salt</body></html>", "HTML"),
        ("{25}{50}Salt\n{60}{80}Sand\n", "MicroDVD"),
        ("<SAMI><HEAD></HEAD></SAMI>", "SAMI"),
        ("Scenarist_SCC V1.0\n\n00:00:01:00\t9420\n", "Scenarist Closed Captions (SCC)"),
        (b"ID3\x04\x00", "MP3"),
        (b"\x00\x00\x00\x20ftypM4A ", "MP4"),
        ("<?xml version='1.0'?><rss></rss>", "a feed (RSS or Atom)"),
        ("<?xml version='1.0'?><foo>a</foo>", "XML"),
    ],
)
def test_an_unsupported_format_is_refused_by_name(data, name):
    with pytest.raises(TranscriptError) as raised:
        read(data)

    assert str(raised.value).startswith(f"the file is {name}, which isn’t read.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<tt><body><p begin='1s'>a</body></tt>", "line 1: invalid XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><tt><body><p begin="1s">&b;</p></body></tt>', "the XML declares entities"),
        ("<tt>" + "<p>" * 200, "line 1: its elements are nested more than 200 deep"),
        ('{"foo": [1], "bar": 2}', 'the JSON has no list of cues.* It has: "foo", "bar".'),
    ],
)
def test_a_broken_file_is_refused_with_its_place(text, message):
    with pytest.raises(TranscriptError, match=message):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "0:01 a" + " " * 100_000 + "b",
        "1:" * 50_000,
        "0:01 x " + "12:30 " * 20_000,
        "0:01 " + "[0:01 " * 20_000,
        "- " * 50_000 + "0:01 x",
        "A" * 100_000 + " (0:01)",
        "<!--" * 50_000,
        ("Ida: " * 20_000) + " 0:01",
    ],
)
def test_odd_lines_are_read_in_linear_time(text):
    with suppress(TranscriptError):
        assert len(read(text).cues) >= 1


def test_a_long_plain_text_is_searched_for_times_once(monkeypatch):
    searched = []
    marks_of = plain.marks_of
    monkeypatch.setattr(plain, "marks_of", lambda number, line: searched.append(number) or marks_of(number, line))
    lines = [f"{n // 60:02}:{n % 60:02} Salt number {n}." for n in range(3000)]

    assert len(read("\n".join(lines)).cues) == 3000
    assert len(searched) == 3000
