"""What the review of a published text covers: a reviewer sees what a revision changes, not what was there before.

So a text is reviewed as a whole only if every revision that it was built from was reviewed. Imported texts are
published without a review, and what is left of them stays unreviewed until someone changes it.
"""

from articles.core.language import sentences
from articles.core.markdown import plain_heading
from articles.derived.reviewers import FOUND_RIGHT
from articles.models import Rendering, Review, Revision


def partial_review(revision):
    """Return what the reviews of `revision` cover if that isn't everything, else None.

    As a mapping: `sentences`, how many of the `total` were reviewed, and `sections`, the [heading, anchor] of each
    section that has some of them; the lead has "" for both. Takes up to five queries.
    """
    if revision.target_id is None:
        return None
    targets = dict(Revision.objects.filter(article=revision.article_id).values_list("pk", "target"))
    chain = chain_of(revision.pk, targets)
    reviews = Review.objects.filter(revision__in=chain, decision__in=FOUND_RIGHT, is_override=False)
    unreviewed = set(chain) - set(reviews.values_list("revision", flat=True))
    if not unreviewed:
        return None
    texts = dict(Rendering.objects.filter(revision__in=chain).values_list("revision", "plain_text"))
    erased = set(Revision.objects.filter(pk__in=chain, erased_at__isnull=False).values_list("pk", flat=True))
    found = set()
    for place, pk in enumerate(chain):
        if pk in unreviewed:
            # Of an erased text, what was made of it still shows most.
            own = chain[place - 1] if pk in erased and place else pk
            found |= _sentences(texts.get(own, "")) - _sentences(texts.get(targets[pk], ""))
    parts = [_sentences_in(part) for part in texts[revision.pk].split("\f")]
    names = [["", ""], *([plain_heading(section.heading), section.anchor] for section in revision.section_set.all())]
    reviewed = [[sentence for sentence in part if sentence not in found] for part in parts]
    count, total = sum(map(len, reviewed)), sum(map(len, parts))
    if 0 < count == total:
        return None
    return {
        "sentences": count,
        "total": total,
        "sections": [name for name, of_part in zip(names, reviewed, strict=False) if of_part],
    }


def chain_of(pk, targets):
    """Return the revisions that `pk` was built from, itself first; `targets` maps revisions to what they replaced."""
    chain = []
    while pk is not None and pk not in chain:
        chain.append(pk)
        pk = targets.get(pk)
    return chain


def _sentences(plain_text):
    return {sentence for part in plain_text.split("\f") for sentence in _sentences_in(part)}


def _sentences_in(part):
    """Return the sentences of a part of a `Rendering.plain_text`, whose first line is its title or heading."""
    text = part.partition("\n")[2]
    return [text[start:end] for start, end in sentences.split(text)]
