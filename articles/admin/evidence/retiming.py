"""Retimes all citations of a recording at once: the list of those that move, and the text with those chosen."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from articles.core import evidence, markdown
from articles.core.evidence import source_issues as kinds
from articles.core.timestamps import format_label
from articles.derived import source_issues
from articles.derived.checks import labels, run, status
from articles.derived.texts import derivation

from .mark_edits import index_in, retimed

GOOD = (evidence.SAID_HERE, evidence.PARTLY)
WRONG = (*status.FLAGGED, evidence.CANT_TELL, evidence.NOT_CHECKED)


@dataclass(frozen=True)
class CitedPlace:
    """A moment that a text cites or that is past the end: its part (an index, 0 for the lead), mark and check.

    `index` is that of the moment in its mark.
    """

    part: int
    is_in_heading: bool
    citation: markdown.Citation
    index: int
    episode: Any
    query: run.ClaimQuery
    check: Any = None
    is_settled: bool = False

    @property
    def id(self):
        return f"{self.part}-{'h' if self.is_in_heading else 'b'}-{self.citation.offset}-{self.index}"


@dataclass(frozen=True)
class MovedCitation:
    """A citation at `place` that moves to `seconds`, where its check is `after`."""

    place: CitedPlace
    seconds: int
    after: Any
    same_moment: int = 0  # other citations of the recording that are there as well, or would be

    @property
    def id(self):
        """What the form calls it: it is another one if the place or the new timestamp changes."""
        return f"{self.place.id}-{self.seconds}"

    @property
    def is_good(self):
        """Whether the claim is said at the new timestamp, as far as the check can tell."""
        return self.after is not None and self.after.verdict in GOOD

    @property
    def is_ticked(self):
        """Whether it is chosen at first: not where it meets another claim, of which at most one is made in that second."""
        return self.is_good and not self.same_moment

    @property
    def before_label(self):
        return format_label(self.place.citation.start_seconds)

    @property
    def after_label(self):
        return format_label(self.seconds)

    @property
    def url(self):
        return self.place.episode.link_at(self.seconds)

    @property
    def verdict(self):
        return labels.verdict_text(self.after)


def places_of(article, lead, parts, episodes):
    """Return the `CitedPlace`s of a text that `derivation` has read into `parts`, with checks and judgements."""
    places = list(_places(parts, lead, episodes))
    by_episode = defaultdict(list)
    for number, place in enumerate(places):
        by_episode[place.episode].append(number)
    for episode, numbers in by_episode.items():
        checks = run.checks_for(episode, [places[number].query for number in numbers])
        for number, check in zip(numbers, checks, strict=True):
            places[number] = replace(places[number], check=check)
    cited = [
        status.CitedClaim(
            run.claim_key(place.episode, place.query.start_seconds, place.query.end_seconds, place.query.claim),
            place.episode.pk,
            place.query.start_seconds,
            place.query.end_seconds,
            place.query.claim,
        )
        for place in places
    ]
    found = status.of_claims(article, cited, [place.check for place in places], before=())
    return [replace(place, is_settled=judged.is_settled) for place, judged in zip(places, found, strict=True)]


def find(places):
    """Return the `Found` issues of `CitedPlace`s, which are what each explains."""
    return source_issues.find(
        source_issues.cited_with(
            place.episode, place.citation.start_seconds, place.check, place, is_settled=place.is_settled
        )
        for place in places
    )


def moved_citations(found, places):
    """Return the `MovedCitation`s that put right what was `Found`, in the order of the text; none for another recording.

    A reading applies to every citation of the recording that isn't said where it is cited; without one, each moves to
    its best match.
    """
    if found.kind == kinds.OTHER_RECORDING:
        return []
    reading, latest = found.issue.reading, source_issues.latest(found.episode)
    moved = []
    for place in places if reading else found.explained:
        if place.episode != found.episode or place.is_settled or status.verdict_of(place.check) not in WRONG:
            continue
        if reading:
            seconds = reading.read(place.citation.start_seconds)
        else:  # only a moment that the check names: any claim has a best one
            seconds = place.check.where_seconds if place.check else None
        if seconds is not None and (latest is None or seconds <= latest):
            moved.append((place, seconds))
    queries = [_query_at(place, seconds) for place, seconds in moved]
    checks = run.checks_for(found.episode, queries)
    claims_at = _claims_at(found.episode, places, moved)
    return [
        MovedCitation(place, seconds, after, len(claims_at[seconds] - {place.query.claim}))
        for (place, seconds), after in zip(moved, checks, strict=True)
    ]


def _claims_at(episode, places, moved):
    """Return {second: the claims that cite it once all of `moved` are}; those that stay count, too.

    The same claim may be made twice in a text, as in its lead: it is no other one.
    """
    new_seconds = {place.id: seconds for place, seconds in moved}
    claims_at = defaultdict(set)
    for place in places:
        if place.episode == episode:
            claims_at[new_seconds.get(place.id, place.citation.start_seconds)].add(place.query.claim)
    return claims_at


def retimed_content(content, chosen):
    """Return `content` with the marks of the `chosen` citations rewritten, and every other character as it was."""
    by_field = defaultdict(list)
    for moved in chosen:
        by_field[moved.place.part, moved.place.is_in_heading].append(moved)
    sections = list(content.sections)
    lead = content.lead
    for (part, is_in_heading), of_field in by_field.items():
        if part == 0:
            lead = _rewritten(lead, of_field)
        elif is_in_heading:
            heading = _rewritten(sections[part - 1].heading, of_field)
            sections[part - 1] = replace(sections[part - 1], heading=heading)
        else:
            sections[part - 1] = replace(sections[part - 1], body=_rewritten(sections[part - 1].body, of_field))
    return replace(content, lead=lead, sections=tuple(sections))


def _rewritten(text, of_field):
    by_mark = defaultdict(list)
    for moved in of_field:
        by_mark[moved.place.citation.offset, moved.place.citation.text].append(moved)
    for (offset, written), of_mark in sorted(by_mark.items(), reverse=True):
        mark = written
        for moved in of_mark:
            mark = retimed(mark, moved.place.index, moved.seconds, source_issues.latest(moved.place.episode))
        text = text[:offset] + mark + text[offset + len(written) :]
    return text


def _places(parts, lead, episodes):
    default = next(iter(episodes.values()), None)
    past_end = defaultdict(list)
    for mark in source_issues.past_end(parts, lead, episodes):
        past_end[mark.part, mark.is_in_heading].append(mark.citation)
    for number, part in enumerate(parts):
        heading = part.heading.plain_text if part.heading else ""
        for rendered, is_in_heading in ((part.heading, True), (part.body, False)):
            cited = [*(rendered.citations if rendered else ()), *past_end[number, is_in_heading]]
            taken = defaultdict(list)
            for citation in sorted(cited, key=lambda citation: citation.offset):
                moment = citation.start_seconds, citation.end_seconds
                index = index_in(citation.text, *moment, taken[citation.offset])
                taken[citation.offset].append(index)
                around = derivation.context_of(heading, citation)
                query = run.ClaimQuery(*moment, citation.claim, around, citation.is_quotation)
                episode = episodes.get(citation.key, default)
                yield CitedPlace(number, is_in_heading, citation, index, episode, query)


def _query_at(place, seconds):
    query = place.query
    end = None if query.end_seconds is None else seconds + query.end_seconds - query.start_seconds
    return replace(query, start_seconds=seconds, end_seconds=end)
