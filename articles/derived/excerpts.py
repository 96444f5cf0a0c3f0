"""How much of a recording's transcript is shown as excerpts next to citations: a share of it, within a limit."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, Sum
from django.db.models.functions import Length

from articles.core.language.shorten import shorten_at_word
from articles.models import Check, Cue, Episode

from .bulk import update

LONGEST = 160  # characters of one excerpt
SHORTEST = 40  # below which an excerpt says nothing, so there are none
COLUMNS = ["excerpt_length", "excerpt_share"]


@dataclass(frozen=True)
class Excerpts:
    """How many characters each public excerpt of an episode may have, and what share of the transcript they are
    together, in thousandths, rounded up; both None if there is none."""

    length: int | None = None
    share: int | None = None


def shortened(episode, text):
    """Return the public excerpt of `text`, a passage of the transcript, "" if the episode doesn't allow it."""
    length = LONGEST if episode.excerpt_length is None else episode.excerpt_length
    return shorten_at_word(text, length) if episode.allows_excerpts and length else ""


def excerpts_of(texts, total, most_percent):
    """Return the `Excerpts` of the distinct `texts` from a transcript of `total` characters.

    All are cut at the same length, the greatest with which they are at most `most_percent` of it together.
    """
    if not texts or not total:
        return Excerpts()
    lengths = sorted(min(len(text), LONGEST) for text in texts)
    budget = total * most_percent // 100
    length = _level(lengths, budget)
    if length < min(SHORTEST, lengths[-1]):
        return Excerpts(0, 0)
    shown = sum(min(one, length) for one in lengths)
    return Excerpts(length, -(-shown * 1000 // total))


def _level(lengths, budget):
    """Return the greatest whole number to which the sorted `lengths` can be cut so that their sum is within `budget`."""
    before = 0
    for index, one in enumerate(lengths):
        remaining = len(lengths) - index
        if before + one * remaining > budget:
            return (budget - before) // remaining
        before += one
    return lengths[-1]


def differing(episodes):
    """Return {primary key: `Excerpts`} of `episodes`, a query set, that have others stored."""
    stored = {pk: Excerpts(*values) for pk, *values in episodes.order_by().values_list("pk", *COLUMNS)}
    allowed = list(episodes.filter(allows_excerpts=True).order_by().values_list("pk", flat=True))
    texts = defaultdict(set)
    checks = Check.objects.filter(episode__in=allowed, citation__is_public=True).exclude(excerpt="")
    for pk, text in checks.order_by().values_list("episode", "excerpt").distinct():
        texts[pk].add(text)
    totals = Cue.objects.filter(episode__in=list(texts)).order_by().values("episode")
    totals = {row["episode"]: row["total"] for row in totals.annotate(total=Sum(Length("text")))}
    found = {pk: excerpts_of(texts[pk], totals.get(pk, 0), settings.EXCERPTS_MAX_PERCENT) for pk in texts}
    return {pk: found.get(pk, Excerpts()) for pk, values in stored.items() if found.get(pk, Excerpts()) != values}


def store(episodes):
    """Store the `Excerpts` of `episodes`, a query set; returns how many weren't up to date."""
    changed = differing(episodes)
    update(Episode, COLUMNS, [(values.length, values.share, pk) for pk, values in changed.items()])
    return len(changed)


def store_cited_by(article):
    """Store them for the episodes that any revision of `article` cites: what is public of it has changed."""
    concerned = Q(allows_excerpts=True) | Q(excerpt_length__isnull=False)
    store(Episode.objects.filter(concerned, source__revision__article=article).distinct())
