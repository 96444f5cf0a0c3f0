"""Accounts in the admin: when one is closed, changed or deleted, the pages that lead to its person follow."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

from articles import workflow

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Django's own screens. Whether a reviewer's page is public hangs on the account and its groups, too."""

    def save_model(self, request, obj, form, change):
        """Leave it to `save_related`: the groups belong to the same change."""

    def save_related(self, request, form, formsets, change):
        with workflow.change_accounts([form.instance.pk]):
            super().save_model(request, form.instance, form, change)
            super().save_related(request, form, formsets, change)

    def delete_model(self, request, obj):
        with workflow.change_accounts([obj.pk]):
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        with workflow.change_accounts(list(queryset.values_list("pk", flat=True))):
            super().delete_queryset(request, queryset)
