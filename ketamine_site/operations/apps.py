"""The app of the operators' commands."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "ketamine_site.operations"

    def ready(self):
        from .monitoring import reporting

        reporting.start()
