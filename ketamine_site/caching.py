"""Redis or Valkey as a cache that may fail: what only saves time mustn't take anything down."""

import logging
import time

from django.core.cache.backends.redis import RedisCache as DjangoCache
from django.core.cache.backends.redis import RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

PAUSE = 5  # seconds for which a cache that failed isn't asked again
logger = logging.getLogger(__name__)


def _forgiving(name, answer):
    """Return the client's method `name`, which returns what `answer` does with the same arguments if Redis fails."""
    method = getattr(RedisCacheClient, name)

    def call(self, *args, **kwargs):
        if time.monotonic() >= self.paused_until:
            try:
                return method(self, *args, **kwargs)
            except RedisError as error:
                self.paused_until = time.monotonic() + PAUSE
                logger.warning("The cache can’t be used and counts as empty: %s", error)
        return answer(*args, **kwargs)

    return call


def _missing(key, *args, **kwargs):
    raise ValueError(f"Key {key!r} not found.")


class _Client(RedisCacheClient):
    """As Django has it; a cache that fails is empty and keeps nothing. Whoever clears it has to know whether it worked."""

    paused_until = 0.0
    get = _forgiving("get", lambda key, default: default)
    get_many = _forgiving("get_many", lambda keys: {})
    has_key = _forgiving("has_key", lambda key: False)
    add = _forgiving("add", lambda *args, **kwargs: False)
    set = _forgiving("set", lambda *args, **kwargs: None)
    set_many = _forgiving("set_many", lambda *args, **kwargs: None)
    touch = _forgiving("touch", lambda *args: False)
    delete = _forgiving("delete", lambda key: False)
    delete_many = _forgiving("delete_many", lambda keys: None)
    incr = _forgiving("incr", _missing)


class RedisCache(DjangoCache):
    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = _Client
        # Once more, at once: the connection may have been idle while Redis was restarted.
        self._options = {"retry": Retry(NoBackoff(), 1), **self._options}
