"""Keeps the search entries of an article in step with its published revision."""

import hashlib
import json

from django.db import connection, transaction

from articles.core import markdown
from articles.derived.bulk import insert_values, one_by_one
from articles.models import Article, SearchEntry

from . import packed
from .keys import key
from .tokens import forms, indexed, surfaces, words_of

VERSION = 4  # of the rows built from a text; a new version rebuilds all of them
PIECE = 1500  # words of a section per row; longer sections take several rows
COLUMNS = [field.column for field in SearchEntry._meta.concrete_fields]
WORDS = COLUMNS.index("words")
Kind = SearchEntry.Kind


def index(article):
    """Make the rows of `article` match its published revision; delete them if it has none.

    Writes nothing if they already match, and returns whether they didn't. The revision must have a rendering.
    """
    revision = article.published_revision
    if revision is None:
        return _remove(article)
    sections, citations, digest = _made_of(revision)
    with transaction.atomic(savepoint=False):
        title = SearchEntry.objects.filter(pk=key(Kind.TITLE, article.pk, 0)).select_for_update(no_key=True)
        if title.values_list("digest", flat=True).first() == digest:
            return False
        # Someone may have published another text while this waited for the lock; they index it themselves.
        if not Article.objects.filter(pk=article.pk, published_revision=revision).exists():
            return False
        _remove(article)
        _add(article, sorted(_rows(article, revision, sections, citations, digest)))
        return True


def _remove(article):
    """Delete the rows of `article`; returns whether it had any."""
    packed.remove(article.pk)
    return SearchEntry.objects.filter(article=article).delete()[0] > 0


def _add(article, rows):
    """Insert the rows of `article`, in the order of their keys, in which SQLite fills its pages best."""
    if packed.are_packed(connection):
        packed.add(article.pk, {row[0]: row[WORDS] for row in rows})
        rows = [[*row[:WORDS], "", *row[WORDS + 1 :]] for row in rows]
    # Another process that indexes the same text may have inserted some rows already.
    insert_values(SearchEntry, COLUMNS, rows, on_conflict="ON CONFLICT DO NOTHING")


def stored_rows_of(article):
    """Return the values of `COLUMNS` that the search entries of `article` have, with their words."""
    rows = list(SearchEntry.objects.filter(article=article).order_by("pk").values_list(*COLUMNS))
    return packed.filled_in(connection, rows, WORDS)


def rows_of(article):
    """Return the values of `COLUMNS` that the search entries of `article` should have; writes nothing."""
    revision = article.published_revision
    return [] if revision is None else list(_rows(article, revision, *_made_of(revision)))


def rebuild():
    """Rebuild the rows of all published articles; return the number of articles."""
    SearchEntry.objects.all().delete()
    packed.remove_all()
    return refresh(Article.objects.published())


def refresh(articles):
    """Index each of `articles`, published ones in a query set, whose rows another version built or that has none.

    Returns how many.
    """
    rendered = articles.filter(published_revision__rendering__isnull=False)
    return sum(index(article) for article in one_by_one(rendered, "published_revision__rendering"))


def _made_of(revision):
    """Return sections, citations and digest from which the rows of `revision` are made."""
    sections = list(revision.section_set.values_list("pk", "level", "heading", "anchor"))
    citations = list(
        revision.citation_set.exclude(claim="").values_list(
            "section_id", "anchor", "claim", "episode_id", "start_seconds", "end_seconds"
        )
    )
    return sections, citations, _digest(revision, sections, citations)


def _digest(revision, sections, citations):
    rendering = revision.rendering
    made_of = [VERSION, revision.pk, revision.title, rendering.lead_text, rendering.plain_text, sections, citations]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()


def _rows(article, revision, sections, citations, digest):
    title = _Words(revision.title)
    yield _row(
        article,
        Kind.TITLE,
        0,
        revision.title,
        f"{title.tokens()}{title.written()}{title.forms()}",
        size=title.size,
        digest=digest,
    )
    bodies = _bodies(revision, len(sections))
    above, path, number = {None: ("", title)}, [], 0
    for place, body in enumerate(bodies):
        if place:
            pk, level, written, anchor = sections[place - 1]
            heading = markdown.plain_heading(written)
            path = [(above_level, words) for above_level, words in path if above_level < level]
            path.append((level, _Words(heading)))
            context = title.joined(words for _, words in path)
            above[pk] = heading, context
            own = path[-1][1]
            yield _row(
                article, Kind.HEADING, place, heading, f"{context.tokens()}{own.written()}", heading, anchor, own.size
            )
        else:
            heading, anchor, context = "", "", title
        for piece in _pieces(body):
            words = context.joined([piece])
            yield _row(
                article, Kind.TEXT, number, piece.text, f"{words.tokens()}{words.forms()}", heading, anchor, piece.size
            )
            number += 1
    for place, (section, anchor, claim, episode, start, end) in enumerate(citations):
        heading, context = above.get(section, ("", title))
        words = context.joined([own := _Words(claim)]).tokens()
        yield _row(article, Kind.CLAIM, place, claim, words, heading, anchor, own.size, cited=(episode, start, end))


def _row(article, kind, place, text, words, heading="", anchor="", size=0, digest="", cited=(None, None, None)):
    """Return the values of `COLUMNS`."""
    return [key(kind, article.pk, place), article.pk, int(kind), text, heading, anchor, *cited, size, words, digest]


def _bodies(revision, count):
    """Return the plain text of the lead and of each of `count` sections."""
    first, *parts = revision.rendering.plain_text.split("\f")
    if len(parts) != count:  # written by an earlier version of the renderer
        lead, text = revision.rendering.lead_text, first.removeprefix(f"{revision.title}\n")
        return [text or lead, *[""] * count]
    return [revision.rendering.lead_text, *(part.partition("\n")[2] for part in parts)]


class _Words:
    """A text and its words, or the words of several texts in order."""

    def __init__(self, text, parts=None):
        self.text = text
        self.parts = [words_of(text)] if parts is None else parts

    @property
    def size(self):
        return sum(map(len, self.parts))

    def joined(self, others):
        return _Words("", [*self.parts, *(part for other in others for part in other.parts)])

    def tokens(self):
        return indexed(self.parts)

    def written(self):
        return f"{surfaces(word for part in self.parts for word in part)} "

    def forms(self):
        return f"{forms(word for part in self.parts for word in part)} "


def _pieces(text):
    """Yield `text` in pieces of at most `PIECE` words; nothing if it has no words."""
    words = words_of(text)
    if 0 < len(words) <= PIECE:
        yield _Words(text, [words])
        return
    for start in range(0, len(words), PIECE):
        piece = words[start : start + PIECE]
        end = words[start + PIECE].start if start + PIECE < len(words) else len(text)
        yield _Words(text[piece[0].start : end], [piece])
