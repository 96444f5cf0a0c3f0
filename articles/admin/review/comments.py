"""Comments on a revision: starting, answering, resolving and reopening threads."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from articles import workflow
from articles.admin.shared.helpers import back, found_or_404, status_of
from articles.core.markdown import plain_heading
from articles.models import Comment, Section
from articles.views import diff
from articles.workflow.collaboration import comments, margin, suggested_edits

from .context import revision_or_404
from .decision.unsent import keeping, sent
from .views import review_page

# The last part of the URL and the workflow function for it.
ACTIONS = {"resolve": comments.resolve, "reopen": comments.reopen}


FIELDS = ("text", "quote", "before", "after", "replacement", "delete")


class CommentForm(forms.Form):
    """`place` is "" for the whole revision, `change:<id>` for a change, `section:<key>` for a section.

    The page posts all its comment fields, each named `text:<place>`; `of` takes the one of this place. In a new article
    the comment field of the whole revision can be about a section (`about`). With a `quote` it is a margin comment on
    that passage of the section, or of the whole text; scripts also send what stood `before` and `after` the words.
    """

    text = forms.CharField(required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    place = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    quote = forms.CharField(required=False, widget=forms.Textarea)
    before = forms.CharField(required=False, strip=False, max_length=1_000)
    after = forms.CharField(required=False, strip=False, max_length=1_000)

    replacement = forms.CharField(required=False, max_length=suggested_edits.LONGEST, widget=forms.Textarea)
    delete = forms.BooleanField(required=False)

    @classmethod
    def of(cls, request, place):
        values = {name: request.POST.get(f"{name}:{place}", request.POST.get(name, "")) for name in FIELDS}
        return cls(values | {"place": place})

    def clean(self):
        values = super().clean()
        is_edit = values.get("delete") or values.get("replacement")
        if is_edit and not values.get("quote"):
            self.add_error("quote", gettext("Choose the passage that you suggest to edit."))
        elif not is_edit and "text" in values and not values["text"]:
            self.add_error("text", self.fields["text"].error_messages["required"])
        return values


@require_POST
@keeping
def comment(request, pk):
    revision = revision_or_404(request, pk)
    form = CommentForm.of(request, request.POST.get("place", ""))
    if not form.is_valid():
        return review_page(request, revision, comment_form=form, status=400)
    about = form.cleaned_data["place"] or request.POST.get("about", "")
    place = _place(revision, about)
    if form.cleaned_data["quote"]:
        return _save(request, revision, form, _on_passage, revision, form, place.get("section_key"))
    return _save(request, revision, form, comments.add, revision, **place)


@require_POST
@keeping
def answer(request, pk, thread):
    revision = revision_or_404(request, pk)
    thread = _thread(revision, thread)
    form = CommentForm.of(request, f"thread:{thread.pk}")
    if not form.is_valid():
        return review_page(request, revision, comment_form=form, status=400)
    response = _save(request, revision, form, comments.answer, thread)
    if thread.resolved_at is not None and response.status_code == 302:
        resolved = gettext(
            "%(name)s has resolved this thread. Your reply is in it; reopen it if something is left to do."
        )
        messages.warning(request, resolved % {"name": thread.resolved_by_name})
    return response


@require_POST
@keeping
def close(request, pk, thread, act):
    revision = revision_or_404(request, pk)
    thread = _thread(revision, thread)
    if act not in ACTIONS:
        raise Http404(gettext("Threads can only be resolved or reopened."))
    try:
        ACTIONS[act](thread, by=request.user, during=revision)
    except workflow.WorkflowError as refusal:
        messages.error(request, str(refusal))
    return _shown(request, thread)


def _on_passage(revision, form, section_key, *, by, text):
    """Save a margin comment on the passage that the form quotes, in the section with this key if it is about one.

    If the form suggests an edit and the passage is written differently, the form gets it as it is written.
    """
    fields = margin.fields_of(revision, revision.section_set.all())
    if section_key:
        fields = [field for field in fields if field.section_key == section_key]
    words = form.cleaned_data["quote"]
    passage = margin.choose(fields, words, before=form.cleaned_data["before"], after=form.cleaned_data["after"])
    edit = {"replacement": form.cleaned_data["replacement"], "is_deletion": form.cleaned_data["delete"]}
    return suggested_edits.comment_or_suggest(revision, by=by, text=text, passage=passage, words=words, **edit)


def _save(request, revision, form, save, *args, **place):
    """Save the form's comment with the workflow function `save` and go to it, or show why it wasn't saved."""
    try:
        comment = save(*args, by=request.user, text=form.cleaned_data["text"], **place)
    except suggested_edits.NotAsWritten as refusal:
        form.data["quote"] = refusal.exact
        form.add_error(None, str(refusal))
        return review_page(request, revision, comment_form=form, status=409)
    except workflow.WorkflowError as refusal:
        form.add_error(None, str(refusal))
        return review_page(request, revision, comment_form=form, status=status_of(refusal))
    where = form.cleaned_data["place"]
    sent(request, *(f"{name}:{where}" for name in FIELDS), *([] if where else ["about"]))
    return _shown(request, comment)


def _shown(request, comment):
    return HttpResponseRedirect(f"{back(request, comment.revision.get_absolute_url())}#comment-{comment.pk}")


def _thread(revision, pk):
    threads = Comment.objects.filter(comments.discussion_of(revision), parent=None)
    threads = threads.select_related("revision__article")
    return found_or_404(threads, pk, gettext("No such thread."))


def _place(revision, place):
    """Keyword arguments of `comments.add` for a place. Raises Http404 if this revision doesn't have it."""
    if not place:
        return {}
    kind, _, key = place.partition(":")
    if kind == "change" and revision.target:
        for change in diff.compare(revision.target, revision).changes:
            if change.id == key:
                return {"change": key, "section_key": change.section_key or None, "quote": change.quote}
    if kind == "section":
        revisions = [revision.pk, revision.target_id]
        for section in Section.objects.filter(revision__in=revisions).order_by("-revision"):
            if str(section.key) == key:
                return {"section_key": section.key, "quote": plain_heading(section.heading)}
    raise Http404(gettext("This revision has no such section or change."))
