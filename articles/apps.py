"""The app: articles, their revisions, and the recordings they cite."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = gettext_lazy("Articles")

    def ready(self):
        import_module("articles.management.checks")  # registers them; needs the models
        import_module("articles.workflow.governance.account_records").connect()
