"""Stretches of a recording that are advertising, which don't count as gaps between citations."""

import pytest

from articles.core.recordings.timeline import sponsor_stretches


@pytest.mark.parametrize(
    ("chapters", "stretches"),
    [
        ([], []),
        ([(0, "Tides", False)], []),
        ([(0, "Sponsor", True), (60, "Tides", False)], [(0, 60)]),
        ([(0, "Tides", False), (900, "Sponsor", True)], [(900, 1000)]),
        ([(900, "Sponsor", True), (1100, "Past the end", False)], [(900, 1000)]),
        ([(0, "Tides", False), (1000, "Sponsor", True)], []),
    ],
)
def test_a_sponsor_ends_at_the_next_chapter_or_the_end(chapters, stretches):
    assert sponsor_stretches(1000, chapters) == stretches
