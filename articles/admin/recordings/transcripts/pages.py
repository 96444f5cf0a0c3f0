"""An episode's transcript in the admin: import, read, search, remove. It is a third party's text, for staff only."""

from django.conf import settings
from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from articles.admin.recordings.changes.admin import tell_waiting, waiting_changes
from articles.admin.recordings.corrections import Corrections
from articles.admin.recordings.forms import RemovalForm, TranscriptForm
from articles.admin.shared.helpers import admin_page, messages_of_rows
from articles.core.recordings import transcripts
from articles.derived import search
from articles.derived.i18n import translate
from articles.derived.recordings.people import unnamed_voices
from articles.importing import import_transcript
from articles.models import Citation, Episode, Transcript
from articles.views.machine import exports
from articles.workflow import WorkflowError, remove_transcript
from articles.workflow.recordings import why_second_person
from articles.workflow.recordings.transcripts import REPLACED_MEANWHILE

from .text import transcript_text

QUERY_MAX = 200
RESULTS = 50  # per page


class TranscriptPages:
    """The episode admin's transcript pages.

    Editors may read; importing and removing need the right to change the episode.
    """

    def transcript_box(self, request, episode):
        """Return the context of the transcript's part of the episode's page."""
        current = Transcript.objects.current().with_corrections().filter(episode=episode).defer("problems").first()
        box = {"current": current, "address": address_of(episode)}
        if self.has_change_permission(request, episode):
            box["form"] = TranscriptForm(initial={"loaded_as": current.digest if current else ""}, label_suffix="")
        return box

    @method_decorator(never_cache)
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def transcript_view(self, request, pk):
        """GET shows the transcript, the page with second `at`, or search results for `q`; POST imports a transcript."""
        episode = self.episode_for_editor(request, pk)
        may_change = self.has_change_permission(request, episode)
        if request.method == "GET" or request.method == "HEAD":
            return self._page(request, episode, may_change)
        if not may_change:
            raise PermissionDenied
        form = TranscriptForm(request.POST, request.FILES, label_suffix="")
        if form.is_valid():
            result = self._import(request, episode, form)
            if result is not None:
                if result.is_waiting:
                    tell_waiting(request, result.change)
                else:
                    messages.success(request, import_summary(result))
                return HttpResponseRedirect(address_of(episode))
        return self._page(request, episode, may_change, form, status=400)

    @method_decorator(never_cache)
    @method_decorator(require_safe)
    def file_view(self, request, pk, form):
        """The transcript as a file, for editors also if it isn't public; its voices are those that an import expects."""
        episode = self.episode_for_editor(request, pk)
        if form not in transcripts.WRITERS:
            raise Http404(gettext("Transcripts have no such format."))
        return HttpResponse(
            exports.transcript_file(episode, form, has_names=False),
            content_type=exports.content_type_of(form),
            headers={"Content-Disposition": content_disposition_header(True, f"{episode.slug}.{form}")},
        )

    @method_decorator(never_cache)
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def remove_view(self, request, pk):
        """GET asks for confirmation; POST removes the transcript that the page was loaded with."""
        episode = self.episode_for_editor(request, pk)
        if not self.has_change_permission(request, episode):
            raise PermissionDenied
        current = Transcript.objects.current().with_corrections().filter(episode=episode).first()
        if current is None:
            messages.info(request, gettext("The transcript was already removed."))
            return HttpResponseRedirect(address_of(episode))
        if request.method == "POST":
            reason, loaded_as = request.POST.get("reason", "").strip(), request.POST.get("loaded_as", "")
            try:
                change = remove_transcript(episode, by=request.user, reason=reason, loaded_as=loaded_as)
            except WorkflowError as error:
                messages.error(request, str(error))
            else:
                if change is not None and change.is_waiting:
                    tell_waiting(request, change)
                else:
                    done = gettext("Transcript removed. It is still listed in the transcript history.")
                    messages.success(request, done)
            return HttpResponseRedirect(address_of(episode))
        checked = Citation.objects.filter(episode=episode).exclude(finding=None)
        context = self._context(episode, title=gettext("Remove the transcript?"), current=current)
        context["checked_count"] = checked.filter(is_public=True).count()
        context["waiting_note"] = why_second_person(request.user, [episode])
        context["reason"] = RemovalForm(label_suffix="")["reason"]
        return admin_page(request, "admin/articles/recordings/transcript_remove.html", context)

    def _import(self, request, episode, form):
        """Import the transcript and return the result, or None with the error in `form`."""
        current = Transcript.objects.current().filter(episode=episode).first()
        file, text = form.cleaned_data["file"], form.cleaned_data["text"]
        if form.cleaned_data["loaded_as"] != (current.digest if current else ""):
            form.add_error(None, REPLACED_MEANWHILE)
            return None
        data = file.read() if file else text.encode()
        file_name = file.name if file else form.cleaned_data["file_name"]
        try:
            return import_transcript(
                episode,
                data,
                file_name,
                by=request.user,
                language=form.cleaned_data["language"].strip(),
                is_confirmed=form.cleaned_data["confirm"],
                reason=form.cleaned_data["reason"],
                loaded_as=form.cleaned_data["loaded_as"],
            )
        except transcripts.DoubtfulTranscriptError as error:
            form.ask_to_confirm(error.doubts, data, file.name if file else "")
        except transcripts.TranscriptError as error:
            form.add_error("file" if file else "text", capfirst(translate(error)))
        except WorkflowError as error:
            form.add_error(None, str(error))
        return None

    def _page(self, request, episode, may_change, form=None, *, correction=None, status=200):
        history = list(Transcript.objects.with_corrections().filter(episode=episode).defer("problems"))
        current = next((transcript for transcript in history if transcript.replaced_at is None), None)
        loaded_as = current.digest if current else ""
        if may_change:
            form = form or TranscriptForm(initial={"loaded_as": loaded_as}, label_suffix="")
            if form.is_bound:  # the user has now seen the current transcript, so may replace it
                form.data = form.data.copy()
                form.data["loaded_as"] = loaded_as
        query = request.GET.get("q", "").strip()[:QUERY_MAX]
        context = self._context(
            episode,
            title=gettext("Transcript of “%(episode)s”") % {"episode": episode},
            current=current,
            earlier=[transcript for transcript in history if transcript is not current],
            problems=Transcript.objects.values_list("problems", flat=True).get(pk=current.pk) if current else [],
            form=form,
            waiting_note=why_second_person(request.user, [episode]) if may_change else "",
            waiting=waiting_changes(episode, ["transcript", "cue"], request.user),
            left_out=_left_out(episode) if episode.excerpt_length else 0,
            is_public=episode.has_public_transcript and Episode.objects.cited().filter(pk=episode.pk).exists(),
            query=query,
        )
        of_cues, others = messages_of_rows(request)
        chosen = correction or request.GET.get("correct", "")
        known = Corrections(episode, chosen, may_change=may_change, messages=of_cues)
        context["voices"] = unnamed_voices(episode) if current and may_change else []
        context |= {"correction": known.form, "unplaced": known.unplaced()}
        if current and query:
            context["results"] = Paginator(search.find_in(episode, query), RESULTS).get_page(request.GET.get("page"))
        elif current:
            context |= transcript_text(episode, request.GET, known)
        context["messages"] = [*others, *(message for left in of_cues.values() for message in left)]
        return admin_page(request, "admin/articles/recordings/transcript.html", context, status=status)

    def _context(self, episode, **context):
        base = {"opts": self.opts, "episode": episode, "address": address_of(episode)}
        base["most_percent"] = settings.EXCERPTS_MAX_PERCENT
        return {**base, "writers": transcripts.WRITERS.items(), **context}


