"""The admin's home page for a logged-in user."""

import pytest

from tests.support.browser import log_in


@pytest.fixture
def open_admin(page, live_server, violations):
    """A function (username) that logs in and returns the page on the admin's home page, watching the policy."""

    def open_as(username="moderator"):
        log_in(page, live_server, username=username)
        page.get_by_role("button", name="Log out").wait_for()
        return page

    return open_as
