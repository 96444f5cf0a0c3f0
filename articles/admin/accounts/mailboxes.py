"""Mail delivery in the admin: whose mail fails, why, and what is still to be sent. Administrators can send it again."""

from django.contrib import admin, messages
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.admin.shared.lookups import GuardedAdmin
from articles.models import Mailbox, Notice
from articles.workflow.notifications import retry_failed

SHOWN = 20


class FailingFilter(admin.SimpleListFilter):
    title = _("delivery")
    parameter_name = "failing"

    def lookups(self, request, model_admin):
        return [("yes", _("failing"))]

    def queryset(self, request, queryset):
        return queryset.failing() if self.value() == "yes" else queryset


@admin.register(Mailbox)
class MailboxAdmin(GuardedAdmin):
    """Rows appear with a person's first choice or first failure; nobody chooses for someone else."""

    list_display = ["user", "failing_address", "failures", "failing_since", "failed_at", "last_error", "frequency"]
    list_filter = [FailingFilter, "frequency"]
    list_select_related = ["user"]
    list_per_page = 50
    search_fields = ["user__username", "failing_address", "last_error"]
    search_help_text = _("Search accounts, addresses and reasons")
    fields = ["user", "frequency", "failing_address", "failures", "failing_since", "failed_at", "last_error", "unsent"]
    readonly_fields = ["unsent"]
    actions = ["send_again"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_send_again_permission(self, request):
        return request.user.has_perm("articles.view_mailbox")

    @admin.display(description=_("not sent"))
    def unsent(self, mailbox):
        """The newest notices that wait or were given up, each with its attempts and reason, and not with its text."""
        failed = Notice.objects.filter(user=mailbox.user, mail__in=[Notice.Mail.WAITING, Notice.Mail.FAILED])
        rows = (
            (
                notice.get_mail_display(),
                notice.article.slug,
                ngettext("%(number)s attempt", "%(number)s attempts", notice.mail_attempts)
                % {"number": notice.mail_attempts},
                notice.mail_error or "–",
            )
            for notice in failed.select_related("article")[:SHOWN]
        )
        items = format_html_join("", "<li>{}: {}, {}: {}</li>", rows)
        return format_html("<ul>{}</ul>", items) if items else None

    @admin.action(permissions=["send_again"], description=_("Send mail that was given up again"))
    def send_again(self, request, queryset):
        number = retry_failed(Notice.objects.filter(user__in=queryset.values("user")))
        message = ngettext(
            "%(number)s notice will be mailed again.", "%(number)s notices will be mailed again.", number
        )
        self.message_user(request, message % {"number": number}, messages.SUCCESS if number else messages.WARNING)
