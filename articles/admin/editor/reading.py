"""Reads a form's text as the public page would: its cards, evidence, what is missing and what is left to do."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext

from articles.admin.evidence import panel as evidence_panel
from articles.derived.i18n import translate
from articles.derived.texts import derivation
from articles.models import Revision
from articles.workflow import content as contents

from .saving import drafts

PREVIEWS_MAX = 600_000  # characters of HTML, of all sections together


@dataclass
class ReadCard:
    """One card of the screen, for the lead or a section, with its rendered text and counts."""

    anchor: str
    form: object
    heading: str
    level: int = 0
    html: str = ""
    is_preview_left_out: bool = False  # because the previews before it are long enough for one page
    is_removed: bool = False
    is_new: bool = False
    is_open: bool = True
    sentence_count: int = 0
    cited_count: int = 0
    citation_count: int = 0
    issue_count: int = 0

    @property
    def evidence_anchor(self):
        """The id of the card's group in the evidence panel."""
        return self.anchor.replace("card-", "evidence-", 1)

    @property
    def summary(self):
        if not self.sentence_count:
            sentences = gettext("no text")
        elif not self.cited_count:
            sentences = ngettext(
                "%(count)s sentence, none cited", "%(count)s sentences, none cited", self.sentence_count
            ) % {"count": intcomma(self.sentence_count)}
        else:
            sentences = ngettext(
                "%(cited)s of %(count)s sentence cited", "%(cited)s of %(count)s sentences cited", self.sentence_count
            ) % {"cited": intcomma(self.cited_count), "count": intcomma(self.sentence_count)}
        issues = ngettext("%(count)s issue", "%(count)s issues", self.issue_count) % {
            "count": intcomma(self.issue_count)
        }
        return f"{sentences}, {issues if self.issue_count else gettext('no issues')}"


@dataclass
class ReadPart:
    """The lead or a non-empty section: its card, its rendering, and the ids of its fields by name."""

    card: ReadCard
    part: derivation.Part
    body: str
    fields: dict[str, str]

    @property
    def texts(self):
        """(field name, rendered text), in the order of the text."""
        body = [("body", self.part.body)]
        return body if self.part.heading is None else [("heading", self.part.heading), *body]

    @property
    def plain_heading(self):
        return self.part.heading.plain_text if self.part.heading is not None else ""

    @property
    def section_key(self):
        return self.part.section.key if self.part.section is not None else None


@dataclass
class Reading:
    """A form's text, read as the public page would."""

    lead: ReadCard
    cards: list[ReadCard]
    missing: list[str]
    parts: list[ReadPart] = field(default_factory=list)
    panel: object = None

    @property
    def sections(self):
        """The cards that the outline lists."""
        return [card for card in self.cards if not card.is_new and not card.is_removed]

    @property
    def sentence_count(self):
        return sum(part.card.sentence_count for part in self.parts)

    @property
    def cited_sentence_count(self):
        return sum(part.card.cited_count for part in self.parts)

    @property
    def share_of(self):
        """The total for the progress bar; at least 1, because a bar can't have length 0."""
        return max(self.sentence_count, 1)

    @property
    def to_do(self):
        """A sentence that says what is left to do."""
        cited = ngettext(
            "%(cited)s of %(count)s sentence cited.", "%(cited)s of %(count)s sentences cited.", self.sentence_count
        ) % {"cited": intcomma(self.cited_sentence_count), "count": intcomma(self.sentence_count)}
        count = self.panel.issue_count
        issues = ngettext("%(count)s issue", "%(count)s issues", count) % {"count": intcomma(count)} if count else ""
        if self.missing:
            missing = ngettext(
                "%(count)s thing required before submitting",
                "%(count)s things required before submitting",
                len(self.missing),
            ) % {"count": len(self.missing)}
            return f"{missing}{', ' if issues else ''}{issues}. {cited}"
        if issues:
            return gettext("%(issues)s. You can still submit. %(cited)s") % {"issues": issues, "cited": cited}
        return gettext("Ready to submit. %(cited)s") % {"cited": cited}


def read(form, *, is_change, editor):
    """Return the `Reading` of `form`. `is_change` is set if it changes a published text.

    `editor` is the user if they may edit it, else None: only editors see excerpts of transcripts.
    """
    content = form.content()
    prefetch_related_objects([source.episode for source in content.sources], "chapter_set")
    episodes = {source.key: source.episode for source in content.sources}
    texts = [content.lead, *(text for section in content.sections for text in (section.heading, section.body))]
    parts = derivation.read(content.lead, content.sections, episodes, derivation.slugs_in(texts))
    parts_by_section = {id(part.section): part for part in parts[1:]}

    lead = ReadCard("card-lead", form.text, gettext("Lead"))
    reading = Reading(lead, [], [])
    _add(reading, lead, parts[0], content.lead, {"body": "id_lead"})
    for card in form.cards:
        prefix = card.form.prefix
        section = card.section
        part = parts_by_section.get(id(section)) if section is not None else None
        read_card = ReadCard(
            anchor=f"card-{prefix}",
            form=card.form,
            heading=(part.heading.plain_text if part else "")
            or (section.heading if section else "")
            or gettext("Untitled"),
            level=section.level if section else 1,
            is_removed=card.is_removed,
            is_new=section is None and not card.is_removed,
        )
        reading.cards.append(read_card)
        if part:
            fields = {"heading": f"id_{prefix}-heading", "body": f"id_{prefix}-body"}
            _add(reading, read_card, part, section.body, fields)
    reading.panel = evidence_panel.build_panel(
        content.title,
        content.lead,
        reading.parts,
        form.article,
        episodes,
        lineage=drafts.lineage(form),
        editor=editor,
        wanted=set(form.wanted),
        page=form.evidence_page,
        chosen_threads=form.threads,
        is_change=is_change,
        is_about_health=content.notice == Revision.Notice.HEALTH,
    )
    for group in reading.panel.groups:
        group.card.issue_count = group.issue_count
    cards = reading.sections
    for card in cards:  # of a long text, only the first section and those with issues or errors are open
        card.is_open = len(cards) <= 3 or card is cards[0] or card.issue_count > 0 or bool(card.form.errors)
    reading.missing = contents.missing_in(
        content,
        citation_count=sum(card.citation_count for card in [lead, *reading.cards]),
        problem_count=sum(len(text.problems) for part in parts for text in part.rendered()),
        is_change=is_change,
    )
    if reading.panel.coverage_verdict.is_blocking:
        reading.missing.append(translate(reading.panel.coverage_verdict.message))
    return reading


def how_long_ago(moment):
    """The time since `moment` as text."""
    if timezone.now() - moment < timedelta(minutes=1):
        return gettext("just now")
    return gettext("%(time)s ago") % {"time": timesince(moment)}


def _add(reading, card, part, body, fields):
    shown = sum(len(other.card.html) for other in reading.parts)
    card.is_preview_left_out = shown + len(part.body.html) > PREVIEWS_MAX
    card.html = "" if card.is_preview_left_out else mark_safe(part.body.html)  # noqa: S308  (sanitised by core.markdown)
    card.sentence_count = part.body.sentence_count
    card.cited_count = part.body.cited_sentence_count
    card.citation_count = sum(len(text.citations) for text in part.rendered())
    reading.parts.append(ReadPart(card, part, body, fields))
