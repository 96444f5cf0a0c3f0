"""The steps that every change to a recording consists of: lock, compare, apply or hold for review, record, tell.

What no page shows is held like the rest: a feed's guid and addresses decide what the next import puts into an episode.
"""

from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from articles.core.recordings import state
from articles.derived import refresh_citing, refresh_permitted
from articles.derived.recordings import dependents
from articles.models import Contributor, Episode, Show
from articles.workflow.content import recordings as content
from articles.workflow.transitions import explain_collisions
from articles.workflow.transitions.four_eyes import why_one_person

from . import records

DECIDES = "articles.publish_revision"  # the permission to change at once what texts rely on

# What no derived text depends on: only what is published with it does.
PERMISSIONS = frozenset({"allows_excerpts", "allows_transcript", "allows_transcripts"})


@contextmanager
def locked(episodes):
    """Open a transaction that locks `episodes` and everything that cites them."""
    with explain_collisions(), transaction.atomic(savepoint=False):
        dependents.lock_dependents(episodes)
        yield


def needs_second_person(by, episodes):
    """Return whether a change by `by` has to wait for somebody else's decision; `why_second_person` says when."""
    return bool(why_second_person(by, episodes))


def why_second_person(by, episodes):
    """Return a sentence that says why a change by `by` has to wait for somebody else's decision, "" if it hasn't.

    It has to if a text that was published, approved or submitted cites `episodes`, unless `by` is a moderator who
    could have approved these texts: neither they nor any account that may belong to the same person wrote any of it. `by` is
    None for a command.
    """
    if by is None:
        return ""
    relying = dependents.revisions_relying_on(episodes)
    if not by.has_perm(DECIDES):
        if not relying.exists():
            return ""
        return gettext(
            "Texts in review, approved or published cite this recording, so your changes wait for a moderator’s decision."
        )
    writers = Contributor.objects.filter(revision__in=relying.values("pk")).values_list("user", flat=True)
    writers = set(writers.distinct()) if settings.FOUR_EYES else set()
    if by.pk in writers:
        return gettext(
            "You wrote part of a text that cites this recording, so your changes wait for another moderator’s decision."
        )
    refusal = why_one_person(by, writers) if writers else ""
    return refusal and gettext("Your changes wait for another moderator’s decision. %(reason)s") % {"reason": refusal}


class Change:
    """A change to an episode or a show while it is being made.

    The block calls `begin` before it writes to something that existed, and names what it writes in `names`, as the log
    should. Afterwards `row` is the `RecordingChange`, or None if nothing changed or the recording is new.
    """

    def __init__(self, recording):
        self.recording = recording
        self.is_new = recording.pk is None
        self.needs_digest = False  # set if a new episode got more than its columns
        self.names = []
        self.row = None
        self.before = self.after = None

    def begin(self):
        if self.before is None and not self.is_new:
            self.before = _values(self.recording)

    def compare(self):
        """Compare what is stored now with what was; return whether readers see the difference."""
        if self.before is None:
            return False
        self.after = _values(self.recording)
        return any(name not in content.NOT_SHOWN for name in self.differing)

    @property
    def differing(self):
        """The names of the parts that differ, once they have been compared."""
        return [name for name, value in self.before.items() if value != self.after[name]] if self.after else []

    def values(self):
        """Return the differing parts as they were, and as they are."""
        return tuple({name: values[name] for name in self.differing} for values in (self.before, self.after))

    def subject(self):
        """Return the columns of a `RecordingChange` that say what was changed, by the name that it had."""
        if isinstance(self.recording, Show):
            return {"show": self.recording, "reference": self.before["handle"]}
        return {"episode": self.recording, "reference": f"{self.before['show'][0]}/{self.before['slug']}"}

    def digests(self):
        """Return the digests of the episode before and after; "" for a show, whose episodes have their own."""
        if isinstance(self.recording, Show):
            return "", ""
        return tuple(state.digest(_without_hidden(values)) for values in (self.before, self.after))


class _Held(Exception):
    """Undoes what the block did, because somebody else has to decide first."""


@contextmanager
def change(recording, episodes, by, *, reason="", at_once=False, proposal=None):
    """Wrap a change to `recording`, an episode or a show with these `episodes`, in one transaction. Yields a `Change`.

    If the change needs a second person, the block's writes are undone and kept as a waiting `RecordingChange`.
    `at_once` is for commands, which whoever runs the server calls, and for what was decided: the `proposal` that the
    block carries out.
    """
    made = Change(recording)
    if made.is_new:  # nothing cites it yet
        with explain_collisions(), transaction.atomic(savepoint=False):
            yield made
            if made.needs_digest:
                content.store_digests(Episode.objects.filter(pk=recording.pk))
        return
    episodes = list(episodes)
    with locked(episodes):
        if at_once or not needs_second_person(by, episodes):
            yield made
            is_visible = made.compare()
        else:
            try:
                with transaction.atomic():
                    yield made
                    is_visible = made.compare()
                    if made.differing:
                        raise _Held
            except _Held:
                made.row = records.propose(made, episodes, by, reason, is_visible=is_visible)
                return
        if not made.differing:
            return
        is_show = isinstance(recording, Show)
        if is_visible:
            content.store_digests(Episode.objects.filter(show=recording) if is_show else _row_of(recording))
            if PERMISSIONS.issuperset(made.differing):
                refresh_permitted(episodes)
            else:
                for episode in episodes:
                    refresh_citing(episode)
        made.row = records.applied(
            made, episodes, by, reason, is_visible=is_visible, is_command=at_once and not proposal, proposal=proposal
        )


def _row_of(recording):
    return type(recording).objects.filter(pk=recording.pk)


def _values(recording):
    """Return everything of a show, or of an episode, that a change can change, as it is stored, as plain data."""
    if isinstance(recording, Show):
        return _row_of(recording).values(*content.SHOW_COLUMNS).get()
    hidden = _row_of(recording).values(*sorted(content.NOT_SHOWN)).get()
    return content.states_of(_row_of(recording))[recording.pk] | hidden


def _without_hidden(values):
    return {name: value for name, value in values.items() if name not in content.NOT_SHOWN}
