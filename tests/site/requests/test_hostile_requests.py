"""No address, query, form or body is an error of the server: damaged requests get an answer that says so.

Everything is requested by a superuser, so that nothing is refused before it is read, and what
is public by a reader. Every request is rolled back.
"""

import logging
import re
from itertools import cycle
from typing import NamedTuple
from unittest import mock
from urllib.parse import quote, unquote_to_bytes

import pytest
from django.contrib import admin
from django.core.exceptions import BadRequest
from django.forms import BaseForm
from django.forms.formsets import ManagementForm
from django.http.multipartparser import MultiPartParserError
from django.test import Client, RequestFactory
from django.urls import Resolver404, resolve
from hypothesis import given, settings
from hypothesis import strategies as st

from ketamine_site.middleware import PlainRequestMiddleware
from tests.support.clients import logged_in, no_contexts
from tests.support.databases.template import rolled_back
from tests.support.paths import PROJECT
from tests.support.scenarios.sites import access

BIG, DIGITS = str(2**63), "9" * 5000
# Percent-encoded, because some aren't text.
HOSTILE = {
    "beyond 64 bits": BIG,
    "thousands of digits": DIGITS,
    "negative": "-1",
    "other digits": quote("٣"),
    "NUL": "a%00b",
    "lone surrogate": "%ED%A0%80",
    "not UTF-8": "%FF%FE",
    "2,000 words": "+".join(["word"] * 2000),
    "quotes and brackets": quote("'\"“<[({\\%*" * 200),
    "long": "x" * 5000,
    "exponent": "1e309",
    "key of another kind": "1_1",
    "empty": "",
}
# What Django's admin reads, besides what our code reads.
OF_ADMIN = ["q", "o", "p", "e", "all", "_facets", "_to_field", "_popup", "_changelist_filters", "action", "index",
            "select_across", "_selected_action", "term", "app_label", "model_name", "field_name", "next", "post"]  # fmt: skip
PREFIXES = ["sections", "sources", "chapter_set", "edition_set", "stretch_set", "form"]
FORMS_MAX = 5  # instead of Django's 1,000: a page repeats up to twice as many empty forms
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\r\n--x--\r\n'
# By what is read of them, which a test makes sure of: an address gets one of each, and another one of them than the next.
BODIES = {
    "nothing": {
        "cut off": (MULTIPART, PART[:30]),
        "not multipart": (MULTIPART, b"a=1"),
        "broken JSON": ("application/json", b'{"a": '),
        "no form": ("text/plain", b"\0" * 100),
        "no type": ("", b"text"),
    },
    "refused unread": {
        "a charset that isn't of text": (f"{MULTIPART}; charset=base64", PART),
        "an unknown charset": (f"{FORM}; charset=klingon", b"text=1"),
        "another charset": (f"{FORM}; charset=utf-16", "text=1".encode("utf-16")),
    },
    "refused": {"no boundary": ("multipart/form-data", PART)},
    "a broken part": {"a part that isn't UTF-8": (MULTIPART, PART)},
    "an empty part": {
        "a transfer encoding that it isn't in": (
            MULTIPART,
            PART.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1),
        )
    },
    "broken fields": {"not UTF-8": (FORM, b"text=%FF&\xff\xfe=1")},
    "a field without a name": {"no fields": (FORM, b"&&&==&")},
}


def names_read():
    """Return the names of all parameters and fields that anything reads, found in the code, the forms and the admin."""
    sources = [path.read_text() for path in PROJECT.glob("articles/**/*.py")]
    read = r'(?:GET|POST|FILES|parameters|data)(?:\.get|\.getlist|\.pop)?[(\[]"([\w-]+)"'
    names = {name for source in sources for name in re.findall(read, source)}
    names |= {name for form in subclasses(BaseForm) for name in getattr(form, "base_fields", ())}
    for model_admin in admin.site._registry.values():
        names |= {
            getattr(entry, "parameter_name", None) or entry
            for entry in model_admin.list_filter
            if not isinstance(entry, tuple)
        }
    api = [name for source in sources for name in re.findall(r"^def \w+\(request, (.*)\):", source, re.MULTILINE)]
    names |= {name for arguments in api for name in re.findall(r"(\w+)(?:: [^,=]+)? = ", arguments)}
    names |= {"old", "new", "against", "title", "slug"}  # read in loops, and from the page that a form was on
    return sorted({str(name) for name in names} | set(OF_ADMIN))


def subclasses(cls):
    for subclass in cls.__subclasses__():
        yield subclass
        yield from subclasses(subclass)


NAMES = names_read()


def management(count, initial, prefixes=PREFIXES):
    fields = [
        f"{prefix}-{name}_FORMS={value}"
        for prefix in prefixes
        for name, value in (("TOTAL", count), ("INITIAL", initial))
    ]
    return "&".join(fields).encode()


