"""The page on which people choose how often they get mail."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from articles.admin.shared.helpers import admin_page
from articles.models import Mailbox
from articles.workflow.notifications import next_digest, set_frequency

from .own_forms import MailForm


@require_http_methods(["GET", "HEAD", "POST"])
def own_account(request):
    """The user's own account: their address, and how often notices are mailed to it."""
    mailbox = Mailbox.objects.filter(user=request.user).first() or Mailbox(user=request.user)
    form = MailForm(request.POST if request.method == "POST" else None, instance=mailbox)
    if request.method == "POST" and form.is_valid():
        set_frequency(request.user, form.cleaned_data["frequency"])
        messages.success(request, gettext("Saved."))
        return HttpResponseRedirect(reverse("admin:own_account"))
    context = {
        "title": gettext("Your account"),
        "form": form,
        "digest_at": next_digest(timezone.now()),
        "mailbox": mailbox if mailbox.failures and mailbox.failing_address == request.user.email else None,
    }
    return admin_page(request, "admin/articles/accounts/own_account.html", context, status=400 if form.errors else 200)
