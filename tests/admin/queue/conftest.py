"""The episode that texts in the queue cite."""

import pytest

from tests.support.factories import (
    make_episode,
)


@pytest.fixture
def episode():
    return make_episode()
