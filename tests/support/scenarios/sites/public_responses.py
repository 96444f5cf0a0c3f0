"""The addresses on the full site whose responses are kept, stored or in memory, and what visitors get there."""

from unittest import mock

from django.test import Client
from django.urls import Resolver404, resolve

from articles.derived.responses import fresh, keys, stored
from articles.derived.responses.rules import SITE
from articles.models import StoredResponse
from ketamine_site.public import is_for_everybody
from tests.support.scenarios.sites.every_address import every_address

HOST = "http://testserver"


def stored_addresses(rows, article=None):
    """Return the paths, with queries, of the full site's kept responses."""
    edition = f"?edition={rows.edition.key}"
    paths = {path for path in every_address(rows, article).values() if _is_stored(path)}
    return sorted(
        {*paths, f"{rows.episode.get_absolute_url()}{edition}", f"{rows.article.get_absolute_url()}{edition}"}
    )


def _is_stored(path):
    path = path.partition("?")[0]
    try:
        view = resolve(path).func
        return (hasattr(view, "stored_query") or hasattr(view, "recent_query")) and path != "/api/nothing/"
    except Resolver404:
        return False


def visited(paths):
    """Return {path: what a visitor gets}, and the set of those paths whose responses were stored, not rendered.

    What is seen is (status, headers and body of a successful response, or where it redirects).
    """
    client, seen, were_stored = Client(), {}, set()
    for path in paths:
        with mock.patch.object(fresh, "render", wraps=fresh.render) as render:
            seen[path] = _seen(client.get(path))
        if not render.called:
            were_stored.add(path)
    return seen, were_stored


def rendered(paths):
    """Return the same as rendered now, whatever is stored."""
    return {path: _seen(fresh.response_at(address_of(path))) for path in paths}


def scopes_of(paths):
    """Return {path: what outdates its response}, which has been asked for: what isn't in the database is the site's."""
    stored = dict(StoredResponse.objects.values_list("key", "scope"))
    return {path: stored.get(address_of(path).key, SITE) for path in paths}


def address_of(path):
    path, _, query = path.partition("?")
    return keys.Address("http", HOST, path, query)


def _seen(response):
    if response.status_code != 200:
        return response.status_code, response.headers.get("Location")
    if "ETag" not in response.headers and is_for_everybody(response):
        answer = stored.Answer.of(response)
        return 200, sorted(answer.headers_for("", len(answer.bodies[""]))), answer.bodies[""]
    return 200, sorted(response.items()), response.content
