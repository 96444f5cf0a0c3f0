"""What can go wrong, and which tables are copied."""

from django.apps import apps
from django.db.migrations.recorder import MigrationRecorder

from articles.models import StoredResponse

ALIAS = "copied"  # of the connection to the source
# Of the full-text tables of SQLite; PostgreSQL's are columns that it computes. Copied entries are indexed again.
FULL_TEXT = "articles_search_"
DERIVED = {StoredResponse}  # made again for whoever asks, and only current in the database that counts its changes


class CopyError(Exception):
    """A database can't be copied; the message says why and what to do."""


def models():
    """Return the models whose rows are copied: those of all tables, also of the applied migrations with their times."""
    every = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return [*(model for model in every if model not in DERIVED and not model._meta.proxy), MigrationRecorder.Migration]


def columns(model):
    return [field for field in model._meta.concrete_fields if not field.generated]
