"""Measures the claim check on labelled claims and on real articles with transcripts, next to two simple baselines.

    python bench/evidence.py [FOLDER] [--labels FOLDER] [--every N] [--ablation] [--save FILE] [--publish]

Labelled claims (see `labelled`): how often the check flags what a careful reader found supported, nearby or wrong,
per show, separately for the videos that its coefficients were fitted on (tuning) and the others (reporting), next to
the figures of the previous check. Citations inside their episode: how the cited time scores against a random time of
the episode (area under the ROC curve), and whether the first candidate, or one of the first five, starts within a
minute of the cited second. Always measures the test set that we wrote ourselves, in `bench/lighthouse`; without the
other folders, says that they aren't there. `--publish` writes what the site says about its check. Fails if speed or
accuracy miss their bounds.
"""

import argparse
import json
import random
import statistics
import sys
import time
import tracemalloc
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from articles.core import formats, markdown
from articles.core.evidence import VERDICTS, Transcript
from articles.core.evidence.scoring import curves as scoring
from articles.core.recordings.transcripts import Cue, read
from bench import discrepancies, labelled, published
from bench.baselines import Windows, area

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "evidence"
AUC, FIRST, FIVE = 0.92, 0.68, 0.84
INDEX_SECONDS, CHECK_SECONDS = 0.150, 0.003
PREVIOUS = 150  # characters before a claim that belong to its context


@dataclass(frozen=True)
class Claim:
    video: str
    text: str
    context: str
    start: int
    end: int | None


class Episode:
    """What the renderer needs of an episode; without a duration, so that no citation is out of range."""

    reference, duration_seconds = "show/episode", None
    transcript_seconds = None

    def link_at(self, start_seconds, end_seconds=None):
        return ""

    def chapter_title_at(self, seconds):
        return ""


def claims_of(path, durations):
    article = formats.read(path.read_bytes(), path.stem)
    used = {}
    parts = [(article.title, article.lead), *((s.heading, s.body) for s in article.sections)]
    for heading, body in parts:
        rendered = markdown.render(body, markdown.Context({"": Episode()}, lambda slug: None, used_ids=used))
        for c in rendered.citations:
            at = rendered.plain_text.find(c.claim)
            before = rendered.plain_text[max(0, at - PREVIOUS) : max(0, at)]
            context = f"{markdown.plain_heading(heading)}. {before}"
            yield (
                Claim(article.video_id, c.claim, context, c.start_seconds, c.end_seconds),
                (c.start_seconds < durations[article.video_id]),
            )


def windows(index, claim, moment):
    scores = index.scores(claim.text)
    last = len(scores) - 1
    here, there = (scores[min(last, int(second / index.length))] for second in (claim.start, moment))
    return here, there, index.best(scores), None


def ours(transcript, claim, moment, *, with_context=True):
    context = claim.context if with_context else ""
    cited = transcript.check(claim.text, claim.start, claim.end, context)
    elsewhere = transcript.check(claim.text, moment, None, context)
    starts = [candidate.start_seconds for candidate in cited.candidates]
    return cited.score, elsewhere.score, starts, cited.verdict


def row(name, claims, durations, measure):
    chance = random.Random(7)
    here, there, hits, verdicts = [], [], Counter(), Counter()
    for claim in claims:
        moment = chance.uniform(0, durations[claim.video])
        cited, elsewhere, starts, verdict = measure(claim, moment)
        here.append(cited)
        there.append(elsewhere)
        close = [abs(start - claim.start) <= labelled.CLOSE_SECONDS for start in starts]
        hits.update({"first": close[:1] == [True], "five": any(close)})
        verdicts[verdict] += 1
    n = len(claims)
    figures = (area(here, there), hits["first"] / n, hits["five"] / n)
    print(f"{name:44}{n:6}" + "".join(f"{figure:8.3f}" for figure in figures), flush=True)
    return figures, verdicts


def ablation(claims, durations, transcripts):
    def measure(claim, moment):
        return ours(transcripts[claim.video], claim, moment)

    for label, changes in (
        ("without neighbouring words", {"PAIR_WEIGHT": 0.0}),
        ("without weight for numbers", {"NUMBER_WEIGHT": 1.0}),
        ("without context", {"CONTEXT_WEIGHT": 0.0}),
        ("without all three", {"PAIR_WEIGHT": 0.0, "NUMBER_WEIGHT": 1.0, "CONTEXT_WEIGHT": 0.0}),
    ):
        previous = {name: getattr(scoring, name) for name in changes}
        for name, value in changes.items():
            setattr(scoring, name, value)
        row(f"  {label}", claims, durations, measure)
        for name, value in previous.items():
            setattr(scoring, name, value)


