"""Measures the issues of all citations of a recording on real articles with transcripts.

    python bench/source_issues.py [FOLDER] [--every N] [--list]

Prints how many articles have each kind of issue, and how often one is found in articles that have none once all of
their citations are shifted, written with minutes as hours, shuffled, put at random moments, or checked against another
recording of the same folder. Fails if shuffled or random citations get any.
"""

import argparse
import json
import random
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from articles.core import formats, markdown
from articles.core.evidence import NOT_CHECKED, Transcript
from articles.core.evidence.source_issues import Checked, find_issue
from articles.core.markdown import AFTER_TRANSCRIPT
from articles.core.recordings.transcripts import read
from bench.evidence import FOLDER, Episode

FEW = 12  # checked citations; articles with fewer are counted apart
CLOSE = 15  # seconds


@dataclass(frozen=True)
class Article:
    name: str
    video: str
    claims: list  # (start, end, claim, context)


def articles_in(folder):
    for path in sorted((folder / "articles").glob("*.md")):
        article = formats.read(path.read_bytes(), path.stem)
        claims, used = [], {}
        for heading, body in [(article.title, article.lead), *((s.heading, s.body) for s in article.sections)]:
            context = markdown.Context({"": Episode()}, lambda slug: None, used_ids=used)
            for citation in markdown.render(body, context).citations:
                about = "\n".join(filter(None, [markdown.plain_heading(heading), citation.context]))
                claims.append((citation.start_seconds, citation.end_seconds, citation.claim, about))
        yield Article(path.stem, article.video_id, claims)


def checked(transcript, claims):
    found = []
    for start, end, claim, context in claims:
        check = transcript.check(claim, start, end, context)
        moments = tuple((candidate.start_seconds, candidate.score) for candidate in check.candidates)
        found.append(Checked(start, check.verdict, moments))
    return found


def changed(name, claims, length, chance):
    starts = [start for start, *_ in claims]
    half = sorted(starts)[len(starts) // 2]
    moved = {
        "an hour too late": lambda: [start + 3600 for start in starts],
        "an hour too late from the middle on": lambda: [start + 3600 * (start >= half) for start in starts],
        "137 s too late": lambda: [start + 137 for start in starts],
        "1500 s too late": lambda: [start + 1500 for start in starts],
        "600 s too early": lambda: [start - 600 for start in starts],
        "minutes as hours": lambda: [start * 60 for start in starts],
        "shuffled": lambda: chance.sample(starts, len(starts)),
        "random": lambda: [chance.randrange(int(length)) for _ in starts],
    }[name]()
    return [(start, None, *rest) for start, (_, _, *rest) in zip(moved, claims, strict=True) if start >= 0]


CHANGES = {
    "an hour too late": -3600,
    "an hour too late from the middle on": -3600,
    "137 s too late": -137,
    "1500 s too late": -1500,
    "600 s too early": 600,
    "minutes as hours": None,
    "shuffled": None,
    "random": None,
}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="has articles/ and transcripts/")
    options.add_argument("--every", type=int, default=1, help="change every Nth article")
    options.add_argument("--list", action="store_true", help="name the articles with an issue")
    arguments = options.parse_args()
    folder = arguments.folder
    if not (folder / "transcripts").is_dir():
        print(f"There are no articles with transcripts in {folder}; nothing was measured.")
        return 0
    durations = json.loads(path.read_text()) if (path := folder / "durations.json").is_file() else {}
    transcripts = {path.stem: Transcript(read(path.read_bytes()).cues) for path in (folder / "transcripts").iterdir()}
    lengths = {
        video: durations.get(video) or transcript.index.duration + AFTER_TRANSCRIPT
        for video, transcript in transcripts.items()
    }
    kinds, flagged, explained, right = Counter(), 0, 0, []
    articles = [article for article in articles_in(folder) if article.video in transcripts and article.claims]
    for article in articles:
        checks = checked(transcripts[article.video], article.claims)
        issue = find_issue(checks, lengths[article.video])
        kinds[issue.kind if issue else "none"] += 1
        flagged += sum(check.is_flagged for check in checks)
        if issue is None:
            right.append(article)
            continue
        explained += len(issue.explained)
        if arguments.list:
            offset = issue.reading.offset_seconds if issue.reading else ""
            print(f"{article.video} {article.name[:60]:60} {issue.kind} {offset} {len(issue.explained)}/{len(checks)}")
    print(f"{len(articles)} articles: " + ", ".join(f"{kind} {number}" for kind, number in kinds.most_common()))
    print(f"{flagged} flagged citations; the issues explain {explained} citations\n")
    return 0 if measure_changes(right[:: arguments.every], transcripts, lengths) else 1


def measure_changes(articles, transcripts, lengths):
    """Print what is found in changed articles; return whether nothing is where nothing should be."""
    chance = random.Random(11)
    is_clean = True
    for name, offset in CHANGES.items():
        kinds = {True: Counter(), False: Counter()}
        close = Counter()
        for article in articles:
            claims = changed(name, article.claims, lengths[article.video], chance)
            checks = checked(transcripts[article.video], claims)
            issue = find_issue(checks, lengths[article.video])
            is_long = sum(check.verdict != NOT_CHECKED for check in checks) >= FEW
            kinds[is_long][issue.kind if issue else "none"] += 1
            if offset and issue and issue.reading and issue.kind == "shifted":
                close[abs(issue.reading.offset_seconds - offset) <= CLOSE] += 1
        print_row(name, kinds, close)
        is_clean &= name not in {"shuffled", "random"} or all(set(counts) <= {"none"} for counts in kinds.values())
    kinds = {True: Counter(), False: Counter()}
    for article in articles:
        other = chance.choice(sorted(set(transcripts) - {article.video}))
        checks = checked(transcripts[other], article.claims)
        issue = find_issue(checks, lengths[other])
        is_long = sum(check.verdict != NOT_CHECKED for check in checks) >= FEW
        kinds[is_long][issue.kind if issue else "none"] += 1
    print_row("another recording", kinds, Counter())
    return is_clean


def print_row(name, kinds, close):
    print(name)
    for is_long, counts in kinds.items():
        if counts:
            label = f"  {FEW} citations or more" if is_long else "  fewer"
            print(f"{label:26}" + ", ".join(f"{kind} {number}" for kind, number in counts.most_common()))
    if close:
        print(f"  offset within {CLOSE} s: {close[True]} of {close.total()}")


if __name__ == "__main__":
    sys.exit(main())
