"""The URLs of the API, all wrapped by `open_to_all`."""

from django.urls import include, path

from . import articles, documentation, recordings, search
from .base import api, open_to_all, unknown_endpoint

OPERATIONS = (articles, recordings, search)  # importing them has registered their operations with `api`


def addresses():
    """Return the URL patterns below `api/`; the site's path converters must be registered first."""
    patterns, app_name, namespace = api.urls
    patterns = [pattern for pattern in patterns if pattern.name != "api-root"]
    for pattern in patterns:
        pattern.callback = open_to_all(pattern.callback)
    return [
        path("", documentation.page, name="api"),
        path("openapi.json", open_to_all(documentation.openapi), name="openapi"),
        path("", include((patterns, app_name), namespace=namespace)),
        path("<path:rest>/", open_to_all(unknown_endpoint), name="api_nothing"),
    ]
