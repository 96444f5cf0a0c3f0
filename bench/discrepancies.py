"""How often the check reports quotations, numbers and names as never said: in a claim's own recording, and in another.

Claims are mostly about their own recording, so what is reported there is mostly false or an error of the article's,
and what isn't reported in an unrelated one is missed.
"""

from collections import Counter

from articles.core.evidence import DISCREPANCY_KINDS
from articles.core.evidence.discrepancies.quotation_marks import parts, quotations
from articles.core.evidence.discrepancies.quotations import is_compared
from articles.core.evidence.indexing.tokens import words_of


def report(claims, transcripts):
    """Print the figures of `claims` by half of the videos; every second one is for tuning, as in `labelled`."""
    videos = sorted(transcripts)
    for half, name in enumerate(("TUNING", "REPORTING")):
        chosen = [claim for claim in claims if claim.video in videos[half::2]]
        print(f"\nNever said, {name}: claims with at least one, of {len(chosen)}; and quotations, of those long enough")
        for where, step in (("own recording", 0), ("next recording", 2)):
            numbers, quoted = Counter(), 0
            for claim in chosen:
                video = videos[(videos.index(claim.video) + step) % len(videos)]
                check = transcripts[video].check(claim.text, claim.start, claim.end, claim.context)
                numbers.update({found.kind for found in check.discrepancies})
                quoted += any(
                    is_compared(part, words_of(part, is_english=True))
                    for quotation in quotations(claim.text)
                    for part in parts(quotation.text)
                )
            counted = ", ".join(f"{kind} {numbers[kind]}" for kind in DISCREPANCY_KINDS)
            print(f"{where:16}{counted} (claims that quote: {quoted})")
