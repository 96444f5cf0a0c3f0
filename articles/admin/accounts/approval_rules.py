"""Which texts need a second approval, in the admin. Only administrators set it."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import workflow
from articles.admin.shared.base import GuardedForm
from articles.admin.shared.lookups import GuardedAdmin
from articles.models import ApprovalRule, Show, Topic
from articles.workflow.governance.approval_rules import why_no_group

HEALTH, SHOW, TOPIC = "health", "show", "topic"


class ApprovalRuleForm(GuardedForm):
    """A new rule says in `about` which texts it is about: `health`, `show-1` or `topic-1`. That can't be changed later."""

    about = forms.ChoiceField(
        label=_("Texts"),
        help_text=_("A rule for a show is about every text that cites one of its episodes. It is in force at once."),
    )

    class Meta:
        model = ApprovalRule
        fields = ("group",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "group" in self.fields:  # absent if the user can only view
            self.fields["group"].empty_label = gettext("Any two reviewers")
            for act in ("add", "change", "delete", "view"):
                setattr(self.fields["group"].widget, f"can_{act}_related", False)
        if self.instance.pk is None:
            self.fields["about"].choices = [("", gettext("Choose")), *_choices()]
        else:
            del self.fields["about"]

    def clean_group(self):
        group = self.cleaned_data["group"]
        if refusal := why_no_group(group):
            raise forms.ValidationError(refusal)
        return group

    def clean(self):
        cleaned = super().clean()
        if about := cleaned.get("about"):
            kind, _dash, key = about.partition("-")
            if kind == HEALTH:
                self.instance.notice = HEALTH
            else:
                setattr(self.instance, f"{kind}_id", int(key))
        return cleaned


def _choices():
    """What no rule is about yet."""
    if not ApprovalRule.objects.filter(notice=HEALTH).exists():
        yield HEALTH, gettext("Texts with the health notice")
    for kind, label, model in ((SHOW, gettext("Shows"), Show), (TOPIC, gettext("Topics"), Topic)):
        rows = model.objects.filter(approvalrule=None).order_by("title", "pk").values_list("pk", "title")
        yield label, [(f"{kind}-{pk}", title) for pk, title in rows]


@admin.register(ApprovalRule)
class ApprovalRuleAdmin(GuardedAdmin):
    form = ApprovalRuleForm
    list_display = ["texts", "approvals"]
    list_select_related = ["show", "topic", "group"]
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("show", "topic", "group")

    def get_fields(self, request, obj=None):
        return ["texts", "group"] if obj else ["about", "group"]

    def get_readonly_fields(self, request, obj=None):
        return ["texts"] if obj else []

    @admin.display(description=_("texts"))
    def texts(self, rule):
        return str(rule)

    @admin.display(description=_("approvals"))
    def approvals(self, rule):
        if rule.group is None:
            return gettext("two people")
        return gettext("two people, one of them from “%(group)s”") % {"group": rule.group.name}

    def save_model(self, request, obj, form, change):
        workflow.save_approval_rule(obj)

    def delete_model(self, request, obj):
        workflow.delete_approval_rules(ApprovalRule.objects.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        workflow.delete_approval_rules(ApprovalRule.objects.filter(pk__in=queryset.values("pk")))
