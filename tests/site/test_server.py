"""The server that `make run` starts, over HTTP."""

import re

import pytest

from tests.support.servers.production import environment_in, manage, read, serving, wait_for

SCHEDULE = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from articles import workflow
from articles.models import Revision
waiting = Revision.objects.get(number=2)
by = User.objects.get(username="moderator")
workflow.approve(waiting, by=by)
workflow.schedule(waiting, by=by, publish_at=timezone.now() + timedelta(seconds=1))
"""


@pytest.fixture
def server(tmp_path):
    """The URL of a server set up as `make run` does it, with a revision that is due in a second."""
    environment = environment_in(tmp_path)
    printed = manage(environment, "prepare_demo")
    assert re.findall(r"^  (\w+) ", printed, re.MULTILINE) == ["admin", "editor", "moderator"]
    assert manage(environment, "prepare_demo") == ""
    manage(environment, "shell", "--no-imports", "-c", SCHEDULE)
    with serving(environment) as address:
        yield address


def test_server_serves_the_article_and_publishes_what_is_due(server):
    article = f"{server}/articles/ketamine/"

    assert wait_for(lambda: 'data-revision="' in read(article), 60)
    html = read(article)
    assert html.count("<section id=") == 9
    assert html.count('class="citation"') in {8, 9}  # before and after the scheduled revision
    style = re.search(r'href="(/static/css/site\.[0-9a-f]+\.css)"', html)[1]
    assert "@layer" in read(server + style)
    assert wait_for(lambda: 'data-revision="2"' in read(article), 60)
    assert read(article).count('class="citation"') == 9
