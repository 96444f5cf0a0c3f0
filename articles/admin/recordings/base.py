"""What the admins of shows and episodes share: permissions, and saving that collides with a text that cites them."""

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.utils.translation import gettext, gettext_lazy

from articles import workflow
from articles.admin.lookups import GuardedAdmin
from articles.models import Revision

HAS_COLLIDED = "_has_collided"  # the name of the attribute set on the request
NAMED = 20  # of what keeps rows from being deleted
COLLIDED = gettext_lazy(
    "Someone else saved a text that cites this at the same moment. Your changes weren’t saved, but they are still here: "
    "save again."
)


class RecordingAdmin(GuardedAdmin):
    """Lets only moderators change what published pages cite, and shows a form again if saving it collides.

    These pages contain titles and other details, so changes would appear there without a review. A subclass has
    `episodes_of(objs)`, the episodes that the rows consist of, and `protecting(objs, user)`, links to the first `NAMED` and
    one of what keeps the rows from being deleted.
    """

    list_per_page = 50

    def has_change_permission(self, request, obj=None):
        if not super().has_change_permission(request, obj):
            return False
        if obj is None or request.user.has_perm("articles.publish_revision"):
            return True
        return not Revision.objects.published().filter(source__episode__in=self.episodes_of([obj])).exists()

    def get_deleted_objects(self, objs, request):
        # Asked first, because Django would load every citation of the episodes only to find that they protect them.
        if links := self.protecting(objs, request.user):
            return [], {}, set(), links if len(links) <= NAMED else [*links[:NAMED], gettext("and more")]
        return super().get_deleted_objects(objs, request)

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
