"""security.txt as RFC 9116 has it, and a warning for whoever runs a site without one."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from django.utils import timezone

from ketamine_site import environment

pytestmark = pytest.mark.django_db
ADDRESS = "/.well-known/security.txt"


def fields(client, **request):
    """Return the fields of the file as (name, value), asserting the form of each line."""
    response = client.get(ADDRESS, **request)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.text.removesuffix("\n").split("\n")
    assert all(re.fullmatch(r"[A-Z][a-z]+(?:-[A-Z][a-z]+)*: \S.*", line) for line in lines)
    return [tuple(line.split(": ", 1)) for line in lines]


def test_the_file_has_every_field_in_the_required_form(client, settings):
    settings.SECURITY_CONTACT = ["mailto:security@example.org", "https://example.org/report"]
    settings.SECURITY_POLICY = "https://example.org/policy"
    settings.LANGUAGE_CODE = "de"
    settings.SITE_URL = "https://example.org"

    (*contacts, expires, canonical, languages, policy) = fields(client)

    assert contacts == [("Contact", "mailto:security@example.org"), ("Contact", "https://example.org/report")]
    assert expires[0] == "Expires"
    assert timedelta(days=30) < datetime.fromisoformat(expires[1]) - timezone.now() < timedelta(days=365)
    assert canonical == ("Canonical", f"https://example.org{ADDRESS}")
    assert languages == ("Preferred-Languages", "de, en")
    assert policy == ("Policy", "https://example.org/policy")


def test_it_never_goes_stale_and_stays_the_same_for_a_day(client, monkeypatch):
    later = datetime.fromisoformat("2040-02-29T23:59:59+00:00")
    monkeypatch.setattr(timezone, "now", lambda: later)

    assert dict(fields(client))["Expires"] == "2040-05-29T00:00:00Z"


def test_the_address_is_left_out_where_it_is_not_secure(client):
    assert [name for name, _ in fields(client)] == ["Contact", "Expires", "Preferred-Languages"]
    assert dict(fields(client, secure=True))["Canonical"] == f"https://testserver{ADDRESS}"


def test_without_a_contact_there_is_no_file_and_the_deployment_check_says_so(client, settings):
    assert security_warnings() == []

    settings.SECURITY_CONTACT = []

    assert client.get(ADDRESS).status_code == 404
    assert security_warnings() == ["ketamine_site.W001"]


def security_warnings():
    with override_settings(DEBUG=False):
        found = run_checks(tags=[Tags.security], include_deployment_checks=True)
    return [message.id for message in found if message.id.startswith("ketamine_site")]


@pytest.mark.parametrize(
    ("value", "contacts"),
    [
        ("", []),
        ("security@example.org", ["mailto:security@example.org"]),
        (" security@example.org , https://example.org/r?a=1 ", ["mailto:security@example.org", "https://example.org/r?a=1"]),
        ("mailto:a@example.org,tel:+49-30-1", ["mailto:a@example.org", "tel:+49-30-1"]),
    ],
)  # fmt: skip
def test_contacts_are_mail_addresses_and_links(monkeypatch, value, contacts):
    monkeypatch.setenv("SECURITY_CONTACT", value)

    assert environment.contacts("SECURITY_CONTACT") == contacts


@pytest.mark.parametrize(
    "value",
    ["me", "http://example.org/", "javascript:alert(1)", "a@b\nExpires: 2000-01-01T00:00:00Z", "tel:12", "a@b@c", "https://"],
)  # fmt: skip
def test_other_contacts_are_refused(monkeypatch, value):
    monkeypatch.setenv("SECURITY_CONTACT", value)

    with pytest.raises(ImproperlyConfigured, match="Give a mail address or a link"):
        environment.contacts("SECURITY_CONTACT")


@pytest.mark.parametrize("value", ["http://example.org/", "example.org", "https://example.org/a b"])
def test_a_policy_that_is_no_link_is_refused(monkeypatch, value):
    monkeypatch.setenv("SECURITY_POLICY", value)

    with pytest.raises(ImproperlyConfigured, match="isn't an https address"):
        environment.link("SECURITY_POLICY")
