"""Lists all checks and runs them over a text."""

from collections.abc import Collection

from articles.inspection import chapters, doubling, marks, structure, wording
from articles.inspection.values import Check, Flag, Text

CHECKS: tuple[Check, ...] = (
    Check(
        "past-end",
        "Past the end",
        "The moment lies behind the end of the recording, often because minutes and seconds were written as hours.",
        2,
        marks.past_end,
    ),
    Check("malformed", "Not a mark", "Something in brackets was meant as a moment and is none.", 2, marks.malformed),
    Check(
        "unknown-source", "Unknown source", "The mark names a source that the article has not.", 2, marks.unknown_source
    ),
    Check("no-episode", "No episode", "The article has no episode that the mark could cite.", 2, marks.no_episode),
    Check("sponsor", "In an advertisement", "The moment lies in a chapter marked as a sponsor’s.", 2, chapters.sponsor),
    Check(
        "chapter-topic",
        "Another chapter’s topic",
        "The title of the cited chapter has no word in common with the claim, while another chapter’s has.",
        2,
        chapters.chapter_topic,
    ),
    Check(
        "chapter-start",
        "At a chapter’s start",
        "The moment is exactly the start of a chapter: copied from a table of contents rather than heard.",
        1,
        chapters.chapter_start,
    ),
    Check(
        "same-moment",
        "One moment, two claims",
        "A section cites the same moment for two different claims.",
        1,
        marks.same_moment,
    ),
    Check(
        "after-full-stop",
        "Behind the full stop",
        "The mark stands behind the full stop, where it may be read as belonging to the next sentence.",
        1,
        marks.after_full_stop,
    ),
    Check(
        "uncited-dose",
        "Dose without a citation",
        "A dose or a percentage stands in a sentence that cites nothing.",
        3,
        wording.uncited_dose,
    ),
    Check(
        "absolute-words",
        "No exception",
        "A word such as cures, proven, always or never claims more than a talk can show.",
        2,
        wording.absolute_words,
    ),
    Check(
        "doubled-phrase",
        "Written twice",
        "A word, a phrase or a sentence stands twice in a row.",
        1,
        doubling.doubled_phrase,
    ),
    Check("empty-section", "Empty section", "A section has neither text nor subsections.", 1, structure.empty_section),
    Check(
        "skipped-level",
        "Skipped level",
        "A heading is more than one level below the one before.",
        1,
        structure.skipped_level,
    ),
)
CODES = frozenset(check.code for check in CHECKS)
_ORDER = {check.code: number for number, check in enumerate(CHECKS)}


def inspect(text: Text, *, off: Collection[str] = ()) -> list[Flag]:
    """Return what the checks find, in the order of the text; never raises on any text.

    `off` are the codes of checks that are not run; a code that no check has is passed over.
    """
    flags = (flag for check in CHECKS if check.code not in off for flag in check.function(text))
    return sorted(
        dict.fromkeys(flags), key=lambda flag: (flag.part, flag.field == "body", flag.offset, _ORDER[flag.code])
    )
