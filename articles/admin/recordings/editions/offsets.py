"""The page to compute an edition's stretches from chapters or a transcript, and to check and save them."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from articles import workflow
from articles.admin.recordings.changes.admin import tell_waiting
from articles.admin.shared.helpers import admin_page
from articles.core.recordings.chapters import parse_chapters
from articles.core.recordings.editions import (
    MapError,
    format_stretches,
    from_chapters,
    from_transcripts,
    match_chapters,
)
from articles.core.recordings.transcripts import TranscriptError, doubts_about_episode, read
from articles.core.timestamps import format_label, format_timestamp
from articles.derived.i18n import translate
from articles.models import Edition

from .forms import MapForm
from .inline import gaps_in_words, read_stretches

SAVED_MEANWHILE = gettext_lazy(
    "Someone else saved other stretches after you opened this page. Save again to replace them with yours. "
    "These are saved now:"
)


class EditionMapPages:
    """The episode admin's page for the stretches of an edition."""

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def edition_map(self, request, pk, edition_pk):
        """GET shows the stretches; POST computes them (`act` is chapters or transcript) or saves them (`act` is save)."""
        edition = self._edition_or_404(request, pk, edition_pk)
        act = request.POST.get("act", "")
        saved = format_stretches(edition.map.pieces)
        form = MapForm(request.POST or None, request.FILES or None, initial={"stretch_lines": saved}, label_suffix="")
        loaded_as, proposal, notes = saved, None, []
        if request.method == "POST" and form.is_valid():
            loaded_as = form.cleaned_data["saved_lines"]
            try:
                if act == "save":
                    offsets = read_stretches(
                        form.cleaned_data["stretch_lines"],
                        episode=edition.episode,
                        edition_length=edition.duration_seconds,
                    )
                    if loaded_as == saved:
                        return self._save_map(request, edition, offsets, form.cleaned_data["reason"])
                    loaded_as = saved
                    form.add_error("stretch_lines", [SAVED_MEANWHILE, *(saved.splitlines() or ["(none)"])])
                elif act in COMPUTED:
                    proposal, notes = COMPUTED[act](edition, form)
            except ValidationError as error:
                form.add_error(FIELDS.get(act, "stretch_lines"), error)
        if proposal is not None:
            form.data = form.data.copy()
            form.data["stretch_lines"] = format_stretches(proposal.pieces)
        return self._map_page(request, edition, form, proposal or edition.map, notes, loaded_as)

    def _edition_or_404(self, request, pk, edition_pk):
        episode = self.get_object(request, str(pk))
        if not request.user.has_perm("articles.change_edition") or not self.has_change_permission(request, episode):
            raise PermissionDenied
        edition = Edition.objects.filter(pk=edition_pk, episode=episode).prefetch_related("stretch_set").first()
        if episode is None or edition is None:
            raise Http404(gettext("Edition not found."))
        edition.episode = episode
        return edition

    def _save_map(self, request, edition, offsets, reason):
        change = workflow.save_stretches(edition, offsets, by=request.user, reason=reason)
        page = HttpResponseRedirect(reverse("admin:articles_episode_change", args=[edition.episode_id]))
        if change is not None and change.is_waiting:
            tell_waiting(request, change)
            return page
        if change is not None:
            message = gettext("Changed the stretches of the edition “%(edition)s”.") % {"edition": edition}
            self.log_change(request, edition.episode, message)
        gaps = gaps_in_words(offsets, edition.episode.length_seconds)
        messages.success(
            request,
            gettext("Saved the stretches of “%(edition)s”. %(gaps)s") % {"edition": edition, "gaps": gaps},
        )
        return page

    def _map_page(self, request, edition, form, offsets, notes, loaded_as):
        episode = edition.episode
        context = {
            "opts": self.opts,
            "title": gettext("Stretches of “%(edition)s”") % {"edition": edition},
            "edition": edition,
            "episode": episode,
            "form": form,
            "notes": notes,
            "loaded_as": loaded_as,
            "rows": [_row(edition, piece) for piece in offsets.pieces],
            "gaps": gaps_in_words(offsets, episode.length_seconds),
            "has_transcript": episode.cue_set.exists(),
            "has_chapters": bool(episode.chapters),
        }
        return admin_page(request, "admin/articles/recordings/edition_offsets.html", context)


def _row(edition, piece):
    """A row of the table of stretches, with links to listen to its start in the episode and in the edition."""
    return {
        "span": f"{format_label(piece.start_seconds)}–{format_label(piece.end_seconds)}",
        "there": f"{format_label(piece.edition_start)}–{format_label(piece.edition_end)}",
        "offset": f"{piece.offset_seconds:+} s",
        "hear": edition.episode.link_at(piece.start_seconds),
        "hear_there": edition.heard_at(piece.edition_start),
    }


