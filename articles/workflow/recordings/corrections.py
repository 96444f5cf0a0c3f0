"""Corrections of single cues of a transcript: made at once where nothing that readers see depends on it, else proposed."""

from django.db import transaction
from django.utils.translation import gettext

from articles.core.recordings.transcripts import Cue as ReadCue
from articles.core.recordings.transcripts import typed_text
from articles.derived import search
from articles.models import Cue, Transcript
from articles.workflow.content.recordings import part_label
from articles.workflow.history import rows
from articles.workflow.history.audit_log import TOMBSTONE
from articles.workflow.transitions import InvalidTransition

from . import effects, records
from .cue_history import histories_of
from .rechecking import start_if_long
from .steps import Change, locked, needs_second_person
from .stored_cues import CUE, digest_of, set_digest
from .transcripts import recheck

TEXT_MAX = 2000  # characters of a cue; those of paragraphs a minute long have about 1,200
SPEAKER_MAX = Cue._meta.get_field("speaker").max_length


def correct_cue(
    episode, cue, *, speaker, text, expected, by=None, reason="", settles=None, at_once=False, is_typed=True
):
    """Correct the text and speaker of a cue; return the `RecordingChange`, None if it says that already.

    `cue` is its key, and `expected` the (speaker, text) that whoever corrects it has seen. `settles` is a change that
    no longer fitted any cue and with this does. Unless `is_typed`, the cue said this before, so it isn't cleaned. The
    caller has checked that `by` may change the episode; the change waits for a decision if `needs_second_person` and
    readers would see it, another status of a citation included. Raises `InvalidTransition` if the cue or the settled
    correction isn't there as expected.
    """
    text, speaker = _cleaned(text, speaker, is_typed=is_typed)
    with transaction.atomic(), locked([episode]):
        found = Cue.objects.filter(pk=cue, episode=episode).first()
        if found is None or (found.speaker, found.text) != tuple(expected):
            raise InvalidTransition(
                gettext("Someone else changed this part of the transcript after you opened it. Nothing was changed.")
            )
        previous = [pk for pk in (found.correction_id, settles and settles.pk) if pk]
        said = [(found.speaker, found.text), (typed_text(found.speaker), typed_text(found.text))]
        if (speaker, text) in said[: 1 + is_typed] and settles is None:
            return None
        _require_latest(episode, previous)
        made = _CueChange(episode, found, speaker, text, previous)
        if not at_once and needs_second_person(by, [episode]) and effects.why_seen(made):
            return records.propose(made, [episode], by, reason, is_visible=True)
        change = _apply(made, by, reason, is_command=at_once)
        task = None if at_once else start_if_long(episode, by=by)
    if task is None:
        recheck(episode)
    return change


def undo_correction(episode, cue, *, by=None, reason="", at_once=False):
    """Give a cue back what it said before its last correction; return the `RecordingChange`, as `correct_cue`."""
    found = Cue.objects.filter(pk=cue, episode=episode).select_related("correction").first()
    if found is None or found.correction is None:
        raise InvalidTransition(gettext("There is nothing to undo here any longer. Reload the page."))
    before = found.correction.before["cue"]
    if before["text"] == TOMBSTONE:
        raise InvalidTransition(gettext("What this cue said before was erased. Correct it instead."))
    return correct_cue(
        episode,
        found.pk,
        speaker=before["speaker"],
        text=before["text"],
        expected=(found.speaker, found.text),
        by=by,
        reason=reason,
        at_once=at_once,
        is_typed=False,
    )


def discard_correction(episode, change, *, by=None, reason=""):
    """Discard a correction, given by its last change, that no longer fits any cue; return the `RecordingChange`."""
    with transaction.atomic(), locked([episode]):
        _require_latest(episode, [change.pk])
        if Cue.objects.filter(episode=episode, correction=change).exists():
            raise InvalidTransition(gettext("This correction fits the transcript again, so it wasn’t discarded."))
        made = _Discard(episode, change)
        return records.applied(made, [episode], by, reason, is_visible=False, is_command=by is None, proposal=None)


def require_cue_as_before(change):
    """Require that the cue of a proposed correction is what it was. The caller has locked the episode."""
    if _cue_of(change) is None or not _are_latest(change.episode, change.before["cue"]["previous"]):
        raise InvalidTransition(
            gettext("Changed since this was proposed: %(parts)s. Reject the change, and make it again if it is needed.")
            % {"parts": part_label("cue")}
        )


def accept_correction(proposal, *, by):
    """Carry out a proposal whose outcome is set. The caller has locked the episode, and rechecks it after the commit."""
    after, cue = proposal.after["cue"], _cue_of(proposal)
    made = _CueChange(proposal.episode, cue, after["speaker"], after["text"], [proposal.pk])
    _apply(made, by, "", proposal=proposal)


