"""Registers all checks and runs them on a text."""

from collections.abc import Collection, Iterable
from functools import partial

from articles.core.language.messages import noop

from .rules import chapters, marks, repetition, structure, unread, unread_links, wording
from .types import Issue, Rule, Text

RULES: tuple[Rule, ...] = (
    Rule(
        "past-end",
        noop("Past the end"),
        noop(
            "The timestamp is past the end of the recording, often because minutes and seconds were written as hours "
            "and minutes."
        ),
        2,
        partial(marks.problems, code="past-end"),
    ),
    Rule(
        "malformed",
        noop("Invalid timestamp"),
        noop("Text in brackets was meant as a timestamp but isn’t valid."),
        2,
        partial(marks.problems, code="malformed"),
    ),
    Rule(
        "unknown-source",
        noop("Unknown source"),
        noop("The timestamp names a source that the article doesn’t have."),
        2,
        partial(marks.problems, code="unknown-source"),
    ),
    Rule(
        "no-episode",
        noop("No episode"),
        noop("The article has no episode that the timestamp could cite."),
        2,
        partial(marks.problems, code="no-episode"),
    ),
    Rule(
        "unread-citation",
        noop("Unread citation"),
        noop("A timestamp was meant as a citation but is written in another way, so readers see text, a link or code."),
        2,
        unread.citation,
    ),
    Rule(
        "escaped-citation",
        noop("Escaped citation"),
        noop("A backslash turns a citation into text."),
        1,
        unread.escaped,
    ),
    Rule(
        "unread-block",
        noop("Unread heading or list"),
        noop("A heading, list or quotation is shown as text because of an invisible character or a missing space."),
        1,
        unread.block,
    ),
    Rule(
        "unread-link",
        noop("Unread link or image"),
        noop("A link or an image is shown as text because of how it is written."),
        1,
        unread_links.link,
    ),
    Rule(
        "sponsor",
        noop("In a sponsor’s chapter"),
        noop("The timestamp is in a chapter marked as a sponsor’s."),
        2,
        chapters.sponsor,
    ),
    Rule(
        "chapter-topic",
        noop("Matches another chapter"),
        noop("The title of the cited chapter shares no word with the claim, but another chapter’s title does."),
        2,
        chapters.chapter_topic,
    ),
    Rule(
        "chapter-start",
        noop("At the start of a chapter"),
        noop("The timestamp is exactly the start of a chapter, so it was probably copied from the table of contents."),
        1,
        chapters.chapter_start,
    ),
    Rule(
        "same-moment",
        noop("Same timestamp for two claims"),
        noop("Two different claims in a section cite the same timestamp."),
        1,
        marks.same_moment,
    ),
    Rule(
        "after-full-stop",
        noop("After the full stop"),
        noop("The citation is after the full stop, where it may seem to belong to the next sentence."),
        1,
        marks.after_full_stop,
    ),
    Rule(
        "uncited-dose",
        noop("Uncited dose or percentage"),
        noop("A dose or a percentage is in a sentence without a citation."),
        3,
        wording.uncited_dose,
    ),
    Rule(
        "absolute-words",
        noop("Absolute wording"),
        noop("A word such as cures, proven, always or never claims more than a talk can show."),
        2,
        wording.absolute_words,
    ),
    Rule(
        "doubled-phrase",
        noop("Repeated words"),
        noop("A word, a phrase or a sentence is repeated immediately."),
        1,
        repetition.doubled_phrase,
    ),
    Rule(
        "empty-section",
        noop("Empty section"),
        noop("A section has neither text nor subsections."),
        1,
        structure.empty_section,
    ),
    Rule(
        "skipped-level",
        noop("Skipped level"),
        noop("A section is more than one level below the previous one."),
        1,
        structure.skipped_level,
    ),
    Rule(
        "missing-alt",
        noop("Image without alt text"),
        noop("An image has no text for readers who can’t see it."),
        1,
        structure.missing_alt,
    ),
)


UNREAD = frozenset({"unread-citation", "escaped-citation", "unread-block", "unread-link"})


def find_unread(text: Text) -> list[Issue]:
    """Return only the issues about what was meant as a citation, heading, list, link or image but can't be read."""
    return _in_order(issue for rule in RULES if rule.code in UNREAD for issue in rule.function(text))


def find_issues(text: Text, *, off: Collection[str] = ()) -> list[Issue]:
    """Return the issues in text order, those of one place in the order of RULES; never raises, whatever the text.

    `off` are the codes of checks to skip; unknown codes are ignored.
    """
    return _in_order(issue for rule in RULES if rule.code not in off for issue in rule.function(text))


def _in_order(issues: Iterable[Issue]) -> list[Issue]:
    return sorted(dict.fromkeys(issues), key=lambda issue: (issue.part, issue.field == "body", issue.offset))
