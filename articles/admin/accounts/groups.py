"""The admin of groups."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from articles.admin.shared.lookups import GuardedLists
from articles.workflow.governance.approval_rules import why_no_new_name

admin.site.unregister(Group)


class GroupForm(forms.ModelForm):
    def clean_name(self):
        name = self.cleaned_data["name"]
        if self.instance.pk and name != self.initial["name"] and (refusal := why_no_new_name(self.instance)):
            raise ValidationError(refusal)
        return name


@admin.register(Group)
class GroupsAdmin(GuardedLists, GroupAdmin):
    form = GroupForm
