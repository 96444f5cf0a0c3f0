"""Citations that were meant but not written as such: escaped ones, and linked times of the article's own recording."""

from collections.abc import Iterator, Mapping

from articles.core.language.messages import LazyMessage, lazy_message
from articles.core.timestamps import (
    Intended,
    Mark,
    distant_links,
    find_intended,
    format_label,
    recording_of,
    seen,
)

UNSEEN_REMOVED = lazy_message("Characters that nobody sees were removed.")


def intended_in(text: str, video_id: str, targets: Mapping[str, str]) -> Iterator[Intended]:
    """Yield the escaped citations, and the linked ones that lead to the article's own recording, a YouTube video.

    `targets` are those of the article's reference links. Times that lead elsewhere through one that another part of the
    article defines are yielded with the address in place of the label: they would be citations otherwise.
    """
    if not any(sign in text for sign in ("\\", "](", "][")) and not ("</a>" in text and "href=" in text.lower()):
        return
    own = f"youtube:{video_id}"
    distant = {link.start: link for link in distant_links(text, targets) if recording_of(link.address) != own}
    found = [
        Intended(link.start, link.start + len(link.written), link.written, "linked", link.inline, link.address)
        for link in distant.values()
    ]
    for intended in find_intended(text, targets):
        is_own = intended.kind == "linked" and (not intended.address or recording_of(intended.address) == own)
        if (intended.kind == "escaped" or is_own) and intended.start not in distant:
            found.append(intended)
    yield from sorted(found, key=lambda intended: intended.start)


def reason_of(intended: Intended) -> tuple[LazyMessage, str]:
    """Return what to report when `intended` becomes a citation: the reason and its code."""
    if intended.replacement.endswith(")"):
        return lazy_message("The address of a link was written into it, because another section defines it."), "link"
    if intended.label is not None:
        mark = intended.replacement[intended.replacement.rfind("[") :]
        reason = lazy_message(
            "The link leads to %(mark)s, its label says %(label)s; the link’s time was kept.",
            mark=mark,
            label=format_label(intended.label),
        )
        return reason, "time-differs"
    if intended.kind == "linked":
        return lazy_message("A linked time became a citation."), "linked"
    return lazy_message("An escaped citation became a citation."), "escaped"


def unusual_in(mark: Mark, *, is_label: bool) -> tuple[LazyMessage, str] | None:
    """Return what to report when `mark` gets its canonical form, the reason and its code; None if it stays as written.

    The label of a link, `is_label`, keeps its fractions of a second.
    """
    if seen(mark.text) != mark.text:
        return UNSEEN_REMOVED, "characters"
    if not is_label and any("." in moment.text for moment in mark.moments):
        return lazy_message("Timestamps are whole seconds; the fraction of a second was removed."), "time-fraction"
    return None
