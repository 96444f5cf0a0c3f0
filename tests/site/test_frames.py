"""Deep calls don't ask the system for memory again and again."""

import resource

from ketamine_site.frames import with_room

DEPTH, TIMES = 200, 500  # frames that take several pieces of 16 KB


def descend(depth):
    """Call itself `depth` times, and at each depth another function many times: at one of them, a piece ends."""
    for _ in range(TIMES):
        nothing()
    if depth:
        descend(depth - 1)


def nothing():
    pass


def faults(function):
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    function(DEPTH)
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def test_with_room_calls_at_any_depth_use_the_same_memory():
    assert with_room(faults)(descend) < TIMES / 5
