"""Counts of public citations by verdict: now, stored per day, and as a trend."""

from itertools import groupby

from django.db.models import Count

from articles.models import Check, Citation, Tally

DAYS_SHOWN = 90


def count():
    """Return {verdict: number of public citations} for every verdict; one query."""
    public = Citation.objects.filter(is_public=True).order_by().values_list("verdict")
    return dict.fromkeys(Check.Verdict.values, 0) | dict(public.annotate(number=Count("pk")))


def record(today):
    """Store and return the counts for the day `today`, replacing earlier ones of that day."""
    counts = count()
    Tally.objects.bulk_create(
        [Tally(on=today, verdict=verdict, citation_count=number) for verdict, number in counts.items()],
        update_conflicts=True,
        unique_fields=["on", "verdict"],
        update_fields=["citation_count"],
    )
    return counts


def record_if_due(today, *, has_changed):
    """Record the day if something has changed or nothing is stored for it yet; return whether it was recorded."""
    if not has_changed and Tally.objects.filter(on=today).exists():
        return False
    record(today)
    return True


def trend(days=DAYS_SHOWN):
    """Return [(day, {verdict: number of citations})] of the last `days` recorded days, oldest first; one query."""
    latest = Tally.objects.order_by("-on", "verdict").values_list("on", "verdict", "citation_count")
    rows = list(latest[: days * len(Check.Verdict.values)])
    by_day = [
        (on, {verdict: number for _, verdict, number in of_day}) for on, of_day in groupby(rows, lambda row: row[0])
    ]
    return by_day[::-1]
