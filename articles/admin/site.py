"""The admin as a whole: its name, and what of Django's frame is not used."""

from django.conf import settings
from django.contrib import admin

admin.site.site_title = settings.SITE_NAME
admin.site.site_header = settings.SITE_NAME
admin.site.index_title = "My work"
admin.site.empty_value_display = "–"
admin.site.enable_nav_sidebar = False
