import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.timestamps import (
    CLOCK_PATTERN,
    Form,
    Lines,
    Malformed,
    Mark,
    Moment,
    TimestampError,
    find_marks,
    format_iso,
    format_label,
    format_mark,
    format_timestamp,
    one_field_lower,
    parse_time,
    parse_typed,
)
from articles.core.timestamps.grammar import parse_timestamp

MARK_LIKE = st.text(alphabet="[]0123456789:,-–| e2HMS\\`~\n>^", max_size=80)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:06:31", 391),
        ("0:06:31", 391),
        ("06:31", 391),
        ("6:31", 391),
        ("62:28", 3748),
        ("101:00:05", 363605),
    ],
)
def test_parse_timestamp_reads_every_written_form(text, seconds):
    assert parse_timestamp(text) == seconds


@pytest.mark.parametrize(
    "text", ["391", "391.5", "06:31", "0:06:31.9", " [00:06:31] ", "[06:31]", "6m31s", "6 min 31 s"]
)
def test_a_typed_time_may_be_in_seconds_in_units_or_in_brackets(text):
    assert parse_typed(text) == 391


@pytest.mark.parametrize(
    ("text", "forms", "seconds"),
    [
        ("1:05:40", Form.CLOCK, 3940),
        ("1:05:40.25", Form.FILE, 3940.25),
        ("01:05:40,250", Form.FILE, 3940.25),
        ("01:05:40:250", Form.FILE, 3940.25),
        ("60:01.000", Form.FILE, 3601),
        ("0:1:5.2", Form.FILE, 65.2),
        ("391", Form.SECONDS, 391),
        ("391.5", Form.SECONDS, 391.5),
        ("6m31s", Form.UNITS, 391),
        ("1h", Form.UNITS, 3600),
        ("90s", Form.UNITS, 90),
        ("1 minute 12 seconds", Form.UNITS, 72),
        ("1 hour, 5 minutes and 40 seconds", Form.UNITS, 3940),
        ("1 Std. 5 Min. 40 Sek.", Form.UNITS, 3940),
        (" 6:31 ", Form.ANY, 391),
    ],
)
def test_parse_time_reads_each_form(text, forms, seconds):
    assert parse_time(text, forms).seconds == seconds


@pytest.mark.parametrize("text", ["1:07:00;12", "1:07:00:12", "67:00;12"])
def test_frames_are_ignored_and_named(text):
    time = parse_time(text, Form.FILE)

    assert (time.seconds, time.frames) == (4020, "12")


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("6:31.5", Form.CLOCK),
        ("1:07:00;12", Form.CLOCK | Form.FRACTION),
        ("6:5", Form.CLOCK | Form.FRACTION),
        ("391", Form.CLOCK),
        ("6:31", Form.SECONDS),
        ("6m31s", Form.FILE),
        ("6:31:", Form.ANY),
        ("6:31 pm", Form.ANY),
        ("6m31", Form.ANY),
        ("31s6m", Form.ANY),
        ("6m6m", Form.ANY),
        ("1h75m", Form.ANY),
        ("0:60", Form.ANY),
        ("1:60:00", Form.ANY),
        ("-6:31", Form.ANY),
        ("\u0661:\u0660\u0660", Form.ANY),
        ("1" * 5000, Form.ANY),
        ("", Form.ANY),
    ],
)
def test_a_time_is_parsed_completely_or_not_at_all(text, forms):
    with pytest.raises(TimestampError):
        parse_time(text, forms)


@given(st.integers(0, 9999 * 3600), st.integers(0, 999), st.sampled_from([".", ",", ":"]))
def test_parse_time_reads_what_a_program_writes(seconds, thousandths, point):
    text = f"{format_timestamp(seconds)}{point}{thousandths:03}"

    assert parse_time(text, Form.FILE).seconds == pytest.approx(seconds + thousandths / 1000)
    assert re.fullmatch(CLOCK_PATTERN, text)