UNCOUNTED, COUNTED = "no management form", "a count twice"
FORMS = {
    UNCOUNTED: b"_save=1&sections-0-body=x&chapter_set-0-title=x",
    "negative counts": management(-1, -1),
    "counts beyond the fields": management(3, 5),
    "too many forms": management(10**6, 0, PREFIXES[1:]),
    "endless counts": management(DIGITS, DIGITS),
    "counts that are words": management("many", "few"),
    COUNTED: management(1, 0) + b"&" + management(2, 1),
}
VALUES = list(HOSTILE.values())
TURNS = range(0, len(VALUES), 3)


def every_name(turn):
    """Return all names with a hostile value each, which is another one in each turn."""
    return "&".join(f"{name}={VALUES[(5 * number + turn) % len(VALUES)]}" for number, name in enumerate(NAMES))


@pytest.fixture(scope="module")
def site(module_rows):
    rows = access.make_site()
    rows.root = logged_in(rows.draft.author)
    rows.root.raise_request_exception = False
    logging.disable()  # thousands of refusals
    rows.reader = Client(raise_request_exception=False)
    rows.addresses = {}
    for route, _ in access.routes():
        of = access.addresses(rows, route)
        rows.addresses[route] = of.get("published") or next(iter(of.values()))
    # These end the session, which would be restored, but not the cookie.
    for route in ("admin/logout/",):
        del rows.addresses[route]
    with no_contexts(), mock.patch("django.forms.formsets.DEFAULT_MAX_NUM", FORMS_MAX):
        # The others refuse the method, or answer before anything reads the body, as one request each proves.
        rows.got = {route for route, address in rows.addresses.items() if probe(rows, route, "GET", address).is_allowed}
        posts = {
            route: probe(rows, route, "POST", address, data=FORMS[COUNTED], content_type=FORM)
            for route, address in rows.addresses.items()
        }
        rows.posted = {route for route, found in posts.items() if found.is_allowed}
        rows.posted_to = {route: rows.addresses[route] for route, found in posts.items() if found.reads_body}
        rows.counting = {route for route, found in posts.items() if found.reads_counts}
        rows.errors_of_counts = errors((route, found.status) for route, found in posts.items())
        yield rows
    logging.disable(logging.NOTSET)


class Probe(NamedTuple):
    status: tuple
    is_allowed: bool  # the method
    reads_body: bool
    reads_counts: bool  # of a form's parts


def probe(site, route, method, address, **body):
    """Return what a view does with a request; what it hasn't read can't make a difference to it."""
    with mock.patch("django.forms.formsets.ManagementForm", wraps=ManagementForm) as counts:
        found, request = sent(client_for(site, route), method, address, **body)
    reads_body = hasattr(request, "_post") or hasattr(request, "_body") or request._read_started
    return Probe(found, found != (405, None), reads_body, any(call.args for call in counts.call_args_list))


def client_for(site, route):
    return site.root if route.startswith("admin/") else site.reader


def status(client, method, address, **body):
    """Return the status of the response to a request, and the error behind it, if any."""
    return sent(client, method, address, **body)[0]


def sent(client, method, address, **body):
    with rolled_back():
        response = client.generic(method, address, **body)
        if response.streaming:
            b"".join(response.streaming_content)
        return (response.status_code, response.exc_info and repr(response.exc_info[1])[:200]), response.wsgi_request


def errors(requests):
    return [f"{name}: {error}" for name, (code, error) in requests if code >= 500 and not name.startswith("health/")]


def test_the_names_are_found():
    assert {"q", "against", "after", "old", "revision", "cursor", "limit", "publish_at", "article", "notice"} <= {
        *NAMES
    }


@pytest.mark.django_db
def test_no_part_of_an_address_is_an_error(site):
    """What a route doesn't take as its part belongs to another one, which gets each value once."""
    asked = set()

    def requests():
        for route in site.addresses:
            parts = re.findall(r"<(?:(\w+):)?(\w+)>", route)
            for name, value in HOSTILE.items() if parts else ():
                if value and "+" not in value:
                    address = "/" + access._filled(route, {part: value for _, part in parts})
                    own = taken_by(address)
                    for method, allowed in (("GET", site.got), ("POST", site.posted)):
                        if (own, name, method) not in asked and (own != route or route in allowed):
                            asked.update({(own, name, method)} if own != route else ())
                            yield f"{route}: {name}, {method}", status(client_for(site, route), method, address)

    assert errors(requests()) == []


def taken_by(address):
    """Return the route that an address belongs to, None if there is none."""
    try:
        return resolve(unquote_to_bytes(address).decode(errors="surrogateescape")).route
    except Resolver404:
        return None


