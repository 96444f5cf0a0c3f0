"""The claims and uncited sentences of a text that is being edited, for the evidence panel."""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from articles.core.lint.chapter_titles import Titles, looks_english
from articles.core.lint.coverage import is_about_safety
from articles.core.timestamps import Lines, format_label
from articles.derived.checks import discrepancies, labels, run, status
from articles.derived.checks.lint_results import source_of
from articles.derived.texts import derivation
from articles.models import Dismissal
from articles.workflow import own_claims

from .mark_edits import index_in, settable
from .suggestions import Suggestion, insertions, is_unlikely, note, retimings, retimings_by_title

KEY_LENGTH = 12


@dataclass(frozen=True)
class Place:
    """A range of text in a field of a card. `label` is the card's heading; offset and length are in characters."""

    card: str
    field: str
    label: str
    offset: int
    length: int
    line: int
    column: int


def place_in(part, field, offset, length, line, column):
    """The `Place` of a range in the field `field` of `part`."""
    return Place(part.card.anchor, field, part.card.heading, offset, length, line, column)


@dataclass(frozen=True)
class Claim:
    """A cited sentence: the transcript at its timestamp, its status, and suggested other timestamps."""

    id: str
    claim_key: str
    place: Place
    text: str
    label: str
    url: str
    chapter: str
    episode: object
    verdict: str
    status: status.CitationStatus
    excerpt: str
    discrepancies: tuple[discrepancies.ShownDiscrepancy, ...]
    around_url: str
    suggestions: tuple[Suggestion, ...]
    is_own: bool  # the confirmation was made in this article, so it can be withdrawn here
    is_by_reader: bool  # the editor wrote the claim, so someone else has to confirm it
    start_seconds: int
    end_seconds: int | None
    section_key: object
    written: str  # the mark in the text, which may have other moments, too
    settable: tuple[str, int | None]  # that mark with a place for another time, and the length of a range
    explained_by: str = ""  # the id of the issue of all citations of the recording that explains this one's

    @property
    def key(self):
        """Identifies the claim and its timestamp in the values of buttons."""
        return self.claim_key[:KEY_LENGTH]

    @property
    def is_flagged(self):
        return self.status.is_flagged and not self.explained_by

    @property
    def has_likely_suggestions(self):
        return bool(self.suggestions) and not is_unlikely(self.status.check)

    @property
    def suggestions_note(self):
        return note(self.status.check)

    @property
    def moment(self):
        """How lists call the claim."""
        return self.label

    reasons = Dismissal.Reason.choices


@dataclass(frozen=True)
class Uncited:
    """A sentence without a citation; `suggestions` is None until the editor asks to find a timestamp."""

    id: str
    digest: str
    place: Place
    text: str
    is_about_safety: bool
    can_be_found: bool
    suggestions: tuple[Suggestion, ...] | None


@dataclass(frozen=True)
class _ReadCitation:
    """A citation as read from the text, before its check and status are known."""

    part: object
    field: str
    citation: object
    episode: object
    index: int
    claim: status.CitedClaim
    query: run.ClaimQuery


def claims(parts, article, episodes, *, before, editor):
    """Return a `Claim` for each citation of `parts`, in order; five queries, and one per episode with a transcript.

    `before` are the primary keys of the revisions that the text comes from. Only editors see excerpts of the
    transcript; without an `editor`, there are the verdicts without them.
    """
    read = [read_citation for part in parts for read_citation in _read_citations(part, episodes)]
    statuses = status.of_claims(article, [read_citation.claim for read_citation in read], _checks(read), before=before)
    titles = _titles(read) if editor else {}
    own = own_claims(editor, {read_citation.claim.claim_key for read_citation in read}) if editor else set()
    return [
        _claim(read_citation, claim_status, article, episodes, own, titles, editor is not None)
        for read_citation, claim_status in zip(read, statuses, strict=True)
    ]


def uncited(part, text, episodes, wanted, *, is_about_health):
    """Return an `Uncited` for each sentence of a part without a citation, with suggestions for the `wanted` digests.

    `text` is the part as the lint rules see it, with the positions of its sentences. Whether the article
    `is_about_health` decides what is about safety (`coverage.is_about_safety`).
    """
    field = part.fields["body"]
    can_be_found = any(episode.transcript_digest for episode in episodes.values())
    lines = Lines(text.body)
    sentences, before = [], ""
    for sentence in text.sentences:
        context = "\n".join(filter(None, [part.plain_heading, before]))
        before = sentence.text
        if sentence.is_cited:
            continue
        start, end = sentence.around
        name = f"s-{field}-{start}"
        digest = hashlib.sha256(" ".join(sentence.text.split()).encode()).hexdigest()[:KEY_LENGTH]
        suggestions = None
        if digest in wanted and can_be_found:
            at = (field, text.body, end) if sentence.place else None
            suggestions = tuple(insertions(sentence.text, context, episodes, name, digest, at))
        place = place_in(part, field, start, end - start, *lines.place(start))
        is_safety = is_about_safety(sentence.text, is_about_health=is_about_health)
        sentences.append(Uncited(name, digest, place, sentence.text, is_safety, can_be_found, suggestions))
    return sentences


