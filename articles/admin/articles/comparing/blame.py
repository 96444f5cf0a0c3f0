"""Who wrote each sentence of a text, in which revision, and who confirmed its citations, as the page shows it."""

from dataclasses import dataclass
from itertools import groupby

from articles.core.revisions import blame
from articles.core.revisions.blame import descending
from articles.core.revisions.diff import Section as TextSection
from articles.core.revisions.diff import Text
from articles.core.timestamps import format_iso, format_label
from articles.derived.checks import labels, status
from articles.models import Contributor, Revision, Section

from . import texts

BATCH = 50  # revisions whose texts are read at once
VERSION = 0  # what a version of a revision is called among the keys of revisions
SHOWN = ("article", "number", "base", "target", "status", "author_name", "saved_at", "submitted_at", "erased_at")


@dataclass(frozen=True)
class Writing:
    """The revision that something was written in, and who contributed to it besides its author.

    `before` is the number of the revision that it started from, None for the first. `erased` are the numbers of erased
    revisions that it comes from: what it added to the texts before those may have been written in one of them.
    """

    revision: Revision
    others: tuple
    before: int | None
    erased: tuple


@dataclass(frozen=True)
class Stretch:
    """Neighbouring sentences of one origin, as pairs (kind of part, text).

    `citing` is the `Writing` that changed their citations last, None if they are as they were written. With
    `is_earlier`, the origin may be older. `citations` are the `CitationLine`s of the sentences.
    """

    section_key: str
    pieces: list
    writing: Writing
    citing: Writing | None
    is_earlier: bool
    citations: list

    @property
    def judged(self):
        return [line for line in self.citations if line.confirmed or line.lapsed]

    @property
    def unconfirmed(self):
        return [line for line in self.citations if not (line.confirmed or line.lapsed)]


@dataclass(frozen=True)
class CitationLine:
    """A citation, who confirmed it, and whose confirmation has lapsed; "" if nobody."""

    label: str
    iso: str
    href: str
    confirmed: str
    lapsed: str


class TextBlame:
    """The sentences of a `ChosenText` with their origins."""

    def __init__(self, article, user, text):
        self._text = text
        self._visible = article.revision_set.visible_to(user)
        self._revisions = {revision.pk: revision for revision in self._visible.only(*SHOWN)}
        found = {pk: self._comes_from(pk) for pk in self._revisions}
        self._erased = {pk: erased for pk, (_, erased) in found.items()}
        self._parents = {pk: parents for pk, (parents, _) in found.items()}
        self._parents[VERSION] = self._parents[text.revision.pk]

    def sentences(self):
        """Return all sentences, with keys of revisions as their origins; two queries for each 50 revisions read."""
        head = VERSION if self._text.version else self._text.revision.pk
        order = [pk for pk in descending(head, self._parents) if pk != VERSION]
        read = _Reader(self._visible, order)
        if self._text.version:
            read.texts[VERSION] = texts.read(self._text)[0]
        return blame.blame(head, self._parents, read)

    def stretches(self, sentences):
        """Return `sentences`, which are neighbours, as `Stretch`es in order; seven queries."""
        own = self._text.revision.pk
        writings = self._writings(
            {key or own for sentence in sentences for key in (sentence.origin, sentence.cited_in)}
        )
        cited = self._citations()
        found = []
        for (key, origin, cited_in, is_earlier), group in groupby(sentences, key=_of_one_origin):
            group = list(group)
            found.append(
                Stretch(
                    key,
                    [(kind, _joined(pieces)) for kind, pieces in groupby(group, key=lambda sentence: sentence.kind)],
                    writings[origin or own],
                    writings[cited_in or own] if cited_in != origin else None,
                    is_earlier,
                    [line for sentence in group for line in _lines_in(sentence, cited)],
                )
            )
        return found

    def _comes_from(self, pk):
        """Return (keys of the revisions that a revision comes from, numbers of erased ones that are left out)."""
        parents, erased, seen, waiting = [], [], {pk}, [pk]
        while waiting:
            revision = self._revisions[waiting.pop(0)]
            for parent in (revision.base_id, revision.target_id):
                if parent not in self._revisions or parent in seen:
                    continue
                seen.add(parent)
                if self._revisions[parent].erased_at is None:
                    parents.append(parent)
                else:
                    erased.append(self._revisions[parent].number)
                    waiting.append(parent)
        return parents, tuple(erased)

    def _writings(self, keys):
        names = {}
        for pk, name in (
            Contributor.objects.filter(revision__in=keys).order_by("pk").values_list("revision", "user_name")
        ):
            names.setdefault(pk, {})[name] = None
        writings = {}
        for pk in keys:
            revision = self._revisions[pk]
            base = self._revisions.get(revision.base_id)
            others = tuple(name for name in names.get(pk, ()) if name != revision.author_name)
            writings[pk] = Writing(revision, others, base and base.number, self._erased[pk])
        return writings

    def _citations(self):
        """Return {(section key, whether in its heading): [(offset, `CitationLine`)]}; a version has none stored."""
        found = {}
        for citation, citation_status in status.of_revision(self._text.revision) if not self._text.version else ():
            key = str(citation.section.key) if citation.section else ""
            line = CitationLine(
                format_label(citation.start_seconds),
                format_iso(citation.start_seconds),
                citation.episode.link_at(citation.start_seconds, citation.end_seconds),
                labels.confirmed_by(citation_status.confirmation),
                labels.lapsed_by(citation_status),
            )
            found.setdefault((key, citation.is_in_heading), []).append((citation.offset, line))
        return found


class _Reader:
    """Reads the texts of revisions, many at once, in the order in which they will be asked for."""

    def __init__(self, visible, order):
        self._visible, self._order = visible, order
        self._ranks = {pk: rank for rank, pk in enumerate(order)}
        self.texts = {}

    def __call__(self, pk):
        if pk not in self.texts:
            start = self._ranks[pk]
            self._read([pk for pk in self._order[start : start + BATCH] if pk not in self.texts])
        return self.texts[pk]

    def _read(self, keys):
        sections = {}
        rows = Section.objects.filter(revision__in=keys).order_by("revision", "position")
        for pk, key, level, heading, body in rows.values_list("revision", "key", "level", "heading", "body"):
            sections.setdefault(pk, []).append(TextSection(str(key), level, heading, body))
        for pk, title, lead in self._visible.filter(pk__in=keys).values_list("pk", "title", "lead"):
            self.texts[pk] = Text(title=title, lead=lead, sections=tuple(sections.get(pk, ())))


def _of_one_origin(sentence):
    return sentence.section_key, sentence.origin, sentence.cited_in, sentence.is_earlier


def _joined(sentences):
    return "".join(sentence.gap + sentence.text for sentence in sentences).strip()


def _lines_in(sentence, cited):
    lines = cited.get((sentence.section_key, sentence.kind == "heading"), ()) if sentence.kind != "title" else ()
    return [line for offset, line in lines if sentence.start <= offset < sentence.start + len(sentence.text)]
