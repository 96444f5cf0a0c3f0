"""Redis as a cache, and a Redis that fails."""

import subprocess
import time

import pytest
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from redis.exceptions import RedisError

from ketamine_site import caching
from ketamine_site.operations.doctor.settings import check_cache
from ketamine_site.services import cache
from tests.support.servers import programs

pytestmark = pytest.mark.one_database(reason="It uses no database.")


@pytest.fixture
def redis(tmp_path, settings, monkeypatch):
    """The process of the Redis that is the site's cache."""
    with programs.redis(tmp_path) as (process, address):
        monkeypatch.setenv("CACHE_URL", address)
        settings.CACHES = {"default": cache()}
        yield process


def test_it_keeps_values_for_all_processes(redis, settings):
    cache = caches["default"]
    cache.set("image", b"\0\x89PNG", 60)
    other = caches.create_connection("default")

    assert other.get("image") == b"\0\x89PNG"
    assert other.add("image", b"", 60) is False
    assert other.add("count", 1, 60) is True
    assert cache.incr("count") == 2
    assert list(check_cache()) == []


def test_one_that_is_stopped_is_empty_and_keeps_nobody_waiting(redis, caplog):
    cache = caches["default"]
    cache.set("image", b"PNG", 60)
    redis.kill()
    redis.wait()
    start = time.monotonic()

    assert cache.get("image", "none") == "none"
    assert cache.get_many(["image"]) == {}
    assert not cache.has_key("image")
    assert cache.add("image", b"PNG") is False
    assert cache.set("image", b"PNG") is None
    assert cache.set_many({"image": b"PNG"}) == []
    assert cache.touch("image") is False
    assert cache.delete("image") is False
    assert cache.delete_many(["image"]) is None
    with pytest.raises(RedisError):  # an erasure has to be repeated
        cache.clear()
    with pytest.raises(ValueError, match="image"):
        cache.incr("image")

    assert time.monotonic() - start < 1
    (message,) = [record.getMessage() for record in caplog.records if record.name == caching.__name__]
    assert message.startswith("The cache can’t be used and counts as empty: ")
    (finding,) = check_cache()
    assert (finding.check, finding.place) == ("cache", "CACHE_URL")


def test_one_that_hangs_is_given_up_soon_and_asked_again_later(redis, monkeypatch):
    cache = caches["default"]
    cache.set("image", b"PNG", 60)
    subprocess.run(["kill", "-STOP", str(redis.pid)], check=True)  # noqa: S603, S607
    start = time.monotonic()

    assert [cache.get("image") for _ in range(50)] == [None] * 50
    assert time.monotonic() - start < 3

    subprocess.run(["kill", "-CONT", str(redis.pid)], check=True)  # noqa: S603, S607
    cache._cache.paused_until = 0.0  # as after a few seconds
    assert cache.get("image") == b"PNG"


@pytest.mark.parametrize(
    "value",
    ["redis://", "memcached://:hunter2@cache.example.org", "redis", "redis://:hunter2@[::1", "redis://:hunter2@a:b"],
)
def test_a_cache_that_cannot_be_meant_is_refused_without_its_password(monkeypatch, value):
    monkeypatch.setenv("CACHE_URL", value)

    with pytest.raises(ImproperlyConfigured, match="Use locmem://") as refusal:
        cache()

    assert "hunter2" not in str(refusal.value)
