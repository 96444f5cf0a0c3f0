"""Builds the text of a merge from a person's choice for each clash."""

from articles.core.diff.types import Section, Source, Text
from articles.core.language.messages import lazy_message

from .types import Choices, Clash, Merge, MergedSection, Order, Value, Written


def resolve(merge: Merge, choices: Choices) -> Text:
    """Return the merged text; `choices` maps the id of each clash to a side or to a person's own text.

    Raises ValueError if a clash has no choice, if an id is unknown, or if a person wrote a text where only a side can
    be chosen (orders, whole sections) or a level that isn't a number.
    """
    known = {clash.id: clash for clash in merge.clashes}
    if unknown := sorted(set(choices) - set(known)):
        raise ValueError(
            lazy_message("No such conflict: %(ids)s. Reload the page and choose again.", ids=", ".join(unknown))
        )
    if missing := [clash for clash in merge.clashes if clash.id not in choices]:
        places = ", ".join(f"{clash.place} of “{clash.name}”" if clash.name else clash.place for clash in missing)
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


def _decided(clash: Clash, choices: Choices, *, may_write: bool = True) -> str | None:
    choice = choices[clash.id]
    if isinstance(choice, Written):
        if not may_write:
            raise ValueError(
                lazy_message("Choose a side for the %(place)s; you can edit it afterwards.", place=clash.place)
            )
        return choice.text
    if choice not in ("ours", "theirs"):
        raise ValueError(
            lazy_message(
                "“%(choice)s” isn't a choice for the %(place)s: choose ours or theirs, or write your own text.",
                choice=choice,
                place=clash.place,
            )
        )
    return clash.ours if choice == "ours" else clash.theirs


def _chosen(value: Value, choices: Choices) -> str | None:
    return _decided(value, choices) if isinstance(value, Clash) else value


def _keys(order: Order, choices: Choices) -> tuple[str, ...]:
    if order.clash is None:
        return order.ours
    _decided(order.clash, choices, may_write=False)
    return order.ours if choices[order.clash.id] == "ours" else order.theirs


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