def _cleaned(text, speaker, *, is_typed):
    if is_typed:
        text, speaker = typed_text(text), typed_text(speaker)
    if not text:
        raise InvalidTransition(gettext("A cue needs a text. To take words out of a transcript, import it again."))
    if len(text) > TEXT_MAX:
        raise InvalidTransition(gettext("The text of a cue can have at most %(most)s characters.") % {"most": TEXT_MAX})
    if len(speaker) > SPEAKER_MAX:
        raise InvalidTransition(
            gettext("The name of a speaker can have at most %(most)s characters.") % {"most": SPEAKER_MAX}
        )
    return text, speaker


def _require_latest(episode, changes):
    if not _are_latest(episode, changes):
        raise InvalidTransition(gettext("Someone has already dealt with this correction. Reload the page."))


def _are_latest(episode, changes):
    histories = histories_of(episode) if changes else {}
    return all(pk in histories for pk in changes)


def _cue_of(change):
    """Return the cue that a proposed correction is about, None if it says something else by now or was corrected."""
    before = change.before["cue"]
    same = Cue.objects.filter(
        episode=change.episode_id,
        start_seconds=before["start"],
        end_seconds=before["end"],
        speaker=before["speaker"],
        text=before["text"],
    )
    known = {None, *before["previous"]}
    return next((cue for cue in same.order_by("pk") if cue.correction_id in known), None)


class _CueChange(Change):
    """A change of one cue; `previous` are the changes that it continues or settles."""

    def __init__(self, episode, cue, speaker, text, previous):
        super().__init__(episode)
        self.begin()
        self.cue, self.speaker, self.text = cue, speaker, text
        ordered = Cue.objects.filter(episode=episode).order_by("start_seconds", "pk")
        self.cues = [
            ReadCue(start, end, *((speaker, text) if pk == cue.pk else values))
            for pk, start, end, *values in ordered.values_list("pk", *CUE)
        ]
        self.after = self.before | {"transcript": digest_of(self.cues)}
        self.names = [part_label("cue")]
        times = {"start": cue.start_seconds, "end": cue.end_seconds}
        known = cue.correction.before["cue"]["original"] if cue.correction_id else [cue.speaker, cue.text]
        self.texts_before = {cue.text, known[1]}  # with the file's: small corrections may add up to another text
        self._cue = (
            {**times, "speaker": cue.speaker, "text": cue.text, "original": known, "previous": list(previous)},
            {**times, "speaker": speaker, "text": text},
        )

    def values(self):
        return tuple({"cue": value} for value in self._cue)


class _Discard(Change):
    """A correction that is given up; nothing of the recording changes."""

    def __init__(self, episode, change):
        super().__init__(episode)
        self.begin()
        self.after = self.before
        self.names = [part_label("cue")]
        last = change.after["cue"]
        self._kept = {**last, "original": change.before["cue"]["original"], "previous": [change.pk]}

    def values(self):
        return {"cue": self._kept}, {"cue": None}


def why_correction_waits(proposal, revisions):
    """Return why a waiting correction of a cue waits, as a sentence, and what it would change, as it is computed now.

    That is `effects.affected` in `revisions`, a query set; nothing for any other change, and if the cue is no longer
    what it was.
    """
    cue = _cue_of(proposal) if proposal.is_waiting and proposal.after.get("cue") else None
    if cue is None:
        return "", effects.Effects()
    after = proposal.after["cue"]
    made = _CueChange(proposal.episode, cue, after["speaker"], after["text"], [])
    found = effects.affected(made.recording, made.cues, revisions)
    return effects.why_seen_by_itself(made) or effects.why_seen_in(found), found


def _apply(made, by, reason, *, is_command=False, proposal=None):
    episode, digest = made.recording, made.after["transcript"]
    row = Cue.objects.filter(pk=made.cue.pk)
    row.update(speaker=made.speaker, text=made.text)
    current = Transcript.objects.current().filter(episode=episode)
    with rows.recorded(Transcript, current.values_list("pk", flat=True)):
        current.update(digest=digest)
    set_digest(episode, digest)
    change = records.applied(made, [episode], by, reason, is_visible=True, is_command=is_command, proposal=proposal)
    row.update(correction=_latest_with(episode, change))
    search.index_transcript(episode)
    return change


def _latest_with(episode, change):
    """Return the latest change of the history with `change`, which isn't `change` if others came before it was decided."""
    histories = histories_of(episode).values()
    return next(history.latest for history in histories if change in history.changes)
