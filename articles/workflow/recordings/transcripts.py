"""Changes to an episode's transcript: its cues, its record, and the checks that depend on it."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from articles.core.recordings.transcripts import Cue as ReadCue
from articles.core.recordings.transcripts import TranscriptProblem
from articles.derived import republish_citing
from articles.derived.checks import run
from articles.models import BackgroundTask, RecordingChange, Transcript
from articles.workflow.content.recordings import part_label
from articles.workflow.history import rows
from articles.workflow.transitions import InvalidTransition

from . import rechecking, records, stored_cues
from .cue_history import carried
from .rechecking import start_if_long
from .steps import Change, locked, needs_second_person
from .stored_cues import CUE, digest_of, ordered, row_of, set_corrections, set_digest

DESCRIBED = ("format", "language", "file_name", "problems")
SHOWN = 50  # differing cues kept with a change, from each of the two transcripts
REPLACED_MEANWHILE = gettext_lazy(
    "Someone else imported or removed a transcript after you opened this page. Nothing was changed. Check the current "
    "transcript, then choose your file again to replace it."
)


@dataclass(frozen=True)
class ReplacedTranscript:
    """The episode's current transcript, the problems found in it, and how many checks were made and pages stored.

    Corrections that fit no cue are among the problems.

    `change` is the `RecordingChange`, None if nothing changed. If it is waiting, `transcript` is still the current one,
    or None.
    """

    transcript: Transcript | None
    problems: tuple[TranscriptProblem, ...]
    check_count: int
    page_count: int
    is_unchanged: bool
    change: RecordingChange | None = None
    task: BackgroundTask | None = None

    @property
    def is_waiting(self):
        return self.change is not None and self.change.is_waiting


def replace_transcript(
    episode,
    reading,
    problems=(),
    *,
    by=None,
    language="",
    file_name="",
    is_language_given=False,
    reason="",
    at_once=False,
    loaded_as=None,
):
    """Replace the episode's transcript with `reading`, a `Reading`; returns a `ReplacedTranscript`.

    `loaded_as` is the digest of the transcript to replace ("" if there is none, None for any). Raises InvalidTransition
    if it's no longer the current one.

    `problems` are stored with the transcript. Corrections of cues are kept, as in `core…corrections.carry`; those that
    fit no cue are among the problems returned, and `cue_history.unplaced` lists them. Identical cues change nothing, but
    a `language` that somebody gave is stored. The change may have to wait for a decision, as in `steps.change`.

    Citations are checked in separate transactions so that nobody has to wait; if that is interrupted, a worker does it,
    or the next import of the file. Unless a command waits for it (`at_once`), many citations are checked by a task, the
    result's `task`.
    """
    columns = {
        "format": reading.format,
        "language": language,
        "file_name": file_name,
        "problems": [[problem.line, problem.cue, problem.text, problem.reason] for problem in problems],
    }
    with transaction.atomic(), locked([episode]):
        current = _current(episode, loaded_as)
        kept, lost = carried(episode, reading.cues)
        digest = digest_of(kept.cues)
        if current is not None and current.digest == digest:
            if is_language_given and current.language != language:
                current.language = language
                with rows.recorded(Transcript, [current.pk]):
                    current.save(update_fields=["language"])
            set_digest(episode, digest)
            set_corrections(episode, kept.numbers)
            change = None
        else:
            change = _change_cues(episode, reading.cues, columns, by, reason, at_once=at_once)
            current = Transcript.objects.current().filter(episode=episode).first()
        is_waiting = change is not None and change.is_waiting
        task = start_if_long(episode, by=by) if not (at_once or is_waiting) else None
    is_left = is_waiting or task is not None
    check_count, page_count = (0, 0) if is_left else _recheck(episode, is_changed=bool(change))
    problems = (*problems, *(history.as_problem() for history in lost))
    return ReplacedTranscript(current, problems, check_count, page_count, change is None, change, task)


def remove_transcript(episode, *, by=None, reason="", at_once=False, loaded_as=None):
    """Remove the transcript and the checks based on it; return the `RecordingChange`, None without a transcript.

    The transcript's record stays, with its digest and dates. The removal may have to wait, as in `steps.change`;
    `loaded_as` is that of `replace_transcript`.
    """
    with transaction.atomic(), locked([episode]):
        is_there = _current(episode, loaded_as) is not None
        change = _change_cues(episode, (), None, by, reason, at_once=at_once) if is_there else None
        is_gone = change is not None and not change.is_waiting
        task = start_if_long(episode, by=by) if is_gone and not at_once else None
    if is_gone and task is None:
        _recheck(episode, is_changed=True)
    return change


def _current(episode, loaded_as):
    """Return the current `Transcript` of the locked episode, or None; raises InvalidTransition if it isn't `loaded_as`."""
    current = Transcript.objects.current().filter(episode=episode).first()
    if loaded_as is not None and loaded_as != (current.digest if current else ""):
        raise InvalidTransition(REPLACED_MEANWHILE)
    return current


