"""Changes to recordings in the admin: the list, the page with a comparison, and the decision."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.admin.shared.base import ConditionFilter, ReadOnlyAdmin
from articles.admin.shared.helpers import admin_page, found_or_404, local_time, status_of
from articles.derived.recordings import dependents
from articles.models import Episode, RecordingChange
from articles.workflow.recordings import corrections, decisions
from articles.workflow.recordings.steps import DECIDES

from . import comparison, effects

SHOWN = 20  # on a recording's own page
CITING = 50  # texts listed with a change


class DecisionForm(forms.Form):
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Required to reject, and to accept your own change."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class VisibilityFilter(ConditionFilter):
    title, parameter_name = gettext_lazy("readers"), "visible"
    conditions = {
        "yes": (gettext_lazy("see the change"), {"is_visible": True}),
        "no": (gettext_lazy("don’t see it"), {"is_visible": False}),
    }


class CitedFilter(ConditionFilter):
    title, parameter_name = gettext_lazy("citations"), "cited"
    conditions = {
        "yes": (gettext_lazy("cited by an article"), {"is_cited": True}),
        "no": (gettext_lazy("not cited"), {"is_cited": False}),
    }


@admin.register(RecordingChange)
class RecordingChangeAdmin(ReadOnlyAdmin):
    list_display = ["recording", "parts", "when", "proposed_by_name", "outcome", "decided_by_name", "cited"]
    list_select_related = ["episode__show", "show"]
    list_filter = ["outcome", VisibilityFilter, CitedFilter]
    search_fields = ["reference", "proposed_by_name", "decided_by_name", "reason", "comment"]
    search_help_text = gettext_lazy("Search recordings, names, reasons and comments")

    @admin.display(description=gettext_lazy("recording"), ordering="reference")
    def recording(self, change):
        return format_html(
            '<span dir="auto">{}</span> <span class="quiet">{}</span>', change.recording_title, change.reference
        )

    @admin.display(description=gettext_lazy("citations"), ordering="is_cited")
    def cited(self, change):
        return gettext("cited by an article") if change.is_cited else gettext("not cited")

    @admin.display(description=gettext_lazy("changed"))
    def parts(self, change):
        return comparison.names_of(change)

    @admin.display(description=gettext_lazy("time"), ordering="proposed_at")
    def when(self, change):
        return local_time(change.proposed_at)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("cues")

    def get_urls(self):
        view = self.admin_site.admin_view
        decide = path("<int:pk>/decide/", view(self.decide), name="articles_recordingchange_decide")
        return [decide, *super().get_urls()]

    def has_view_permission(self, request, obj=None):
        """A change quotes unpublished texts and transcripts, so it takes the permission to read those."""
        return may_view(request.user)

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        return self._page(request, self._change_or_404(request, object_id), DecisionForm(label_suffix=""))

    @method_decorator(require_POST)
    def decide(self, request, pk):
        """Accept, reject or withdraw the change, as `act` says."""
        change = self._change_or_404(request, pk)
        form = DecisionForm(request.POST, label_suffix="")
        act = request.POST.get("act")
        if act not in ACTS:
            raise Http404(gettext("Unknown action."))
        status = 400
        if form.is_valid():
            decide, done = ACTS[act]
            try:
                decide(change, by=request.user, comment=form.cleaned_data["comment"])
            except workflow.WorkflowError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, f"{done} “{change.recording_title}”.")
                return HttpResponseRedirect(address_of(change))
        return self._page(request, self._change_or_404(request, pk), form, status=status)

    def _change_or_404(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).select_related("episode__show", "show", "proposed_by")
        return found_or_404(rows, pk, gettext("No such recording change."))

    def _page(self, request, change, form, *, status=200):
        is_own = change.proposed_by_id == request.user.pk
        may_decide = change.is_waiting and request.user.has_perm(DECIDES)
        episodes = [change.episode] if change.episode_id else []
        relying = dependents.revisions_relying_on(episodes).visible_to(request.user)
        why, would_change = corrections.why_correction_waits(change, relying)
        context = {
            "why": why,
            "effects": effects.listed(would_change),
            "title": gettext("Change to “%(recording)s”") % {"recording": change.recording_title},
            "opts": self.opts,
            "change": change,
            "recording_url": _recording_url(change),
            "parts": comparison.parts_of(change),
            "spoken": _spoken(change),
            "citing": _citing(change, request.user),
            "form": form,
            "may_accept": may_decide and (not is_own or may_decide_alone(request.user)),
            "may_decide": may_decide,
            "may_withdraw": change.is_waiting and is_own,
            "note": _who_decides(request.user, is_own=is_own) if change.is_waiting else "",
        }
        return admin_page(request, "admin/articles/recordings/recording_change.html", context, status=status)


def may_view(user):
    return user.has_perms(["articles.view_recordingchange", "articles.change_revision"])


def may_decide_alone(user):
    return not settings.FOUR_EYES or user.has_perm("articles.override_review")


ACTS = {
    "accept": (decisions.accept, gettext_lazy("Accepted and applied:")),
    "reject": (decisions.reject, gettext_lazy("Rejected:")),
    "withdraw": (lambda change, *, by, comment: decisions.withdraw(change, by=by), gettext_lazy("Withdrawn:")),
}


def address_of(change):
    return reverse("admin:articles_recordingchange_change", args=[change.pk])


def _who_decides(user, *, is_own):
    """Return a sentence for whoever proposed a waiting change or can't decide on it, else ""."""
    if not user.has_perm(DECIDES):
        return gettext("A moderator decides on this change. Until then, readers see the recording as it was.")
    if is_own and not may_decide_alone(user):
        return gettext(
            "You proposed this change, so another moderator has to accept it. If there is none, ask an administrator, "
            "who can."
        )
    return ""


