"""Lists all checks and runs them over a text."""

from collections.abc import Collection

from articles.core.language.messages import noop

from . import rule_chapters, rule_marks, rule_repetition, rule_structure, rule_wording
from .types import Issue, Rule, Text

RULES: tuple[Rule, ...] = (
    Rule(
        "past-end",
        noop("Past the end"),
        noop(
            "The moment lies behind the end of the recording, often because minutes and seconds were written as hours."
        ),
        2,
        rule_marks.past_end,
    ),
    Rule(
        "malformed",
        noop("Not a mark"),
        noop("Something in brackets was meant as a moment and is none."),
        2,
        rule_marks.malformed,
    ),
    Rule(
        "unknown-source",
        noop("Unknown source"),
        noop("The mark names a source that the article has not."),
        2,
        rule_marks.unknown_source,
    ),
    Rule(
        "no-episode",
        noop("No episode"),
        noop("The article has no episode that the mark could cite."),
        2,
        rule_marks.no_episode,
    ),
    Rule(
        "sponsor",
        noop("In an advertisement"),
        noop("The moment lies in a chapter marked as a sponsor’s."),
        2,
        rule_chapters.sponsor,
    ),
    Rule(
        "chapter-topic",
        noop("Another chapter’s topic"),
        noop("The title of the cited chapter has no word in common with the claim, while another chapter’s has."),
        2,
        rule_chapters.chapter_topic,
    ),
    Rule(
        "chapter-start",
        noop("At a chapter’s start"),
        noop("The moment is exactly the start of a chapter: copied from a table of contents rather than heard."),
        1,
        rule_chapters.chapter_start,
    ),
    Rule(
        "same-moment",
        noop("One moment, two claims"),
        noop("A section cites the same moment for two different claims."),
        1,
        rule_marks.same_moment,
    ),
    Rule(
        "after-full-stop",
        noop("Behind the full stop"),
        noop("The mark stands behind the full stop, where it may be read as belonging to the next sentence."),
        1,
        rule_marks.after_full_stop,
    ),
    Rule(
        "uncited-dose",
        noop("Dose without a citation"),
        noop("A dose or a percentage stands in a sentence that cites nothing."),
        3,
        rule_wording.uncited_dose,
    ),
    Rule(
        "absolute-words",
        noop("No exception"),
        noop("A word such as cures, proven, always or never claims more than a talk can show."),
        2,
        rule_wording.absolute_words,
    ),
    Rule(
        "doubled-phrase",
        noop("Written twice"),
        noop("A word, a phrase or a sentence stands twice in a row."),
        1,
        rule_repetition.doubled_phrase,
    ),
    Rule(
        "empty-section",
        noop("Empty section"),
        noop("A section has neither text nor subsections."),
        1,
        rule_structure.empty_section,
    ),
    Rule(
        "skipped-level",
        noop("Skipped level"),
        noop("A heading is more than one level below the one before."),
        1,
        rule_structure.skipped_level,
    ),
)
_ORDER = {check.code: number for number, check in enumerate(RULES)}


def find_issues(text: Text, *, off: Collection[str] = ()) -> list[Issue]:
    """Return what the checks find, in the order of the text; never raises on any text.

    `off` are the codes of checks that are not run; a code that no check has is passed over.
    """
    flags = (flag for check in RULES if check.code not in off for flag in check.function(text))
    return sorted(
        dict.fromkeys(flags), key=lambda flag: (flag.part, flag.field == "body", flag.offset, _ORDER[flag.code])
    )
