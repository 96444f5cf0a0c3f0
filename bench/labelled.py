"""Claims labelled by careful readers: reads them, divides them, and compares verdicts with them.

A folder of labels has `.jsonl` files with one claim per line: `show`, `video` (the name of its transcript), `heading`,
`claim`, `start_seconds`, perhaps `end_seconds`, `label` (one of `LABELS`), and `said_at_seconds`, where it is said
instead, or null. With `held_out`, nothing may be fitted on the line's video. Transcripts are files named after their video in a folder `transcripts` beside the labels, or in one
beside the folder of labels.
"""

import hashlib
import json
from collections import Counter
from dataclasses import astuple, dataclass
from itertools import pairwise
from pathlib import Path

from articles.core.evidence import CANT_TELL, NOT_FOUND, PARTLY, SAID_ELSEWHERE, SAID_HERE, SAID_NEARBY, Transcript
from articles.core.evidence.checker import FLAGGED, HERE
from articles.core.recordings.transcripts import read
from bench.baselines import Windows, area

SUPPORTED, PARTLY_SUPPORTED, NEAR, WRONG, VAGUE = LABELS = (
    "supported",
    "partly",
    "nearby",
    "elsewhere or nowhere",
    "too vague",
)
FLAGS = (SAID_NEARBY, SAID_ELSEWHERE, NOT_FOUND)
PREVIOUS = Path(__file__).with_name("previous.json")  # what the check before this one gave, by digest of the labels
BEFORE, AFTER = 20, 90  # seconds around the cited one that a listener hears
RANGES = (0.0, 0.1, FLAGGED, HERE, 0.8, 0.95, 1.01)
FALSE_ALARMS = 0.1  # of the baselines, on the videos for tuning
# From and to, for the check on the videos for reporting; a folder of labels may have a file with its own.
BOUNDS = {"false alarms": (0.0, 0.1), "wrong flagged": (0.88, 1.0), "precision": (0.8, 1.0), "can't tell": (0.0, 0.15)}
BOUNDS_FILE = "bounds.json"
CLOSE_SECONDS = 60  # a candidate that starts within a minute of where the claim is said counts as found


@dataclass(frozen=True)
class Label:
    """A claim, the second it is cited at, and what a reader found there."""

    show: str
    video: str
    heading: str
    claim: str
    start_seconds: int
    end_seconds: int | None
    label: str
    said_at_seconds: int | None
    held_out: bool = False

    @property
    def context(self):
        return f"{self.heading}."

    @property
    def is_bad(self):
        return self.label in (NEAR, WRONG)


@dataclass(frozen=True)
class Answer:
    """What a method says about a labelled claim; `score` is higher the more it believes the citation."""

    score: float
    verdict: str
    starts: tuple[float, ...]


def report(folder, save=None):
    """Print the figures of each show's labels in `folder`, by half; return whether those for reporting meet the bounds.

    `save` is a file for the figures of this check, in the form of `PREVIOUS`, or None.
    """
    labels = read_labels(folder)
    if not labels:
        print(f"There are no labelled claims in {folder}.\n")
        return True
    cues = read_transcripts(folder, labels)
    transcripts = {video: Transcript(video_cues) for video, video_cues in cues.items()}
    methods = {
        "shared words": baseline(labels, cues, 30, is_bm25=False),
        "BM25": baseline(labels, cues, 60, is_bm25=True),
        "this check": [checked(transcripts[label.video], label) for label in labels],
    }
    tuning = tuning_videos(labels)
    previous = json.loads(PREVIOUS.read_text())
    saved = {}
    for show in sorted({label.show for label in labels}):
        for is_for_tuning in (True, False):
            rows = [i for i, label in enumerate(labels) if (label.show, label.video in tuning) == (show, is_for_tuning)]
            if not rows:
                continue
            chosen = [labels[i] for i in rows]
            half = (
                "TUNING: fitted on these videos" if is_for_tuning else "REPORTING: nothing was fitted on these videos"
            )
            print(f"{show}, {len(chosen)} labelled claims. {half}")
            columns = {name: figures(chosen, [answers[i] for i in rows]) for name, answers in methods.items()}
            key = digest(chosen)
            saved[key] = columns["this check"]
            print_table({**columns, "previous check": previous.get(key, {})})
    if save:
        save.write_text(json.dumps(saved, indent=1) + "\n")
    reporting = [
        (label, answer)
        for label, answer in zip(labels, methods["this check"], strict=True)
        if label.video not in tuning
    ]
    print_reliability(reporting)
    own = folder / BOUNDS_FILE
    return meets_bounds(
        figures(*zip(*reporting, strict=True)), json.loads(own.read_text()) if own.is_file() else BOUNDS
    )


def print_reliability(pairs):
    """Print how many of the claims in each range of scores are supported; those only partly supported are left out."""
    print("Reliability of the score, REPORTING: of the claims with a score in a range, the share that is supported")
    decided = [
        (answer.score, label.label == SUPPORTED) for label, answer in pairs if label.is_bad or label.label == SUPPORTED
    ]
    for low, high in pairwise(RANGES):
        inside = [(score, is_supported) for score, is_supported in decided if low <= score < high]
        if inside:
            mean = sum(score for score, _ in inside) / len(inside)
            supported = (sum(is_supported for _, is_supported in inside), len(inside))
            print(f"{low:.2f} to {min(1.0, high):.2f}: mean score {mean:.2f}, supported {in_words(supported)}")
    print()


