"""Builds the text of a merge from a person's choice for each conflict."""

from articles.core.language.messages import lazy_message
from articles.core.revisions.diff import Section, Source, Text

from .types import Choices, Conflict, Merge, MergedSection, Order, Value, Written


def resolve(merge: Merge, choices: Choices) -> Text:
    """Return the merged text; `choices` maps the id of each conflict to a side or to a person's own text.

    Raises ValueError if a conflict has no choice, if an id is unknown, or if a person wrote a text where only a side
    can be chosen (orders, whole sections) or a level that isn't a number.
    """
    known = {conflict.id: conflict for conflict in merge.conflicts}
    if unknown := sorted(set(choices) - set(known)):
        raise ValueError(
            lazy_message("No such conflict: %(ids)s. Reload the page and choose again.", ids=", ".join(unknown))
        )
    if missing := [conflict for conflict in merge.conflicts if conflict.id not in choices]:
        places = ", ".join(
            f"{conflict.place} of “{conflict.name}”" if conflict.name else conflict.place for conflict in missing
        )
        raise ValueError(
            lazy_message("Not decided yet: %(places)s. Choose a side for each, or write your own text.", places=places)
        )
    references = {key: _chosen(merge.sources[key], choices) for key in _keys(merge.source_order, choices)}
    sections = [_section_of(merge.sections[key], choices) for key in _keys(merge.section_order, choices)]
    return Text(
        **{name: _chosen(value, choices) or "" for name, value in merge.values.items()},
        lead=_body_of(merge.lead, choices),
        sources=tuple(Source(key, reference) for key, reference in references.items() if reference is not None),
        sections=tuple(section for section in sections if section is not None),
    )


def _decided(conflict: Conflict, choices: Choices, *, may_write: bool = True) -> str | None:
    choice = choices[conflict.id]
    if isinstance(choice, Written):
        if not may_write:
            raise ValueError(
                lazy_message("Choose a side for the %(place)s; you can edit it afterwards.", place=conflict.place)
            )
        return choice.text
    if choice not in ("ours", "theirs"):
        raise ValueError(
            lazy_message(
                "“%(choice)s” isn't a choice for the %(place)s: choose ours or theirs, or write your own text.",
                choice=choice,
                place=conflict.place,
            )
        )
    return conflict.ours if choice == "ours" else conflict.theirs


def _chosen(value: Value, choices: Choices) -> str | None:
    return _decided(value, choices) if isinstance(value, Conflict) else value


def _keys(order: Order, choices: Choices) -> tuple[str, ...]:
    if order.conflict is None:
        return order.ours
    _decided(order.conflict, choices, may_write=False)
    return order.ours if choices[order.conflict.id] == "ours" else order.theirs


def _body_of(values: tuple[Value, ...], choices: Choices) -> str:
    return "".join(_chosen(value, choices) or "" for value in values)


def _section_of(section: MergedSection, choices: Choices) -> Section | None:
    if section.whole and _decided(section.whole, choices, may_write=False) is None:
        return None
    level = _chosen(section.level, choices) or ""
    if not level.isdecimal():
        raise ValueError(lazy_message("“%(level)s” isn't a section level: enter a number from 1.", level=level))
    heading = _chosen(section.heading, choices) or ""
    return Section(section.key, int(level), heading, _body_of(section.body, choices))
