"""What is changed in the admin while somebody saves a text that it would change: told in words, and nothing lost."""

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.utils.translation import gettext_lazy

from articles import workflow

COLLIDED = gettext_lazy(
    "Somebody saved a text that draws on this at the same moment. Nothing of yours is saved yet, and all of it "
    "stands below: save again."
)


class CollisionMixin:
    """An admin page that is shown again, with what was typed, where the database could not save it at this moment."""

    has_collided = "_has_collided"  # the attribute of a request

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except OperationalError as error:
            if request.method != "POST" or not workflow.is_collision(error):
                raise
        except workflow.InvalidTransition:  # so does a transition say it
            if request.method != "POST":
                raise
        setattr(request, self.has_collided, True)
        for file in request.FILES.values():
            file.seek(0)
        # Without a transaction, for which SQLite would wait again: nothing is written any more.
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
