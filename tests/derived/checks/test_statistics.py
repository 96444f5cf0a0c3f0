from datetime import date

import pytest

from articles.derived.checks import statistics
from articles.models import Check, Tally
from tests.support.factories import make_draft, make_episode, make_published

pytestmark = pytest.mark.django_db

NOTHING = dict.fromkeys(Check.Verdict.values, 0)


def test_a_day_is_recorded_with_every_verdict_and_replaced_when_recorded_again():
    make_published(episode=make_episode())

    first = statistics.record(date(2026, 11, 22))
    again = statistics.record(date(2026, 11, 22))

    assert first == again == NOTHING | {"not checked": 1}
    assert Tally.objects.count() == len(NOTHING)


def test_only_public_citations_are_counted():
    make_draft(episode=make_episode())

    assert statistics.count() == NOTHING


def test_a_day_without_changes_is_recorded_once():
    make_published(episode=make_episode())

    first = statistics.record_if_due(date(2026, 11, 22), has_changed=False)
    second = statistics.record_if_due(date(2026, 11, 22), has_changed=False)
    third = statistics.record_if_due(date(2026, 11, 22), has_changed=True)

    assert (first, second, third) == (True, False, True)


def test_the_trend_lists_the_last_days_oldest_first():
    for day in (20, 21, 22):
        statistics.record(date(2026, 11, day))
    Tally.objects.filter(on=date(2026, 11, 21), verdict="partly").update(citation_count=4)

    assert statistics.trend(days=2) == [(date(2026, 11, 21), NOTHING | {"partly": 4}), (date(2026, 11, 22), NOTHING)]