def meets_bounds(values, bounds):
    """Return whether the figures of all shows together meet the bounds; a figure about no claims does."""
    missed = []
    for name, (low, high) in bounds.items():
        part, whole = values[name]
        if whole and not low <= part / whole <= high:
            missed.append(f"{name} {in_words(values[name])}, not from {low} to {high}")
    if missed:
        print("REPORTING misses its bounds: " + "; ".join(missed) + "\n")
    return not missed


def tuning_videos(labels):
    """Return every second video of each show, by name, of those that coefficients may be fitted on."""
    videos = {(label.show, label.video) for label in labels if not label.held_out}
    shows = {show for show, _ in videos}
    return {video for show in shows for video in sorted(video for of, video in videos if of == show)[::2]}


def digest(labels):
    """Return a short digest of labels, so that figures are compared only if they are about the same claims."""
    claims = [astuple(label)[:-1] for label in labels]  # permission to use them isn't part of what they are
    return hashlib.sha256(json.dumps(sorted(claims, key=str)).encode()).hexdigest()[:16]


def print_table(columns):
    """Print a column per method and a row per figure."""
    print(f"{'':16}" + "".join(f"{title:>18}" for title in columns))
    for name in columns["this check"]:
        print(f"{name:16}" + "".join(f"{in_words(values.get(name)):>18}" for values in columns.values()))
    print()


def in_words(figure):
    if figure is None:
        return "–"
    if isinstance(figure, float):
        return f"{figure:.3f}"
    part, whole = figure
    return f"{part / whole:.2f} ({part}/{whole})" if whole else "–"


def checked(transcript, label):
    """Return what the check answers, given the heading as context."""
    check = transcript.check(label.claim, label.start_seconds, label.end_seconds, label.context)
    return Answer(check.score, check.verdict, tuple(candidate.start_seconds for candidate in check.candidates))


def baseline(labels, cues, length, *, is_bm25):
    """Return a baseline's answers. It flags below the score at which one in ten supported claims for tuning is, or of
    all if none are for tuning.
    """
    windows = {video: Windows(video_cues, length, is_bm25=is_bm25) for video, video_cues in cues.items()}
    rows = []
    for label in labels:
        index = windows[label.video]
        scores = index.scores(label.claim)
        here = index.highest(scores, label.start_seconds - BEFORE, label.start_seconds + AFTER)
        rows.append((here, tuple(index.best(scores))))
    tuning = tuning_videos(labels) or set(cues)
    paired = zip(labels, rows, strict=True)
    good = sorted(here for label, (here, _) in paired if label.label == SUPPORTED and label.video in tuning)
    bound = good[int(FALSE_ALARMS * len(good))] if good else 0.0
    return [Answer(here, NOT_FOUND if here < bound else SAID_HERE, starts) for here, starts in rows]


def read_labels(folder):
    """Return the `Label`s in `folder`. Raises ValueError for an unknown label."""
    labels = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            row = json.loads(line)
            if row["label"] not in LABELS:
                raise ValueError(f"{path}, line {number}: unknown label {row['label']!r}")
            fields = (row.get(name) for name in Label.__dataclass_fields__ if name != "held_out")
            labels.append(Label(*fields, held_out=row.get("held_out", False)))
    return labels


def read_transcripts(folder, labels):
    """Return {video: cues}. Exits if a video has no transcript."""
    cues = {}
    for video in sorted({label.video for label in labels}):
        places = [path for place in (folder, folder.parent) for path in (place / "transcripts").glob(f"{video}.*")]
        if not places:
            raise SystemExit(
                f"There is no transcript of {video} in {folder / 'transcripts'}. "
                "“manage.py export_judgements FOLDER” writes a site’s labels with their transcripts."
            )
        cues[video] = read(places[0].read_bytes()).cues
    return cues


def figures(labels, answers):
    """Return {name: (numerator, denominator), or a number} of `Answer`s to `Label`s in the same order."""
    pairs = list(zip(labels, answers, strict=True))
    flagged = Counter(label.label for label, answer in pairs if answer.verdict in FLAGS)
    partly = Counter(label.label for label, answer in pairs if answer.verdict == PARTLY)
    number = Counter(label.label for label in labels)
    right = flagged[NEAR] + flagged[WRONG] + flagged[PARTLY_SUPPORTED]
    sought = [(label, answer) for label, answer in pairs if label.is_bad and label.said_at_seconds is not None]
    close = [
        [abs(start - label.said_at_seconds) <= CLOSE_SECONDS for start in answer.starts] for label, answer in sought
    ]
    scores = {
        is_bad: [
            answer.score for label, answer in pairs if label.is_bad is is_bad and (is_bad or label.label == SUPPORTED)
        ]
        for is_bad in (False, True)
    }
    return {
        "false alarms": (flagged[SUPPORTED], number[SUPPORTED]),
        "wrong flagged": (flagged[WRONG], number[WRONG]),
        "nearby flagged": (flagged[NEAR], number[NEAR]),
        "precision": (right, right + flagged[SUPPORTED]),
        "can't tell": (sum(answer.verdict == CANT_TELL for answer in answers), len(answers)),
        "partly found": (partly[PARTLY_SUPPORTED], number[PARTLY_SUPPORTED]),
        "misfired": (partly[SUPPORTED], number[SUPPORTED]),
        "first": (sum(hits[:1] == [True] for hits in close), len(close)),
        "top five": (sum(any(hits[:5]) for hits in close), len(close)),
        "AUC": area(scores[False], scores[True]),
    }
