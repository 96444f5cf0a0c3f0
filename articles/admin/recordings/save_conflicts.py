"""Handles admin changes that collide with someone saving a text that they affect: a clear message, and no lost input."""

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.utils.translation import gettext_lazy

from articles import workflow

COLLIDED = gettext_lazy(
    "Someone else saved a text that cites this at the same moment. Your changes weren’t saved, but they are still here: "
    "save again."
)


class CollisionMixin:
    """Shows an admin form again, with its input, if the database couldn't save it because of a concurrent change."""

    has_collided = "_has_collided"  # the name of the attribute set on the request

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except OperationalError as error:
            if request.method != "POST" or not workflow.is_collision(error):
                raise
        except workflow.InvalidTransition:  # how a workflow transition reports a collision
            if request.method != "POST":
                raise
        setattr(request, self.has_collided, True)
        for file in request.FILES.values():
            file.seek(0)
        # Without a transaction, because nothing is written and SQLite would wait for the lock again.
        return self._changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if not getattr(request, self.has_collided, False):
            return form

        class Collided(form):
            def clean(self):
                super().clean()
                raise ValidationError(COLLIDED)

        return Collided
