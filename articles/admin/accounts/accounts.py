"""Accounts in the admin, within the rules of `workflow.governance.ranks`."""

import json

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from articles import workflow
from articles.admin.shared.lookups import GuardedLists

from .forms import AccountForm, NewAccountForm

admin.site.unregister(User)
FLAGS = ("is_active", "is_staff", "is_superuser")
RANK = (*FLAGS, "groups", "user_permissions")
PERSONAL = ("username", "first_name", "last_name", "email")


@admin.register(User)
class AccountAdmin(GuardedLists, UserAdmin):
    """Django's user admin, in which a change of rank is proposed unless a superuser makes it."""

    form = AccountForm
    add_form = NewAccountForm
    actions = ["delete_selected"]
    list_display = (*UserAdmin.list_display, "is_active")

    def has_change_permission(self, request, obj=None):
        if not super().has_change_permission(request, obj) or obj is None:
            return super().has_change_permission(request, obj)
        return workflow.may_edit(obj, by=request.user) or workflow.may_change_rank(obj, by=request.user)

    def has_delete_permission(self, request, obj=None):
        is_own = obj is not None and obj.pk == request.user.pk
        return super().has_delete_permission(request, obj) and request.user.is_superuser and not is_own

    def get_readonly_fields(self, request, obj=None):
        fixed = {*super().get_readonly_fields(request, obj), "last_login", "date_joined"}
        if obj is not None:
            if not workflow.may_change_rank(obj, by=request.user):
                fixed |= set(RANK)
            if not workflow.may_edit(obj, by=request.user):
                fixed |= set(PERSONAL)
        if not request.user.is_superuser:
            fixed.add("user_permissions")
        return sorted(fixed)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or workflow.may_edit(obj, by=request.user):
            return fieldsets
        return [
            (title, options | {"fields": [name for name in options["fields"] if name != "password"]})
            for title, options in fieldsets
        ]

    def user_change_password(self, request, id, form_url=""):  # noqa: A002  (the name in Django)
        account = self.get_object(request, id)
        if account is not None and not workflow.may_edit(account, by=request.user):
            raise PermissionDenied
        before = account and account.password
        with transaction.atomic():  # a password that somebody else knows is never without the note that they do
            response = super().user_change_password(request, id, form_url)
            if account is not None and request.method == "POST":
                account.refresh_from_db(fields=["password"])
                if account.password != before:
                    workflow.issue_password(account, by=request.user)
        return response

    def save_model(self, request, obj, form, change):
        """Left to `save_related`, because the groups are part of the same change."""

    def save_related(self, request, form, formsets, change):
        account = form.instance
        stored = User.objects.get(pk=account.pk) if change else User(is_active=False)
        before = workflow.Rank.of(stored)
        wanted = self._wanted(request, form, before, change)
        for name in FLAGS:
            setattr(account, name, getattr(stored, name))
        for name in {"groups", "user_permissions"} & form.cleaned_data.keys():
            form.cleaned_data[name] = getattr(stored, name).all() if change else []
        with workflow.change_accounts([account.pk] if change else []):
            super().save_model(request, account, form, change)
            super().save_related(request, form, formsets, change)
        if not change and account.has_usable_password():
            workflow.issue_password(account, by=request.user)
        try:
            done = workflow.change_rank(account, wanted, by=request.user)
        except workflow.WorkflowError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            account.is_unchanged = change and set(form.changed_data) <= set(RANK)
            form.changed_data = [name for name in form.changed_data if name not in RANK]
        else:
            if done is not None and done.outcome == done.Outcome.PROPOSED:
                form.is_rank_proposed = True
                account.is_unchanged = set(form.changed_data) <= set(RANK)
                message = gettext(
                    "The rank of this account hasn’t changed yet: another administrator has to confirm it. {}"
                )
                address = reverse("admin:articles_rankchange_change", args=[done.pk])
                link = format_html('<a href="{}">{}</a>', address, gettext("View change"))
                self.message_user(request, format_html(message, link), messages.WARNING)
            elif not change and done is None:
                message = gettext(
                    "The account is inactive. Choose its groups and “Active”; another administrator then confirms them."
                )
                self.message_user(request, message, messages.WARNING)

    def response_change(self, request, obj):
        """Without Django's message that the account was changed, if only its rank was, which was proposed or refused."""
        if getattr(obj, "is_unchanged", False):
            return HttpResponseRedirect(request.get_full_path())
        return super().response_change(request, obj)

    def construct_change_message(self, request, form, formsets, add=False):
        """Django's message names the changed fields, even of a rank that is only proposed."""
        if not getattr(form, "is_rank_proposed", False):
            return super().construct_change_message(request, form, formsets, add)
        names = ", ".join(str(form.fields[name].label) for name in RANK if name in form.changed_data)
        form.changed_data = [name for name in form.changed_data if name not in RANK]
        done = super().construct_change_message(request, form, formsets, add)
        proposed = gettext("Proposed, to be confirmed: %(fields)s.") % {"fields": names}
        return f"{AdminEntry(change_message=json.dumps(done)).get_change_message()} {proposed}" if done else proposed

    def _wanted(self, request, form, before, change):
        """The `Rank` that the form asks for; a new account is active only if a superuser adds it."""
        if not change:
            return workflow.Rank(is_active=request.user.is_superuser)
        values = {name: form.cleaned_data.get(name, getattr(before, name)) for name in FLAGS}
        groups = form.cleaned_data.get("groups")
        names = before.groups if groups is None else tuple(sorted(group.name for group in groups))
        own = form.cleaned_data.get("user_permissions")
        own = before.permissions if own is None else tuple(sorted(workflow.permission_names(own)))
        return workflow.Rank(groups=names, permissions=own, **values)

    @admin.action(permissions=["delete"], description=gettext_lazy("Delete or deactivate accounts"))
    def delete_selected(self, request, queryset):
        """Django's action, for the accounts without a history; the others are deactivated once that is confirmed."""
        if request.POST.get("post"):
            kept = [account for account in queryset if workflow.has_history(account)]
            for account in kept:
                self._deactivate(request, account)
            queryset = queryset.exclude(pk__in=[account.pk for account in kept])
            if not queryset.exists():
                return None
        response = delete_selected(self, request, queryset)
        if response is not None:
            response.context_data["kept"] = [account for account in queryset if workflow.has_history(account)]
        return response

    def delete_view(self, request, object_id, extra_context=None):
        account = self.get_object(request, object_id)
        kept = [account] if account is not None and workflow.has_history(account) else []
        return super().delete_view(request, object_id, {"kept": kept} | (extra_context or {}))

    def get_deleted_objects(self, objs, request):
        """Leave out the accounts that are deactivated instead."""
        return super().get_deleted_objects([account for account in objs if not workflow.has_history(account)], request)

    def delete_queryset(self, request, queryset):
        with workflow.change_accounts(list(queryset.values_list("pk", flat=True))):
            super().delete_queryset(request, queryset)

    def log_deletions(self, request, queryset):
        super().log_deletions(request, [account for account in queryset if not workflow.has_history(account)])

    def delete_model(self, request, obj):
        if workflow.has_history(obj):
            self._deactivate(request, obj)
            return
        with workflow.change_accounts([obj.pk]):
            super().delete_model(request, obj)

    def response_delete(self, request, obj_display, obj_id):
        if User.objects.filter(pk=obj_id).exists():
            return HttpResponseRedirect(reverse("admin:auth_user_changelist"))
        return super().response_delete(request, obj_display, obj_id)

    def _deactivate(self, request, account):
        try:
            workflow.deactivate(account, by=request.user)
        except workflow.WorkflowError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return
        self.log_change(request, account, gettext("Deactivated instead of deleted."))
        message = gettext("The account “%(name)s” has a history, so it was deactivated instead. Its name stays taken.")
        self.message_user(request, message % {"name": account.get_username()}, messages.WARNING)
