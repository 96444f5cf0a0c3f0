"""What readers get is checked: a stored response that isn't what the site shows is found."""

import gzip
import io

import brotli
import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Value
from django.db.models.functions import Concat, Replace
from django.test import Client

from articles.derived.pages import related
from articles.models import Article, StoredResponse
from articles.workflow import integrity
from articles.workflow.history import chain
from tests.support.databases import template
from tests.support.factories import make_episode, make_published

pytestmark = pytest.mark.django_db(transaction=True)


def make_stored():
    """Make an article, and stored responses with and about it."""
    article = make_published(episode=make_episode())
    chain.seal()
    for path in ("/", "/articles/sleep/", "/articles/sleep.json", "/feeds/articles.atom"):
        assert Client().get(path).status_code == 200
    assert StoredResponse.objects.count() == 4
    return article


@pytest.fixture
def article():
    return template.filled(make_stored)


def findings():
    return [finding for finding in integrity.check(Article.objects.all()) if finding.check == "responses"]


FORGERIES = {
    "body": {"body": b"forged"},
    "brotli": {"brotli": brotli.compress(b"forged")},
    "gzip": {"gzip": gzip.compress(b"forged")},
    "no brotli": {"brotli": b"forged"},
    "etag": {"etag": "forged"},
    "headers": {"headers": Concat("headers", Value("\nX-Forged: yes"))},
    "header that is gone": {"headers": Replace("headers", Value("X-Frame-Options: DENY\n"), Value(""))},
    "address": {"key": Concat(F("key"), Value("forged/"))},
    "half an address": {"key": Replace("key", Value("://"), Value(":"))},
    "another page": {"key": Concat(F("key"), Value("about/"))},
}


def test_nothing_is_found_unless_it_is_forged(article):
    assert findings() == []


@pytest.mark.parametrize("path", ["/", "/articles/sleep/", "/articles/sleep.json"])
@pytest.mark.parametrize("forgery", FORGERIES)
def test_forgeries_are_found(article, path, forgery):
    assert StoredResponse.objects.filter(key__endswith=f"testserver{path}").update(**FORGERIES[forgery]) == 1

    assert len(findings()) == 1


def test_history_is_verified_with_what_is_stored_of_it(article):
    call_command("verify_history", verbosity=0)
    StoredResponse.objects.filter(key__endswith="/articles/sleep/").update(body=b"forged")

    with pytest.raises(CommandError, match="history of 1 of 1"):
        call_command("verify_history", verbosity=0)


@pytest.mark.parametrize("command", ["verify_history", "check_integrity"])
def test_what_another_release_stored_is_only_stale(article, command):
    """Nobody is sent it any longer; but what this release has stored must be what it shows, also beside it."""
    stored = StoredResponse.objects.get(key__endswith="testserver/articles/sleep/")
    StoredResponse.objects.filter(pk=stored.pk).update(key=Concat(Value("another"), "key"))
    related.refresh([article.pk])  # which the article lacks, as it is made here
    assert refusal(command).returncode == 3

    stored.etag = "forged"
    stored.save(force_insert=True)
    assert refusal(command).returncode == 1


def refusal(command):
    with pytest.raises(CommandError) as refused:
        call_command(command, stdout=io.StringIO(), stderr=io.StringIO())
    return refused.value


def test_outdated_responses_are_no_finding(article):
    StoredResponse.objects.update(version=F("version") - 1, body=b"older")

    assert findings() == []


def test_rebuilding_deletes_them(article):
    call_command("rebuild", stale=True, verbosity=0)

    assert not StoredResponse.objects.exists()
