"""The page that corrects all citations of a recording in a draft at once: a list of changes, of which any can be left out."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles import workflow
from articles.admin.evidence import other_recordings, retiming
from articles.admin.evidence.retiming_words import in_sentences
from articles.admin.shared.helpers import admin_page, editor_of, found_or_404, status_of
from articles.core.evidence import source_issues as kinds
from articles.core.parsing.numbers import whole_number
from articles.derived.texts import derivation
from articles.models import Article, Revision
from articles.workflow.content import content_of
from articles.workflow.drafts.versions import content_of_version

SHOWN = 1000  # changes at once: each is a field of the form


def address(revision, episode):
    """The address of the page for the citations of `episode`, a primary key, in a draft."""
    return reverse("admin:articles_revision_timestamps", args=[revision.pk, episode])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def timestamps(request, pk, episode):
    """Show the changes; a POST saves the draft with those that were chosen."""
    if not request.user.has_perm("articles.change_revision"):
        raise PermissionDenied
    revisions = Revision.objects.visible_to(request.user).select_related("article")
    revision = found_or_404(revisions, pk, gettext("Revision not found."))
    if not revision.is_draft:
        return HttpResponseRedirect(editor_of(revision))
    parts, episodes = derivation.read_stored(revision)
    cited = next((source for source in episodes.values() if source.pk == episode), None)
    if cited is None:
        raise Http404(gettext("This draft doesn’t cite the episode."))
    found, changes, fitting = corrections(revision.article, revision.lead, parts, episodes, cited)
    refusal, status = "", 200
    if request.method == "POST":
        refusal, status, draft = _save(request, revision, changes, cited, fitting)
        if draft is not None:
            return HttpResponseRedirect(editor_of(draft))
    context = {
        "title": gettext("Correct timestamps"),
        "opts": Article._meta,
        "article": revision.article,
        "revision": revision,
        "episode": cited,
        "found": found,
        "changes": changes,
        "fitting": fitting,
        "sentences": in_sentences(found, changes) if changes else [],
        "refusal": refusal,
        "protection": workflow.why_protected(request.user, revision.article),
    }
    return admin_page(request, "admin/articles/editor/timestamps.html", context, status=status)


def corrections(article, lead, parts, episodes, cited):
    """Return what is `Found` of the `cited` episode in a text, its `MovedCitation`s, and the `Fitting` other recording.

    `article` may be None or unsaved. Either of the first and last is None if there is none.
    """
    places = retiming.places_of(article, lead, parts, episodes)
    found = next((issue for issue in retiming.find(places) if issue.episode == cited), None)
    if found is None:
        return None, [], None
    is_foreign = found.kind == kinds.OTHER_RECORDING
    fitting = other_recordings.fitting(found.explained, episodes.values()) if is_foreign else None
    return found, retiming.moved_citations(found, places)[:SHOWN], fitting


def refuse_without_corrections(form, pk):
    """Add an error to a form in which nothing can be corrected about the citations of the episode `pk`; return whether."""
    read = form.content()
    episodes = {source.key: source.episode for source in read.sources}
    field_form = next((of for of, source in form.sources_read() if source.episode.pk == pk), None)
    if field_form is None:
        return False
    cited = next(episode for episode in episodes.values() if episode.pk == pk)
    parts = derivation.read(read.lead, read.sections, episodes, known_slugs={})
    found, changes, fitting = corrections(form.article, read.lead, parts, episodes, cited)
    if changes or fitting:
        return False
    if found is None or found.kind != kinds.OTHER_RECORDING:
        form.text.add_error(None, gettext("No correction was found, so nothing was saved."))
        return True
    message = gettext(
        "No transcript on this site fits the claims, so nothing was saved. Choose the recording that the article is "
        "about, or import its transcript."
    )
    field_form.add_error("episode", message)
    field_form.cleaned_data["episode"] = cited  # the panel goes on showing what is wrong with it
    return True


def _save(request, revision, changes, cited, fitting):
    """Save the chosen changes, or the `Fitting` episode in place of the `cited` one.

    Returns why not, with the status, and the draft or None.
    """
    wanted = set(request.POST.getlist("change"))
    loaded = whole_number(request.POST.get("loaded"))
    chosen = [change for change in changes if change.id in wanted]
    other = request.POST.get("cite", "")
    is_other_listed = not other or (fitting is not None and str(fitting.episode.pk) == other)
    if loaded != revision.version or len(chosen) < len(wanted) or not is_other_listed:
        refusal = gettext(
            "The draft has changed since this list was made. Nothing was changed; the list below is of the text as it "
            "is now."
        )
        return refusal, 409, None
    if not chosen and not other:
        return gettext("Choose at least one timestamp to change."), 400, None
    before = content_of(revision)
    content = retiming.retimed_content(before, chosen)
    done = ngettext("%(count)s timestamp changed.", "%(count)s timestamps changed.", len(chosen))
    done %= {"count": len(chosen)}
    if other:
        content = replace(content, sources=tuple(_replaced(content.sources, cited, fitting.episode)))
        done = gettext("The draft cites “%(title)s” now.") % {"title": fitting.episode.title}
    try:
        draft = workflow.save_draft(revision, content, by=request.user, version=loaded)
    except workflow.WorkflowError as refusal:
        return str(refusal), status_of(refusal), None
    messages.success(request, _with_undo(request, done, draft, before))
    return "", 200, draft


def _with_undo(request, done, draft, before):
    """Return `done`, with a button that restores the version `before` unless the draft has been saved since."""
    version = draft.draftversion_set.filter(number__lt=draft.version).first()
    if version is None or content_of_version(version)[0] != before:
        return done
    return format_html(
        '{} <form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="loaded" value="{}">'
        '<button type="submit" class="link-button" name="number" value="{}">{}</button></form>',
        done,
        reverse("admin:articles_revision_restore_version", args=[draft.pk]),
        get_token(request),
        draft.version,
        version.number,
        gettext("Undo"),
    )


def _replaced(sources, cited, episode):
    for source in sources:
        yield replace(source, episode=episode) if source.episode == cited else source
