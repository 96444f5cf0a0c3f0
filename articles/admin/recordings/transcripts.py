"""An episode's transcript in the admin: imported, read, searched, removed. It is a third party's text, for staff."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles.core.recordings import transcripts
from articles.derived.i18n import translate
from articles.importing import import_transcript
from articles.models import Citation, Transcript
from articles.workflow import WorkflowError, remove_transcript

from . import cues
from .fields import LinesField

QUERY_MAX = 200
PASTED_MAX = 2_000_000  # characters: ten hours of captions have some 800,000
REPLACED_MEANWHILE = gettext_lazy(
    "Somebody imported or removed a transcript after you opened this page: nothing was done. Look at "
    "the one that is there now, and choose your file again if it is to be replaced."
)


class TranscriptForm(forms.Form):
    file = forms.FileField(
        label="A file",
        required=False,
        help_text=gettext_lazy("WebVTT, SRT, Podcasting 2.0 or Podlove JSON, or lines with times."),
        widget=forms.FileInput(attrs={"accept": ".vtt,.srt,.json,.txt,text/vtt,text/plain,application/json"}),
    )
    text = LinesField(
        label=gettext_lazy("Or pasted"),
        required=False,
        strip=False,
        max_length=PASTED_MAX,
        help_text=gettext_lazy("One cue a line, its time first: 00:00:04 What is said."),
        widget=forms.Textarea(attrs={"class": "lines-field", "rows": 6, "spellcheck": "false", "dir": "auto"}),
    )
    language = forms.CharField(
        label=gettext_lazy("Language"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Such as en, if you know it."),
        widget=forms.TextInput(attrs={"class": "time-field", "placeholder": "en"}),
    )
    loaded_as = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def clean_file(self):
        file, limit = self.cleaned_data["file"], settings.TRANSCRIPT_MAX_BYTES
        if file and file.size > limit:
            raise ValidationError(
                gettext("The file is larger than %(value)s MB: no transcript is. Is it the recording itself?")
                % {"value": limit // 1024 // 1024}
            )
        return file

    def clean(self):
        cleaned = super().clean()
        has_text = bool(cleaned.get("text", "").strip())
        if not self.errors and bool(cleaned.get("file")) == has_text:
            raise ValidationError(gettext("Choose a file, or paste the transcript: one of the two."))
        return cleaned

    def received(self):
        """(bytes, file name) of what was given."""
        if file := self.cleaned_data["file"]:
            return file.read(), file.name
        return self.cleaned_data["text"].encode(), ""


class TranscriptPages:
    """A part of the episodes' admin: everybody who edits may read, who may change the episode imports and removes."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/transcript/", view(self.transcript_view), name="articles_episode_transcript"),
            path("<int:pk>/transcript/remove/", view(self.remove_view), name="articles_episode_transcript_remove"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and obj.pk and not add and request.user.has_perm("articles.change_revision"):
            current = Transcript.objects.current().filter(episode=obj).defer("problems").first()
            box = {"current": current, "address": address_of(obj)}
            if self.has_change_permission(request, obj):
                box["form"] = TranscriptForm(initial={"loaded_as": current.digest if current else ""}, label_suffix="")
            context = {**context, "transcript_box": box}
        return super().render_change_form(request, context, add, change, form_url, obj)

    @method_decorator(never_cache)
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def transcript_view(self, request, pk):
        """GET shows the transcript, the part around `at`, or where `q` is said; POST imports another one."""
        episode = self._read(request, pk)
        may_change = self.has_change_permission(request, episode)
        if request.method == "GET" or request.method == "HEAD":
            return self._page(request, episode, may_change)
        if not may_change:
            raise PermissionDenied
        form = TranscriptForm(request.POST, request.FILES, label_suffix="")
        if form.is_valid():
            done = self._import(request, episode, form)
            if done is not None:
                messages.success(request, in_words(done))
                return HttpResponseRedirect(address_of(episode))
        return self._page(request, episode, may_change, form, status=400)

    @method_decorator(never_cache)
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def remove_view(self, request, pk):
        """GET asks, POST removes the transcript that the page was loaded with."""
        episode = self._read(request, pk)
        if not self.has_change_permission(request, episode):
            raise PermissionDenied
        current = Transcript.objects.current().filter(episode=episode).first()
        if current is None:
            messages.info(request, gettext("There is no transcript any more."))
            return HttpResponseRedirect(address_of(episode))
        if request.method == "POST":
            if request.POST.get("loaded_as") != current.digest:
                messages.error(request, REPLACED_MEANWHILE)
            else:
                remove_transcript(episode, by=request.user)
                messages.success(request, gettext("The transcript was removed. That it was there stays on record."))
            return HttpResponseRedirect(address_of(episode))
        checked = Citation.objects.filter(episode=episode).exclude(finding=None)
        context = self._context(request, episode, title=gettext("Remove the transcript?"), current=current)
        context["checked_count"] = checked.filter(is_public=True).count()
        return TemplateResponse(request, "admin/articles/recordings/transcript_remove.html", context)

    def _read(self, request, pk):
        """The episode, or 404; its transcript is for who may edit."""
        if not request.user.has_perm("articles.change_revision"):
            raise PermissionDenied
        episode = self.get_object(request, str(pk))
        if episode is None:
            raise Http404(gettext("No such episode."))
        return episode

    def _import(self, request, episode, form):
        """What the import did, or None with the reason in `form`."""
        current = Transcript.objects.current().filter(episode=episode).first()
        data, name = form.received()
        given = "file" if name else "text"
        if form.cleaned_data["loaded_as"] != (current.digest if current else ""):
            form.add_error(None, REPLACED_MEANWHILE)
            return None
        try:
            return import_transcript(
                episode, data, name, by=request.user, language=form.cleaned_data["language"].strip()
            )
        except transcripts.TranscriptError as error:
            message = translate(error)
            form.add_error(given, message[:1].upper() + message[1:])
        except WorkflowError as error:
            form.add_error(None, str(error))
        return None

    def _page(self, request, episode, may_change, form=None, *, status=200):
        listed = list(Transcript.objects.filter(episode=episode).defer("problems"))
        current = next((one for one in listed if one.replaced_at is None), None)
        loaded_as = current.digest if current else ""
        if may_change:
            form = form or TranscriptForm(initial={"loaded_as": loaded_as}, label_suffix="")
            if form.is_bound:  # who is told that another one is there now has seen it
                form.data = form.data.copy()
                form.data["loaded_as"] = loaded_as
        query = request.GET.get("q", "").strip()[:QUERY_MAX]
        context = self._context(
            request,
            episode,
            title=gettext("Transcript of “%(episode)s”") % {"episode": episode},
            current=current,
            earlier=[one for one in listed if one is not current],
            problems=Transcript.objects.values_list("problems", flat=True).get(pk=current.pk) if current else [],
            form=form,
            query=query,
        )
        if current:
            context |= cues.found(episode, query) if query else cues.around(episode, request.GET)
        return TemplateResponse(request, "admin/articles/recordings/transcript.html", context, status=status)

    def _context(self, request, episode, **context):
        request.current_app = self.admin_site.name
        own = {"opts": self.opts, "episode": episode, "address": address_of(episode)}
        return {**self.admin_site.each_context(request), **own, **context}


def address_of(episode):
    return reverse("admin:articles_episode_transcript", args=[episode.pk])


def in_words(done):
    """What an import did, for the person who did it."""
    if done.is_unchanged:
        return gettext("These are the cues that are there already: nothing was changed.")
    cues = ngettext("%(count)s cue was imported", "%(count)s cues were imported", done.cue_count)
    checks = ngettext("%(count)s check made", "%(count)s checks made", done.rechecked)
    said = [f"{cues % {'count': done.cue_count}}, {checks % {'count': done.rechecked}}."]
    if done.page_count:
        pages = ngettext(
            "Readers see it on %(count)s published page.",
            "Readers see it on %(count)s published pages.",
            done.page_count,
        )
        said.append(pages % {"count": done.page_count})
    if count := len(done.problems):
        places = ngettext(
            "%(count)s place to look at: they are listed below.",
            "%(count)s places to look at: they are listed below.",
            count,
        )
        said.append(places % {"count": count})
    return " ".join(said)
