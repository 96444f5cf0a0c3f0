"""The admin app with the project's own admin site, and what `manage.py check --deploy` asks of a deployment."""

from django.conf import settings
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.core import checks


class AdminConfig(DjangoAdminConfig):
    default_site = "ketamine_site.admin.Site"

    def ready(self):
        super().ready()
        checks.register(check_security_contact, checks.Tags.security, deploy=True)


def check_security_contact(app_configs, **kwargs):
    """Warn if nobody who finds a vulnerability can tell where to report it."""
    if settings.SECURITY_CONTACT:
        return []
    return [
        checks.Warning(
            "SECURITY_CONTACT isn't set, so the site has no /.well-known/security.txt.",
            hint="Set it to an address that someone reads, such as security@example.org.",
            id="ketamine_site.W001",
        )
    ]
