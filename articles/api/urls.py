"""The addresses of the API, each behind the same door."""

from django.urls import include, path

from . import articles, documentation, recordings, search
from .base import api, nothing, open_to_all

OPERATIONS = (articles, recordings, search)  # imported, they have put their operations into `api`


def addresses():
    """Patterns for under `api/`; the site's converters of paths have to be registered."""
    patterns, app_name, namespace = api.urls
    patterns = [pattern for pattern in patterns if pattern.name != "api-root"]
    for pattern in patterns:
        pattern.callback = open_to_all(pattern.callback)
    return [
        path("", documentation.page, name="api"),
        path("openapi.json", open_to_all(documentation.openapi), name="openapi"),
        path("", include((patterns, app_name), namespace=namespace)),
        path("<path:rest>/", open_to_all(nothing), name="api_nothing"),
    ]
