"""After every race, nothing is lost and nothing contradicts itself."""

import pytest

from tests.support.databases.integrity import WATCH, pytest_runtest_call, require_intact  # noqa: F401  (a hook)


@pytest.fixture(autouse=True)
def _is_intact(request, transactional_db):
    yield
    require_intact(request.node, request.node.stash.get(WATCH, None))
