"""Forms of the admin that are sent after the session ended, or after logging in again: they come back complete."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from articles.models import CorrectionRequest
from articles.workflow.collaboration import correction_requests
from tests.support.factories import make_episode, make_published

pytestmark = pytest.mark.django_db

OWN = {"Origin": "http://testserver"}
WORDS = {"outcome": "stands", "answer": "He says <seven>.\nAt 06:31."}


@pytest.fixture
def address(people):
    article = make_published(**people, episode=make_episode())
    received = correction_requests.receive(article.published_revision, "Is it eight?", sender="a")
    return reverse("admin:articles_correctionrequest_answer", args=[received.pk])


def test_any_form_comes_back_with_everything_and_where_it_goes(client, address):
    response = client.post(f"{address}?from=mail", WORDS)

    assert response.status_code == 403
    assert "You are no longer logged in. What you entered is still here." in response.text
    assert f'<form method="post" action="{address}?from=mail" data-unsaved>' in response.text
    assert 'name="answer" hidden aria-label="answer">\nHe says &lt;seven&gt;.\nAt 06:31.</textarea>' in response.text
    assert 'name="outcome" hidden aria-label="outcome">\nstands</textarea>' in response.text
    assert "Save draft" not in response.text
    assert "Only the file isn’t" not in response.text


def test_it_is_accepted_after_logging_in_again(address, moderator):
    browser = Client(enforce_csrf_checks=True)
    browser.get("/admin/login/")
    values = WORDS | {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}

    first = browser.post(address, values, headers=OWN)
    browser.force_login(moderator)
    stale = browser.post(address, values | {"csrfmiddlewaretoken": "x" * 32}, headers=OWN)
    last = browser.post(address, values, headers=OWN)

    assert [first.status_code, stale.status_code, last.status_code] == [403, 403, 302]
    assert "You have logged in again since this page was opened. What you entered is still here" in stale.text
    assert "It is sent as moderator." in stale.text
    assert "It is sent as" not in first.text
    assert CorrectionRequest.objects.get().answer == "He says <seven>.\nAt 06:31."


def test_another_site_cannot_fill_in_a_form(address, moderator):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(moderator)

    for headers in ({"Origin": "https://evil.example"}, {}, {"Origin": "null"}):
        response = browser.post(address, WORDS, headers=headers)

        assert response.status_code == 403
        assert "seven" not in response.text


def test_files_that_cannot_be_kept_are_named(client):
    address = reverse("admin:articles_episode_transcript", args=[make_episode().pk])

    response = client.post(address, {"language": "en", "file": SimpleUploadedFile("night.vtt", b"WEBVTT")})

    assert "Only the file isn’t: you will be asked to choose night.vtt again." in response.text


def test_logging_in_and_out_are_as_usual(client):
    assert client.post("/admin/login/", {"username": "nobody", "password": "x"}).status_code == 200
    assert client.post("/admin/logout/").status_code == 302
    assert client.get("/admin/inbox/").url == "/admin/login/?next=/admin/inbox/"