def accept_transcript(proposal, *, by):
    """Carry out a proposal whose outcome is set.

    The caller has locked the episode, and rechecks it after the commit.
    """
    described = proposal.after["transcript"]
    columns = {name: described[name] for name in DESCRIBED} if described else None
    cues = [ReadCue(*cue) for cue in proposal.cues or ()]
    if columns:
        columns |= {"imported_by": proposal.proposed_by, "imported_by_name": proposal.proposed_by_name}
        if by.pk != proposal.proposed_by_id:
            columns |= {"reviewed_at": proposal.decided_at, "reviewed_by": by}
            columns["reviewed_by_name"] = proposal.decided_by_name
    _change_cues(proposal.episode, cues, columns, by, at_once=True, proposal=proposal)


def recheck(episode):
    """Recheck the few citations of an episode whose transcript has changed, and republish what cites it."""
    episode.refresh_from_db(fields=["transcript_digest"])
    return _recheck(episode, is_changed=True)


class _TranscriptChange(Change):
    """A change of the cues alone. Its record has the figures of both transcripts, and the first cues that differ."""

    def __init__(self, episode, cues, columns):
        super().__init__(episode)
        self.begin()
        self.after = self.before | {"transcript": digest_of(cues) if columns else ""}
        self.names = [part_label("transcript") if columns else gettext("transcript removed")]
        current = Transcript.objects.current().filter(episode=episode).first()
        before = [list(row) for row in ordered(episode).values_list(*CUE)]
        after = [row_of(cue) for cue in cues]
        self._described = (
            current and _described(current.digest, vars(current), before, after),
            columns and _described(self.after["transcript"], columns, after, before),
        )

    def values(self):
        return tuple({"transcript": described} for described in self._described)


def _described(digest, columns, cues, others):
    """Return a transcript as a `RecordingChange` keeps it; `lines` are its first cues that are not among `others`."""
    known = {tuple(cue) for cue in others}
    lines = [cue for cue in cues if tuple(cue) not in known]
    figures = {"digest": digest, "cue_count": len(cues), "line_count": len(lines), "lines": lines[:SHOWN]}
    return {name: columns[name] for name in DESCRIBED} | figures


def _change_cues(episode, cues, columns, by, reason="", *, at_once=False, proposal=None):
    """Replace the cues with those of a file and their corrections, or propose to; return the `RecordingChange`.

    `columns` are those of the new transcript, if any.
    """
    kept, _ = carried(episode, cues)
    made = _TranscriptChange(episode, kept.cues, columns)
    if proposal and made.after["transcript"] != (proposal.after["transcript"] or {"digest": ""})["digest"]:
        raise InvalidTransition(
            gettext(
                "Corrections of the transcript were made or discarded since this was proposed, or a name in it was "
                "withheld. Reject the change, and make it again if it is needed."
            )
        )
    if not at_once and needs_second_person(by, [episode]):
        return records.propose(made, [episode], by, reason, is_visible=True, cues=[row_of(cue) for cue in cues])
    now, digest = timezone.now(), made.after["transcript"]
    stored_cues.replace(episode, kept, now)
    if columns:
        transcript = Transcript.objects.create(
            episode=episode,
            digest=digest,
            cue_count=len(cues),
            problem_count=len(columns["problems"]),
            imported_at=now,
            **{"imported_by": by, "imported_by_name": records.actor_name(by)} | columns,
        )
        rows.record_new(transcript)
    set_digest(episode, digest)
    is_command = at_once and proposal is None
    return records.applied(made, [episode], by, reason, is_visible=True, is_command=is_command, proposal=proposal)


def _recheck(episode, *, is_changed):
    """Recheck the episode's citations, and finish what was interrupted; returns (checks made, pages stored)."""
    noted = rechecking.notes(episode=episode)
    check_count = run.recheck(episode)
    run.forget_checks(episode)
    page_count = republish_citing(episode) if is_changed or check_count or noted else 0
    rechecking.remove_notes(noted)
    return check_count, page_count
