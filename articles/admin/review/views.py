"""The page on which a revision is compared, discussed and decided, and its preview."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.core.timestamps import format_label
from articles.derived.pages import article as pages
from articles.views import diff
from articles.workflow.collaboration import comments
from articles.workflow.transitions import clock

from . import context as reviewing
from . import decisions
from .decision_form import DecisionForm
from .merge_form import merge_form


class ReviewPages:
    """A part of the revisions' admin."""

    def get_urls(self):
        pages = [
            path("<int:pk>/decide/", self.admin_site.admin_view(self.decide), name="articles_revision_decide"),
            path("<int:pk>/heard/", self.admin_site.admin_view(self.heard), name="articles_revision_heard"),
            path("<int:pk>/preview/", self.admin_site.admin_view(self.preview), name="articles_revision_preview"),
        ]
        return pages + super().get_urls()

    def revision_or_404(self, request, pk):
        """The revision, or 404: who may not know of it is not told that it exists."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        revision = reviewing.for_page(pk, request.user) if str(pk).isdecimal() else None
        if revision is None:
            raise Http404(gettext("No such revision."))
        return revision

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        revision = self.revision_or_404(request, object_id)
        if revision.is_draft:
            return HttpResponseRedirect(editor_of(revision))
        return self.review_page(request, revision)

    @method_decorator(require_POST)
    def decide(self, request, pk):
        revision = self.revision_or_404(request, pk)
        act = decisions.ACTS.get(request.POST.get("act"))
        if act is None:
            raise Http404(gettext("No such decision."))
        form = DecisionForm(request.POST)
        status = 400
        if form.is_valid():
            try:
                parts = decisions.carry_out(act, revision, by=request.user, words=form.cleaned_data)
            except workflow.WorkflowError as refusal:
                form.add_error(None, str(refusal))
                status = 403 if isinstance(refusal, workflow.NotAllowed) else 409
            else:
                messages.success(request, _said(act, revision, parts))
                done = act is decisions.WITHDRAW
                return HttpResponseRedirect(editor_of(revision) if done else reverse("admin:index"))
        revision = self.revision_or_404(request, pk)  # as it stands now, not as the refused act left it
        return self.review_page(request, revision, form=form, status=status)

    @method_decorator(require_POST)
    def heard(self, request, pk):
        """The person heard that a moment of the revision supports its claim."""
        revision = self.revision_or_404(request, pk)
        given = request.POST.get("citation", "")
        rows = revision.citation_set.select_related("episode__show", "section")
        citation = rows.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 19 else None
        if citation is None:
            raise Http404(gettext("The revision has no such citation."))
        try:
            workflow.confirm_citation(
                revision.article,
                by=request.user,
                episode=citation.episode,
                start_seconds=citation.start_seconds,
                end_seconds=citation.end_seconds,
                claim=citation.claim,
                section_key=citation.section.key if citation.section else None,
            )
        except workflow.WorkflowError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                gettext("Noted: you heard it at %(moment)s.") % {"moment": format_label(citation.start_seconds)},
            )
        return HttpResponseRedirect(revision.get_absolute_url())

    def review_page(self, request, revision, *, form=None, remark=None, status=200):
        """The page; `form` and `remark` are forms that were refused, with what was written into them."""
        try:
            other = reviewing.other_of(revision, request.GET.get("against", ""))
        except LookupError as error:
            raise Http404(str(error)) from error
        can_edit = request.user.has_perm("articles.change_revision")
        shown, citations, counts = None, [], None
        if other:
            shown = diff.compare(other, revision, excerpts=can_edit)
            counts = shown.counts
        else:
            citations, counts = reviewing.claims(revision, excerpts=can_edit)
        is_own_comparison = other == revision.target
        form = form or DecisionForm.of(revision, shown if is_own_comparison else None)
        offer = decisions.offer(revision, request.user)
        ticks = bool(shown and is_own_comparison and offer.in_part)
        behind = reviewing.outdated(revision)
        context = {
            **self.admin_site.each_context(request),
            "title": revision.title or gettext("Untitled"),
            "opts": self.opts,
            "revision": revision,
            "article": revision.article,
            "published": revision.article.published_revision,
            "rendering": getattr(revision, "rendering", None),
            "other": other,
            "is_own_comparison": is_own_comparison,
            "shown": shown,
            "ticks": ticks,
            "ticked": _tick(shown, form) if ticks else 0,
            "behind": behind,
            "merge_form": merge_form(revision, behind) if behind else None,
            "citations": citations,
            "counts": counts,
            "hear": reverse("admin:articles_revision_heard", args=[revision.pk]) if can_edit else "",
            "problems": reviewing.problems(revision),
            "discussion": reviewing.discussion(revision, shown),
            "may_discuss": not revision.is_draft and comments.may_discuss(revision, request.user),
            "places": [] if shown else reviewing.places(revision),
            "remark": remark,
            "log": reviewing.log(revision),
            "offer": offer,
            "form": form,
            "wants_time": request.POST.get("act") in {act.name for act in decisions.AT_A_TIME},
            "can_edit": can_edit,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/review/review.html", context, status=status)

    @method_decorator([require_safe, never_cache])
    def preview(self, request, pk):
        """The revision as readers would get it."""
        revision = self.revision_or_404(request, pk)
        if not hasattr(revision, "rendering"):
            raise Http404(gettext("This revision has not been rendered yet: manage.py rebuild does it."))
        values = {"article": revision.article, **pages.values(revision)}
        context = {
            "title": revision.title,
            "page": render_to_string("articles/stored/page.html", values),
            "article": revision.article,
            "revision": revision,
            "is_public": revision.article.published_revision_id == revision.pk,
        }
        return TemplateResponse(request, "admin/articles/review/preview.html", context)


def editor_of(revision):
    """The address of the editor's screen with this revision."""
    return f"{reverse('admin:articles_article_change', args=[revision.article_id])}?revision={revision.pk}"


