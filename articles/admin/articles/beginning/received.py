"""The page that takes a received text, shows what becomes of it, and then makes it a draft."""

from dataclasses import dataclass, replace

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from articles import workflow
from articles.admin.editor.reading import PREVIEWS_MAX
from articles.admin.shared.helpers import admin_page, editor_of
from articles.core.formats import FormatError
from articles.derived.i18n import translate
from articles.importing import Outcome
from articles.importing.articles.received import import_received, preview_received
from articles.models import Article, Revision

from .forms import ReceivedForm, sentence
from .views import writers_only

PROBLEMS_SHOWN = 200
# What a problem is about, by its code; all others are about text that readers would see otherwise than it was meant.
KINDS = {
    "time-differs": gettext_lazy("Timestamp"),
    "time-shifted": gettext_lazy("Timestamp"),
    "time-from-label": gettext_lazy("Timestamp"),
    "time-fraction": gettext_lazy("Timestamp"),
    "time-broken": gettext_lazy("Timestamp"),
    "linked": gettext_lazy("Timestamp"),
    "html": gettext_lazy("HTML"),
    "fence": gettext_lazy("Code fence"),
    "front-matter": gettext_lazy("Front matter"),
    "title": gettext_lazy("Title"),
    "heading": gettext_lazy("Heading"),
    "level": gettext_lazy("Heading"),
    "characters": gettext_lazy("Characters"),
    "escaped": gettext_lazy("Escaped"),
    "slug": gettext_lazy("Slug"),
    "no-recording": gettext_lazy("Episode"),
    "image": gettext_lazy("Image"),
    "image-refused": gettext_lazy("Image"),
    "topic-not-filed": gettext_lazy("Topic"),
    "topic-unknown": gettext_lazy("Topic"),
}


@dataclass(frozen=True)
class PreviewPart:
    """The lead or a section as it would be: its heading as text, its level (0 for the lead), its HTML and its counts."""

    heading: str
    level: int
    html: str
    sentence_count: int
    citation_count: int


@dataclass(frozen=True)
class Preview:
    """What would become of a received text; `known` is the revision that already holds it, else None."""

    imported: object
    parts: list[PreviewPart]
    known: object

    @property
    def is_discarded(self):
        return self.known is not None and self.known.status == Revision.Status.DISCARDED

    @property
    def title(self):
        return self.imported.revision.title

    @property
    def summary(self):
        """What saving it does, as a sentence."""
        if self.is_discarded:
            return gettext("A draft of this text was discarded, and nothing would be changed. Restore it instead:")
        if self.known:
            return gettext("This text is on the site already, and nothing would be changed.")
        revision = self.imported.revision
        if self.imported.outcome == Outcome.CREATED:
            return gettext("A new article, /%(slug)s/.") % {"slug": revision.slug}
        return gettext("A newer text of the article /%(slug)s/, as your draft of it.") % {"slug": revision.slug}

    @property
    def sources(self):
        """The episodes that it cites."""
        return [] if self.known else list(self.imported.revision.derived[1].values())

    @property
    def citation_count(self):
        return sum(part.citation_count for part in self.parts)

    @property
    def section_count(self):
        return len(self.parts) - 1

    @property
    def counts(self):
        sections = ngettext("%(n)s section", "%(n)s sections", self.section_count) % {"n": self.section_count}
        citations = ngettext("%(n)s citation", "%(n)s citations", self.citation_count) % {"n": self.citation_count}
        return gettext("%(sections)s, %(citations)s.") % {"sections": sections, "citations": citations}

    @property
    def problems(self):
        """(problem, what it is about) of the first ones, in the order of the text."""
        found = sorted(self.imported.problems, key=lambda problem: (problem.line, problem.column))
        return [
            (replace(problem, reason=translate(problem.reason)), KINDS.get(problem.code, gettext("Not read as meant")))
            for problem in found[:PROBLEMS_SHOWN]
        ]

    @property
    def more_problems(self):
        return max(0, len(self.imported.problems) - PROBLEMS_SHOWN)


@writers_only
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request):
    """GET shows the form. POST shows what becomes of the text, and with `_create` saves it if that has been shown.

    A text can name recordings that the site doesn't have yet, so that it also needs the permission to add them.
    """
    if not request.user.has_perms(["articles.add_episode", "articles.add_show"]):
        raise PermissionDenied
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReceivedForm(*sent, label_suffix="")
    preview = None
    if request.method == "POST" and form.is_valid():
        is_seen = form.cleaned_data["seen"] == form.article.digest()
        try:
            if "_create" in request.POST and is_seen:
                return _saved(request, import_received(form.article, by=request.user))
            preview = _preview(preview_received(form.article, by=request.user))
        except FormatError as error:
            form.add_error("text", sentence(error))
        except workflow.WorkflowError as refusal:
            form.add_error("text", str(refusal))
        else:
            form.data = form.data.copy()
            form.data["seen"] = form.article.digest()
            if "_create" in request.POST:
                messages.warning(
                    request, gettext("The text has changed since the preview. This is what it becomes now.")
                )
    context = {"title": gettext("Paste a received text"), "form": form, "preview": preview}
    status = 400 if form.is_bound and form.errors else 200
    return admin_page(request, "admin/articles/articles/beginning/received.html", context, status=status)


def _preview(imported):
    if imported.outcome == Outcome.UNCHANGED:
        return Preview(imported, [], imported.revision)
    shown, parts = 0, []
    for part in imported.revision.derived[0]:
        shown += len(part.body.html)
        html = part.body.html if shown <= PREVIEWS_MAX else ""
        parts.append(
            PreviewPart(
                heading=part.heading.plain_text if part.heading else "",
                level=part.section.level if part.section else 0,
                html=mark_safe(html),  # noqa: S308  (sanitised by core.markdown)
                sentence_count=part.body.sentence_count,
                citation_count=sum(len(text.citations) for text in part.rendered()),
            )
        )
    return Preview(imported, parts, None)


def _saved(request, imported):
    """Open the draft, and say what is left to do."""
    draft = imported.revision
    if imported.outcome == Outcome.CREATED:
        admin.site.get_model_admin(Article).log_addition(
            request, draft.article, gettext("Revision %(number)s saved.") % {"number": draft.number}
        )
    for problem in imported.problems:
        if problem.code == "image-refused":
            messages.warning(request, translate(problem.reason))
    messages.success(request, gettext("The received text is your draft now. Nothing has been published."))
    return HttpResponseRedirect(
        editor_of(draft) if draft.is_draft else reverse("admin:articles_revision_change", args=[draft.pk])
    )
