"""The threat model names what exists: every file, and for each attack a test."""

import re

import pytest

from tests.support.paths import PROJECT

TEXT = (PROJECT / "docs" / "threat-model.md").read_text()
DEFENCES = TEXT.partition("## What we defend against")[2].partition("## ")[0]
ROWS = [line.strip("|").split("|") for line in DEFENCES.splitlines() if line.startswith("| ")][2:]


@pytest.mark.parametrize(
    "path", sorted({*re.findall(r"`((?:articles|ketamine_site|requirements|tests)/[\w./-]*)`", TEXT)})
)
def test_what_the_threat_model_names_exists(path):
    assert (PROJECT / path).exists()


def test_every_attack_has_a_defence_a_place_and_a_test():
    assert len(ROWS) >= 10
    for attack, defence, place, test in ROWS:
        assert defence.strip(), attack
        assert place.strip(), attack
        assert re.search(r"`tests/[\w/]+\.py`", test), attack
