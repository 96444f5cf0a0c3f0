"""Accounts in the admin. Changing or deleting one also updates the pages that link to its reviewer profile."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

from articles import workflow

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Django's user admin. Whether a reviewer profile is public also depends on the account and its groups."""

    def save_model(self, request, obj, form, change):
        """Left to `save_related`, because the groups are part of the same change."""

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
