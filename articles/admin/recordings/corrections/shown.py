"""What an episode's transcript page shows of corrections."""

from dataclasses import dataclass

from django.urls import reverse

from articles.core.parsing.numbers import whole_number
from articles.models import Cue
from articles.workflow.recordings import cue_history

from .forms import CorrectionForm, PlacementForm, cues_of, token_of

UNPLACED_SHOWN = 50


@dataclass(frozen=True)
class CorrectedCue:
    """What the page shows of a cue: what it says, its `CueHistory` if it was corrected, and the form to correct it if open.

    `address` takes the form; it is "" for people who can't change the episode. `token` says what the cue says.
    `messages` say what became of what was sent for the cue.
    """

    pk: int
    seconds: int
    speaker: str
    text: str
    token: str
    history: cue_history.CueHistory | None
    form: CorrectionForm | None
    address: str
    messages: tuple = ()


class Corrections:
    """The corrections of an episode for its transcript's page.

    `chosen` is the key of the cue to be corrected, as text, or the form that was refused. `messages` are {key of a cue:
    its messages}; those that were shown are taken out.
    """

    def __init__(self, episode, chosen, *, may_change, messages=None):
        self.episode, self.may_change = episode, may_change
        self.messages = {} if messages is None else messages
        self.histories = cue_history.histories_of(episode)
        self.form = self._refused = None
        if isinstance(chosen, PlacementForm):
            self._refused = chosen
        elif isinstance(chosen, CorrectionForm):
            self.form = chosen
        elif may_change and (pk := whole_number(chosen)) is not None:
            cue = Cue.objects.filter(episode=episode, pk=pk).first()
            self.form = CorrectionForm(episode, cue) if cue else None

    def of(self, cue):
        """Return the `CorrectedCue` of a cue, an object with its key, `correction_id` and what it says."""
        form = self.form if self.form and self.form.cue.pk == cue.pk else None
        address = reverse("admin:articles_episode_cue", args=[self.episode.pk, cue.pk]) if self.may_change else ""
        said = (int(cue.start_seconds), cue.speaker, cue.text, token_of(cue))
        told = tuple(self.messages.pop(cue.pk, ()))
        return CorrectedCue(cue.pk, *said, self.histories.get(cue.correction_id), form, address, told)

    def add_to(self, passages):
        """Give each `ShownPassage` the `CorrectedCue`s of its cues: those with a history, an open form or a message come apart."""
        if not (self.may_change or self.histories):
            return
        for passage in passages:
            for shown in passage.cues:
                cue = self.of(shown.row)
                if cue.form or cue.history or cue.messages:
                    passage.cues_corrected.append(cue)
                elif cue.address:
                    passage.cues_correctable.append(cue)

    def unplaced(self):
        """Return a `PlacementForm` for each of the first corrections that no longer fit, and how many more there are."""
        found = cue_history.unplaced(self.episode, self.histories)
        cues = cues_of(self.episode) if found else []
        made = [PlacementForm(history, cues) for history in found[:UNPLACED_SHOWN]]
        if self._refused:
            made = [self._refused if form.history.latest == self._refused.history.latest else form for form in made]
        return {"forms": made, "more": len(found) - len(made), "may_change": self.may_change}
