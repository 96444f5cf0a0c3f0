"""The read API: everything public, as JSON, with an OpenAPI document and a documentation page."""

from .urls import addresses