@pytest.mark.django_db
@pytest.mark.parametrize("turn", TURNS)
def test_no_query_is_an_error(site, turn):
    query = every_name(turn)

    assert (
        errors(
            (route, status(client_for(site, route), "GET", f"{address}?{query}"))
            for route, address in site.addresses.items()
            if route in site.got
        )
        == []
    )


def errors_of_form(site, data, routes=None):
    return errors(
        (route, status(client_for(site, route), "POST", site.posted_to[route], data=data, content_type=FORM))
        for route in routes or site.posted_to
    )


@pytest.mark.django_db
@pytest.mark.parametrize("turn", TURNS)
def test_no_field_is_an_error(site, turn):
    assert errors_of_form(site, every_name(turn).encode()) == []


@pytest.mark.one_database(reason="nothing of it reaches a database")
@pytest.mark.django_db
def test_no_form_is_an_error(site):
    """What a form says of its parts is only read where it has parts."""
    assert len(site.counting) > 4
    assert site.errors_of_counts == []
    assert errors_of_form(site, FORMS[UNCOUNTED]) == []
    assert {form: errors_of_form(site, data, site.counting) for form, data in FORMS.items()} == {
        form: [] for form in FORMS
    }


@pytest.mark.one_database(reason="nothing of it reaches a database")
@pytest.mark.django_db
@pytest.mark.parametrize("reading", BODIES)
def test_no_body_is_an_error(site, reading):
    bodies = cycle(BODIES[reading].items())

    def requests():
        for (route, address), (body, (content_type, data)) in zip(site.posted_to.items(), bodies, strict=False):
            sent = {"data": data, "content_type": content_type}
            yield f"{route}: {body}", status(client_for(site, route), "POST", address, **sent)

    assert errors(requests()) == []


@pytest.mark.parametrize("reading", BODIES)
def test_bodies_of_a_kind_are_read_alike(reading):
    assert len({what_is_read(*body) for body in BODIES[reading].values()}) == 1


def what_is_read(content_type, data):
    """Return the fields of a body, or the error that a view gets for it."""
    request = RequestFactory().generic("POST", "/", data, content_type)
    try:
        PlainRequestMiddleware(lambda request: None)(request)
    except BadRequest as error:
        return str(error)
    try:
        return repr((request.POST, request.FILES, request.encoding))
    except MultiPartParserError as error:
        return type(error)


@pytest.mark.django_db
@settings(max_examples=200, derandomize=True)
@given(data=st.data())
def test_no_single_parameter_is_an_error(site, data):
    route = data.draw(st.sampled_from(sorted(site.addresses)))
    method = data.draw(st.sampled_from(["GET", "POST"]))
    fields = data.draw(
        st.lists(
            st.tuples(st.sampled_from(NAMES), st.sampled_from(sorted(HOSTILE.values())) | st.text().map(safe)),
            max_size=4,
        )
    )
    encoded = "&".join(f"{name}={value}" for name, value in fields)
    client, address = client_for(site, route), site.addresses[route]

    if method == "GET":
        code = status(client, "GET", f"{address}?{encoded}")
    else:
        code = status(client, "POST", address, data=encoded.encode(), content_type=FORM)

    assert errors([(route, code)]) == []


def safe(text):
    return quote(text.encode("utf-8", "surrogatepass"))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/admin/articles/article/add/", "/admin/login/", "/articles/naps/challenge/"])
def test_a_form_with_too_many_fields_or_too_much_text_gets_a_page_that_says_so(site, settings, address):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10, 2000
    for data, reason in (("a=1&" * 20, "a form can have 10"), ("a=" + "x" * 3000, "a form can hold 2.0")):
        response = site.root.post(address, data, content_type=FORM)

        assert response.status_code == 413
        assert reason in response.text.replace("\xa0", " ")
        assert "Nothing was saved" in response.text
        as_json = site.root.post(address, data, content_type=FORM, headers={"accept": "application/json"})
        assert reason in as_json.json()["error"].replace("\xa0", " ")


@pytest.mark.django_db
@pytest.mark.parametrize("value", ['"\\000"', '"a\\000b"', "x" * 5000, '"\\377"', "=;,", "é"])
@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "known_browser"])
def test_no_cookie_is_an_error(site, name, value):
    requests = [
        (address, status(Client(raise_request_exception=False), method, address, headers={"cookie": f"{name}={value}"}))
        for address in ("/admin/", "/admin/login/", "/articles/naps/")
        for method in ("GET", "POST")
    ]

    assert errors(requests) == []


@pytest.mark.django_db
def test_a_damaged_request_gets_a_page_in_the_style_of_the_site(site):
    response = site.reader.post("/articles/naps/challenge/", b"a", content_type="multipart/form-data")

    assert response.status_code == 400
    assert "This request can’t be read" in response.text
    assert '<link rel="stylesheet"' in response.text
