"""Reviewer profiles in the admin. Moderators can read and unpublish them, but not edit someone else's."""

from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import workflow
from articles.admin.shared.lookups import GuardedAdmin
from articles.models import Profile


@admin.register(Profile)
class ProfileAdmin(GuardedAdmin):
    list_display = ["name", "account", "is_public", "page"]
    list_filter = ["is_public"]
    list_select_related = ["user"]
    list_per_page = 50
    search_fields = ["name", "slug", "user__username", "about"]
    search_help_text = _("Search names, addresses, accounts and bios")
    fields = ["name", "account", "slug", "about", "url", "is_public"]
    readonly_fields = ["account"]
    actions = ["take_down"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False  # a profile speaks in its owner's name

    def has_take_down_permission(self, request):
        return request.user.has_perm("articles.change_profile")

    @admin.display(description=_("account"), ordering="user__username")
    def account(self, profile):
        return profile.user.get_username()

    @admin.display(description=_("profile"))
    def page(self, profile):
        return format_html('<a href="{0}">{0}</a>', profile.get_absolute_url()) if profile.is_public else None

    @admin.action(permissions=["take_down"], description=_("Unpublish profiles"))
    def take_down(self, request, queryset):
        for profile in queryset:
            try:
                workflow.take_profile_down(profile, by=request.user)
            except workflow.WorkflowError as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
            else:
                self.log_change(request, profile, gettext("Unpublished."))
                message = gettext("Unpublished the profile of %(name)s. Its text is kept.")
                self.message_user(request, message % {"name": profile.name}, messages.SUCCESS)

    def delete_model(self, request, profile):
        workflow.delete_profiles(Profile.objects.filter(pk=profile.pk))

    def delete_queryset(self, request, queryset):
        workflow.delete_profiles(queryset)
