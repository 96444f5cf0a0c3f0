"""Notations of captions and lines that differ from the standard: read where they are certain, otherwise listed."""

import pytest

from articles.core.recordings.transcripts import read

TEXT = [(3.0, "", "Salt is dear."), (65.0, "", "Sand is cheap.")]
BOTH = [(3.0, "Ida Moor", "Salt is dear."), (65.0, "Oto Berg", "Sand is cheap.")]
LRC = "[ar:Ida]\n[length: 02:00]\n[00:03.00]Salt is dear.\n[01:05.00]Sand is cheap.\n"
GLUED = "0:033 secondsSalt is dear.\n1:051 minute, 5 secondsSand is cheap.\n"
ARABIC = "٠٠:٠٣ الملح غالي.\n٠١:٠٥ الرمل رخيص.\n"
HINDI = "०:०३ नमक महंगा है।\n१:०५ रेत सस्ती है।\n"
CHINESE = "0:03 大家好，今天我们来谈谈大海。\n1:05 今天天气很好。\n"
RUSSIAN = "0:03 Сегодня хорошая погода.\n1:05 Мы говорим о море.\n"
WIDE = "1\n00：00：03，000 --> 00：00：05，000\n盐很贵。\n\n2\n00：01：05，000 --> 00：01：07，000\n沙子便宜。\n"


def cues(data, name=""):
    return [(round(cue.start_seconds, 3), cue.speaker, cue.text) for cue in read(data, name).cues]


def srt(first="00:00:03,000 --> 00:00:05,000", second="00:01:05,000 --> 00:01:07,000", salt="Salt is dear."):
    return f"1\n{first}\n{salt}\n\n2\n{second}\nSand is cheap.\n"


def ttml(body, attributes="", declaration='<?xml version="1.0" encoding="UTF-8"?>\n'):
    return (
        f'{declaration}<tt xmlns="http://www.w3.org/ns/ttml" xmlns:p="http://www.w3.org/ns/ttml#parameter" {attributes}>'
        f"<body>{body}</body></tt>"
    )


def paragraphs(first, second, container="div"):
    return f"<{container}><p {first}>Salt is dear.</p><p {second}>Sand is cheap.</p></div>"


SEQUENCE = 'div timeContainer="seq"'
SECONDS = 'begin="3s" end="5s"', 'begin="65s" end="67s"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (srt("00:00:03, 000 --> 00:00:05, 000", "00: 01: 05,000 --> 00:01:07 ,000"), TEXT),
        (srt(second="00:01:05,000 --&gt; 00:01:07,000"), TEXT),
        (srt("00:00:03,000 --&gt; 00:00:05,000", "00:01:05,000 --&gt; 00:01:07,000"), TEXT),
        (srt(second="00:01:05,000\xa0-->\xa000:01:07,000"), TEXT),
        ("1 00:00:03,000 --> 00:00:05,000 Salt is dear.\n2 00:01:05,000 --> 00:01:07,000 Sand is cheap.\n", TEXT),
        (srt(salt="{\\an8}<i>Salt</i> <FONT color='red'>is</FONT>{\\pos(3,4)} <b class=x>dear.</b>"), TEXT),
        ("WEBVTT\n\n00:03.000 --> 00:05.000\n<c.a.b>Salt</c> <00:04.000><lang en>is</lang> dear.\n\n01:05.000 --> 01:06.000\n<I>Sand</I> is<br>cheap.\n", TEXT),
        (WIDE, [(3.0, "", "盐很贵。"), (65.0, "", "沙子便宜。")]),
        (ARABIC, [(3.0, "", "الملح غالي."), (65.0, "", "الرمل رخيص.")]),
        (HINDI, [(3.0, "", "नमक महंगा है।"), (65.0, "", "रेत सस्ती है।")]),
        ("［00：00：03］田中：塩は高い。\n［00：01：05］鈴木：砂は安い。\n", [(3.0, "田中", "塩は高い。"), (65.0, "鈴木", "砂は安い。")]),
        ("[00:03] <Ida Moor> Salt is dear.\n[01:05] <Oto Berg> Sand is cheap.\n", BOTH),
        ("[00:03] (speaker 0) Salt\n(and pepper) is dear.\n[01:05] (speaker 1) Sand is cheap.\n", [(3.0, "speaker 0", "Salt (and pepper) is dear."), (65.0, "speaker 1", "Sand is cheap.")]),
        ("Ida Moor:\t00:03\tSalt is dear.\nOto Berg:\t01:05\tSand is cheap.\n", BOTH),
        (GLUED, TEXT),
        ("0:03 <Dialog> is new.\n1:05 Sand.\n2:00 Salt.\n", [(3.0, "", "<Dialog> is new."), (65.0, "", "Sand."), (120.0, "", "Salt.")]),
        (LRC, TEXT),
        (LRC.replace("Salt is", "<00:03.10> Salt <00:03.50> is"), TEXT),
        (LRC.replace("[01:05.00]", "[01:05.00][01:30.00]"), [*TEXT, (90.0, "", "Sand is cheap.")]),
        (ttml(paragraphs(*SECONDS), declaration='\n  <?xml version="1.0" encoding="UTF-16"?>'), TEXT),
        (ttml(paragraphs('begin="00:00:03:12.1" end="00:00:05:00.0"', 'begin="00:01:05:00"'), 'p:frameRate="25"'), TEXT),
        (ttml(paragraphs('begin="3s" dur="2s"', 'begin="60s" dur="2s"', SEQUENCE)), TEXT),
        (ttml('<p begin="3s" end="70s"><span begin="0s">Salt is dear.</span> <span begin="62s">Sand is cheap.</span></p>'), TEXT),
        (ttml(f'<{SEQUENCE}><p dur="3s"/><p dur="62s">Salt is dear.</p><p dur="2s">Sand is cheap.</p></div>'), TEXT),
    ],
)  # fmt: skip
def test_certain_notations_are_read(text, expected):
    assert cues(text) == expected


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("text", [CHINESE, RUSSIAN, ARABIC])
def test_utf16_is_recognised_in_every_script(text, encoding):
    reading = read(text.encode(encoding))

    assert [cue.text for cue in reading.cues] == [line.partition(" ")[2] for line in text.splitlines()]
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("text", "line", "listed"),
    [
        ("WEBVTT\n\n00:03.000 --> 00:05.000\nSalt.\n\nSTYLE of speaking\n\n01:05.000 --> 01:06.000\nSand.\n", 6, "STYLE of speaking"),
        ("1\n00:00:03,000 -->\nSalt.\n\n2\n00:01:05,000 --> 00:01:07,000\nSand.\n", 3, "Salt."),
        ("Salt is [00:00:03] dear.\n[00:01:05] Sand.\n[00:02:00] Bye.\n", 1, "Salt is"),
        ("[00:00:03]\nSalt.\n[00:01:05]\nSand.\n[00:01:07]\n[END]\n", 6, "[END]"),
        ("00:00:03:12 00:00:05:00\nSalt.\n\n00:01:05:12 00:01:07:00\nSand.\n<end subtitles>\n", 6, "<end subtitles>"),
        ("[offset:+500]\n" + LRC, 1, "[offset:+500]"),
        ("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:01:00.000\n\n00:03.000 --> 00:05.000\nSalt.\n", 2, "X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:01:00.000"),
        (LRC + "Words between.\n", 5, "Words between."),
    ],
)  # fmt: skip
def test_what_isnt_read_is_listed(text, line, listed):
    assert (line, listed) in [(problem.line, problem.text) for problem in read(text).problems]