def _left_out(episode):
    """Return how many public citations have no excerpt because riskier ones use up the limit."""
    return Citation.objects.filter(episode=episode, is_public=True, finding__is_excerpt_left_out=True).count()


def address_of(episode):
    return reverse("admin:articles_episode_transcript", args=[episode.pk])


def import_summary(result):
    """The message to show after an import."""
    if result.is_unchanged:
        return gettext("The transcript already has these cues. Nothing was changed.")
    cue_count, check_count = result.transcript.cue_count, result.check_count
    cue_text = ngettext("%(count)s cue imported", "%(count)s cues imported", cue_count)
    check_text = ngettext("%(count)s citation checked", "%(count)s citations checked", check_count)
    if result.task:
        check_text = gettext("its citations are being checked (see “Background tasks”)")
    sentences = [f"{cue_text % {'count': intcomma(cue_count)}}, {check_text % {'count': intcomma(check_count)}}."]
    if result.page_count:
        pages = ngettext(
            "%(count)s published page updated.",
            "%(count)s published pages updated.",
            result.page_count,
        )
        sentences.append(pages % {"count": intcomma(result.page_count)})
    if count := len(result.problems):
        issues = ngettext("%(count)s issue, listed below.", "%(count)s issues, listed below.", count)
        sentences.append(issues % {"count": intcomma(count)})
    return " ".join(sentences)
