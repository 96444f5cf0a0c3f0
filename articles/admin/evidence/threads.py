"""Comments next to what they are about, in the text that an author works on."""

from dataclasses import dataclass, field

from rapidfuzz import fuzz

from articles.core.language import sentences
from articles.core.markdown import visible_links
from articles.core.revisions import diff
from articles.core.timestamps import Lines
from articles.models import Comment, SuggestedEdit
from articles.views.diff import runs_to_show
from articles.workflow.collaboration import margin

from .claims import Place, place_in

SIMILAR = 60  # from this ratio (0 to 100) on, a sentence counts as the one commented on, edited since
CHOICES = ("open", "resolved", "all")  # of the threads to show


@dataclass(frozen=True)
class Thread:
    """A thread at its place in the text. `is_found` is False if what it is about is no longer there.

    A margin comment also says whether its passage `is_changed`, and its words now; if it suggests an edit, `runs` are
    those between what it would replace and the suggested text.
    """

    id: str
    comment: Comment
    answers: list
    place: Place
    is_found: bool
    is_changed: bool = False
    words: str = ""
    edit: SuggestedEdit | None = None
    runs: list = field(default_factory=list)

    is_flagged = False  # a person's remark isn't an issue of the text


@dataclass(frozen=True)
class Threads:
    """The threads of a text: {anchor of a part's card: [`Thread`]} of those `chosen`, and how many there are in all."""

    by_card: dict = field(default_factory=dict)
    chosen: str = CHOICES[0]
    open_count: int = 0
    resolved_count: int = 0


def threads(title, parts, discussed, chosen):
    """Return the `Threads` on the text `parts` under `title`; `discussed` is a `Q` for their comments. Two queries.

    Threads on the whole revision, and on sections that the text no longer has, come with the first part.
    """
    chosen = chosen if chosen in CHOICES else CHOICES[0]
    if discussed is None:
        return Threads(chosen=chosen)
    rows = Comment.objects.threads().filter(discussed).select_related("revision", "passage", "edit__accepted_in")
    found = list(rows.defer("revision__lead", "edit__accepted_in__lead"))
    is_open = [comment.resolved_at is None for comment in found]
    by_card = {}
    for comment, shown in zip(found, is_open, strict=True):
        if chosen != "all" and shown != (chosen == "open"):
            continue
        part, thread = (_in_margin if hasattr(comment, "passage") else _on_sentence)(comment, title, parts)
        by_card.setdefault(part.card.anchor, []).append(thread)
    return Threads(by_card, chosen, sum(is_open), len(found) - sum(is_open))


def _on_sentence(comment, _, parts):
    """Return the part that `comment` is about, and its `Thread` at the sentence that it quotes."""
    part = next((part for part in parts if part.section_key and part.section_key == comment.section_key), parts[0])
    start, end = _quoted(comment.quote, part.body) if comment.change else (0, 0)
    is_found = end > 0 if comment.change else part.section_key == comment.section_key
    return part, _thread(comment, part, part.fields["body"], part.body, start, end, is_found)


def _in_margin(comment, title, parts):
    """Return the part that has the passage of a margin comment, and its `Thread` there."""
    fields, places = [margin.Field(None, True, title)], [(parts[0], "id_title")]
    for part in parts:
        if part.section_key:
            fields.append(margin.Field(part.section_key, True, part.part.section.heading))
            places.append((part, part.fields["heading"]))
        if part.section_key or part is parts[0]:
            fields.append(margin.Field(part.section_key, False, part.body))
            places.append((part, part.fields["body"]))
    located = margin.locate(comment, fields)
    if located.field is None:
        return parts[0], _thread(comment, parts[0], parts[0].fields["body"], "", 0, 0, False, is_changed=True)
    part, name = places[fields.index(located.field)]
    span = located.start, located.end
    is_changed = not located.is_same
    return part, _thread(comment, part, name, located.field.text, *span, not located.is_gone, is_changed=is_changed)


def _thread(comment, part, name, text, start, end, is_found, *, is_changed=False):
    line, column = Lines(text).place(start)
    place = place_in(part, name, start, end - start, line, column)
    answers = list(comment.answers.all())
    edit = getattr(comment, "edit", None)
    runs = edit_runs(comment.quote, edit) if edit else []
    return Thread(f"thread-{comment.pk}", comment, answers, place, is_found, is_changed, text[start:end], edit, runs)


def edit_runs(quote, edit):
    """The runs to show between a passage and what `edit` would write instead."""
    return runs_to_show(diff.runs_between(quote, edit.replacement))


def _quoted(quote, body):
    """Return the span of the sentence of `body` that is or was `quote`; (0, 0) if there is none."""
    spans = sentences.split(body)
    for start, end in spans:
        if visible_links(body[start:end]) == quote:
            return start, end
    scored = [(fuzz.ratio(visible_links(body[start:end]), quote), start, end) for start, end in spans]
    best, start, end = max(scored, default=(0, 0, 0))
    return (start, end) if best >= SIMILAR else (0, 0)
