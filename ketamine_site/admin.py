"""The admin site: Django's own with the review queue as its home page, and further URLs."""

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from articles.core.parsing.numbers import whole_number

# articles.admin registers its models with this site, so import it only once the site exists.


class Site(AdminSite):
    site_title = settings.SITE_NAME
    site_header = settings.SITE_NAME
    index_title = "My work"
    empty_value_display = mark_safe('<span class="empty-value">–</span>')
    enable_nav_sidebar = False

    def get_urls(self):
        from articles.admin.urls import addresses, lasting_addresses

        *urls, catch_all = super().get_urls()
        redirect = path(
            "r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site), name="view_on_site"
        )
        urls = [redirect if getattr(url, "name", "") == redirect.name else url for url in urls]
        return [*addresses(self), *urls, *lasting_addresses(self), catch_all]

    def each_context(self, request):
        """Return what Django's method does, without the list of all pages: only the navigation sidebar would show it."""
        script_name = request.META["SCRIPT_NAME"]
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": script_name if self.site_url == "/" and script_name else self.site_url,
            "has_permission": self.has_permission(request),
            "is_popup": False,
            "is_nav_sidebar_enabled": self.enable_nav_sidebar,
            "log_entries": self.get_log_entries(request),
        }

    def view_on_site(self, request, content_type_id, object_id):
        """Redirect to the page of a row that the user may see in the admin's list; anything else isn't found.

        Django's own view redirects to any row, and so tells the address of a draft to everyone with a log-in.
        """
        from django.contrib.contenttypes.models import ContentType

        kind = ContentType.objects.filter(pk=whole_number(content_type_id)).first()
        model = kind and kind.model_class()
        row = None
        if model in self._registry and hasattr(model, "get_absolute_url"):
            model_admin = self._registry[model]
            if model_admin.has_view_permission(request):
                row = model_admin.get_object(request, object_id)
        if row is None:
            raise Http404(gettext("No such page."))
        return HttpResponseRedirect(row.get_absolute_url())

    def admin_view(self, view, cacheable=False):
        from articles.admin.editor.saving import lost_session

        return lost_session.keeping(super().admin_view(view, cacheable))

    def login(self, request, extra_context=None):
        from articles import workflow
        from ketamine_site import locking

        response = super().login(request, extra_context)
        if request.method == "POST" and request.user.is_authenticated:
            locking.remember_browser(response, request.user)
            if workflow.must_replace_password(request.user):
                messages.warning(request, gettext("Somebody else set your password and knows it. Choose another one."))
                return HttpResponseRedirect(reverse("admin:password_change"))
        return response

    def password_change(self, request, extra_context=None):
        """Count wrong old passwords like those at the log-in: whoever finds a browser logged in may try, too."""
        from articles import workflow
        from ketamine_site import locking

        if request.method == "POST" and locking.is_locked(request):
            return locking.locked(request, None, {"username": request.user.get_username()})
        response = super().password_change(request, extra_context)
        form = getattr(response, "context_data", {}).get("form")
        if request.method == "POST" and form is not None and form.has_error("old_password", "password_incorrect"):
            locking.count_failure(request)
        elif request.method == "POST" and form is None:
            workflow.replace_password(request.user)
            locking.remember_browser(response, request.user)
        return response

    def index(self, request, extra_context=None):
        from articles.admin.queue import views

        return super().index(request, extra_context or views.context(request))
