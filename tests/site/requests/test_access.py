"""Every URL, requested by everyone: the answers are those of `access.txt`, and nobody learns of what they may not see.

`access.txt` has a line for each URL pattern, or several if the answer depends on what the URL is about: the states of
an article (tests/support/scenarios/sites/access.py). A missing line fails, and so does one that is no longer needed.
"""

import logging
import re
from collections import defaultdict
from http.cookies import SimpleCookie
from urllib.parse import quote

import pytest
from django.test import Client

from tests.support.clients import no_contexts
from tests.support.databases.template import rolled_back
from tests.support.paths import PROJECT
from tests.support.scenarios.sites import access

TABLE = PROJECT / "tests" / "site" / "requests" / "access.txt"
pytestmark = pytest.mark.one_database(
    reason="permissions don't depend on the database; test_hostile_requests.py asks every URL on PostgreSQL"
)

# Roles that may not read what isn't public, and what of it they could learn.
OUTSIDERS = ("anonymous", "viewer")
HIDDEN = ("draft", "submitted")


def table():
    """Return {(route, state): {method: [outcome by role]}}."""
    rows = {}
    for line in TABLE.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        where, gets, posts = (part.split() for part in line.split(" | "))
        route, states = where[0].removeprefix("/"), where[1].split(",") if len(where) > 1 else [""]
        for state in states:
            assert (route, state) not in rows, line
            rows[route, state] = {"GET": _by_role(gets), "POST": _by_role(posts)}
    return rows


def _by_role(outcomes):
    return outcomes * len(access.ROLES) if len(outcomes) == 1 else outcomes


def as_lines(rows):
    """Return rows as `table` reads them, as lines of the file: what is the same for all roles or several states once."""
    states = defaultdict(list)
    for (route, state), by_method in rows.items():
        states[(route, *(" ".join(_short(by_method[method])) for method in ("GET", "POST")))].append(state)
    return [
        f"{route or '/'} {','.join(of)}".rstrip().ljust(78) + f" | {gets:34} | {posts}"
        for (route, gets, posts), of in states.items()
    ]


def _short(outcomes):
    return outcomes[:1] if len(set(outcomes)) == 1 else outcomes


@pytest.fixture(scope="module")
def site(module_rows):
    rows = access.make_site()
    rows.clients = {}
    for role in access.ROLES:
        client = Client()
        if role != "anonymous":
            client.force_login(getattr(rows.people, role))
        rows.clients[role] = client, {name: morsel.value for name, morsel in client.cookies.items()}
    return rows


@pytest.fixture(scope="module")
def answers(site):
    """Return {(route, state): {method: {role: response}}}; each request is rolled back."""
    found = {}
    logging.disable()  # thousands of refusals
    with no_contexts():
        for route, _ in access.routes():
            for state, address in access.addresses(site, route).items():
                by_method = found[route, state] = {"GET": {}, "POST": {}}
                for method, by_role in by_method.items():
                    for role in access.ROLES:
                        by_role[role] = send(site, role, method, route, state, address)
    logging.disable(logging.NOTSET)
    return found


def send(site, role, method, route, state, address):
    client, cookies = site.clients[role]
    client.cookies = SimpleCookie(cookies)
    with rolled_back():
        return access.request(site, client, method, route, state, address)


def test_everyone_gets_the_answers_of_the_table(answers):
    found = {
        where: {
            method: [access.outcome(by_role[role]) for role in access.ROLES] for method, by_role in by_method.items()
        }
        for where, by_method in answers.items()
    }
    expected = table()
    wrong = [
        f"{route} {state} {method} as {role}: {got}, not {wanted}"
        for (route, state), by_method in found.items()
        for method, outcomes in by_method.items()
        for role, got, wanted in zip(
            access.ROLES, outcomes, expected.get((route, state), {}).get(method, ["in the table"] * 6), strict=True
        )
        if got != wanted
    ]

    assert wrong == [], "\n".join([*wrong, "The answers as lines of the table:", *as_lines(found)])
    assert set(expected) - set(found) == set()


def test_nobody_gets_an_error_of_the_server(answers):
    assert {
        f"{route} {state} {method} as {role}"
        for (route, state), by_method in answers.items()
        for method, by_role in by_method.items()
        for role, response in by_role.items()
        if response.status_code >= 500 and not route.startswith("health/")
    } == set()


def test_outsiders_never_see_a_word_of_what_is_not_public(answers):
    assert {
        f"{route} {state} {method} as {role}"
        for (route, state), by_method in answers.items()
        for method, by_role in by_method.items()
        for role in OUTSIDERS
        if access.SECRET in by_role[role].text_of_body
        or "hidden-" in without_address(by_role[role])
        or "hidden-" in by_role[role].headers.get("Location", "").replace(by_role[role].wsgi_request.path, "")
    } == set()


def test_nobody_sees_a_word_of_an_erased_text_but_who_decides_on_what_quotes_it(answers):
    assert {
        (route, role)
        for (route, _), by_method in answers.items()
        for by_role in by_method.values()
        for role, response in by_role.items()
        if access.ERASED in response.text_of_body
    } <= {
        ("admin/articles/revision/<int:pk>/erase/", "administrator"),
        ("admin/articles/revision/<int:pk>/erase/<int:quotation>/", "administrator"),
    }


def test_outsiders_cannot_tell_what_is_not_public_from_what_does_not_exist(answers, site):
    differing = []
    for (route, state), by_method in answers.items():
        if state not in HIDDEN or (route, "missing") not in answers:
            continue
        for method, by_role in by_method.items():
            for role in OUTSIDERS:
                pair = by_role[role], answers[route, "missing"][method][role]
                if len({describe(response) for response in pair}) > 1:
                    differing.append(f"{route} {state} {method} as {role}")

    assert differing == [], "\n".join(differing)


def describe(response):
    """Return all that a client can see of a response, without what it has asked for."""
    return (
        response.status_code,
        anonymous(response, response.headers.get("Location", "")),
        anonymous(response, response.text_of_body),
    )


def anonymous(response, text):
    path = response.wsgi_request.path
    for part in (path, quote(path, safe=""), *re.findall(r"hidden-\w+", path)):
        text = text.replace(part, "…")
    sent = r'name="csrfmiddlewaretoken" value="\w+"|<textarea.*?</textarea>'
    return re.sub(r"\s+", " ", re.sub(sent, "", text, flags=re.DOTALL))


def without_address(response):
    return anonymous(response, response.text_of_body)


def test_heads_are_answered_like_gets_and_no_other_method_is(answers, site):
    wrong = []
    for (route, state), by_method in answers.items():
        if state not in {"", "published"} or route == "admin/login/":  # a GET leads those who are logged in on
            continue
        address = access.addresses(site, route)[state]
        for role in ("anonymous", "administrator"):
            head = send(site, role, "HEAD", route, state, address)
            if head.status_code != by_method["GET"][role].status_code or head.text_of_body:
                wrong.append(f"{route} HEAD as {role}: {head.status_code}")
        for method in ("PUT", "DELETE"):
            if send(site, "administrator", method, route, state, address).status_code not in {403, 404, 405}:
                wrong.append(f"{route} {method}")

    assert wrong == []


@pytest.mark.parametrize("query", ["?q=unseen", "?q=hidden", "?state=draft", "?state=waiting"])
def test_lists_do_not_tell_viewers_of_drafts(site, query):
    """The published article has a submitted change with such a title, which a search or a filter could give away."""
    listed = [
        send(site, role, "GET", "", "", f"/admin/articles/article/{query}").context["cl"].result_count
        for role in ("viewer", "editor")
    ]

    assert listed[0] == 0 < listed[1]
