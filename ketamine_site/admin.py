"""The admin site: Django's, with the desk as its first page."""

from django.conf import settings
from django.contrib.admin import AdminSite


class Site(AdminSite):
    site_title = settings.SITE_NAME
    site_header = settings.SITE_NAME
    index_title = "My work"
    empty_value_display = "–"
    enable_nav_sidebar = False