def _read_citations(part, episodes):
    default = next(iter(episodes.values()), None)
    for name, text in part.texts:
        indexes = {}
        for citation in text.citations:
            episode = episodes.get(citation.key, default)
            taken = indexes.setdefault(citation.offset, [])
            index = index_in(citation.text, citation.start_seconds, citation.end_seconds, taken)
            taken.append(index)
            moment = citation.start_seconds, citation.end_seconds
            claim_key = run.claim_key(episode, *moment, citation.claim)
            cited_claim = status.CitedClaim(claim_key, episode.pk, *moment, citation.claim)
            around = derivation.context_of(part.plain_heading, citation)
            query = run.ClaimQuery(*moment, citation.claim, around, citation.is_quotation)
            yield _ReadCitation(part, name, citation, episode, index, cited_claim, query)


def _checks(read):
    """The check (or None) of each citation, fetched once per episode."""
    by_episode = {}
    for read_citation in read:
        by_episode.setdefault(read_citation.episode, []).append(read_citation.query)
    checks = {episode: iter(run.checks_for(episode, queries)) for episode, queries in by_episode.items()}
    return [next(checks[read_citation.episode]) for read_citation in read]


def _titles(read):
    """Return {key of an episode without a transcript: the titles of its chapters}."""
    is_english = looks_english(" ".join(read_citation.citation.claim for read_citation in read))
    episodes = {one.episode.pk: one.episode for one in read if not one.episode.transcript_digest}
    return {pk: Titles(source_of(episode), is_english=is_english) for pk, episode in episodes.items()}


def _suggestions(read_citation, check, titles, name, key):
    """Return the suggested timestamps of a citation: from its check, or from chapter titles without a transcript."""
    citation, index, episode = read_citation.citation, read_citation.index, read_citation.episode
    field = read_citation.part.fields[read_citation.field]
    if check:
        return tuple(retimings(citation, index, episode, check, field, name, key))
    if episode.pk in titles:
        return tuple(retimings_by_title(citation, index, episode, titles[episode.pk], field, name, key))
    return ()


def _claim(read_citation, claim_status, article, episodes, own, titles, is_editor):
    part, citation, episode = read_citation.part, read_citation.citation, read_citation.episode
    field = part.fields[read_citation.field]
    place = place_in(part, field, citation.offset, len(citation.text), citation.line, citation.column)
    label = format_label(citation.start_seconds)
    if citation.end_seconds is not None:
        label += f"–{format_label(citation.end_seconds)}"
    claim_key = read_citation.claim.claim_key
    name = f"c-{field}-{citation.offset}-{read_citation.index}"
    check = claim_status.check if is_editor else None
    around_url = ""
    if is_editor and episode.transcript_digest:
        source_key = next(key for key, source in episodes.items() if source.pk == episode.pk)
        address = {"source": f"{source_key}:{episode.reference}", "at": citation.start_seconds}
        around_url = f"{reverse('admin:articles_passages')}?{urlencode(address)}"
    return Claim(
        id=name,
        claim_key=claim_key,
        place=place,
        text=citation.claim,
        label=label,
        url=episode.link_at(citation.start_seconds, citation.end_seconds),
        chapter=episode.chapter_title_at(citation.start_seconds),
        episode=episode,
        verdict=labels.verdict_text(claim_status.check),
        status=claim_status,
        excerpt=check.excerpt if check else "",
        discrepancies=discrepancies.shown(claim_status.check, episode, may_quote=is_editor),
        around_url=around_url,
        suggestions=_suggestions(read_citation, check, titles, name, claim_key[:KEY_LENGTH]),
        is_own=bool(claim_status.confirmation and article and claim_status.confirmation.article_id == article.pk),
        is_by_reader=claim_key in own,
        start_seconds=citation.start_seconds,
        end_seconds=citation.end_seconds,
        section_key=part.section_key,
        written=citation.text,
        settable=settable(citation.text, read_citation.index),
    )
