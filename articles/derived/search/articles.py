"""Finds published articles that match a query, ranks them, and finds the matching places in them.

An article matches if one of its sections, with the title and the headings above it, contains all terms. It scores

- 200 if its title contains all terms, plus up to 100 for the share of the title that they make up;
- 50 if a heading does, together with those above it, plus 2 for each of up to five such headings;
- 10 if a claim does, plus 1 for each of up to twenty such claims;
- 1 for each of up to ten such sections.

So a title always beats headings, one heading beats any number of claims, and one claim any number of sections. Of
articles with equal scores, the older one comes first. But articles whose title or one of whose sections, with the
headings above it, contains all words as they are typed come before those with other forms of them, whatever the score:
“mindfulness” has the stem of “mind”. Only the first rows of each kind are counted, ordered by
article, up to `LIMITS`; so for a word that thousands of articles contain, only the oldest are ranked, without claims.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from articles.models import Article, Episode, SearchEntry

from . import highlight
from .backends import NAMES, OF_KIND, TEXTS, Range, counts, rows
from .query import Results, paginate, parse

PER_PAGE = 10
Kind = SearchEntry.Kind
LIMITS = {Kind.TITLE: 300, Kind.HEADING: 300, Kind.TEXT: 400, Kind.CLAIM: 400}
PLACES_SHOWN = 3
_READ = {Kind.HEADING: 6, Kind.CLAIM: 20, Kind.TEXT: 3}  # rows read per article, from which the shown ones are chosen
_WEIGHTS = {
    Kind.HEADING: (50, 2, 5),
    Kind.CLAIM: (10, 1, 20),
    Kind.TEXT: (0, 1, 10),
}  # for the first, for each, for at most


class _Row(NamedTuple):
    """The columns read of a search entry."""

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
    """A matching sentence as highlighted `runs`, its `address` in the article, and the moments it cites."""

    runs: list
    address: str
    heading: str
    moments: list = field(default_factory=list)

    @property
    def has_match(self):
        """Whether the sentence itself contains a term; the headings above it alone may have matched."""
        return any(run.is_found for run in self.runs)


@dataclass
class Moment:
    """A cited moment, and the address at which it can be heard."""

    episode_id: int
    start_seconds: int
    end_seconds: int | None
    href: str = ""


@dataclass
class Found:
    """A matching article with its `title` as runs, its matching headings, and its matching places."""

    article: Article
    title: list
    headings: list
    places: list
    score: float


def find(text, page=1):
    """Return the `Results` for `text`, best first; pages count from 1, and a `page` beyond the last gives the last."""
    query = parse(text)
    scores, is_more = _scores(query, LIMITS)
    is_beginning = False
    if not scores and (wider := query.with_beginning()) is not query:
        name_limits = {kind: LIMITS[kind] for kind in (Kind.TITLE, Kind.HEADING)}
        scores, is_more = _scores(wider, name_limits)
        if scores:
            query, is_beginning = wider, True
    exact = frozenset() if is_beginning else _exact(query, scores)
    ranked = sorted(scores, key=lambda article: (article not in exact, -scores[article], article))
    on_page, page, page_count = paginate(ranked, page, PER_PAGE)
    return Results(query, _found(query, on_page, scores), len(ranked), page, page_count, is_more, is_beginning)


def _scores(query, limits):
    """Return {article: score} of all matching articles, and whether there may be more."""
    scores, is_more = Counter(), False
    for kind, limit in limits.items():
        if kind == Kind.CLAIM and is_more:
            break
        wanted = Range(limit, kind)
        if kind == Kind.TITLE:
            word_count = sum(len(term.words) for term in query.terms)
            titles = rows(query, OF_KIND[kind], [wanted], ["article_id", "size"])
            number = len(titles)
            for _, article, size in titles:
                scores[article] += 200 + 100 * min(1.0, word_count / max(size, 1))
        else:
            first, each, most = _WEIGHTS[kind]
            number = 0
            for article, count in counts(query, OF_KIND[kind], wanted):
                scores[article] += first + each * min(count, most)
                number += count
        is_more = is_more or number == limit
    return scores, is_more


def _exact(query, scores):
    """Return the articles with the words as typed, and add to `scores` those that weren't among the first rows."""
    exactly = query.exactly()
    if exactly is None:
        return frozenset()
    exact = set()
    for kind in (Kind.TITLE, Kind.TEXT) if scores else ():
        for article, count in counts(exactly, OF_KIND[kind], Range(LIMITS[kind], kind)):
            exact.add(article)
            if article not in scores:
                scores[article] = count
    return exact


def _found(query, pks, scores):
    """Return a `Found` for each of the articles `pks`, in order, except for those no longer published."""
    if not pks:
        return []
    articles = Article.objects.published().filter(pk__in=pks).select_related("published_revision")
    by_pk = articles.only("slug", "published_at", "published_revision__title", "published_revision__notice").in_bulk()
    passages = {pk: {kind: [] for kind in _READ} for pk in by_pk}
    for index in (NAMES, TEXTS):
        kinds = [kind for kind in _READ if OF_KIND[kind] is index]
        ranges = [Range(_READ[kind], kind, pk) for pk in by_pk for kind in kinds]
        for _, *values in rows(query, index, ranges, _Row._fields):
            row = _Row(*values)
            passages[row.article_id][row.kind].append(row)
    found = [_found_article(query, by_pk[pk], passages[pk], scores[pk]) for pk in pks if pk in by_pk]
    moments = [moment for article in found for place in article.places for moment in place.moments]
    episodes = Episode.objects.select_related("show").in_bulk({moment.episode_id for moment in moments})
    for moment in moments:
        moment.href = episodes[moment.episode_id].link_at(moment.start_seconds, moment.end_seconds)
    return found


def _found_article(query, article, passages, score):
    address = article.get_absolute_url()
    title = highlight.runs(article.published_revision.title, query)
    headings = [
        _place(query, address, row, row.text)
        for row in passages[Kind.HEADING]
        if highlight.match_count(row.words, query)
    ]
    places = _claims(query, address, passages[Kind.CLAIM])
    if not places or not places[0].has_match:
        # The terms may be in a sentence without a citation.
        texts = [row for row in passages[Kind.TEXT] if highlight.match_count(row.words, query)][:PLACES_SHOWN]
        places = [_place(query, address, row, highlight.best_sentence(row.text, query)) for row in texts] or places[:1]
    return Found(article, title, headings[:PLACES_SHOWN], places, score)


def _claims(query, address, rows_of_claims):
    """Return the claims that contain the most terms, as typed if possible, each once and with all of its moments; at least one."""
    rows_of, match_count, exact_count = {}, {}, {}
    for row in rows_of_claims:
        rows_of.setdefault(row.text, []).append(row)
        match_count[row.text] = highlight.match_count(row.words, query)
        exact_count[row.text] = highlight.exact_count(row.text, query)
    ranked = sorted(rows_of, key=lambda text: (-match_count[text], -exact_count[text]))
    places = []
    for text in [text for text in ranked if match_count[text]][:PLACES_SHOWN] or ranked[:1]:
        place = _place(query, address, rows_of[text][0], text)
        place.moments = [Moment(row.episode_id, row.start_seconds, row.end_seconds) for row in rows_of[text]]
        places.append(place)
    return places


def _place(query, address, row, text):
    runs = highlight.runs(highlight.shortened(text, query), query)
    return Place(runs, f"{address}#{row.anchor}" if row.anchor else address, row.heading)
