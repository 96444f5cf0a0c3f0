"""Fetches one address of the public web, with a limit to its time and its size, and nothing of the own network.

The rules follow the OWASP cheat sheet on server-side request forgery: a name is resolved once, every address that it
leads to is checked, and the connection goes to the very address that was checked, after each redirect again.
"""

from .fetch import fetch
from .ssrf_guard import Network, is_public
from .types import Fetched, FetchError

__all__ = [
    "FetchError",
    "Fetched",
    "Network",
    "fetch",
    "is_public",
]
