"""What is sent where an address has no file, and nginx's configuration, which says so."""

from itertools import islice
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

from articles.api.base import problem
from articles.derived.responses import fresh, keys
from articles.views.http import public_page

from . import addresses, nginx
from .folder import NGINX, SITE

_NOT_HERE = (
    "Nothing found at this URL of a copy of the site. It has lists in their default form and with one filter; search, "
    "other filters and other limits need the site itself."
)
_ASKED = 100  # names at most, until one has letters that can be written in another case


def write_missing(export):
    """Bring the pages in line that are sent instead of what isn't a file, and note the headers that go with them."""
    page, program = "/404/", f"{reverse('api')}nothing/"
    own = problem(404, _NOT_HERE).content
    live = public_page("static_copy.html", status=404).content
    for form, path, body in (
        (nginx.PAGE, page, None),
        (nginx.LIVE, page, live),
        (nginx.API, program, own),
        (nginx.LIVE_API, program, own),
    ):
        response, file = _ask(export, path), nginx.MISSING[form]
        export.keep_headers(form, response.status_code, response.items(), file)
        export.write_own(f"{SITE}/{nginx.HIDDEN}/{file}", response.content if body is None else body)
    without_slash = reverse("about").removesuffix("/")
    export.keep_headers("slash", 301, _ask(export, without_slash).items(), without_slash)
    lists = reverse("api:articles")
    export.keep_headers(nginx.API, 204, _ask(export, lists, "OPTIONS").items(), lists)
    for kind, old, new in islice(addresses.renamed(), _ASKED):
        other = old if old != new else old.swapcase()
        if other != new and kind != "people":  # who aren't in the API
            for form, path in ((nginx.PAGE, f"/{kind}/{other}/"), (nginx.API, f"{reverse('api')}{kind}/{other}/")):
                response = _ask(export, path)
                export.keep_headers(form, response.status_code, response.items(), path)
            break


def write_configuration(export, live):
    """Bring nginx's configuration in line; returns whether it has to be loaded again."""
    headers, folder = export.index.headers(), export.folder.path / NGINX
    names = export.index.names_once((f"{kind}/{old}", quote(new)) for kind, old, new in addresses.renamed())
    texts = {
        "names.conf": nginx.names_conf(names),
        "http.conf": nginx.http_conf(headers, folder / "names.conf", live),
        "server.conf": nginx.server_conf(export.folder.path / SITE, headers, live),
    }
    changed = [name for name, text in texts.items() if export.write_own(f"{NGINX}/{name}", text.encode())]
    return bool(changed)


def _ask(export, path, method="GET"):
    """Return the site's answer to an anonymous request."""

    def get_response(request):
        request.method = method
        return fresh.whole_site()(request)

    return fresh.render(get_response, keys.Address(export.scheme, settings.SITE_URL, path, ""))
