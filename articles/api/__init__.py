"""The read API: what is public, for programs, with its OpenAPI value and a page that documents it."""

from .urls import addresses

__all__ = ["addresses"]
