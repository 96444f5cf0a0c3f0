"""Changes of rank in the admin: the log of who gave whom which groups, and what waits for a second administrator."""

from django.contrib import admin, messages
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from articles import workflow
from articles.admin.shared.base import ReadOnlyAdmin
from articles.models import RankChange
from articles.workflow.governance.ranks import ADMINISTERING


@admin.register(RankChange)
class RankChangeAdmin(ReadOnlyAdmin):
    list_display = [
        "account_name", "rank_before", "rank_after", "proposed_by_name", "proposed_at", "outcome", "decided_by_name",
    ]  # fmt: skip
    list_filter = ["outcome"]
    search_fields = ["account_name", "proposed_by_name", "decided_by_name"]
    fields = [*list_display, "decided_at"]
    change_form_template = "admin/articles/accounts/rank_change.html"
    actions = ["confirm", "reject"]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(ADMINISTERING)

    def has_module_permission(self, request):
        return request.user.has_perm(ADMINISTERING)

    @admin.display(description=_("before"))
    def rank_before(self, change):
        return _described(change.before)

    @admin.display(description=_("after"))
    def rank_after(self, change):
        return _described(change.after)

    @admin.action(permissions=["view"], description=_("Confirm changes of rank"))
    def confirm(self, request, queryset):
        self._decide(request, queryset, workflow.confirm_rank, gettext("Changed the rank of %(name)s."))

    @admin.action(permissions=["view"], description=_("Reject changes of rank"))
    def reject(self, request, queryset):
        self._decide(request, queryset, workflow.reject_rank, gettext("Rejected the change of %(name)s."))

    def _decide(self, request, queryset, decide, done):
        for change in queryset.select_related("account"):
            try:
                decide(change, by=request.user)
            except workflow.WorkflowError as refusal:
                self.message_user(request, f"“{change.account_name}”: {refusal}", messages.WARNING)
            else:
                self.message_user(request, done % {"name": change.account_name}, messages.SUCCESS)


def _described(rank):
    flags = {
        "is_superuser": pgettext("account", "superuser"),
        "is_staff": pgettext("account", "staff"),
        "is_active": pgettext("account", "active"),
    }
    labels = (label for name, label in flags.items() if rank[name])
    return ", ".join([*rank["groups"], *labels, *rank.get("permissions", ())]) or "–"
