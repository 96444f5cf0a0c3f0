"""What stands beside a text that is being written: every claim and how it stands, and sentences without a citation."""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from articles.core.lint.coverage import is_about_safety
from articles.core.timestamps import Lines, format_label
from articles.derived import text as derivation
from articles.derived.checks import labels, run, status
from articles.models import Dismissal

from .edits import index_in
from .locations import Place
from .suggestions import Suggestion, elsewhere, insertions

KEY_LENGTH = 12


@dataclass(frozen=True)
class Claim:
    """A cited sentence: what is said at its moment, what a person said of it, and where else it may be said."""

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
    around_url: str
    offers: tuple[Suggestion, ...]
    is_own: bool  # what was heard was said of this article, and can be taken back here
    start_seconds: int
    end_seconds: int | None
    section_key: object

    @property
    def key(self):
        """By which a button tells that it means this claim at this moment."""
        return self.claim_key[:KEY_LENGTH]

    @property
    def is_flagged(self):
        return self.status.is_flagged

    reasons = Dismissal.Reason.choices


@dataclass(frozen=True)
class Uncited:
    """A sentence without a citation; `offers` are None until somebody asks to find its moment."""

    id: str
    digest: str
    place: Place
    text: str
    is_about_safety: bool
    can_be_found: bool
    offers: tuple[Suggestion, ...] | None


@dataclass(frozen=True)
class _Found:
    """A citation as it was read, on its way to become a `Claim`."""

    part: object
    field: str
    citation: object
    episode: object
    index: int
    claim_key: str
    query: run.ClaimQuery


def claims(parts, article, episodes, *, is_editor):
    """A `Claim` for each citation of `parts`, in their order; three queries, and one per episode with a transcript.

    Words of a transcript are for editors: others get the verdicts without them.
    """
    found = [one for part in parts for one in _cited(part, episodes)]
    checks = _checks(found)
    cited = [
        status.Cited(
            one.claim_key, one.episode.pk, one.citation.start_seconds, one.citation.end_seconds, one.citation.claim
        )
        for one in found
    ]
    statuses = status.of_claims(article, cited, checks)
    return [_claim(one, of_one, article, episodes, is_editor) for one, of_one in zip(found, statuses, strict=True)]


def uncited(part, text, episodes, wanted):
    """An `Uncited` for each sentence of a part that has no citation; moments are found for the `wanted` digests.

    `text` is the part as `inspection` holds it: it knows where its sentences stand.
    """
    field = part.fields["body"]
    can_be_found = any(episode.transcript_digest for episode in episodes.values())
    lines = Lines(text.body)
    sentences, before = [], ""
    for passage in text.passages:
        context = "\n".join(filter(None, [part.plain_heading, before]))
        before = passage.text
        if passage.is_cited:
            continue
        start, end = passage.around
        name = f"s-{field}-{start}"
        digest = digest_of(passage.text)
        offers = None
        if digest in wanted and can_be_found:
            at = (field, text.body, end) if passage.place else None
            offers = insertions(passage.text, context, episodes, name, digest, at)
        place = Place(part.card.anchor, field, part.card.heading, start, end - start, *lines.place(start))
        sentences.append(
            Uncited(name, digest, place, passage.text, is_about_safety(passage.text), can_be_found, offers)
        )
    return sentences


def digest_of(text):
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:KEY_LENGTH]


def around_url(source, seconds):
    """The page with what is said around a moment; `source` is (key, episode)."""
    key, episode = source
    return f"{reverse('admin:articles_passages')}?{urlencode({'source': f'{key}:{episode.reference}', 'at': seconds})}"


def _cited(part, episodes):
    default = next(iter(episodes.values()), None)
    for name, text in part.texts:
        taken = {}
        for citation in text.citations:
            episode = episodes.get(citation.key, default)
            of_mark = taken.setdefault(citation.offset, [])
            index = index_in(citation.text, citation.start_seconds, citation.end_seconds, of_mark)
            of_mark.append(index)
            moment = citation.start_seconds, citation.end_seconds
            yield _Found(
                part,
                name,
                citation,
                episode,
                index,
                run.claim_key(episode, *moment, citation.claim),
                run.ClaimQuery(*moment, citation.claim, derivation.context_of(part.plain_heading, citation)),
            )


def _checks(found):
    """The check (or None) of each, asked for once per episode."""
    checks = {}
    for episode in {one.episode.pk: one.episode for one in found}.values():
        of_episode = [one for one in found if one.episode.pk == episode.pk]
        checks |= zip(map(id, of_episode), run.findings(episode, [one.query for one in of_episode]), strict=True)
    return [checks[id(one)] for one in found]


def _claim(one, claim_status, article, episodes, is_editor):
    part, citation, episode = one.part, one.citation, one.episode
    field = part.fields[one.field]
    place = Place(
        part.card.anchor,
        field,
        part.card.heading,
        citation.offset,
        len(citation.text),
        citation.line,
        citation.column,
    )
    label = format_label(citation.start_seconds)
    if citation.end_seconds is not None:
        label += f"–{format_label(citation.end_seconds)}"
    key = one.claim_key[:KEY_LENGTH]
    name = f"c-{field}-{citation.offset}-{one.index}"
    check = claim_status.check if is_editor else None
    source = next((of, source) for of, source in episodes.items() if source.pk == episode.pk)
    return Claim(
        id=name,
        claim_key=one.claim_key,
        place=place,
        text=citation.claim,
        label=label,
        url=episode.link_at(citation.start_seconds, citation.end_seconds),
        chapter=episode.chapter_title_at(citation.start_seconds),
        episode=episode,
        verdict=labels.verdict_text(claim_status.check),
        status=claim_status,
        excerpt=check.excerpt if check else "",
        around_url=around_url(source, citation.start_seconds) if is_editor and episode.transcript_digest else "",
        offers=tuple(elsewhere(citation, one.index, episode, check, field, name, key)) if check else (),
        is_own=bool(claim_status.confirmation and article and claim_status.confirmation.article_id == article.pk),
        start_seconds=citation.start_seconds,
        end_seconds=citation.end_seconds,
        section_key=part.part.section.key if part.part.section is not None else None,
    )
