"""Every page is valid according to the Nu HTML checker, and the list of pages is complete."""

import re

import pytest

from articles import urls
from tests.support.checkers import needs, nu_messages
from tests.support.scenarios.sites.full_site import (
    BY_KEY,
    FOR_PROGRAMS,
    PAGES,
    admin_addresses,
    make_everything,
    public_addresses,
)

# Messages of the checker that we accept, by how they begin, with the reason.
ACCEPTED = {
    # Notes follow the text after a rule; a heading of their own would appear in the outline.
    "Section lacks heading": "sections of notes, and parts named by an aria-label",
    # Each is a single sentence in a list of claims below a heading; its own heading would repeat the sentence.
    "Article lacks heading": "claims next to the editor",
    # A script fills in the time before it shows the sentence.
    "The text content of element “time” was not in the required format: The literal did not": "the restored text",
    # Django puts it around the unreadable password; overriding its template would mean keeping up with it.
    "Attribute “disabled” not allowed on element “div”": "Django’s account page",
}


def test_every_url_is_a_page_or_for_programs():
    names = {pattern.name for pattern in urls.urlpatterns if getattr(pattern, "name", None)}

    assert sorted(names) == sorted({*PAGES, *BY_KEY, *FOR_PROGRAMS})


@pytest.mark.django_db
@pytest.mark.one_database(
    reason="reads the HTML of the same templates; test_downloads.py requests each page on PostgreSQL"
)
def test_nu_checker_finds_no_errors(client, tmp_path):
    needs("vnu")
    rows = make_everything()
    pages = {f"public {name}": client.get(address) for name, address in public_addresses(rows).items()}
    pages["log in"] = client.get("/admin/login/")
    pages["shared draft"] = client.get(rows.shared)
    pages["correction status"] = client.get(rows.correction_request.follow_up.get_absolute_url())
    client.login(username="root", password="a long test password")
    pages |= {f"admin {name}": client.get(address) for name, address in admin_addresses(rows).items()}
    refused = [name for name, response in pages.items() if response.status_code == 403]
    for name, response in pages.items():
        if name not in refused:
            assert response.status_code == (404 if name == "public not found" else 200), name
            tmp_path.joinpath(f"{re.sub(r'[^a-z]+', '-', name.lower())}.html").write_bytes(response.content)

    messages = nu_messages(tmp_path)

    assert len(list(tmp_path.iterdir())) == len(pages) - len(refused)
    assert [describe(message) for message in messages if not message["message"].startswith(tuple(ACCEPTED))] == []


def describe(message):
    place = f"{message['url'].rpartition('/')[2]}:{message.get('lastLine', '')}"
    return f"{place}: {message['message']} {message.get('extract', '')!r}"