def tell_waiting(request, change, tags=""):
    """Tell the user that their change waits for somebody else."""
    text = (
        gettext("Not changed yet: your change waits for another moderator’s decision. {}")
        if request.user.has_perm(DECIDES)
        else gettext("Not changed yet: your change waits for a moderator’s decision. {}")
    )
    link = format_html('<a href="{}">{}</a>', address_of(change), gettext("View change"))
    messages.info(request, format_html(text, link), extra_tags=tags)


def changes_box(recording, user):
    """The context of the changes on a recording's own page: the latest, those that wait first. Two queries.

    None if the user isn't allowed to view them.
    """
    if not may_view(user):
        return None
    own = {"episode": recording} if isinstance(recording, Episode) else {"show": recording, "episode": None}
    rows = RecordingChange.objects.filter(**own).defer("cues")
    waiting, others = list(rows.waiting()[:SHOWN]), list(rows.exclude(outcome="waiting")[: SHOWN + 1])
    return {
        "waiting": waiting,
        "decided": others[:SHOWN],
        "has_more": len(others) > SHOWN,
        "reference": recording.reference if isinstance(recording, Episode) else recording.handle,
    }


def waiting_changes(episode, parts, user):
    """Return the waiting changes to one of the `parts` of an episode that `user` may view, oldest first. One query."""
    rows = RecordingChange.objects.waiting().filter(episode=episode, after__has_any_keys=parts).defer("cues")
    return list(rows.order_by("pk")[:SHOWN]) if may_view(user) else []


def _spoken(change):
    """Where a corrected cue is heard and read: its second, a link that plays it, and one to the transcript there."""
    cue = change.after.get("cue") or change.before.get("cue")
    if not cue or change.episode is None:
        return None
    second = int(cue["start"])
    transcript = reverse("admin:articles_episode_transcript", args=[change.episode_id])
    return {"second": second, "href": change.episode.link_at(second), "transcript": f"{transcript}?at={second}#there"}


def _recording_url(change):
    if change.episode_id is not None:
        return reverse("admin:articles_episode_change", args=[change.episode_id])
    return reverse("admin:articles_show_change", args=[change.show_id]) if change.show_id else ""


def _citing(change, user):
    """The texts in review, approved or published that cite the recording, as [(address, text, status)] for `user`."""
    episodes = [change.episode] if change.episode_id else Episode.objects.filter(show=change.show_id)
    relying = dependents.revisions_relying_on(episodes).visible_to(user)
    relying = relying.select_related("article").defer("lead").order_by("title", "pk")
    return [
        (
            revision.get_absolute_url(),
            str(revision),
            gettext("published")
            if revision.article.published_revision_id == revision.pk
            else revision.get_status_display(),
        )
        for revision in relying[:CITING]
    ]
