"""Compares two texts of one draft where they differ, so that a person can choose."""

from dataclasses import dataclass

from django.utils.translation import gettext

from articles.core.markdown import plain_heading, visible_links
from articles.core.revisions import diff
from articles.views.diff.sections import with_visible_links


@dataclass(frozen=True)
class Difference:
    """A field or section that differs. `field` is the id of the form's field, or "" if the form has none for it.

    `mine` or `theirs` is None if only the other text has the section. `adds` is a section that only their text has. The
    runs are those of one text; the other text lacks those that aren't "equal".
    """

    label: str
    field: str
    mine: str | None
    theirs: str | None
    mine_runs: list[diff.Run]
    theirs_runs: list[diff.Run]
    adds: object = None
    card: str = ""


def compare(form, mine, theirs):
    """List the differences between `mine`, the content of `form`, and `theirs`, which was saved in the meantime."""
    differences = []

    def differ(label, field, own, other, shown=str):
        if own != other:
            differences.append(_difference(label, field, shown(own), shown(other)))

    differ(gettext("Title"), "id_title", mine.title, theirs.title)
    differ(gettext("Slug"), "id_slug", mine.slug, theirs.slug)
    differ(gettext("Notice"), "id_notice", mine.notice, theirs.notice)
    differ(gettext("Sources"), "", _sources(mine), _sources(theirs))
    differ(gettext("Edit summary"), "id_edit_summary", mine.edit_summary, theirs.edit_summary)
    differ(gettext("Lead"), "id_lead", mine.lead, theirs.lead)

    prefixes = {id(card.section): card.form.prefix for card in form.cards if card.section is not None}
    others = {section.key: section for section in theirs.sections}
    for section in mine.sections:
        prefix = prefixes[id(section)]
        other = others.pop(section.key, None) if section.key else None
        label = plain_heading(section.heading) or gettext("Untitled section")
        if other is None:
            text = _text_of(section)
            label = gettext("%(label)s: section only in this text") % {"label": label}
            only_mine = Difference(
                label, "", text, None, [diff.Run("delete", visible_links(text))], [], card=f"card-{prefix}"
            )
            differences.append(only_mine)
            continue
        differ(f"{label}: heading", f"id_{prefix}-heading", section.heading, other.heading)
        differ(f"{label}: level", f"id_{prefix}-level", section.level, other.level)
        differ(f"{label}: text", f"id_{prefix}-body", section.body, other.body)
    for section in others.values():
        text = _text_of(section)
        label = gettext("%(heading)s: section only in the saved text") % {
            "heading": plain_heading(section.heading) or gettext("Untitled section")
        }
        differences.append(
            Difference(label, "", None, text, [], [diff.Run("insert", visible_links(text))], adds=section)
        )
    common = {section.key for section in mine.sections} & {section.key for section in theirs.sections}
    orders = [[s for s in content.sections if s.key in common] for content in (mine, theirs)]
    if [s.key for s in orders[0]] != [s.key for s in orders[1]]:
        differences.append(
            _difference(gettext("Section order"), "", *("\n".join(s.heading for s in order) for order in orders))
        )
    return differences


def _text_of(section):
    return f"{section.heading}\n\n{section.body}".strip()


def _sources(content):
    return "\n".join(f"{source.key}: {source.episode.title} · {source.episode.reference}" for source in content.sources)


def _difference(label, field, mine, theirs):
    runs = with_visible_links(diff.runs_between(mine, theirs))
    mine_runs = [run for run in runs if run.op != "insert"]
    theirs_runs = [run for run in runs if run.op != "delete"]
    return Difference(label, field, mine, theirs, mine_runs, theirs_runs)
