"""Where a recording's sponsors run, for whoever asks what no citation draws on."""

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
def test_a_sponsor_runs_to_the_next_chapter_or_the_end(chapters, stretches):
    assert sponsor_stretches(1000, chapters) == stretches
