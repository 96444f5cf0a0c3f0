"""Encodings, and what is implausible as a whole."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.transcripts import Cue, TranscriptError, doubts_about_episode, read

ENGLISH = "The tide rises twice a day in most places, and in some of them only once, because the moon pulls at it. "
GERMAN = "Die Flut steigt an den meisten Orten zweimal am Tag, und an manchen nur einmal, weil der Mond daran zieht. "


def in_srt(text, encoding):
    return f"1\n00:00:01,000 --> 00:00:03,000\n{text}\n".encode(encoding)


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        ("La mariée est déjà là – c’est l’été.", "cp1252", "Windows-1252"),
        ("Café naïve", "cp1252", "Windows-1252"),
        ("Grüße aus Köln, schöne Straße.", "cp1252", "Windows-1252"),
        ("El niño está aquí mañana.", "cp1252", "Windows-1252"),
        ("Zażółć gęślą jaźń, dzień dobry wszystkim.", "cp1250", "Windows-1250"),
        ("Привет, как дела? Сегодня хорошая погода.", "cp1251", "Windows-1251"),
        ("Привет, как дела? Сегодня хорошая погода.", "koi8_r", "koi8_r"),
        ("Καλημέρα σας, σήμερα θα μιλήσουμε.", "cp1253", "Windows-1253"),
        ("こんにちは、今日は海の話です。", "cp932", "Shift JIS"),
        ("大家好，今天我们来谈谈大海。", "gb18030", "gb18030"),
        ("안녕하세요, 오늘은 바다 이야기입니다.", "cp949", "cp949"),
        ("O café não está aqui, avó.", "mac_roman", "Mac Roman"),
        ("Günaydın, bugün şehirde yağmur var.", "cp1254", "Windows-1254"),
        ("שלום לכולם, היום נדבר על הים.", "cp1255", "Windows-1255"),
        ("Labdien, šodien runāsim par jūru.", "cp1257", "Windows-1257"),
        ("It’s a “quote” – and 50 € more.", "cp1252", "Windows-1252"),
    ],
)
def test_other_encodings_are_detected_and_reported(text, encoding, name):
    reading = read(in_srt(text, encoding))

    assert [cue.text for cue in reading.cues] == [text]
    reason = f"The file isn’t UTF-8; it was read as {name}. Check that its letters are right."
    assert [(problem.line, problem.text, problem.reason) for problem in reading.problems] == [(3, text, reason)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_without_a_report(encoding):
    reading = read(in_srt("Le café est fermé.", encoding))

    assert [cue.text for cue in reading.cues] == ["Le café est fermé."]
    assert reading.problems == ()


def test_single_broken_bytes_in_utf8_are_replaced_and_reported():
    reading = read(in_srt("Le café est fermé, ", "utf-8") + b"d\xe9j\xe0 l\xc3\xa0 o\xc3\xb9 \xc3\xaatre\n")

    assert "fermé" in reading.cues[0].text
    assert [(problem.line, problem.reason) for problem in reading.problems] == [
        (4, "byte 0xE9 isn’t valid UTF-8; such bytes were replaced with �. Save the file as UTF-8.")
    ]


def test_all_cues_at_one_time_are_refused():
    with pytest.raises(TranscriptError, match=r"^all 3 cues are at the same time \(0 s\)"):
        read("0:00 Salt.\n0:00 Sand.\n0:00 Water.\n")


def reasons(text):
    return [doubt.reason for doubt in read(text).doubts]


def test_times_that_run_backwards_are_doubtful():
    text = "\n".join(f"00:{minute:02}:00 Salt {minute}." for minute in [0, 5, 1, 6, 2, 7, 3])

    assert reasons(text) == [
        "The times run backwards: 3 of 7 cues start before one above them, first here. Are these times of the recording?"
    ]


@pytest.mark.parametrize(
    ("starts", "is_doubtful"),
    [
        ([10, 5, 20, 1, 30], True),  # one jump back
        ([10, 20, *range(15, 200, 10)], False),  # two who talk at once
        ([*range(0, 600, 10), 570, 600], True),
        ([10, 9, 20, 18, 40, 60], False),
    ],
)
def test_a_jump_back_is_doubtful_but_not_what_overlaps(starts, is_doubtful):
    rows = [{"startTime": start, "endTime": start + 4, "body": f"Salt {start}."} for start in starts]
    text = json.dumps({"segments": rows})

    assert [reason.partition(":")[0] for reason in reasons(text)] == ["The times run backwards"] * is_doubtful


def test_more_words_than_anyone_can_say_are_doubtful():
    text = f"00:01 {'salt ' * 50}\n00:02 {'sand ' * 50}\n00:03 Bye.\n"

    assert reasons(text) == ["The text is too long for its times: 100 words in 2 s is faster than anyone speaks."]
    assert reasons(text.replace("00:03", "00:59")) == []


def test_a_file_that_is_mostly_unread_is_doubtful():
    text = "\n".join([*(f"line {number}" for number in range(12)), "00:00:04 Salt."])

    assert reasons(text) == [
        "Most of the file wasn’t read: 12 of 13 lines or cues are listed as skipped. Is it in the right format?"
    ]


def cues(text, last=100.0):
    return [Cue(1.0, 2.0, "", text * 3), Cue(last, last + 1, "", "Bye.")]


@pytest.mark.parametrize(
    ("last", "length", "is_doubtful"),
    [(4000.0, 3600, False), (4300.0, 3600, True), (36923.0, 3600, True), (700.0, 60, True), (9e5, None, False)],
)
def test_times_far_past_the_end_are_doubtful(last, length, is_doubtful):
    assert len(doubts_about_episode(cues(ENGLISH, last), length, "")) == is_doubtful


def test_times_that_start_late_are_doubtful():
    late = [Cue(36001.0, 36002.0, "", "Salt.")]

    assert [doubt.reason for doubt in doubts_about_episode(late, None, "")] == [
        (
            "The first cue is only at 600 min. Do the times count from the start of the recording, or are they times of day "
            "or of a studio’s clock?"
        )
    ]


@pytest.mark.parametrize(
    ("text", "language", "is_doubtful"),
    [
        (ENGLISH, "en", False),
        (ENGLISH, "en-GB", False),
        (ENGLISH, "de", True),
        (GERMAN, "en", True),
        (GERMAN, "de_AT", False),
        (GERMAN, "", False),
        ("Salt. ", "de", False),
    ],
)
def test_another_language_is_doubtful(text, language, is_doubtful):
    doubts = doubts_about_episode(cues(text), None, language)

    assert len(doubts) == is_doubtful
    assert all(f"than the one expected ({language})" in doubt.reason for doubt in doubts)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_letters_that_were_lost_before_are_reported_once(ending, encoding):
    text = ending.join(
        ["WEBVTT", "", "00:01.000 --> 00:02.000", "Salt", "", "00:02.000 --> 00:03.000", "caf\ufffd", ""]
    )
    text += ending.join(["", "00:03.000 --> 00:04.000", "na\ufffdve", ""])
    (problem,) = read(text.encode(encoding)).problems

    assert (problem.line, problem.cue, problem.text) == (6, 2, "caf\ufffd")
    assert str(problem.reason).startswith("Letters are missing in 2 cues, first here: the file has � in their place.")


def test_lost_letters_are_reported_in_json():
    (problem,) = read('{"segments": [{"startTime": 1, "endTime": 2, "body": "caf\\ufffd"}]}').problems

    assert (problem.cue, problem.text) == (1, "caf\ufffd")


@given(st.text("ab é\ufffd", min_size=1).filter(str.strip))
def test_damaged_words_are_reported_if_there_are_any(words):
    reading = read(f"WEBVTT\n\n00:01.000 --> 00:02.000\nx{words}\n")

    assert len(reading.problems) == ("\ufffd" in words)
