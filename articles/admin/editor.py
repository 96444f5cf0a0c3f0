"""What the editor's screen shows beside the text: what is missing, the problems, the citations, the outline."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.timesince import timesince

from articles import contents, derivation, markup
from articles.timestamps import format_label

LEAD_CARD = "card-lead"
LEAD_FIELD = "id_lead"


@dataclass(frozen=True)
class Place:
    """Where something stands on the screen: the card, the field in it, and the place in the field's text."""

    card: str
    field: str
    label: str
    offset: int
    length: int
    line: int
    column: int


@dataclass(frozen=True)
class PlacedProblem:
    place: Place
    problem: markup.Problem


@dataclass(frozen=True)
class PlacedCitation:
    place: Place
    claim: str
    label: str
    url: str
    chapter: str
    episode: object


@dataclass
class ReadCard:
    """One card of the screen, the lead's or a section's, as it reads."""

    anchor: str
    form: object
    heading: str
    level: int = 0
    html: str = ""
    is_removed: bool = False
    is_new: bool = False
    is_open: bool = True
    sentence_count: int = 0
    citation_count: int = 0
    problem_count: int = 0

    @property
    def summary(self):
        sentences = _count(self.sentence_count, "sentence") if self.sentence_count else "no text"
        citations = _count(self.citation_count, "citation") if self.citation_count else "no citation"
        mend = f"{self.problem_count} to look at" if self.problem_count else "nothing to mend"
        return f"{sentences}, {citations}, {mend}"


@dataclass
class Reading:
    """A form's text, read as the public page would read it."""

    lead: ReadCard
    cards: list[ReadCard]
    missing: list[str]
    problems: list[PlacedProblem] = field(default_factory=list)
    citations: list[PlacedCitation] = field(default_factory=list)
    sentence_count: int = 0
    cited_sentence_count: int = 0
    has_several_sources: bool = False

    @property
    def sections(self):
        """The cards that the outline lists."""
        return [card for card in self.cards if not card.is_new and not card.is_removed]

    @property
    def share_of(self):
        """What the cited sentences are a share of; a bar cannot be of length 0."""
        return max(self.sentence_count, 1)

    @property
    def to_do(self):
        """What is left to do, in a sentence."""
        cited = f"{self.cited_sentence_count} of {_count(self.sentence_count, 'sentence')} cited."
        problems = f"{_count(len(self.problems), 'thing')} to look at" if self.problems else ""
        if self.missing:
            lacking = f"{_count(len(self.missing), 'thing')} missing before you can submit"
            return f"{lacking}{', ' if problems else ''}{problems}. {cited}"
        if problems:
            return f"{problems}, nothing that stops you from submitting. {cited}"
        return f"Nothing is missing. {cited}"


def read(form, *, is_change):
    """Read what `form` holds. `is_change`: it will be compared with a published text."""
    content = form.content()
    prefetch_related_objects([source.episode for source in content.sources], "chapter_set")
    episodes = {source.key: source.episode for source in content.sources}
    parts = derivation.read(content.lead, content.sections, episodes, _known_slugs(content))
    of_section = {id(part.section): part for part in parts[1:]}

    lead = ReadCard(LEAD_CARD, form.text, "Lead")
    reading = Reading(lead, [], [], has_several_sources=len(episodes) > 1)
    _add(reading, lead, parts[0], {"body": LEAD_FIELD}, episodes)
    for card in form.cards:
        prefix = card.form.prefix
        section = card.section
        part = of_section.get(id(section)) if section is not None else None
        read_card = ReadCard(
            anchor=f"card-{prefix}",
            form=card.form,
            heading=(part.heading.plain_text if part else "") or (section.heading if section else "") or "Untitled",
            level=section.level if section else 1,
            is_removed=card.is_removed,
            is_new=section is None and not card.is_removed,
        )
        reading.cards.append(read_card)
        if part:
            _add(reading, read_card, part, {"heading": f"id_{prefix}-heading", "body": f"id_{prefix}-body"}, episodes)
    _open_some(reading)
    reading.missing = contents.missing_in(
        content,
        citation_count=len(reading.citations),
        problem_count=len(reading.problems),
        is_change=is_change,
    )
    return reading


def how_long_ago(moment):
    """The time since `moment` in words."""
    return f"{timesince(moment)} ago" if timezone.now() - moment >= timedelta(minutes=1) else "just now"


def _known_slugs(content):
    texts = [content.lead, *(text for section in content.sections for text in (section.heading, section.body))]
    targets = {markup.wiki_slug(target) for text in texts for target in markup.link_targets(text)}
    return derivation.existing_slugs(targets) if targets else set()


def _add(reading, card, part, fields, episodes):
    """Put what was read of one part into its card and into the lists beside the text."""
    default = next(iter(episodes.values()), None)
    card.html = mark_safe(part.body.html)  # noqa: S308  (sanitised by markup)
    card.sentence_count = part.body.sentence_count
    texts = [("body", part.body)] if part.heading is None else [("heading", part.heading), ("body", part.body)]
    for name, text in texts:

        def place(found, name=name):
            return Place(
                card.anchor, fields[name], card.heading, found.offset, len(found.text), found.line, found.column
            )

        card.citation_count += len(text.citations)
        card.problem_count += len(text.problems)
        reading.problems += [PlacedProblem(place(problem), problem) for problem in text.problems]
        for citation in text.citations:
            episode = episodes.get(citation.key, default)
            label = format_label(citation.start_seconds)
            if citation.end_seconds is not None:
                label += f"–{format_label(citation.end_seconds)}"
            reading.citations.append(
                PlacedCitation(
                    place(citation),
                    citation.claim,
                    label,
                    episode.link_at(citation.start_seconds, citation.end_seconds),
                    episode.chapter_title_at(citation.start_seconds),
                    episode,
                )
            )
    reading.sentence_count += part.body.sentence_count
    reading.cited_sentence_count += part.body.cited_sentence_count


def _open_some(reading):
    """A short text is open as a whole; of a long one the first section, and what needs a look."""
    filled = reading.sections
    for card in filled:
        card.is_open = len(filled) <= 3 or card is filled[0] or card.problem_count > 0 or bool(card.form.errors)


def _count(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"
