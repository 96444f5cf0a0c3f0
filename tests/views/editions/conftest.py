"""An episode that editions are made of."""

import pytest

from tests.support.factories import make_episode


@pytest.fixture
def episode():
    return make_episode(youtube_id="abcdefghijk")
