"""The app of the operators' commands."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "ketamine_site.operations"
