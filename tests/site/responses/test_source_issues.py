"""Stored reports on an article follow what is wrong with all of its citations of a recording."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import RequestFactory

from articles import workflow
from articles.derived import source_issues
from articles.importing import import_transcript
from articles.models import Check, SourceIssue
from ketamine_site.public import stored_answer
from tests.support.factories import make_episode, make_published
from tests.support.samples import shifted, talk

pytestmark = pytest.mark.django_db(transaction=True)

REPORT = "/articles/talk/revisions/1/citations"
ADDRESSES = (
    *("/articles/talk/citations/", f"{REPORT}/", f"{REPORT}.csv", f"{REPORT}.json"),
    *("/articles/talk.json", "/api/articles/talk/", "/api/articles/talk/revisions/1/"),
)
SHIFT = (b"too late by 1 hour", b"-3600")


def addresses_that_tell(client):
    """Return the addresses that call the timestamps shifted; each is asked twice, and stored the first time."""
    found = []
    for address in ADDRESSES:
        client.get(address)
        assert stored_answer(RequestFactory().get(address).META) is not None, address
        found += [address] if any(words in client.get(address).content for words in SHIFT) else []
    return found


def test_it_comes_with_a_transcript_and_a_check_and_goes_with_a_dismissal(client, people):
    episode = make_episode("a-talk", duration_seconds=talk.DURATION)
    late = shifted.sections(lambda second: second + 3600)
    article = make_published("talk", episode=episode, lead="", sections=late, **people)
    assert addresses_that_tell(client) == []

    import_transcript(episode, talk.as_vtt(), "talk.vtt")
    assert addresses_that_tell(client) == list(ADDRESSES)

    Check.objects.update(checker_version=0)
    SourceIssue.objects.all().delete()
    assert addresses_that_tell(client) == []
    call_command("check_citations", verbosity=0, stdout=StringIO())
    assert addresses_that_tell(client) == list(ADDRESSES)

    [(found, _)] = source_issues.of_revision(article.published_revision)
    facts = {"code": source_issues.CODE, "subject": found.subject, "text": "A talk"}
    workflow.dismiss(article, by=people["by"], reason="heard", **facts)
    assert addresses_that_tell(client) == []
