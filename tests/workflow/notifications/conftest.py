import pytest

from tests.support.servers.mail import mail_server


@pytest.fixture
def post(settings):
    """A real mail server that the site's mail goes to."""
    settings.SITE_URL = "https://talks.example.org"
    with mail_server(settings) as server:
        yield server
