"""What quotes an erased text among the changes that people made to recordings, or proposed.

What a transcript's file says is what was said, whatever a text quotes from it. But a correction of a cue, a title or
the people of an episode are typed, and may carry other words.
"""

from django.utils.translation import gettext

from articles.models import Cue, Episode, RecordingChange, Show
from articles.workflow.content import recordings as content
from articles.workflow.history import rows
from articles.workflow.history.audit_log import TOMBSTONE
from articles.workflow.transitions import InvalidTransition

Outcome = RecordingChange.Outcome


def quoting(passages):
    """Yield (key, paths) of each change that quotes `passages`; a path leads to a text, as in “after.cue.text”."""
    for change in RecordingChange.objects.order_by("pk").defer("cues").iterator(chunk_size=100):
        paths = [path for path, text in _typed(change) if passages.are_in(text)]
        if paths:
            yield change.pk, paths


def texts_at(change, paths):
    """Return the texts to which `paths` lead in a change; an erased one is a tombstone."""
    typed = dict(_typed(change))
    return tuple(typed[path] for path in paths if path in typed)


def why_kept(change, paths):
    """Return why the quotation at `paths` can't be redacted yet, "" if it can."""
    if change.is_waiting:
        return gettext("This change still waits for a decision. Reject it first.")
    texts = set(texts_at(change, paths)) - {TOMBSTONE}
    if texts & _said_now(change):
        return gettext("The recording still says this. Correct it or undo the correction first.")
    others = RecordingChange.objects.waiting().filter(reference=change.reference).exclude(pk=change.pk)
    if any(texts & _all_of(other) for other in others):
        return gettext("Another proposed change to the recording contains this. Decide on that first.")
    return ""


def redact(key, paths):
    """Replace the texts at `paths` with a tombstone, in this change and in others to the same recording that have them.

    Raises InvalidTransition if `why_kept` says why.
    """
    change = RecordingChange.objects.get(pk=key)
    if reason := why_kept(change, paths):
        raise InvalidTransition(reason)
    texts = set(texts_at(change, paths))
    others = RecordingChange.objects.filter(reference=change.reference).exclude(outcome=Outcome.WAITING)
    for other in others.defer("cues"):
        erased = {name: _erased(getattr(other, name), texts) for name in ("before", "after")}
        if erased != {"before": other.before, "after": other.after}:
            with rows.recorded(RecordingChange, [other.pk]):
                RecordingChange._base_manager.filter(pk=other.pk).update(**erased)


def _typed(change):
    """Yield (path, text) of everything that was typed, not of what a file says."""
    read = (change.before.get("cue") or {}).get("original", [])
    for name in ("before", "after"):
        typed = {key: part for key, part in getattr(change, name).items() if key != "transcript"}
        yield from ((path, text) for path, text in _texts(typed, name) if text not in read)


def _all_of(change):
    """Return every text of a change, those of transcripts included."""
    parts = [change.before, change.after, change.cues or []]
    return {text for _, text in _texts(parts, "")}


def _texts(value, path):
    if isinstance(value, str):
        yield path, value
        return
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from _texts(part, f"{path}.{key}")


def _erased(value, texts):
    """Return plain data with every text that is one of `texts` replaced."""
    if isinstance(value, str):
        return TOMBSTONE if value in texts else value
    if isinstance(value, list):
        return [_erased(part, texts) for part in value]
    if isinstance(value, dict):
        return {key: _erased(part, texts) for key, part in value.items()}
    return value


def _said_now(change):
    """Return the texts of the recording as it is, with those of its cues that a change to it mentions."""
    if change.episode_id is None:
        now = list(Show.objects.filter(pk=change.show_id).values(*content.SHOW_COLUMNS))
    else:
        episode = Episode.objects.filter(pk=change.episode_id)
        now = list(content.states_of(episode).values())
    texts = {text for _, text in _texts(now, "")}
    mentioned = {text for _, text in _typed(change)}
    return texts | set(Cue.objects.filter(episode=change.episode_id, text__in=mentioned).values_list("text", flat=True))
