"""The admin with the site's own first page and addresses."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    default_site = "ketamine_site.admin.Site"