def _from_chapters(edition, form):
    """(stretches, notes to read before saving them) from the pasted chapters of the edition. Raises ValidationError."""
    theirs, problems = parse_chapters(
        form.cleaned_data["chapter_lines"], duration_seconds=edition.duration_seconds or None
    )
    if problems:
        raise ValidationError([translate(problem.located_message) for problem in problems])
    if not theirs:
        raise ValidationError(gettext("Paste the edition’s chapters, one per line: 00:05:13 Title."))
    ours = [(chapter.start_seconds, chapter.title) for chapter in edition.episode.chapters]
    if not ours:
        raise ValidationError(gettext("The episode has no chapters to match. Add its chapters first."))
    matched = match_chapters(ours, [(line.start_seconds, line.title) for line in theirs])
    if not matched.pairs:
        raise ValidationError(
            gettext("None of these titles matches a chapter of the episode. Write them as they are there.")
        )
    try:
        offsets = from_chapters(
            matched.pairs,
            reference_length=edition.episode.duration_seconds,
            edition_length=edition.duration_seconds,
            only_reference=[start for start, _ in matched.only_reference],
            only_edition=[start for start, _ in matched.only_edition],
        )
    except MapError as error:
        raise ValidationError(translate(error)) from error
    notes = [
        gettext("%(pairs)s of the episode’s %(ours)s chapters match a chapter of this edition.")
        % {"pairs": len(matched.pairs), "ours": len(ours)}
    ]
    if matched.only_reference:
        notes.append(gettext("Only in the episode: %(chapters)s.") % {"chapters": _listed(matched.only_reference)})
    if matched.only_edition:
        notes.append(gettext("Only in this edition: %(chapters)s.") % {"chapters": _listed(matched.only_edition)})
    if edition.episode.duration_seconds is None and edition.duration_seconds is None:
        notes.append(gettext("The last chapter is left out because no length is known. Enter the episode’s length."))
    notes.append(gettext("Chapters don’t show advertisements inside a chapter. Listen before you save."))
    return offsets, notes


def _from_transcript(edition, form):
    """The same from comparing an uploaded transcript with the episode's."""
    file = form.cleaned_data["transcript"]
    kept = form.cleaned_data["transcript_text"].encode()
    if file is None and not kept.strip():
        raise ValidationError(gettext("Choose a transcript of this edition."))
    if (file.size if file else len(kept)) > settings.TRANSCRIPT_MAX_BYTES:
        limit = settings.TRANSCRIPT_MAX_BYTES // 1024 // 1024
        raise ValidationError(
            gettext("The file is larger than %(limit)s MB, too large for a transcript. Choose another one.")
            % {"limit": limit}
        )
    cues = list(edition.episode.cue_set.all())
    if not cues:
        raise ValidationError(gettext("The episode has no transcript to compare with. Import one first."))
    data, name = (file.read(), file.name) if file else (kept, form.cleaned_data["transcript_name"])
    try:
        reading = read(data, name)
    except TranscriptError as error:
        raise ValidationError(f"{name}: {translate(error)}") from error
    doubts = [*reading.doubts, *doubts_about_episode(reading.cues, edition.duration_seconds, "")]
    is_other = form.cleaned_data["transcript_name"] != name  # than the one to confirm
    if doubts and (is_other or not form.cleaned_data["confirm"]):
        form.ask_to_confirm(doubts, data, name)
    offsets = from_transcripts(
        cues,
        reading.cues,
        reference_length=edition.episode.duration_seconds,
        edition_length=edition.duration_seconds,
    )
    if not offsets.pieces:
        raise ValidationError(
            gettext("%(name)s has no words in common with the episode’s transcript. Is it the same recording?")
            % {"name": name}
        )
    notes = [
        ngettext(
            "Compared %(cues)s cue of %(name)s with %(ours)s cues of the episode.",
            "Compared %(cues)s cues of %(name)s with %(ours)s cues of the episode.",
            len(reading.cues),
        )
        % {"name": name, "cues": len(reading.cues), "ours": len(cues)}
    ]
    if reading.problems:
        count = len(reading.problems)
        notes.append(
            ngettext(
                "%(count)s issue fixed or left out, in line %(line)s: %(reason)s",
                "%(count)s issues fixed or left out, the first in line %(line)s: %(reason)s",
                count,
            )
            % {
                "count": count,
                "line": reading.problems[0].line,
                "reason": translate(reading.problems[0].reason),
            }
        )
    return offsets, notes


def _listed(chapters):
    return "; ".join(f"{format_timestamp(start)} {title}" for start, title in chapters)


COMPUTED = {"chapters": _from_chapters, "transcript": _from_transcript}
FIELDS = {"chapters": "chapter_lines", "transcript": "transcript"}