@given(st.text(alphabet="0123456789:;., hms", max_size=50), st.sampled_from([Form.CLOCK, Form.FILE, Form.ANY]))
def test_parse_time_returns_a_time_or_raises_a_timestamp_error(text, forms):
    try:
        time = parse_time(text, forms)
    except TimestampError:
        return
    assert time.seconds >= 0
    assert parse_time(text, Form.ANY) == time


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("00:75:12", "Minutes after hours go from 00 to 59; “00:75:12” has 75."),
        ("05:27:99", "Seconds go from 00 to 59; “05:27:99” has 99."),
        ("0:1:5.2", "“0:1:5.2” needs two digits for minutes and for seconds: write it like [00:06:31]."),
        ("00:01:234", "“00:01:234” needs two digits for minutes and for seconds: write it like [00:06:31]."),
        ("HH:MM:SS", "“HH:MM:SS” needs digits 0-9 separated by colons: write it like [00:06:31]."),
        (
            "00:01:02:03",
            "“00:01:02:03” has 4 fields; a timestamp has hours, minutes and seconds: write it like [00:06:31].",
        ),
        ("12345:00", "“12345:00” is longer than any recording: write it like [00:06:31]."),
    ],
)
def test_parse_timestamp_says_how_to_fix_the_text(text, message):
    with pytest.raises(TimestampError) as error:
        parse_timestamp(text)

    assert str(error.value) == message


@given(st.integers(min_value=0, max_value=9999 * 3600 + 3599))
def test_parse_timestamp_undoes_format(seconds):
    assert parse_timestamp(format_timestamp(seconds)) == seconds
    assert parse_timestamp(format_label(seconds)) == seconds


def test_format_timestamp_refuses_negative_seconds():
    with pytest.raises(ValueError, match="before the start of the recording: -1 s"):
        format_timestamp(-1)


@pytest.mark.parametrize(
    ("seconds", "label", "iso"),
    [
        (0, "00:00", "PT0S"),
        (391, "06:31", "PT6M31S"),
        (3600, "1:00:00", "PT1H"),
        (5461, "1:31:01", "PT1H31M1S"),
    ],
)
def test_labels_show_hours_from_one_hour_on(seconds, label, iso):
    assert (format_label(seconds), format_iso(seconds)) == (label, iso)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("07:54:00", 474), ("75:10:00", 4510), ("07:54:12", None), ("07:54", None), ("07:75:00", None)],
)
def test_one_field_lower_needs_zeros_at_the_end(text, seconds):
    assert one_field_lower(text) == seconds


@pytest.mark.parametrize(
    ("text", "key", "moments", "canonical"),
    [
        ("[00:06:31]", "", [(391, None)], "[00:06:31]"),
        ("[6:31]", "", [(391, None)], "[00:06:31]"),
        ("[62:28]", "", [(3748, None)], "[01:02:28]"),
        ("[00:06:31-00:07:10]", "", [(391, 430)], "[00:06:31-00:07:10]"),
        ("[00:06:31 – 07:10]", "", [(391, 430)], "[00:06:31-00:07:10]"),
        ("[00:06:31—00:07:10]", "", [(391, 430)], "[00:06:31-00:07:10]"),
        ("[00:06:31, 00:08:44]", "", [(391, None), (524, None)], "[00:06:31, 00:08:44]"),
        ("[e2 00:06:31]", "e2", [(391, None)], "[e2 00:06:31]"),
        (
            "[night-show_2 06:31-07:10,08:44]",
            "night-show_2",
            [(391, 430), (524, None)],
            "[night-show_2 00:06:31-00:07:10, 00:08:44]",
        ),
    ],
)
def test_find_marks_reads_a_mark(text, key, moments, canonical):
    (mark,) = find_marks(f"Tides {text} turn")

    assert isinstance(mark, Mark)
    assert (mark.start, mark.end, mark.text, mark.key) == (6, 6 + len(text), text, key)
    assert [(moment.start_seconds, moment.end_seconds) for moment in mark.moments] == moments
    assert format_mark(mark) == canonical


def test_find_marks_keeps_each_moment_as_written():
    (mark,) = find_marks("[06:31 – 07:10, 8:44]")

    assert mark.moments == (Moment(391, 430, "06:31 – 07:10"), Moment(524, None, "8:44"))


@pytest.mark.parametrize(
    "text",
    [
        "4:00 PM and 16:9",
        "[16:9]",
        "[1:2:3]",
        "[imitates a gull]",
        "[^1]",
        "[4]",
        "[4:00 PM]",
        "[Miller 2019:23]",
        "[::1]",
        "[00:06:31 the gull](https://example.org)",
        "\\[00:06:31]",
        "\\\\\\[00:06:31]",
    ],
)
def test_find_marks_ignores_other_brackets(text):
    assert find_marks(text) == []


