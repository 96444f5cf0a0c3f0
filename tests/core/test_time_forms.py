"""One table of times for the grammar in Python and for what the reading page reads of it, and both on random texts."""

import json
import random
import shutil
import subprocess

import pytest

from articles.core.timestamps import Form, TimestampError, parse_time
from tests.support.paths import PROJECT, TESTS

CASES = json.loads((TESTS / "support" / "samples" / "times.json").read_text())
SCRIPT = """
import { readFileSync } from "node:fs";
import { parseTime, requestedSeconds } from "./time.mjs";
const { texts, addresses } = JSON.parse(readFileSync(0, "utf8"));
const asked = addresses.map((address) => requestedSeconds(new URL(address, "https://site.example/")));
console.log(JSON.stringify({ texts: texts.map(parseTime), addresses: asked }));
"""


def in_python(text):
    try:
        return parse_time(text, Form.ANY).seconds
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
    pieces = [
        "0",
        "5",
        "31",
        "59",
        "60",
        "250",
        "12345",
        ":",
        ":",
        ";",
        ".",
        ",",
        " ",
        "h",
        "m",
        "s",
        "min",
        "std",
        "and",
        "x",
        "-",
    ]
    texts = ["".join(dice.choices(pieces, k=dice.randint(1, 6))) for _ in range(20_000)]
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
