"""The app: articles, their revisions, and the recordings they cite."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = gettext_lazy("Articles")

    def ready(self):
        import_module("articles.management.checks")  # registers them; needs the models
        triggers = import_module("articles.derived.responses.triggers")
        pre_migrate.connect(triggers.remove_before_migration, sender=self)
        post_migrate.connect(triggers.install_after_migration, sender=self)
        import_module("articles.workflow.governance.account_records").connect()
