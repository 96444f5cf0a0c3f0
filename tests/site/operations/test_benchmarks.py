"""The benchmarks can be run: what they ask for exists, and `make bench` runs all that can fail."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest

from articles.core.evidence import CHECKER_VERSION, measured
from bench import evidence, fill, fitting, labelled, published, serving
from tests.support.paths import PROJECT

BY_HAND = {"lighthouse", "evidence", "source_issues"}  # have commands of their own


@pytest.mark.django_db
def test_what_the_benchmark_of_the_server_asks_for_exists(client):
    fill.main(2)

    for name, (path, _, headers) in serving.TARGETS.items():
        response = client.get(path, headers={k: v for k, v in headers.items() if k != "If-None-Match"})
        assert response.status_code == 200, name


def test_make_bench_runs_every_benchmark_that_can_fail():
    text = (PROJECT / "Makefile").read_text()
    run = set(
        re.findall(
            r"^\t\$\(PYTHON\) bench/(\w+)\.py$",
            text[text.index("\nbench:") : text.index("\nbench-evidence:")],
            re.MULTILINE,
        )
    )
    can_fail = {
        path.stem
        for path in (PROJECT / "bench").glob("*.py")
        if re.search(r"Fails if|Exits 1", ast.get_docstring(ast.parse(path.read_text())) or "")
    }

    assert can_fail - BY_HAND <= run
    assert all("sys.exit(" in (PROJECT / "bench" / f"{name}.py").read_text() for name in run)


def test_lighthouse_starts_without_settings_of_django():
    """`make lighthouse` sets none; the site that it measures has its own."""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-c", "import lighthouse"],
        cwd=PROJECT / "bench",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""


def test_claims_that_people_labelled_are_measured_apart_from_those_that_were_fitted_on(tmp_path, capsys):
    talk = ["The harbour froze in January.", "Fishermen mend their nets in the attic.", "Herring is smoked over beech."]
    rows = [
        ("a", talk[0], 0, "supported", None),
        ("b", talk[1], 600, "supported", None),
        ("b", talk[2], 1200, "supported", None),
        ("b", "Smoked herring needs beech.", 0, "elsewhere or nowhere", 1200),
    ]
    names = ("video", "claim", "start_seconds", "label", "said_at_seconds")
    lines = (json.dumps({"show": "talks", "heading": "Coast", **dict(zip(names, row, strict=True))}) for row in rows)
    (tmp_path / "labels.jsonl").write_text("\n".join(lines))
    (tmp_path / "transcripts").mkdir()
    for video in "ab":
        text = "\n".join(f"00:{10 * at:02}:00 {line}" for at, line in enumerate(talk))
        (tmp_path / "transcripts" / f"{video}.txt").write_text(text)

    labels = labelled.read_labels(tmp_path)
    is_good = labelled.report(tmp_path, tmp_path / "figures.json")

    assert is_good
    assert labelled.tuning_videos(labels) == {"a"}
    tuning, reporting = json.loads((tmp_path / "figures.json").read_text()).values()
    assert tuning["false alarms"] == [0, 1]
    assert tuning["wrong flagged"] == [0, 0]
    assert reporting["false alarms"] == [0, 2]
    assert reporting["wrong flagged"] == reporting["precision"] == reporting["first"] == [1, 1]
    assert reporting["AUC"] == 1.0
    headings = [line for line in capsys.readouterr().out.splitlines() if line.startswith("talks")]
    assert headings == [
        "talks, 1 labelled claims. TUNING: fitted on these videos",
        "talks, 3 labelled claims. REPORTING: nothing was fitted on these videos",
    ]


def test_labelled_claims_that_the_check_gets_wrong_fail_the_benchmark(tmp_path, capsys):
    lines = [("a", "Herring is smoked over beech.", "supported"), ("b", "Herring is smoked over beech.", "supported")]
    rows = [
        {"show": "talks", "video": v, "heading": "", "claim": c, "start_seconds": 0, "label": label}
        for v, c, label in lines
    ]
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "transcripts").mkdir()
    for video in "ab":
        (tmp_path / "transcripts" / f"{video}.txt").write_text("00:00 The harbour froze.\n00:10 Nets hang in attics.\n")

    assert not labelled.report(tmp_path)
    assert "REPORTING misses its bounds: false alarms 1.00 (1/1), not from 0.0 to 0.1" in capsys.readouterr().out


def test_without_labels_the_benchmark_says_so(tmp_path, capsys):
    labelled.report(tmp_path)

    assert capsys.readouterr().out == f"There are no labelled claims in {tmp_path}.\n\n"


def test_labels_without_their_transcripts_say_where_these_come_from(tmp_path):
    shutil.copy(next(published.TEST_SET.glob("*.jsonl")), tmp_path)

    with pytest.raises(SystemExit, match=r"^There is no transcript of .* export_judgements FOLDER”"):
        labelled.report(tmp_path)


def test_without_a_folder_the_benchmark_measures_the_public_test_set(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(evidence, "FOLDER", tmp_path)
    monkeypatch.setattr("sys.argv", ["evidence.py"])

    assert evidence.main() == 0
    lines = capsys.readouterr().out.splitlines()
    headings = [line for line in lines if line.startswith("lighthouse talk")]
    assert headings == [
        f"lighthouse talk, {form}, 48 labelled claims. REPORTING: nothing was fitted on these videos"
        for form in ("captions", "paragraphs")
    ]
    assert [line.split()[-3:-1] for line in lines if line.startswith("wrong flagged")] == 2 * [["0.75", "(6/8)"]]


@pytest.mark.parametrize(("option", "lacks"), [([], "articles with transcripts"), (["--labels"], "labelled claims")])
def test_a_folder_that_was_named_has_to_have_what_is_measured(tmp_path, monkeypatch, option, lacks):
    monkeypatch.setattr("sys.argv", ["evidence.py", *option, str(tmp_path / "none")])

    with pytest.raises(SystemExit, match=f"^There are no {lacks} in {tmp_path / 'none'}.$"):
        evidence.main()


def test_the_public_test_set_is_as_its_description_says():
    labels = labelled.read_labels(published.TEST_SET)
    transcripts = labelled.read_transcripts(published.TEST_SET, labels)
    article = (published.TEST_SET / "article.md").read_text()
    by_form = {video: [label for label in labels if label.video == video] for video in transcripts}

    assert {video: len(of_form) for video, of_form in by_form.items()} == dict.fromkeys(transcripts, 48)
    assert labelled.tuning_videos(labels) == set()
    words = [" ".join(cue.text for cue in cues) for cues in transcripts.values()]
    assert len(set(words)) == 1
    for label in labels:
        distance = label.said_at_seconds and label.start_seconds - label.said_at_seconds
        near, far = label.label == labelled.NEAR, label.label == labelled.WRONG
        # Who listens from 20 s before to 90 s after it doesn't hear it; near is within 150 s.
        assert not (near or (far and distance)) or not -90 <= distance <= 20, label
        assert not distance or near is (abs(distance) <= 150), label
        assert label.claim.rstrip(".") in article
    table = (published.TEST_SET / "README.md").read_text()
    for label in labelled.LABELS[:-1]:
        number = sum(row.label == label for row in by_form[published.ONE_FORM])
        assert re.search(rf"^\| {label} \| {number} \|", table, re.MULTILINE), label


def test_missing_the_bounds_of_a_folder_of_labels_fails(tmp_path, capsys):
    shutil.copytree(published.TEST_SET, tmp_path / "set")
    assert labelled.report(tmp_path / "set")
    (tmp_path / "set" / "bounds.json").unlink()

    assert not labelled.report(tmp_path / "set")
    assert "wrong flagged 0.75 (12/16), not from 0.88 to 1.0" in capsys.readouterr().out


def test_the_figures_that_the_site_shows_are_written_by_the_benchmark(tmp_path):
    folder = published.TEST_SET

    published.write(folder, tmp_path / "measured.json")

    written = measured.load(tmp_path / "measured.json")
    assert written.is_current
    assert written.checker_version == CHECKER_VERSION
    recordings, invented = written.sets
    assert (recordings.name, recordings.claims, recordings.recordings) == ("recordings", 96, 2)
    assert (invented.name, invented.claims, invented.recordings) == ("invented", 48, 1)
    assert invented == measured.load().sets[1]  # the stored file is from the same check on the same set


def test_figures_are_not_written_without_labels(tmp_path):
    with pytest.raises(SystemExit, match="no labelled claims"):
        published.write(tmp_path, tmp_path / "measured.json")

    assert not (tmp_path / "measured.json").exists()


def test_fitting_recovers_the_coefficients_that_examples_were_drawn_from():
    chance = np.random.default_rng(3)
    x = chance.normal(size=(4000, 2))
    y = chance.random(4000) < 1 / (1 + np.exp(-(2.0 * x[:, 0] - 1.0 * x[:, 1] + 0.5)))

    assert fitting.fit(x, y, np.ones(4000)) == pytest.approx([2.0, -1.0, 0.5], abs=0.15)