def speed(cues_by_video, claims):
    cues = next(iter(cues_by_video.values()))
    two_hours, offset = [], 0.0
    while offset < 7200:
        two_hours += [Cue(c.start_seconds + offset, c.end_seconds + offset, c.speaker, c.text) for c in cues]
        offset = two_hours[-1].end_seconds
        cues = list(cues_by_video.values())[len(two_hours) % len(cues_by_video)]
    two_hours = [cue for cue in two_hours if cue.start_seconds < 7200]
    times = []
    for _ in range(7):
        started = time.process_time()
        transcript = Transcript(two_hours)
        times.append(time.process_time() - started)
    tracemalloc.start()
    measured = Transcript(two_hours)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    checks = []
    for claim in claims[:300]:
        started = time.process_time()
        transcript.check(claim.text, claim.start, claim.end, claim.context)
        checks.append(time.process_time() - started)
    words = sum(len(cue.text.split()) for cue in two_hours)
    index, check = min(times), statistics.median(checks)
    print(
        f"\nTwo hours ({words} words): indexed in {index * 1e3:.0f} ms of CPU time (best of 7; bound {INDEX_SECONDS * 1e3:.0f} ms)"
    )
    print(f"a check with candidates takes {check * 1e3:.2f} ms (median of 300; bound {CHECK_SECONDS * 1e3:.0f} ms)")
    print(f"an index takes {size / 1e6:.1f} MB")
    del measured
    return index <= INDEX_SECONDS and check <= CHECK_SECONDS


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", nargs="?", type=Path, help="has articles/ and transcripts/")
    options.add_argument("--labels", type=Path, help="has labelled claims; by default gold/ in the folder")
    options.add_argument("--every", type=int, default=5, help="measure on every Nth citation")
    options.add_argument("--ablation", action="store_true", help="also measure without individual steps")
    options.add_argument("--save", type=Path, help="write the figures on labelled claims, to compare with later")
    options.add_argument("--publish", action="store_true", help=f"write {published.FILE.name}, which the site shows")
    arguments = options.parse_args()
    folder = arguments.folder or FOLDER
    labels = arguments.labels or folder / "gold"
    if arguments.labels and not labelled.read_labels(labels):
        raise SystemExit(f"There are no labelled claims in {labels}.")
    if arguments.folder and not (folder / "durations.json").is_file():
        raise SystemExit(f"There are no articles with transcripts in {folder}.")
    are_labels_good = all([labelled.report(labels, arguments.save), labelled.report(published.TEST_SET)])
    if arguments.publish:
        published.write(labels)
    if not (folder / "durations.json").is_file():
        print(f"There are no articles with transcripts in {folder}.")
        return 0 if are_labels_good else 1
    are_articles_good = measure_articles(folder, arguments)
    return 0 if are_labels_good and are_articles_good else 1


def measure_articles(folder, arguments):
    """Print the figures on cited moments of the articles in `folder`; return whether they meet the bounds."""
    durations = json.loads((folder / "durations.json").read_text())
    all_claims = [row for path in sorted((folder / "articles").glob("*.md")) for row in claims_of(path, durations)]
    inside = [claim for claim, is_inside in all_claims if is_inside]
    claims = inside[:: arguments.every]
    print(f"{len(all_claims)} citations, {len(inside)} inside their episode, measured on {len(claims)}\n")
    cues = {v: read((folder / "transcripts" / f"{v}.vtt").read_bytes()).cues for v in sorted(durations)}
    transcripts = {v: Transcript(c) for v, c in cues.items()}
    overlap = {v: Windows(c, 30, is_bm25=False) for v, c in cues.items()}
    bm25 = {v: Windows(c, 60, is_bm25=True) for v, c in cues.items()}
    print(f"{'':44}{'n':>6}" + "".join(f"{h:>8}" for h in ("AUC", "first", "five")))
    row("shared words, windows of 30 s", claims, durations, lambda c, m: windows(overlap[c.video], c, m))
    row("BM25 with stems, windows of 60 s", claims, durations, lambda c, m: windows(bm25[c.video], c, m))

    def measure(claim, moment):
        return ours(transcripts[claim.video], claim, moment)

    figures, verdicts = row("this check", claims, durations, measure)
    row(
        "this check without context", claims, durations,
        lambda c, m: ours(transcripts[c.video], c, m, with_context=False),
    )  # fmt: skip
    for half in (0, 1):
        videos = set(sorted(durations)[half::2])
        row(
            f"this check, half {half + 1} of the episodes", [c for c in claims if c.video in videos], durations, measure
        )
    discrepancies.report(claims, transcripts)
    if arguments.ablation:
        ablation(claims, durations, transcripts)
    print("\nVerdicts on cited moments: " + ", ".join(f"{v} {verdicts[v] / len(claims):.1%}" for v in VERDICTS))
    is_fast = speed(cues, claims)
    is_good = all(figure >= bound for figure, bound in zip(figures, (AUC, FIRST, FIVE), strict=False))
    return is_fast and is_good


if __name__ == "__main__":
    sys.exit(main())
