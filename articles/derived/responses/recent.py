"""Responses that a process keeps in memory: what readers search for doesn't belong in the database.

As with stored ones, a response is current as long as nothing public has changed since before it was rendered, and the
database says whether it has. What wasn't asked for the longest makes room for others.
"""

from collections import OrderedDict
from threading import Lock

from . import stored

MOST_BYTES = 8 * 1024 * 1024  # of bodies, in each process: some 200 pages of search results

_lock = Lock()
_answers: OrderedDict = OrderedDict()  # {key: (version, bytes, answer)}, the last one asked for last


def find(key):
    """Return the current complete `Answer` under `key`, None if there is none. Raises the database driver's own errors."""
    if key not in _answers:
        return None
    version = stored.site_version()
    with _lock:
        known = _answers.get(key)
        if known is None or known[0] != version:
            _answers.pop(key, None)
            return None
        _answers.move_to_end(key)
    return known[2]


def save(key, answer, version):
    """Keep a complete answer that was rendered when the site's number was `version`."""
    size = sum(map(len, answer.bodies.values()))
    with _lock:
        _answers.pop(key, None)
        _answers[key] = version, size, answer
        total = sum(size for _, size, _ in _answers.values())
        while total > MOST_BYTES:
            _, (_, size, _) = _answers.popitem(last=False)
            total -= size


def forget():
    """Forget all, for tests: their databases count from 1 again."""
    with _lock:
        _answers.clear()
