"""Finds published articles: which answer a query, in which order, and where in them.

An article is found where one section, with the title and the headings above it, holds all the terms. It scores

- 200, and up to 100 more the more of the title is looked for, where its title holds all of them;
- 50, and 2 for each of up to five headings that, with those above, hold all of them;
- 10, and 1 for each of up to twenty claims that do;
- 1 for each of up to ten sections that do.

So a title always beats headings, one heading any number of claims, one claim any number of sections. Ties go by the
article's number, the older first. The first rows of each kind are counted, by article number, up to `LIMITS`: for a
word that thousands of articles have, the order is that of those, and claims are not counted.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from articles.models import Article, Episode, SearchEntry

from . import highlight
from .backends import NAMES, OF_KIND, TEXTS, Range, counts, rows
from .query import Query, parse

PER_PAGE = 10
Kind = SearchEntry.Kind
LIMITS = {Kind.TITLE: 300, Kind.HEADING: 300, Kind.TEXT: 400, Kind.CLAIM: 400}
PLACES_SHOWN = 3
_READ = {Kind.HEADING: 6, Kind.CLAIM: 20, Kind.TEXT: 3}  # of an article: what is shown is chosen of these rows
_WEIGHTS = {Kind.HEADING: (50, 2, 5), Kind.CLAIM: (10, 1, 20), Kind.TEXT: (0, 1, 10)}  # first, each, up to


class _Row(NamedTuple):
    """What is read of a passage."""

    article_id: int
    kind: int
    text: str
    words: str
    heading: str
    anchor: str
    episode_id: int | None
    start_seconds: int | None
    end_seconds: int | None


@dataclass
class Place:
    """A sentence in `runs`, the `address` of its place in the article, and the moments at which it was said."""

    runs: list
    address: str
    heading: str
    moments: list = field(default_factory=list)

    @property
    def is_telling(self):
        """It holds itself what is looked for; it may have been found by the headings above it alone."""
        return any(run.is_found for run in self.runs)


@dataclass
class Moment:
    """Where a claim was said, and where that can be heard."""

    episode_id: int
    start_seconds: int
    end_seconds: int | None
    href: str = ""


@dataclass
class Found:
    """One article with its `title` in runs, its headings, and the places that answer the query."""

    article: Article
    title: list
    headings: list
    places: list
    score: float


@dataclass
class Results:
    """A page of what was found; `is_more` says that `count` is only the least that there are."""

    query: Query
    found: list
    count: int
    page: int
    page_count: int
    is_more: bool = False
    is_beginning: bool = False  # nothing has the last word itself: words that begin with it were taken


def find(text, page=1):
    """The articles that answer `text`, the best first; `page` counts from 1, and one too high is the last."""
    query = parse(text)
    scores, is_more = _scores(query, LIMITS)
    is_beginning = False
    if not scores and (wider := query.with_beginning()) is not query:
        names = {kind: LIMITS[kind] for kind in (Kind.TITLE, Kind.HEADING)}
        scores, is_more = _scores(wider, names)
        if scores:
            query, is_beginning = wider, True
    ranked = sorted(scores, key=lambda article: (-scores[article], article))
    page_count = max(1, -(-len(ranked) // PER_PAGE))
    page = min(max(page, 1), page_count)
    shown = ranked[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Results(query, _found(query, shown, scores), len(ranked), page, page_count, is_more, is_beginning)


def _scores(query, limits):
    """{article: score} of all that were found, and whether there may be more."""
    scores, is_more = Counter(), False
    for kind, limit in limits.items():
        if kind == Kind.CLAIM and is_more:
            break
        wanted = Range(limit, kind)
        if kind == Kind.TITLE:
            asked = sum(len(term.words) for term in query.terms)
            found = rows(query, OF_KIND[kind], [wanted], ["article_id", "size"])
            number = len(found)
            for _, article, size in found:
                scores[article] += 200 + 100 * min(1.0, asked / max(size, 1))
        else:
            first, each, most = _WEIGHTS[kind]
            number = 0
            for article, count in counts(query, OF_KIND[kind], wanted):
                scores[article] += first + each * min(count, most)
                number += count
        is_more = is_more or number == limit
    return scores, is_more


def _found(query, pks, scores):
    """What is shown of the articles `pks`, in their order; what is no longer published is left out."""
    articles = Article.objects.published().filter(pk__in=pks).select_related("published_revision")
    by_pk = {article.pk: article for article in articles.only("slug", "published_at", "published_revision__title")}
    passages = {pk: {kind: [] for kind in _READ} for pk in by_pk}
    for index in (NAMES, TEXTS):
        kinds = [kind for kind in _READ if OF_KIND[kind] is index]
        ranges = [Range(_READ[kind], kind, pk) for pk in by_pk for kind in kinds]
        for _, *values in rows(query, index, ranges, _Row._fields):
            row = _Row(*values)
            passages[row.article_id][row.kind].append(row)
    found = [_shown(query, by_pk[pk], passages[pk], scores[pk]) for pk in pks if pk in by_pk]
    _make_audible(found)
    return found


def _shown(query, article, passages, score):
    address = article.get_absolute_url()
    title = highlight.runs(article.published_revision.title, query)
    headings = [
        _place(query, address, row, row.text) for row in passages[Kind.HEADING] if highlight.told(row.words, query)
    ]
    places = _claims(query, address, passages[Kind.CLAIM])
    if not places or not places[0].is_telling:
        # It may stand in a sentence that cites nothing.
        texts = [row for row in passages[Kind.TEXT] if highlight.told(row.words, query)][:PLACES_SHOWN]
        places = [_place(query, address, row, highlight.best_sentence(row.text, query)) for row in texts] or places[:1]
    return Found(article, title, headings[:PLACES_SHOWN], places, score)


def _claims(query, address, found):
    """The sentences that hold the most of what is asked, each once and with all of its moments; at least one."""
    same, told = {}, {}
    for row in found:
        same.setdefault(row.text, []).append(row)
        told[row.text] = highlight.told(row.words, query)
    ranked = sorted(same, key=lambda text: -told[text])
    places = []
    for text in [text for text in ranked if told[text]][:PLACES_SHOWN] or ranked[:1]:
        place = _place(query, address, same[text][0], text)
        place.moments = [Moment(row.episode_id, row.start_seconds, row.end_seconds) for row in same[text]]
        places.append(place)
    return places


def _place(query, address, row, text):
    shown = highlight.runs(highlight.shortened(text, query), query)
    return Place(shown, f"{address}#{row.anchor}" if row.anchor else address, row.heading)


def _make_audible(found):
    """Give every moment its address."""
    moments = [moment for one in found for place in one.places for moment in place.moments]
    episodes = Episode.objects.select_related("show").in_bulk({moment.episode_id for moment in moments})
    for moment in moments:
        moment.href = episodes[moment.episode_id].link_at(moment.start_seconds, moment.end_seconds)
