"""What a list of the admin can be filtered and searched by: only what it offers, and only as much as a query can hold."""

from django.contrib import admin, messages
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import smart_split
from django.utils.translation import gettext

WORDS_MAX = 20  # each one is a condition for every column that is searched
# What Django's list filters put after the name of their field.
FORMS = {"", "exact", "id__exact", "isnull", "gte", "lt"}


class GuardedLists:
    """Mixin of all model admins, also of their forms. `linked_by` are further parameters, which links to the list use.

    Django accepts any lookup on a list's own columns. `?sender__startswith=` would tell a column that the list doesn't
    show, letter by letter, and a lookup across relations would tell more.
    """

    linked_by = ()

    def lookup_allowed(self, lookup, value, request=None):
        name, _, form = lookup.partition("__")
        if lookup in self.linked_by:
            return True
        for entry in self.get_list_filter(request):
            if getattr(entry, "parameter_name", None) == lookup:
                return True
            field = entry[0] if isinstance(entry, tuple | list) else entry
            if field == name and form in FORMS:
                return True
        try:
            self.model._meta.get_field(name)  # also by the name of its column, such as author_id
        except FieldDoesNotExist:
            # What is neither a column nor computed is answered by Django with a redirect to the unfiltered list.
            return name != "pk" and name not in self.get_queryset(request).query.annotations
        return False

    def get_object(self, request, object_id, from_field=None):
        return super().get_object(request, object_id, from_field or None)  # `?_to_field=` is no name of a field

    def get_search_results(self, request, queryset, search_term):
        if len(list(smart_split(search_term))) > WORDS_MAX:
            message = gettext("Search for %(most)s words or fewer.") % {"most": WORDS_MAX}
            self.message_user(request, message, messages.WARNING)
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Show a refused form under the name that is stored: Django has already put what was sent into `obj`.

        The line above the form counts errors; Django's counts the fields that have any.
        """
        if change and request.method == "POST":
            obj = self.get_object(request, str(obj.pk)) or obj
            context = context | {"original": obj, "subtitle": str(obj)}
        listed = context.get("errors", ())  # lists of a field's errors, and errors of whole tables
        errors = [error for found in listed for error in ([found] if isinstance(found, str) else found)]
        context = context | {"errors": errors} | self.context_of(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def context_of(self, request, obj):
        """Return what the page of `obj`, as it is stored, shows around the form; `obj` is None for a new row."""
        return {}


class GuardedAdmin(GuardedLists, admin.ModelAdmin):
    pass
