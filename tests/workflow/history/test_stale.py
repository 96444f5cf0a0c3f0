"""After an upgrade pages are stale, which is no broken history; a forged page is one, stale or not."""

import io

import pytest
from django.core.management import CommandError, call_command

from articles.core.markdown import RENDERER_VERSION
from articles.derived.pages import related
from articles.models import Article, Rendering
from tests.support.factories import make_published

from .test_chain import sql

pytestmark = pytest.mark.django_db
COMMANDS = ["verify_history", "check_integrity"]


@pytest.fixture(autouse=True)
def _stale():
    make_published("sleep")
    related.refresh(list(Article.objects.values_list("pk", flat=True)))
    sql("UPDATE articles_rendering SET renderer_version = %s", RENDERER_VERSION - 1)
    write(lambda html: f"<p>Another layout</p>{html}")


def write(change):
    """Store what `change` makes of the HTML of each text, as it is."""
    for rendering in Rendering.objects.all():
        html = str(rendering.text_html)
        sql("UPDATE articles_rendering SET text_html = %s WHERE revision_id = %s", change(html), rendering.pk)


def refusal(command):
    with pytest.raises(CommandError) as refused:
        call_command(command, stdout=io.StringIO(), stderr=io.StringIO())
    return refused.value


@pytest.mark.parametrize("command", COMMANDS)
def test_a_stale_page_is_said_to_be_and_rebuilding_ends_that(command):
    error = refusal(command)

    assert error.returncode == 3
    assert "tale" in str(error)
    assert "Run `manage.py rebuild --stale`" in str(error)
    assert "broken" not in str(error)
    call_command("rebuild", stale=True, verbosity=0)
    call_command(command, verbosity=0, stdout=io.StringIO())


@pytest.mark.parametrize("command", COMMANDS)
def test_a_forged_stale_page_is_no_mere_staleness(command):
    write(lambda html: html.replace("The brain clears waste", "It does nothing"))

    assert refusal(command).returncode == 1