def test_a_phrase_before_a_time_isnt_a_speaker():
    assert cues("Salt is dear [00:00:03] and sand [00:00:10] is cheap.\n[00:00:20] Words.\n") == [
        (3.0, "", "and sand"),
        (10.0, "", "is cheap."),
        (20.0, "", "Words."),
    ]


def test_whole_seconds_after_an_hour_arent_milliseconds():
    assert cues("start,end,text\n3600,3604,Salt is dear.\n7200,7204,Sand is cheap.\n") == [
        (3600.0, "", "Salt is dear."),
        (7200.0, "", "Sand is cheap."),
    ]


def test_two_parts_that_both_start_at_zero_are_doubtful():
    part = "".join(f"00:0{minute}:00 Salt {minute}.\n" for minute in range(8))

    assert [doubt.line for doubt in read(part * 2).doubts] == [9]


def test_a_wrong_number_without_a_blank_line_is_listed():
    numbers = ["1", "2", "9", "10", "4"]
    cues = [f"{number}\n00:00:0{at},000 --> 00:00:0{at},900\nSaid {at}" for at, number in enumerate(numbers)]

    reading = read("\n".join(cues), "tide.srt")

    assert [cue.text for cue in reading.cues] == ["Said 0", "Said 1", "Said 2", "Said 3", "Said 4"]
    assert [(problem.line, problem.cue, problem.text) for problem in reading.problems] == [(7, 3, "9"), (13, 5, "4")]


@pytest.mark.parametrize("line", ["$00:05:00$ five", "! 00:05:00 five", "§[00:05:00] five", "«00:05:00» five"])
def test_a_time_with_other_signs_is_read_or_listed(line):
    reading = read(f"00:00:01 one\n00:01:00 two\n{line}\n00:06:00 six\n00:07:00 seven")

    assert 300 in [cue.start_seconds for cue in reading.cues] or [problem.line for problem in reading.problems] == [3]


def test_a_short_time_in_a_line_is_read_and_reported():
    reading = read("0:1:5 one\n0:1:9 two\n00:02:00 three")

    assert [cue.start_seconds for cue in reading.cues] == [65, 69, 120]
    reason = "2 cues, starting with this one, have times that aren’t written as usual; the first was read as 65 s."
    assert [(problem.text, str(problem.reason)) for problem in reading.problems] == [("0:1:5", reason)]


def test_a_line_that_begins_with_a_time_out_of_order_is_speech_and_listed():
    reading = read("0:01 one\n0:05 two\n9:15 is far too late\n0:09 three\n0:12 four")

    assert [cue.text for cue in reading.cues] == ["one", "two 9:15 is far too late", "three", "four"]
    reason = "9:15 doesn’t fit the times around it; the line was read as speech."
    assert [(problem.line, str(problem.reason)) for problem in reading.problems] == [(3, reason)]
