"""The cited moments of a change, before and after, with links to play them and their citation statuses."""

from dataclasses import replace

from articles.core.revisions.diff import CitedSpan, new_text, old_text
from articles.core.timestamps import Mark, find_marks, format_iso, format_label

from .types import Moment


def moment(episode, start_seconds, end_seconds, *, is_named):
    """Return a cited `Moment`; `is_named` adds the episode's title, for texts with several recordings."""
    label = format_label(start_seconds)
    return Moment(
        label=label if end_seconds is None else f"{label}–{format_label(end_seconds)}",
        iso=format_iso(start_seconds),
        href=episode.link_at(start_seconds, end_seconds) if episode else "",
        chapter=episode.chapter_title_at(start_seconds) if episode else "",
        episode=episode.title if episode and is_named else "",
    )


def pairs(change, before, after, statuses):
    """Return two lists of pairs (old, new): the moments that a change alters, and those kept while their claim changes.

    `before` and `after` map both texts' source keys to episodes; `statuses` is the pair of their `status.Text`. Without
    it, claims are unknown and the second list is empty.
    """
    old, new = (
        _Side(change, before, statuses and statuses[0], is_new=False),
        _Side(change, after, statuses and statuses[1]),
    )
    changed = [(old.moment(pair.old), new.moment(pair.new)) for pair in change.moments]
    if not statuses:
        return changed, []
    gone = {pair.new for pair in change.moments}
    kept = [
        (old.moment(cited), new.moment(cited)) for cited in new.cited() if cited not in gone and cited in old.cited()
    ]
    return changed, [pair for pair in kept if _has_new_claim(*pair)]


class _Side:
    """One side of a change: the old or the new text."""

    def __init__(self, change, episodes, statuses, *, is_new=True):
        self._episodes = episodes
        self._statuses = statuses
        self._text = (new_text if is_new else old_text)(change.runs)
        came_from = change.from_section_key
        self._section_key = change.section_key if is_new or came_from is None else came_from

    def cited(self):
        """Return the moments cited in the text, each once, in order."""
        marks = [mark for mark in find_marks(self._text) if isinstance(mark, Mark)]
        cited = [
            CitedSpan(mark.key, moment.start_seconds, moment.end_seconds) for mark in marks for moment in mark.moments
        ]
        return list(dict.fromkeys(cited))

    def moment(self, cited):
        if cited is None:
            return None
        episode = self._episodes.get(cited.key) if cited.key else next(iter(self._episodes.values()), None)
        plain = moment(episode, cited.start_seconds, cited.end_seconds, is_named=len(self._episodes) > 1)
        if self._statuses is None:
            return plain
        details = self._statuses.at(self._section_key, episode, cited, self._text)
        if details is not None:
            details.citation.episode = episode  # which has its chapters
        return replace(plain, details=details)


def _has_new_claim(old, new):
    if old.details is None or new.details is None:
        return False
    return old.details.citation.claim_key != new.details.citation.claim_key
