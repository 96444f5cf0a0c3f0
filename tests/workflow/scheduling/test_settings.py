"""The whole numbers of the configuration, such as SCHEDULER_SECONDS."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from ketamine_site.settings import _number


@pytest.mark.parametrize(("value", "number"), [("", 30), (" ", 30), ("1", 1), (" 60 ", 60), ("3600", 3600)])
def test_a_setting_takes_a_whole_number(monkeypatch, value, number):
    monkeypatch.setenv("SCHEDULER_SECONDS", value)

    assert _number("SCHEDULER_SECONDS", default=30, least=1, most=3600) == number


@pytest.mark.parametrize("value", ["0", "3601", "-1", "1.5", "soon", "³"])
def test_a_setting_rejects_anything_else(monkeypatch, value):
    monkeypatch.setenv("SCHEDULER_SECONDS", value)

    with pytest.raises(ImproperlyConfigured, match="Give a whole number from 1 to 3600, such as 30"):
        _number("SCHEDULER_SECONDS", default=30, least=1, most=3600)
