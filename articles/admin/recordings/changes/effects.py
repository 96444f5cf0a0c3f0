"""What a waiting correction of a cue would change, as its page lists it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from articles.derived.checks import discrepancies, labels
from articles.models import Citation, Revision

SHOWN = 50  # rows of each list


@dataclass(frozen=True)
class Row:
    """A citation with what is shown of it otherwise, as [(name, before, after)]; `text` is its revision if several are
    affected, else None."""

    citation: Citation
    text: Revision | None
    href: str
    details: list


@dataclass(frozen=True)
class Rows:
    """The first of so many rows."""

    rows: list
    count: int

    @property
    def more(self):
        return self.count - len(self.rows)


@dataclass(frozen=True)
class Listed:
    """The citations of which the check would find something else, `found`, and the others; `issues` as in `Effects`."""

    found: Rows
    kept: Rows
    issues: Any


def listed(effects):
    """Return the `Listed` of `workflow.recordings.effects.Effects`."""
    has_several = len({citation.revision_id for citation, *_ in effects.citations}) > 1
    found, kept = [], []
    for effect in effects.citations:
        _, before, after = effect
        (kept if _words(before) == _words(after) else found).append(effect)
    first = (Rows([_row(*effect, has_several) for effect in some[:SHOWN]], len(some)) for some in (found, kept))
    return Listed(*first, effects.issues[:SHOWN])


def _row(citation, before, after, has_several):
    pairs = [
        ("", _words(before), _words(after)),
        (gettext("Differences"), _differences(citation, before), _differences(citation, after)),
        (gettext("Public excerpt"), before.excerpt, after.excerpt),
    ]
    details = [pair for pair in pairs if pair[1] != pair[2]]
    if not details:
        details = [(gettext("Score"), *(f"{shown.check.published_score:.2f}" for shown in (before, after)))]
    href = citation.episode.link_at(citation.start_seconds, citation.end_seconds)
    return Row(citation, citation.revision if has_several else None, href, details)


def _words(shown):
    """Return what the check found, after what a person said if somebody did."""
    found = labels.verdict_text(shown.check)
    return f"{shown.label.text}; {found}" if shown.is_settled else found


def _differences(citation, shown):
    rows = discrepancies.shown(shown.check, citation.episode, may_quote=True)
    return "; ".join(f"{row.title}: {row.text}" + (f" ({row.closest})" if row.closest else "") for row in rows)
