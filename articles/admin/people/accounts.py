"""Accounts in the admin: when one is closed, changed or deleted, the pages that lead to its person follow."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

from articles import workflow
from articles.derived import reviewers

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Django's own screens. Whether a reviewer's page is public hangs on the account and its groups, too."""

    def save_model(self, request, obj, form, change):
        obj.had_page = reviewers.page_of([obj.pk])
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        user = form.instance
        if reviewers.page_of([user.pk]) != user.had_page:
            workflow.render_naming([user.pk])

    def delete_model(self, request, obj):
        self._delete([obj.pk], lambda: super(AccountAdmin, self).delete_model(request, obj))

    def delete_queryset(self, request, queryset):
        users = list(queryset.values_list("pk", flat=True))
        self._delete(users, lambda: super(AccountAdmin, self).delete_queryset(request, queryset))

    @staticmethod
    def _delete(users, delete):
        """Delete accounts; the profile goes with each, and afterwards nobody can tell what they reviewed."""
        naming = workflow.articles_naming(list(reviewers.page_of(users)))
        delete()
        workflow.render_all(naming)