def _tick(shown, form):
    """Tick the changes as the form has them, all of them at first; how many are ticked."""
    accepted = form.data.getlist("accept") if form.is_bound and form["parts"].value() else None
    for change in shown.changes:
        change.is_ticked = accepted is None or change.id in accepted
    return sum(change.is_ticked for change in shown.changes)


def _said(act, revision, parts):
    """What is said once `act` is done; `parts` are those of an acceptance in part."""
    if parts:
        return _said_of_parts(revision, *parts)
    said = format_html(gettext("{}: “{}”, revision {}."), act.done, revision.title, revision.number)
    if act in decisions.PUBLISHING:
        return format_html(gettext('{} <a href="{}">See the page</a>'), said, revision.article.get_absolute_url())
    if act in decisions.AT_A_TIME:
        values = {"said": said, "from": clock(revision.publish_at)}
        if revision.take_down_at is None:
            return format_html(gettext("{said} It goes out at {from}."), **values)
        until = clock(revision.take_down_at)
        return format_html(gettext("{said} It goes out at {from}, and comes down at {until}."), **values, until=until)
    return said


def _said_of_parts(revision, accepted, remainder):
    published = format_html(
        gettext(
            'Published in part: “{}”, <a href="{}">revision {}</a> is what you accepted of revision {}. <a '
            'href="{}">See the page</a>. '
        ),
        accepted.title,
        accepted.get_absolute_url(),
        accepted.number,
        revision.number,
        accepted.article.get_absolute_url(),
    )
    if remainder is None:
        return format_html(
            gettext('{}The rest stays in <a href="{}">revision {}</a>, sent back to {} with your comment.'),
            published,
            revision.get_absolute_url(),
            revision.number,
            revision.author_name,
        )
    return format_html(
        gettext('{}The rest went back to {} with your comment, as the draft <a href="{}">revision {}</a>.'),
        published,
        remainder.author_name,
        editor_of(remainder),
        remainder.number,
    )
