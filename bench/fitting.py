"""Fits the coefficients of `articles/core/evidence/scoring/calibration.py` on labelled claims.

    python bench/fitting.py LABELS

`labelled` describes the folder of labels. Uses the videos for tuning: the claims labelled supported, nearby and wrong,
and supported claims cited at moments where they aren't said (random ones, a little before or after, and in another
recording), so that there are enough wrong citations of the kinds that occur. Prints the coefficients next to those in
the code, and the quality of predictions for videos that were left out in turn.
"""

import random
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from articles.core.evidence import Transcript
from articles.core.evidence.scoring import calibration
from articles.core.evidence.scoring.curves import build_curve, build_query
from bench import labelled
from bench.baselines import area

RANDOM, SHIFTS, OTHERS = 4, (-150, -120, 120, 150), 2
# The weight of each kind of made-up citation relative to a label; together as much as the supported claims.
WEIGHTS = {"random": 0.3 / RANDOM, "shifted": 0.2 / len(SHIFTS), "other": 0.5 / OTHERS}
FAR = 300  # seconds between a claim and a random moment
RIDGE = 1.0


def values(transcript, label):
    """Return the features of a labelled claim."""
    query = build_query(transcript.index, label.claim, label.context)
    end = label.end_seconds or label.start_seconds
    return calibration.features(build_curve(transcript.index, query), label.start_seconds, end)


def made_up(label, transcripts, chance):
    """Yield (kind, transcript, label) for moments at which the supported claim of `label` isn't said."""
    own = transcripts[label.video]
    length = int(own.index.duration)
    moments = [at for at in range(0, length - 60, 10) if abs(at - label.start_seconds) >= FAR]
    for at in chance.sample(moments, min(RANDOM, len(moments))):
        yield "random", own, replace(label, start_seconds=at, end_seconds=None)
    for shift in SHIFTS:
        if 0 <= label.start_seconds + shift < length:
            yield "shifted", own, replace(label, start_seconds=label.start_seconds + shift, end_seconds=None)
    others = sorted(video for video in transcripts if video != label.video)
    for video in chance.sample(others, min(OTHERS, len(others))):
        at = chance.randrange(int(transcripts[video].index.duration))
        yield "other", transcripts[video], replace(label, start_seconds=at, end_seconds=None)


def examples(labels, transcripts):
    """Return features, whether it's said there, weights, and videos: arrays with a row per example."""
    chance = random.Random(5)
    rows = []
    for label in labels:
        if label.label != labelled.SUPPORTED and not label.is_bad:
            continue
        rows.append((values(transcripts[label.video], label), not label.is_bad, 1.0, label.video))
        if not label.is_bad:
            for kind, transcript, moved in made_up(label, transcripts, chance):
                rows.append((values(transcript, moved), False, WEIGHTS[kind], label.video))
    return [np.array(column) for column in zip(*rows, strict=True)]


def fit(x, y, weights):
    """Return coefficients and, last, the intercept: ridge-penalised logistic regression by Newton's method."""
    mean, deviation = x.mean(0), x.std(0) + 1e-9
    scaled = np.c_[(x - mean) / deviation, np.ones(len(x))]
    penalty = np.diag([*[RIDGE] * x.shape[1], 1e-6])
    beta = np.zeros(scaled.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-scaled @ beta))
        gradient = scaled.T @ (weights * (p - y)) + penalty @ beta
        hessian = (scaled * (weights * p * (1 - p))[:, None]).T @ scaled + penalty
        beta -= np.linalg.solve(hessian, gradient)
    slopes = beta[:-1] / deviation
    return np.r_[slopes, beta[-1] - slopes @ mean]


def main(folder):
    labels = labelled.read_labels(folder)
    tuning = labelled.tuning_videos(labels)
    labels = [label for label in labels if label.video in tuning]
    cues = labelled.read_transcripts(folder, labels)
    transcripts = {video: Transcript(video_cues) for video, video_cues in cues.items()}
    x, y, weights, videos = examples(labels, transcripts)
    print(f"{len(labels)} labelled claims of {len(tuning)} videos for tuning, {len(y)} examples\n")
    print(f"{'':12}{'fitted':>10}{'in the code':>14}")
    names = (*calibration.FEATURES, "intercept")
    code = (*calibration.COEFFICIENTS, calibration.INTERCEPT)
    for name, fitted, present in zip(names, fit(x, y, weights), code, strict=True):
        print(f"{name:12}{fitted:10.3f}{present:14.3f}")
    predicted = np.zeros(len(y))
    for video in sorted(tuning):
        rest = videos != video
        beta = fit(x[rest], y[rest], weights[rest])
        predicted[~rest] = 1 / (1 + np.exp(-(x[~rest] @ beta[:-1] + beta[-1])))
    is_label = weights == 1.0
    said, not_said = predicted[is_label & y], predicted[is_label & ~y]
    losses = -np.log(np.r_[said, 1 - not_said])
    quality = area(said.tolist(), not_said.tolist())
    print(f"\nLabelled claims, each video left out in turn: AUC {quality:.3f}, log loss {losses.mean():.3f}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
