"""The browser of a logged-in user."""

import pytest

from tests.support.browser import begin_session


@pytest.fixture
def page_of_user(page, live_server, violations):
    """A function (username) that logs in and returns the page, on which nothing is open yet, watching the policy."""

    def logged_in(username="moderator"):
        begin_session(page, live_server, username)
        return page

    return logged_in
