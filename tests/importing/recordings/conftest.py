"""A feed as a file."""

import pytest

from tests.support.samples.feeds import make_feed


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a feed to a file and returns its path."""

    def write(*items, **channel):
        path = tmp_path / "feed.xml"
        path.write_bytes(items[0] if isinstance(items[0], bytes) else make_feed(*items, **channel))
        return path

    return write
