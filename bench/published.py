"""Writes the file from which the site states how often its check is right: `articles/core/evidence/measured.json`."""

import json
from datetime import UTC, datetime
from pathlib import Path

from articles.core.evidence import CHECKER_VERSION, Transcript, measured
from bench import labelled

FILE = measured.FILE
TEST_SET = Path(__file__).parent / "lighthouse"
RECORDINGS, INVENTED = "recordings", "invented"  # claims of real articles; the test set that we wrote
ONE_FORM = "skerrow-captions"  # the other transcript of the test set has the same claims, which aren't counted twice


def write(folder, path=FILE):
    """Write the figures on the labels for reporting in `folder` and on our test set to `path`.

    Raises SystemExit without such labels, because the site would lose its figures on real articles.
    """
    labels = labelled.read_labels(folder)
    if not labels:
        raise SystemExit(
            f"There are no labelled claims in {folder}, so {path} wasn’t written. Name their folder: LABELS=…"
        )
    tuning = labelled.tuning_videos(labels)
    sets = {RECORDINGS: (folder, [label for label in labels if label.video not in tuning])}
    ours = labelled.read_labels(TEST_SET)
    sets[INVENTED] = (TEST_SET, [label for label in ours if label.video == ONE_FORM])
    value = {
        "checker_version": CHECKER_VERSION,
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "sets": [measure(name, *of_set) for name, of_set in sets.items()],
    }
    path.write_text(json.dumps(value, indent=1) + "\n")
    print(f"Wrote {path}")


def measure(name, folder, labels):
    """Return the figures on `labels`, whose transcripts are beside `folder`, as the file has them."""
    transcripts = {video: Transcript(cues) for video, cues in labelled.read_transcripts(folder, labels).items()}
    values = labelled.figures(labels, [labelled.checked(transcripts[label.video], label) for label in labels])
    names = {
        "false_alarms": "false alarms",
        "wrong_flagged": "wrong flagged",
        "nearby_flagged": "nearby flagged",
        "flags_right": "precision",
    }
    return {
        "name": name,
        "claims": len(labels),
        "shows": len({label.show for label in labels}),
        "recordings": len({label.video for label in labels}),
        **{key: list(values[figure]) for key, figure in names.items()},
    }
