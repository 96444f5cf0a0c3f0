"""One table of times for the grammar in Python and for what the reading page reads of it, and both on random texts."""

import json
import random
import re
import shutil
import subprocess

import pytest

from articles.core.timestamps import Form, TimestampError, parse_time
from articles.core.timestamps.addresses import seconds_in
from tests.support.paths import PROJECT, TESTS

CASES = json.loads((TESTS / "support" / "samples" / "times.json").read_text())
PIECES_TEXT = "0 5 31 59 60 250 12345 : : ; . , h m s min std and x -"
PIECES = [*PIECES_TEXT.split(), " "]
SCRIPT = """
import { readFileSync } from "node:fs";
import { parseTime, requestedSeconds } from "./time.mjs";
const { texts, addresses } = JSON.parse(readFileSync(0, "utf8"));
const asked = addresses.map((address) => requestedSeconds(new URL(address, "https://site.example/")));
console.log(JSON.stringify({ texts: texts.map(parseTime), addresses: asked }));
"""


def in_python(text, forms=Form.ANY):
    try:
        return parse_time(text, forms).seconds
    except TimestampError:
        return None


@pytest.fixture
def in_javascript(tmp_path):
    if not shutil.which("node"):
        pytest.skip("node isn't installed: the JavaScript parser did NOT run.")
    (tmp_path / "time.mjs").write_bytes((PROJECT / "static" / "js" / "reader" / "time.js").read_bytes())
    (tmp_path / "run.mjs").write_text(SCRIPT)

    def run(texts=(), addresses=()):
        given = json.dumps({"texts": texts, "addresses": addresses})
        command = [shutil.which("node"), tmp_path / "run.mjs"]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize(("text", "seconds"), CASES["reads"])
def test_python_reads(text, seconds):
    assert in_python(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", CASES["refuses"])
def test_python_refuses(text):
    assert in_python(text) is None


def test_javascript_reads_what_addresses_hold(in_javascript):
    texts, seconds = zip(*(case for case in CASES["reads"] if case[0] not in CASES["only_in_files"]), strict=True)

    assert in_javascript(texts=texts)["texts"] == pytest.approx(list(seconds))
    assert set(in_javascript(texts=CASES["refuses"] + CASES["only_in_files"])["texts"]) == {None}


def test_javascript_never_reads_another_time_than_python(in_javascript):
    dice = random.Random(11)  # noqa: S311
    texts = ["".join(dice.choices(PIECES, k=dice.randint(1, 6))) for _ in range(20_000)]
    expected = [in_python(text) for text in texts]

    read = in_javascript(texts=texts)["texts"]

    pairs = [(text, py, js) for text, py, js in zip(texts, expected, read, strict=True) if js is not None]
    assert [(text, py, js) for text, py, js in pairs if js != pytest.approx(py)] == []
    assert len(pairs) > 500


@pytest.mark.parametrize(
    ("address", "seconds"),
    [
        ("?t=391", 391),
        ("?t=6m31s", 391),
        ("?t=6:31", 391),
        ("#t=00:06:31", 391),
        ("#t=391.5", 391.5),
        ("#t=391,430", 391),
        ("?t=391,soon", None),
        ("?t=391,", None),
        ("#t=npt:00:06:31,00:07:10", 391),
        ("?fresh&t=1h2m3s#c-5", 3723),
        ("?t=soon", None),
        ("?t=6:31x", None),
        ("?at=391", None),
        ("#c-391", None),
    ],
)
def test_the_time_in_an_address(in_javascript, address, seconds):
    assert in_javascript(addresses=[address])["addresses"] == [seconds]


@pytest.mark.parametrize(
    ("query", "seconds"),
    [
        ("t=391", 391),
        ("t=6m31s", 391),
        ("start=391.9", 391),
        ("t=391,430", 391),
        ("t=391,soon", None),
        ("t=1,5 h x", None),
    ],
)
def test_the_time_in_a_link_is_read_completely_or_not_at_all(query, seconds):
    assert seconds_in(f"https://site.example/talk?{query}") == seconds


FIELDS = {False: ("[0-5][0-9]", "[0-5][0-9]"), True: ("[0-5]?[0-9]", "[0-5]?[0-9]")}  # minutes, seconds; short or not


def described(text, forms):
    """Return the seconds of `text` by the description of the grammar, without units; None if it is no time."""
    minutes, seconds = FIELDS[Form.SHORT in forms]
    long, short = rf"(?P<h>[0-9]{{1,4}}):(?P<m>{minutes}):(?P<s>{seconds})", rf"(?P<m>[0-9]{{1,3}}):(?P<s>{seconds})"
    described = {
        Form.CLOCK: [long, short],
        Form.FRACTION: [rf"{clock}[.,](?P<f>[0-9]{{1,9}})" for clock in (long, short)] + [rf"{long}:(?P<f>[0-9]{{3}})"],
        Form.FRAMES: [rf"{long}[:;][0-9]{{2}}", rf"{short};[0-9]{{2}}"],
        Form.SECONDS: [r"(?P<s>[0-9]{1,9})(?:[.,](?P<f>[0-9]{1,9}))?"],
    }
    patterns = [pattern for form, listed in described.items() if form in forms for pattern in listed]
    match = next((match for pattern in patterns if (match := re.fullmatch(pattern, text.strip()))), None)
    if match is None:
        return None
    field = match.groupdict("0")
    return (
        int(field.get("h", 0)) * 3600 + int(field.get("m", 0)) * 60 + int(field["s"]) + float(f"0.{field.get('f', 0)}")
    )


CALLERS = [
    Form.CLOCK,  # stretches of editions
    Form.CLOCK | Form.FRACTION,  # marks, chapters as lines, labels
    Form.CLOCK | Form.FRACTION | Form.SECONDS,  # files of editions
    Form.CLOCK | Form.SHORT | Form.FRACTION | Form.SECONDS,  # chapters in JSON and feeds
    Form.FILE,  # transcripts
]


@pytest.mark.parametrize("forms", CALLERS)
def test_a_time_is_read_as_the_grammar_says_or_not_at_all(forms):
    dice = random.Random(7)  # noqa: S311
    pieces = [*PIECES, "07", "1234", ":", "+", "٣", "３", "_"]
    read = 0
    for _ in range(20_000):
        text = "".join(dice.choices(pieces, k=dice.randint(1, 4)))
        text = f"{dice.choice(['', '6:', '1:06:', '00:59'])}{text}"
        seconds = in_python(text, forms)
        assert seconds == pytest.approx(described(text, forms)), text
        read += seconds is not None
    assert read > 100
