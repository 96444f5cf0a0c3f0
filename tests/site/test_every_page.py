"""Every page as the Nu HTML checker reads it, and that the list of pages is whole."""

import re

import pytest

from articles import urls
from tests.support.checkers import needs, nu_messages
from tests.support.scenarios.full_site import FOR_PROGRAMS, PAGES, admin_addresses, make_everything, public_addresses

# What the checker says that we leave as it is, by the beginning of its message, and why.
LEFT = {
    # Notes come at the foot of the text, behind a rule; a heading of their own would stand in the outline.
    "Section lacks heading": "sections of notes, and parts that an aria-label names",
    # Each is one sentence in a list of claims under a heading: a heading in it would say the sentence twice.
    "Article lacks heading": "claims beside the editor",
    # A script puts the time in before it shows the sentence.
    "The text content of element “time” was not in the required format: The literal did not": "the kept text",
    # Django writes it around a password that cannot be read, and a change of its template would have to follow it.
    "Attribute “disabled” not allowed on element “div”": "Django’s page of an account",
}


def test_every_address_is_a_page_or_for_programs():
    named = {pattern.name for pattern in urls.urlpatterns if getattr(pattern, "name", None)}

    assert sorted(named) == sorted({*PAGES, *FOR_PROGRAMS})


@pytest.mark.django_db
def test_the_nu_checker_finds_nothing(client, tmp_path):
    needs("vnu")
    rows = make_everything()
    pages = {f"public {name}": client.get(address) for name, address in public_addresses(rows).items()}
    pages["log in"] = client.get("/admin/login/")
    client.login(username="root", password="a long test password")
    pages |= {f"admin {name}": client.get(address) for name, address in admin_addresses(rows).items()}
    refused = [name for name, response in pages.items() if response.status_code == 403]
    for name, response in pages.items():
        if name not in refused:
            assert response.status_code == (404 if name == "public not found" else 200), name
            tmp_path.joinpath(f"{re.sub(r'[^a-z]+', '-', name.lower())}.html").write_bytes(response.content)

    messages = nu_messages(tmp_path)

    assert len(list(tmp_path.iterdir())) == len(pages) - len(refused)
    assert [told(message) for message in messages if not message["message"].startswith(tuple(LEFT))] == []


def told(message):
    place = f"{message['url'].rpartition('/')[2]}:{message.get('lastLine', '')}"
    return f"{place}: {message['message']} {message.get('extract', '')!r}"
