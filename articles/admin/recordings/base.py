"""What the admins of shows and episodes share: changes that wait, and saving that collides with a text that cites them."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy

from articles import workflow
from articles.admin.shared.lookups import GuardedAdmin
from articles.workflow.recordings import why_second_person

from .changes.admin import changes_box, tell_waiting

HAS_COLLIDED = "_has_collided"  # the name of the attribute set on the request
NAMED = 20  # of what keeps rows from being deleted
COLLIDED = gettext_lazy(
    "Someone else saved a text that cites this at the same moment. Your changes weren’t saved, but they are still here: "
    "save again."
)


REASON = "change_reason"


def reason_field():
    """Return the form field for the reason of a change."""
    return forms.CharField(
        label=gettext_lazy("Reason for the change"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Reviewers of the texts that cite this recording see it."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class ReasonForm(forms.ModelForm):
    """The part of a recording's form with the reason, which isn't part of the recording."""

    change_reason = reason_field()

    @cached_property
    def changed_data(self):
        return [name for name in super().changed_data if name != REASON]


class RecordingAdmin(GuardedAdmin):
    """Tells the user if a change waits for somebody else, and shows a form again if saving it collides.

    A subclass has `episodes_of(objs)`, the episodes that the rows consist of, and `protecting(objs, user)`, links to
    the first `NAMED` and one of what keeps the rows from being deleted. Saving sets `waiting` of the row to the
    `RecordingChange` if it waits for a decision.
    """

    list_per_page = 50

    def log_change(self, request, obj, message):
        if getattr(obj, "waiting", None):
            message = gettext("Proposed a change, number %(number)s.") % {"number": obj.waiting.pk}
        return super().log_change(request, obj, message)

    def response_change(self, request, obj):
        if getattr(obj, "waiting", None) is None:
            return super().response_change(request, obj)
        tell_waiting(request, obj.waiting)
        return HttpResponseRedirect(request.get_full_path())

    def context_of(self, request, obj):
        if obj is None:
            return {}
        context = {"changes_box": changes_box(obj, request.user)}
        if self.has_change_permission(request, obj):
            context["waiting_note"] = why_second_person(request.user, self.episodes_of([obj]))
        return context

    def get_deleted_objects(self, objs, request):
        # Asked first, because Django would load every citation of the episodes only to find that they protect them.
        if links := self.protecting(objs, request.user):
            return [], {}, set(), links if len(links) <= NAMED else [*links[:NAMED], gettext("and more")]
        return super().get_deleted_objects(objs, request)

    def delete_model(self, request, obj):
        workflow.delete_recordings(self.model._base_manager.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        workflow.delete_recordings(queryset)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except OperationalError as error:
            if request.method != "POST" or not workflow.is_collision(error):
                raise
        except workflow.InvalidTransition:  # how a workflow transition reports a collision
            if request.method != "POST":
                raise
        setattr(request, HAS_COLLIDED, True)
        for file in request.FILES.values():
            file.seek(0)
        # Without a transaction, because nothing is written and SQLite would wait for the lock again.
        return self._changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if not getattr(request, HAS_COLLIDED, False):
            return form

        class Collided(form):
            def clean(self):
                super().clean()
                raise ValidationError(COLLIDED)

        return Collided
