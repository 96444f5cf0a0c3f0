"""The admin site: Django's own with the review queue as its home page, and further URLs."""

from django.conf import settings
from django.contrib.admin import AdminSite

# articles.admin registers its models with this site, so import it only once the site exists.


class Site(AdminSite):
    site_title = settings.SITE_NAME
    site_header = settings.SITE_NAME
    index_title = "My work"
    empty_value_display = "–"
    enable_nav_sidebar = False

    def get_urls(self):
        from articles.admin.urls import addresses, lasting_addresses

        *urls, catch_all = super().get_urls()
        return [*addresses(self), *urls, *lasting_addresses(self), catch_all]

    def admin_view(self, view, cacheable=False):
        from articles.admin.editor import lost_session

        return lost_session.keeping(super().admin_view(view, cacheable))

    def index(self, request, extra_context=None):
        from articles.admin.queue import views

        return super().index(request, extra_context or views.context(request))
