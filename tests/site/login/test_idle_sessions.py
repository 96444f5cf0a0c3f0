"""Log-ins end after a day without use; what was being sent then comes back."""

import time
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone

from articles.models import Article
from tests.support.factories import make_published

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


@pytest.fixture
def clock(monkeypatch):
    """Move the clock of sessions forward with `clock(seconds)`."""
    now = [time.time()]
    monkeypatch.setattr("ketamine_site.sessions.time.time", lambda: now[0])

    def forward(seconds):
        now[0] += seconds

    return forward


def is_logged_in(client):
    return client.get("/admin/inbox/").status_code == 200


def test_a_login_ends_after_a_day_without_use(editor_client, clock):
    assert configured.SESSION_COOKIE_AGE == DAY
    assert is_logged_in(editor_client)
    clock(DAY - 60)
    assert is_logged_in(editor_client)

    clock(DAY + 60)

    assert not is_logged_in(editor_client)
    assert editor_client.get("/admin/inbox/").url == "/admin/login/?next=/admin/inbox/"


def test_use_keeps_it(editor_client, clock):
    for _ in range(5):
        clock(DAY - 3600)
        assert is_logged_in(editor_client)


def test_a_page_that_is_only_open_does_not_keep_it(editor_client, clock):
    for _ in range(3):
        clock(DAY // 2)
        editor_client.post("/admin/articles/article/present/", {"revision": "1"})

    assert not is_logged_in(editor_client)


def test_the_time_can_be_configured(editor_client, clock, settings):
    settings.SESSION_COOKIE_AGE = 3600
    clock(3700)

    assert not is_logged_in(editor_client)


def test_a_session_of_an_earlier_version_counts_from_its_login(editor_client, editor):
    User.objects.filter(pk=editor.pk).update(last_login=timezone.now() - timedelta(days=3))

    assert not is_logged_in(editor_client)
    assert not Session.objects.exists()


def test_a_form_that_is_sent_after_that_comes_back(editor_client, clock):
    assert is_logged_in(editor_client)
    clock(DAY + 60)

    response = editor_client.post("/admin/articles/article/add/", {"title": "Long <written>", "lead": "Said."})

    assert response.status_code == 403
    assert "Your text is still here" in response.text
    assert "Long &lt;written&gt;" in response.text
    assert not Article.objects.exists()


def test_renewing_it_is_not_a_write_at_every_request(editor_client, clock, django_assert_num_queries):
    is_logged_in(editor_client)
    clock(3600)
    before = _expiry()
    is_logged_in(editor_client)
    renewed = _expiry()
    clock(60)
    is_logged_in(editor_client)

    assert before <= renewed == _expiry()


def _expiry():
    return Session.objects.get().expire_date


def test_readers_have_no_session(client, people):
    make_published(**people)

    assert not client.get("/articles/sleep/").cookies
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "cookie", ["sessionid=abc", 'sessionid=""', "csrftoken=abc", "csrftoken=; sessionid=x; messages=x"]
)
@pytest.mark.parametrize(
    "path", ["/", "/articles/sleep/", "/articles/sleep", "/words.js", "/api/articles/", "/feeds/articles.atom"]
)
def test_what_caches_keep_renews_no_damaged_cookie(client, people, path, cookie):
    make_published(**people)

    response = client.get(path, headers={"cookie": cookie})

    assert response.status_code in {200, 301}
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_what_no_cache_keeps_renews_damaged_cookies(client):
    response = client.get("/admin/login/", headers={"cookie": "csrftoken=abc; sessionid=abc"})

    assert set(response.cookies) == {"csrftoken", "sessionid"}
    assert "no-store" in response.headers["Cache-Control"]
