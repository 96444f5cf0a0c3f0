"""What fails on a replica is read from the primary; the rest is tests/site/cluster, with a real one."""

import pytest
from django.db import OperationalError

from articles.derived.responses import replica, stored
from articles.models import Article, PublicVersion

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database(reason="The database itself plays its replica."),
]


@pytest.fixture(autouse=True)
def _replica(settings, monkeypatch):
    settings.REPLICA = "default"
    monkeypatch.setattr(replica, "_paused_until", 0.0)


@pytest.fixture
def reads():
    """Where each call of `view` has read from."""
    return []


@pytest.fixture
def view(reads):
    def read(*, fails=False):
        reads.append("replica" if replica._is_read.get() else "primary")
        if fails and replica._is_read.get():
            raise OperationalError("canceling statement due to conflict with recovery")
        return "answer"

    return replica.from_replica(read)


def test_a_level_replica_is_read(view, reads):
    assert view() == "answer"
    assert reads == ["replica"]
    assert not replica._is_read.get()


def test_one_that_lags_is_not(view, reads, monkeypatch):
    current = stored.site_version
    monkeypatch.setattr(stored, "site_version", lambda *of: current() - 1 if of else current())

    assert view() == "answer"
    assert reads == ["primary"]


def test_one_that_fails_is_replaced_and_not_asked_for_a_while(view, reads, monkeypatch):
    assert view(fails=True) == "answer"
    assert view() == "answer"
    assert reads == ["replica", "primary", "primary"]
    replica._paused_until = 0.0
    assert view() == "answer"
    assert reads[-1] == "replica"


def test_an_error_of_the_primary_stays_one():
    def fails():
        raise OperationalError("the primary")

    with pytest.raises(OperationalError, match="the primary"):
        replica.from_replica(fails)()


def test_nothing_is_written_to_it(settings):
    router = replica.Router()

    assert router.db_for_write(Article) == "default"
    settings.REPLICA = "replica"
    assert router.db_for_read(Article) == "default"
    assert not router.allow_migrate("replica", "articles")
    assert router.allow_relation(PublicVersion(), Article())
