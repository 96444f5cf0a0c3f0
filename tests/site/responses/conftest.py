"""The store of public responses, which other tests do without."""

import pytest

from articles.derived.responses import keys, recent


@pytest.fixture(autouse=True)
def _stored(settings):
    settings.STORED_RESPONSES_BYTES = 100_000_000
    keys.forget()
    recent.forget()
    yield
    keys.forget()
    recent.forget()
