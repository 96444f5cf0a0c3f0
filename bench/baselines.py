"""Simple ways to find a claim in a transcript, with which the claim check is compared."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter

from articles.core.evidence.indexing.tokens import words_of


def area(positives, negatives):
    """Return the probability that a positive is above a negative, counting ties as half; None without either.

    This is the area under the ROC curve.
    """
    if not positives or not negatives:
        return None
    ordered = sorted(negatives)
    below = sum(bisect_left(ordered, p) + bisect_right(ordered, p) for p in positives)
    return below / 2 / len(positives) / len(negatives)


class Windows:
    """Windows of fixed length, scored by shared words or by BM25 over stems."""

    def __init__(self, cues, length, *, is_bm25):
        self.length, self.is_bm25 = length, is_bm25
        end = max(cue.end_seconds for cue in cues)
        self.bags = [Counter() for _ in range(int(end / length) + 1)]
        for cue in cues:
            words = self._terms(cue.text)
            for i, term in enumerate(words):
                second = cue.start_seconds + (cue.end_seconds - cue.start_seconds) * (i + 0.5) / len(words)
                self.bags[min(int(second / length), len(self.bags) - 1)][term] += 1
        self.df = Counter(term for bag in self.bags for term in bag)
        self.mean = sum(map(Counter.total, self.bags)) / len(self.bags)

    def _terms(self, text):
        if self.is_bm25:
            return [w.term for w in words_of(text, is_english=True) if not w.is_stop]
        return [w for w in text.lower().split() if len(w) > 3]

    def scores(self, claim):
        terms = set(self._terms(claim))
        if not self.is_bm25:
            return [sum(t in bag for t in terms) / max(1, len(terms)) for bag in self.bags]
        scores = []
        for bag in self.bags:
            norm = 1.2 * (0.25 + 0.75 * bag.total() / self.mean)
            scores.append(sum(self._idf(t) * bag[t] * 2.2 / (bag[t] + norm) for t in terms if t in bag))
        return scores

    def _idf(self, term):
        return math.log(1 + (len(self.bags) - self.df[term] + 0.5) / (self.df[term] + 0.5))

    def best(self, scores):
        """Return the seconds at which the five best windows start, best first."""
        order = sorted(range(len(scores)), key=lambda i: -scores[i])[:5]
        return [i * self.length for i in order]

    def highest(self, scores, start, end):
        """Return the highest score of the windows that overlap `start` to `end` in seconds, relative to the best."""
        last = len(scores) - 1
        first = min(last, max(0, int(start / self.length)))
        inside = scores[first : max(first, min(last, int(end / self.length))) + 1]
        return max(inside) / (max(scores) or 1.0)
