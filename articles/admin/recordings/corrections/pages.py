"""The addresses to which corrections of an episode's transcript are posted."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from articles import workflow
from articles.admin.recordings.changes.admin import tell_waiting
from articles.admin.shared.helpers import found_or_404, status_of, typed, with_typed
from articles.core.parsing.numbers import whole_number
from articles.models import Cue, RecordingChange
from articles.workflow.recordings import cue_history

from .forms import CorrectionForm, PlacementForm, cues_of, token_of

CHANGED_MEANWHILE = gettext_lazy(
    "Someone else changed this part of the transcript after you opened it, so nothing was changed. It now says: "
    "“%(text)s”. What you entered is kept; save again to replace it."
)
GONE = gettext_lazy("Not changed, because there is no transcript any longer. You entered: “%(text)s”")
SECONDS_MAX = 10_000_000


class CorrectionPages:
    """The episode admin's addresses to which corrections of its transcript are posted."""

    def correction_urls(self):
        view = self.admin_site.admin_view
        cue = path("<int:pk>/transcript/cues/<int:cue>/", view(self.cue_view), name="articles_episode_cue")
        correction = path(
            "<int:pk>/transcript/corrections/<int:change>/",
            view(self.correction_view),
            name="articles_episode_correction",
        )
        return [cue, correction]

    @method_decorator(never_cache)
    @method_decorator(require_POST)
    def cue_view(self, request, pk, cue):
        """Correct a cue, or undo its last correction (`act` is undo)."""
        episode = self._episode_to_change(request, pk)
        if request.POST.get("act") == "undo":
            return self._undo(request, episode, cue)
        form = self._correction_form(request, episode, cue)
        if form is None:
            gone = GONE % {"text": typed(request.POST, "text")}
            messages.error(request, with_typed(gone, typed(request.POST, "reason")))
            return HttpResponseRedirect(_address_of(episode))
        status = 400
        if form.cue.pk != cue or token_of(form.cue) != request.POST.get("loaded_as"):
            form.refuse(CHANGED_MEANWHILE % {"text": form.cue.text})
            status = 409
        elif form.is_valid():
            try:
                change = self._correct(request, episode, form)
            except workflow.WorkflowError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                return self._answer(request, episode, change, form.cue)
        return self._page(request, episode, True, correction=form, status=status)

    @method_decorator(never_cache)
    @method_decorator(require_POST)
    def correction_view(self, request, pk, change):
        """Apply a correction that no longer fits to the chosen cue, or discard it (`act` is discard)."""
        episode = self._episode_to_change(request, pk)
        rows = RecordingChange.objects.applied().filter(episode=episode, after__has_key="cue").defer("cues")
        history = cue_history.histories_of(episode).get(change)
        if history is None:
            found_or_404(rows, change, gettext("No such correction."))
            gone = gettext("Someone has already dealt with this correction. Nothing was changed.")
            gone = with_typed(gone, typed(request.POST, "text"))
            messages.error(request, with_typed(gone, typed(request.POST, "reason")))
            return HttpResponseRedirect(_address_of(episode))
        form = PlacementForm(history, cues_of(episode), request.POST)
        is_discarded = request.POST.get("act") == "discard"
        try:
            if is_discarded:
                reason = request.POST.get("reason", "").strip()[:500]
                workflow.discard_correction(episode, history.latest, by=request.user, reason=reason)
                messages.success(request, gettext("Correction discarded. It stays in the list of recording changes."))
                return HttpResponseRedirect(_address_of(episode))
            if form.is_valid():
                return self._place(request, episode, form)
        except workflow.WorkflowError as refusal:
            form.is_valid()
            form.add_error(None, str(refusal))
        return self._page(request, episode, True, correction=form, status=400)

    def _episode_to_change(self, request, pk):
        episode = self.episode_for_editor(request, pk)
        if not self.has_change_permission(request, episode):
            raise PermissionDenied
        return episode

    def _correction_form(self, request, episode, pk):
        """Return the bound form of the cue; of the one that is said there now if the transcript was replaced, or None."""
        cues = Cue.objects.filter(episode=episode)
        cue = cues.filter(pk=pk).first()
        if cue is None:
            second = whole_number(request.POST.get("start", "").partition(".")[0]) or 0
            ordered = cues.order_by("start_seconds", "pk")
            cue = ordered.filter(start_seconds__lt=min(second, SECONDS_MAX) + 1).last() or ordered.first()
        return CorrectionForm(episode, cue, request.POST) if cue else None

    def _undo(self, request, episode, pk):
        cue = Cue.objects.filter(episode=episode, pk=pk).first()
        try:
            if cue is None or token_of(cue) != request.POST.get("loaded_as"):
                raise workflow.InvalidTransition(
                    gettext("The transcript has changed meanwhile, so nothing was undone.")
                )
            change = workflow.undo_correction(episode, pk, by=request.user)
        except workflow.WorkflowError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(_address_of(episode))
        return self._answer(request, episode, change, cue)

    def _correct(self, request, episode, form):
        given = form.cleaned_data
        return workflow.correct_cue(
            episode,
            form.cue.pk,
            speaker=given["speaker"],
            text=given["text"],
            expected=(form.cue.speaker, form.cue.text),
            by=request.user,
            reason=given["reason"],
        )

    def _place(self, request, episode, form):
        """Apply a correction to the chosen cue, if that is what the page showed."""
        pk, _, token = form.cleaned_data["cue"].partition("-")
        cue = Cue.objects.filter(episode=episode, pk=pk).first()
        if cue is None or token_of(cue) != token:
            raise workflow.InvalidTransition(gettext("The transcript has changed. Choose the place again."))
        change = workflow.correct_cue(
            episode,
            cue.pk,
            speaker=form.cleaned_data["speaker"],
            text=form.cleaned_data["text"],
            expected=(cue.speaker, cue.text),
            by=request.user,
            reason=form.cleaned_data["reason"],
            settles=form.history.latest,
        )
        return self._answer(request, episode, change, cue)

    def _answer(self, request, episode, change, cue):
        """Say what became of a correction, and go to its cue."""
        tags = f"row-{cue.pk}"  # at the cue, because the top of the page is out of sight
        if change is None:
            messages.info(request, gettext("The transcript says that already. Nothing was changed."), extra_tags=tags)
        elif change.is_waiting:
            tell_waiting(request, change, tags)
        else:
            messages.success(request, gettext("Transcript corrected."), extra_tags=tags)
        return HttpResponseRedirect(f"{_address_of(episode)}?at={int(cue.start_seconds)}#cue-{cue.pk}")


def _address_of(episode):
    return reverse("admin:articles_episode_transcript", args=[episode.pk])