@pytest.mark.parametrize(
    ("text", "message", "replacement"),
    [
        ("[00:75:12]", "Minutes after hours go from 00 to 59; “00:75:12” has 75.", None),
        ("[HH:07:54]", "“HH:07:54” needs digits 0-9 separated by colons: write it like [00:06:31].", None),
        ("[٠٦:٣١]", "Write timestamps with the digits 0 to 9: write it like [00:06:31].", "[00:06:31]"),
        ("[0:6:31]", "“0:6:31” needs two digits for minutes and for seconds: write it like [00:06:31].", "[00:06:31]"),
        ("[05:3]", "“05:3” needs two digits for minutes and for seconds: write it like [00:06:31].", None),
        (
            "[00:06:31-00:05:00]",
            "The range “00:06:31-00:05:00” doesn't end after its start: write the earlier timestamp first.",
            None,
        ),
        (
            "[00:06:31 | 00:08:44]",
            "Separate timestamps with commas, and use one dash for a range.",
            "[00:06:31, 00:08:44]",
        ),
        (
            "[e2 00:06:31, e3 00:08:44]",
            "Use separate brackets for each timestamp if you name several sources or write words between timestamps.",
            None,
        ),
        (
            "[00:06:31 the gull]",
            "The brackets of a citation take timestamps only: write [00:06:31] and move the words outside.",
            "[00:06:31] the gull",
        ),
        (
            "[00:06:31;12]",
            "The brackets of a citation take timestamps only: write [00:06:31] and move the words outside.",
            "[00:06:31]",
        ),
        (
            "[e2 00:06:31 to 00:07:10 and 8:44]",
            "Use separate brackets for each timestamp if you name several sources or write words between timestamps.",
            "[e2 00:06:31-00:07:10, 00:08:44]",
        ),
    ],
)
def test_find_marks_reports_malformed_marks(text, message, replacement):
    (malformed,) = find_marks(f"Tides {text}")

    assert malformed == Malformed(6, 6 + len(text), text, message, replacement)


@pytest.mark.parametrize(
    ("text", "written", "replacement"),
    [
        ("Tides [00:06:31 turn", "[00:06:31", "[00:06:31]"),
        ("Tides [00:06:31-00:07:10 turn", "[00:06:31-00:07:10", "[00:06:31-00:07:10]"),
        ("Tides [00:06:31).", "[00:06:31)", "[00:06:31]"),
        ("Tides [00:06:31】.", "[00:06:31】", "[00:06:31]"),
    ],
)
def test_find_marks_reports_a_missing_bracket(text, written, replacement):
    message = "The closing bracket is missing on this line: write it like [00:06:31]."

    assert find_marks(text) == [Malformed(6, 6 + len(written), written, message, replacement)]


WORDS = "The brackets of a citation take timestamps only: write [00:06:31] and move the words outside."
DASH = "Separate timestamps with commas, and use one dash for a range."


@pytest.mark.parametrize("time", ["08:14", "8:14", "62:28", "00:08:14"])
@pytest.mark.parametrize(
    ("written", "message", "replacement"),
    [
        ("[{}?]", WORDS, "[{}] (?)"),
        ("[{} (?)]", WORDS, "[{}] (?)"),
        ("[{} ff]", WORDS, "[{}] ff"),
        ("[{}ff.]", WORDS, "[{}] ff."),
        ("[{} onwards]", WORDS, "[{}] onwards"),
        ("[{}.]", WORDS, "[{}]"),
        ("[{} - end]", WORDS, None),
        ("[{} –]", WORDS, None),
        ("[{} e2]", WORDS, "[e2 {}]"),
        ("[{} (talk-3)]", WORDS, "[talk-3 {}]"),
        ("[e2 {} ff]", WORDS, "[e2 {}] ff"),
        ("[e2 {} e3]", WORDS, None),
        ("[–{}]", DASH, None),
        ("[- {}]", DASH, None),
    ],
)
def test_what_else_is_in_the_brackets_is_reported_with_hours_or_without(time, written, message, replacement):
    text = written.format(time)
    canonical = format_timestamp(parse_timestamp(time))

    assert find_marks(f"Tides {text} turn") == [
        Malformed(6, 6 + len(text), text, message, replacement and replacement.format(canonical))
    ]


@pytest.mark.parametrize("text", ["[08:14;12]", "[00:08;14]", "[08:14-45]", "[1:2:3:4]", "[e2 08:14 - 9]"])
def test_a_time_that_may_be_another_is_reported_without_a_repair(text):
    (malformed,) = find_marks(f"Tides {text} turn")

    assert (malformed.text, malformed.replacement) == (text, None)


