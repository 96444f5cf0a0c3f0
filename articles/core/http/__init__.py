"""Fetches one URL from the public web, with limits on time and size, and never from our own network.

The rules follow the OWASP cheat sheet on server-side request forgery: a host name is resolved once, every address it
resolves to is checked, and the connection goes to exactly the address that was checked. Each redirect is checked the
same way.
"""

from .client import fetch
from .content_policy import permits
from .types import Fetched, FetchError, display_address
