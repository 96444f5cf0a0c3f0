"""How much of a recording's transcript is shown as excerpts next to citations: a share of it, within a limit.

All excerpts are cut at the same length, so that together they are within the limit. If each would be too short for a
sentence, only the riskiest citations have one: those whose words a reader most needs to compare.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, Sum, Window
from django.db.models.functions import Length, RowNumber

from articles.core.language.shorten import shorten_at_word
from articles.derived.bulk import update
from articles.models import Check, Citation, Cue, Episode

LONGEST = 160  # characters of one excerpt
SHORTEST = 80  # about a sentence: rather than cut further, leave some out
COLUMNS = ["excerpt_length", "excerpt_share"]
ALLOWED = Q(allows_excerpts=True) | Q(show__allows_excerpts=True)


@dataclass(frozen=True)
class Excerpts:
    """How many characters each public excerpt of an episode may have, and what share of the transcript they are
    together, in thousandths, rounded up; both None if there is none.
    """

    length: int | None = None
    share: int | None = None


def public_excerpt(episode, check):
    """Return what readers see of the transcript at the moment of `check`, "" if nothing may be shown."""
    if check is None or check.is_excerpt_left_out or not episode.has_public_excerpts or episode.excerpt_length == 0:
        return ""
    return shorten_at_word(check.excerpt, episode.excerpt_length or LONGEST)


def excerpts_of(texts, total, most_percent, by_need):
    """Return the `Excerpts` of the distinct `texts` from a transcript of `total` characters, and those that are shown.

    All are cut at the same length, the greatest with which they are at most `most_percent` of it together. If that is
    below `SHORTEST`, they are cut at that, and only the first are shown in the order that `by_need` returns.
    """
    if not texts or not total:
        return Excerpts(), set()
    lengths = sorted(min(len(text), LONGEST) for text in texts)
    budget = total * most_percent // 100
    length, shown = _level(lengths, budget), texts
    if length < min(SHORTEST, lengths[-1]):
        length, shown = SHORTEST, _first(by_need(), budget)
    used = sum(min(len(text), length) for text in shown)
    return (Excerpts(length, -(-used * 1000 // total)) if shown else Excerpts(0, 0)), shown


def _level(lengths, budget):
    """Return the greatest whole number to which the sorted `lengths` can be cut so that their sum is within `budget`."""
    before = 0
    for index, one in enumerate(lengths):
        remaining = len(lengths) - index
        if before + one * remaining > budget:
            return (budget - before) // remaining
        before += one
    return lengths[-1]


def _first(texts, budget):
    """Return the set of the first of `texts`, until one doesn't fit into `budget` when cut at `SHORTEST`."""
    shown = set()
    for text in texts:
        if text not in shown:
            budget -= min(len(text), SHORTEST)
            if budget < 0:
                break
            shown.add(text)
    return shown


def differing(episodes):
    """Return what of `episodes`, a query set, is stored otherwise than it follows from their public citations.

    As {primary key: `Excerpts`} and {primary key of a check: whether its excerpt is left out}.
    """
    stored = {pk: Excerpts(*values) for pk, *values in episodes.order_by().values_list("pk", *COLUMNS)}
    if not stored:
        return {}, {}
    allowed = list(episodes.filter(ALLOWED).order_by().values_list("pk", flat=True))
    checks = Check.objects.filter(episode__in=allowed, citation__is_public=True).exclude(excerpt="")
    texts = defaultdict(dict)
    for episode, pk, text in checks.order_by().values_list("episode", "pk", "excerpt").distinct():
        texts[episode][pk] = text
    totals = Cue.objects.filter(episode__in=list(texts)).order_by().values("episode")
    totals = {row["episode"]: row["total"] for row in totals.annotate(total=Sum(Length("text")))}
    found, left_out = {}, set()
    for episode, by_check in texts.items():
        found[episode], shown = excerpts_of(
            set(by_check.values()),
            totals.get(episode, 0),
            settings.EXCERPTS_MAX_PERCENT,
            lambda pk=episode, by_check=by_check: [by_check[check] for check in _by_need(pk)],
        )
        left_out |= {pk for pk, text in by_check.items() if text not in shown}
    of_episodes = {
        pk: found.get(pk, Excerpts()) for pk, values in stored.items() if found.get(pk, Excerpts()) != values
    }
    marked = Check.objects.filter(episode__in=stored, is_excerpt_left_out=True).order_by()
    return of_episodes, {pk: pk in left_out for pk in left_out ^ set(marked.values_list("pk", flat=True))}


def _by_need(episode):
    """Return the keys of the checks of an episode's public citations, those first that most need an excerpt.

    The riskiest come first; of equal risk the first of each article, then the second of each, and so on.
    """
    nth = Window(RowNumber(), partition_by=["revision", "risk"], order_by="position")
    citations = Citation.objects.filter(episode=episode, is_public=True, finding__excerpt__gt="").annotate(nth=nth)
    return citations.order_by("-risk", "nth", "revision__article_id", "pk").values_list("finding", flat=True)


def store(episodes):
    """Store the `Excerpts` of `episodes`, a query set, and which citations have none, where they aren't up to date."""
    changed, left_out = differing(episodes)
    update(Episode, COLUMNS, [(values.length, values.share, pk) for pk, values in changed.items()])
    update(Check, ["is_excerpt_left_out"], [(value, pk) for pk, value in left_out.items()])


def store_cited_by(article):
    """Store them for the episodes that any revision of `article` cites: what is public of it has changed."""
    concerned = ALLOWED | Q(excerpt_length__isnull=False)
    store(Episode.objects.filter(concerned, source__revision__article=article).distinct())