@pytest.mark.parametrize("rest", ["", ".", ")", "\n\nMore", " turn the boats", " turn [00:09:00]."])
def test_minutes_and_seconds_without_a_closing_bracket_are_reported(rest):
    malformed, *_ = find_marks(f"Tides [08:14{rest}")

    assert (malformed.text.rstrip(")"), malformed.replacement) == ("[08:14", "[00:08:14]")
    assert "closing bracket is missing" in malformed.message


@pytest.mark.parametrize(
    "text",
    [
        "[9:45 am]", "[9:45 a.m.]", "[9:45 Uhr]", "[9:45 CET]", "[9:45 boats]", "[Luke 4:12 ff]", "[4:12-14]", "[4:12;14]", "[16:10 screen]",
        "[21:9 ratio]", "[Fig. 4:12]", "[vol. 4:12 ff]", "[4:123]", "[1:2]", "[[09:45 ff]]", "[09:45 ff](https://a.example/)", "[09:45 ff]: x",
        "`[09:45 ff]`", "`[09:45`", "[9:45 am, boats leave", "[09:45 the boats\nleave the harbour]", "[the boats leave at 09:45]",
    ],
)  # fmt: skip
def test_times_of_day_verses_ratios_and_links_are_no_attempts(text):
    assert find_marks(f"Tides {text}") == []


def test_find_marks_reports_a_mark_on_two_lines():
    message = "A citation is on one line: write it like [00:06:31]."

    assert find_marks("> Tides [00:06:31,\n> 00:07:10].") == [
        Malformed(8, 30, "[00:06:31,", message, "[00:06:31, 00:07:10]")
    ]


@pytest.mark.parametrize("sign", ["\u200b", "\u200c", "\u200d", "\u00ad", "\u2066", "\ufe0f", "\ufeff", "\U000e0020"])
def test_characters_that_nobody_sees_are_ignored_in_a_mark(sign):
    (mark,) = find_marks(f"[00{sign}:06:{sign}31]")

    assert [moment.start_seconds for moment in mark.moments] == [391]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("`[00:01:00]` [00:02:00]", ["[00:02:00]"]),
        ("`` ` [00:01:00] `` [00:02:00]", ["[00:02:00]"]),
        ("a ` [00:01:00]\n\n` [00:02:00]", ["[00:01:00]", "[00:02:00]"]),
        ("\\`[00:01:00]`", ["[00:01:00]"]),
        ("```\n[00:01:00]\n```\n[00:02:00]", ["[00:02:00]"]),
        ("~~~ text\n[00:01:00]\n~~\n~~~\n[00:02:00]", ["[00:02:00]"]),
        ("> ```\n> [00:01:00]\n\n[00:02:00]", ["[00:02:00]"]),
        ("- ```\n  [00:01:00]\n  ```\n- [00:02:00]", ["[00:02:00]"]),
        ("\\\\[00:02:00]", ["[00:02:00]"]),
    ],
)
def test_find_marks_leaves_code_alone(text, marks):
    assert [mark.text for mark in find_marks(text)] == marks


def test_find_marks_in_code_on_request():
    assert [mark.text for mark in find_marks("`[00:01:00]`", in_code=True)] == ["[00:01:00]"]


@given(st.one_of(st.text(), MARK_LIKE), st.booleans())
def test_find_marks_never_raises_and_returns_correct_offsets(text, in_code):
    marks = find_marks(text, in_code=in_code)

    assert all(text[mark.start : mark.end].startswith(mark.text) for mark in marks)
    assert all(before.end <= after.start for before, after in itertools.pairwise(marks))


@given(MARK_LIKE)
def test_format_mark_round_trips(text):
    for mark in find_marks(text, in_code=True):
        if isinstance(mark, Mark):
            (again,) = find_marks(format_mark(mark))
            assert format_mark(again) == format_mark(mark)
            assert [moment.start_seconds for moment in again.moments] == [m.start_seconds for m in mark.moments]


@given(st.text(alphabet="ab\\\n \r", max_size=40), st.data())
def test_lines_count_the_characters_before(text, data):
    offset = data.draw(st.integers(0, len(text)))

    line, column = Lines(text).place(offset)

    assert line == text[:offset].count("\n") + 1
    assert sum(len(part) for part in text.split("\n")[: line - 1]) + line - 1 + column - 1 == offset
