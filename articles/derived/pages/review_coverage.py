"""What the reviews of a published text cover: a reviewer sees what a revision changes, not what was there before.

So a text is reviewed as a whole only if every revision that it was built from was reviewed. Imported texts are
published without a review, and what is left of them stays unreviewed until someone changes it, or reviews the whole
text after publication. A sentence with another timestamp is another statement.
"""

from collections import defaultdict
from dataclasses import dataclass

from articles.core.language import sentences
from articles.core.markdown import plain_heading
from articles.derived.reviews.reviewers import FOUND_RIGHT
from articles.models import Citation, Rendering, Review, Revision


@dataclass(frozen=True)
class Part:
    """The sentences of the lead, whose `heading` and `anchor` are "", or of a section, by whether they were reviewed."""

    heading: str
    anchor: str
    reviewed: list[str]
    unreviewed: list[str]


def partial_review(revision):
    """Return what the reviews of `revision` cover if that isn't everything, else None.

    As a mapping: `sentences`, how many of the `total` were reviewed, and `sections`, the [heading, anchor] of each
    section that has some of them; the lead has "" for both. Takes up to six queries.
    """
    parts = None if revision.target_id is None else parts_of(revision)
    if parts is None:
        return None
    reviewed = sum(len(part.reviewed) for part in parts)
    return {
        "sentences": reviewed,
        "total": reviewed + sum(len(part.unreviewed) for part in parts),
        "sections": [[part.heading, part.anchor] for part in parts if part.reviewed],
    }


def parts_of(revision):
    """Return the `Part`s of the text of `revision`, None if all of it was reviewed. Takes up to six queries."""
    chain, targets, unreviewed = _history(revision)
    if not unreviewed:
        return None
    texts = _texts(chain)
    erased = set(Revision.objects.filter(pk__in=chain, erased_at__isnull=False).values_list("pk", flat=True))
    found = set()
    for place, pk in enumerate(chain):
        if pk in unreviewed:
            # Of an erased text, what was made of it still shows most.
            own = chain[place - 1] if pk in erased and place else pk
            found |= _statements(texts, own) - _statements(texts, targets[pk])
    names = [("", ""), *((plain_heading(section.heading), section.anchor) for section in revision.section_set.all())]
    parts = [
        Part(*name, [one[0] for one in of_part if one not in found], [one[0] for one in of_part if one in found])
        for name, of_part in zip(names, texts[revision.pk], strict=False)
    ]
    is_all = any(part.reviewed for part in parts) and not any(part.unreviewed for part in parts)
    return None if is_all else parts


def unreviewed_revisions(revision):
    """Return the keys of the revisions that `revision` was built from, itself included, which nobody reviewed."""
    return _history(revision)[2]


def _history(revision):
    """Return (what `revision` was built from since the last text reviewed as a whole, targets, the unreviewed of them)."""
    targets = dict(Revision.objects.filter(article=revision.article_id).values_list("pk", "target"))
    found_right = Review.objects.filter(revision__in=targets, decision__in=FOUND_RIGHT, is_override=False)
    reviews = dict(found_right.order_by("pk").values_list("revision", "decision"))
    wholes = {pk for pk, decision in reviews.items() if decision == Review.Decision.REVIEWED}
    chain = chain_of(revision.pk, targets, wholes)
    return chain, targets, set(chain) - set(reviews)


def chain_of(pk, targets, wholes=()):
    """Return the revisions that `pk` was built from, itself first, up to one of `wholes` (reviewed as a whole).

    `targets` maps revisions to what they replaced.
    """
    chain = []
    while pk is not None and pk not in chain:
        chain.append(pk)
        pk = None if pk in wholes else targets.get(pk)
    return chain


def _texts(revisions):
    """Return {key: [statements of each part]}, each statement a sentence with the moments that it cites.

    A citation in a heading or in a table is about something else than a sentence, which counts as one.
    """
    moments, others = defaultdict(set), defaultdict(dict)
    columns = ("revision", "section__position", "claim", "episode", "start_seconds", "end_seconds")
    for key, position, claim, *moment in Citation.objects.filter(revision__in=revisions).values_list(*columns):
        moments[key, claim].add(tuple(moment))
        others[key].setdefault(claim, 0 if position is None else position + 1)
    texts = {}
    for key, plain_text in Rendering.objects.filter(revision__in=revisions).values_list("revision", "plain_text"):
        parts = [_sentences_in(part) for part in plain_text.split("\f")]
        known = {sentence for part in parts for sentence in part}
        for claim, part in others[key].items():
            if claim not in known and part < len(parts):
                parts[part].append(claim)
        texts[key] = [[(text, frozenset(moments[key, text])) for text in part] for part in parts]
    return texts


def _statements(texts, key):
    return {statement for part in texts.get(key, ()) for statement in part}


def _sentences_in(part):
    """Return the sentences of a part of a `Rendering.plain_text`, whose first line is its title or heading."""
    text = part.partition("\n")[2]
    return [text[start:end] for start, end in sentences.split(text)]
