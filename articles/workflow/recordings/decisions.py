"""Decisions on changes to recordings that wait for a second person."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from articles.core.recordings.editions import OffsetMap, Piece
from articles.models import Chapter, Edition, Episode, RecordingChange, Show, named
from articles.workflow.content import recordings as content
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    NotAllowed,
    require,
    require_reason,
    transition,
)
from articles.workflow.transitions.four_eyes import require_two_people

from . import corrections, records, transcripts
from .episodes import change_episode, save_show
from .rechecking import start_if_long
from .steps import DECIDES, locked

Outcome = RecordingChange.Outcome


def accept(change, *, by, comment=""):
    """Carry out a waiting change. Whoever proposed it can't, unless they may override reviews and say why in `comment`.

    Raises `InvalidTransition` if the recording isn't as it was when the change was proposed.
    """
    require(by, DECIDES, gettext("decide on changes to recordings"))
    if settings.FOUR_EYES and change.proposed_by_id == by.pk:
        if not by.has_perm("articles.override_review"):
            raise NotAllowed(gettext("You proposed this change, so someone else has to accept it."))
        require_reason(comment, gettext("Give a reason for accepting your own change. Everyone can see it."))
    else:
        require_two_people(by, [change.proposed_by_id])
    _require_recording(change)
    try:
        with transaction.atomic(), locked(_episodes(change)):
            change.refresh_from_db(fields=["cues", "outcome"])
            cues = change.cues
            _require_as_before(change)
            _decide(change, Outcome.APPLIED, by, comment)
            change.cues = cues
            _carry_out(change, by)
            is_replaced = bool({"transcript", "cue"} & change.after.keys())
            task = start_if_long(change.episode, by=by) if is_replaced else None
            records.notify_proposer(change, _episodes(change), _told(change, by, gettext("accepted")), by)
    except (ValidationError, IntegrityError) as error:
        reasons = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise InvalidTransition(
            gettext("This can’t be saved any longer: %(reasons)s") % {"reasons": reasons}
        ) from error
    if is_replaced and task is None:
        transcripts.recheck(change.episode)
    return change


@transition
def reject(change, *, by, comment):
    """Reject a waiting change; `comment` says why."""
    require(by, DECIDES, gettext("decide on changes to recordings"))
    require_reason(comment, gettext("Say why you reject the change."))
    _decide(change, Outcome.REJECTED, by, comment)
    records.log_refusal(change, _episodes(change), Action.RECORDING_REJECTED, by)
    text = f"{_told(change, by, gettext('rejected'))} {comment}"
    records.notify_proposer(change, _episodes(change), text, by)
    return change


@transition
def withdraw(change, *, by):
    """Withdraw one's own waiting change."""
    if change.proposed_by_id != by.pk:
        raise NotAllowed(gettext("Only whoever proposed this change can withdraw it."))
    _decide(change, Outcome.WITHDRAWN, by, "")
    records.log_refusal(change, _episodes(change), Action.RECORDING_WITHDRAWN, by)
    return change


def _decide(change, outcome, by, comment):
    if not records.decide(change, outcome, by, comment):
        raise InvalidTransition(gettext("Someone has already decided on this change. Reload the page."))


def _told(change, by, verb):
    values = {
        "name": records.actor_name(by),
        "verb": verb,
        "recording": change.recording_title,
    }
    return gettext("%(name)s %(verb)s your change to the recording “%(recording)s”.") % values


def _episodes(change):
    """Return the episodes that a change is about, as a query set."""
    if change.episode_id is not None:
        return Episode.objects.filter(pk=change.episode_id)
    return Episode.objects.filter(show=change.show_id, source__isnull=False).distinct()


def _require_recording(change):
    if change.episode_id is None and change.show_id is None:
        raise InvalidTransition(gettext("This recording no longer exists."))


def _require_as_before(change):
    """Require that the parts which the change replaces are what they were when it was proposed."""
    if change.episode_id is None:
        stored = Show.objects.filter(pk=change.show_id).values(*content.SHOW_COLUMNS).get()
    else:
        row = Episode.objects.filter(pk=change.episode_id)
        stored = content.states_of(row)[change.episode_id] | row.values(*sorted(content.NOT_SHOWN)).get()
    before = dict(change.before)
    if before.pop("cue", None):
        corrections.require_cue_as_before(change)
    if "transcript" in before:
        before["transcript"] = before["transcript"]["digest"] if before["transcript"] else ""
    differing = [content.part_label(name) for name, value in before.items() if stored[name] != value]
    if differing:
        raise InvalidTransition(
            gettext("Changed since this was proposed: %(parts)s. Reject the change, and make it again if it is needed.")
            % {"parts": ", ".join(differing)}
        )


def _carry_out(change, by):
    after = dict(change.after)
    if "transcript" in after:
        transcripts.accept_transcript(change, by=by)
        return
    if "cue" in after:
        corrections.accept_correction(change, by=by)
        return
    if change.episode_id is None:
        show = Show.objects.get(pk=change.show_id)
        _set(show, after)
        save_show(show, list(after), by=by, at_once=True, proposal=change)
        return
    episode = Episode.objects.select_related("show").get(pk=change.episode_id)
    chapters, editions = after.pop("chapters", None), after.pop("editions", None)
    with change_episode(episode, by=by, at_once=True, proposal=change) as made:
        if "show" in after:
            after["show"] = _show_as_proposed(after["show"])
        _set(episode, after)
        made.save(list(after))
        if chapters is not None:
            made.save_chapters(
                [Chapter(episode=episode, start_seconds=start, title=title, is_sponsor=is_sponsor)
                 for start, title, is_sponsor in chapters],
                list(episode.chapter_set.all()),
            )  # fmt: skip
        if editions is not None:
            _save_editions(made, episode, editions)


def _show_as_proposed(proposed):
    """Return the show with this `show_value`: one that nobody cites can change while the proposal waits."""
    show = named(Show.objects, handle=proposed[0])
    if show is None:
        raise InvalidTransition(gettext("The show that the episode was to move to no longer exists."))
    if content.show_value(show) != proposed:
        raise InvalidTransition(
            gettext(
                "The show that the episode was to move to has changed since this was proposed. Reject the change, and "
                "make it again if it is needed."
            )
        )
    return show


def _set(recording, values):
    """Set columns, as JSON keeps them, and validate them: another recording may have got the same values since."""
    for name, value in values.items():
        setattr(recording, name, recording._meta.get_field(name).to_python(value) if name != "show" else value)
    recording.full_clean()


def _save_editions(made, episode, editions):
    known = {edition.key: edition for edition in episode.edition_set.all()}
    saved = []
    for key, title, audio_url, youtube_id, duration_seconds, stretches in editions:
        edition = known.pop(key, None) or Edition(episode=episode, key=key)
        edition.title, edition.audio_url, edition.youtube_id = title, audio_url, youtube_id
        edition.duration_seconds = duration_seconds
        saved.append((edition, OffsetMap(Piece(*stretch) for stretch in stretches)))
    made.save_editions(saved, list(known.values()))
