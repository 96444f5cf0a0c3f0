"""How the citations of the published texts stand from day to day: counted now, kept per day, and the trend."""

from itertools import groupby

from django.db.models import Count

from articles.models import Check, Citation, Tally

DAYS_SHOWN = 90


def count():
    """{verdict: citations of published texts}, every verdict among them; one query."""
    public = Citation.objects.filter(is_public=True).order_by().values_list("verdict")
    return dict.fromkeys(Check.Verdict.values, 0) | dict(public.annotate(number=Count("pk")))


def record(today):
    """Keep the counts for the day `today`, over what was counted earlier that day."""
    counts = count()
    Tally.objects.bulk_create(
        [Tally(on=today, verdict=verdict, citation_count=number) for verdict, number in counts.items()],
        update_conflicts=True,
        unique_fields=["on", "verdict"],
        update_fields=["citation_count"],
    )
    return counts


def record_if_due(today, *, has_changed):
    """The same where something has changed, or where nothing was counted that day; whether it was counted."""
    if not has_changed and Tally.objects.filter(on=today).exists():
        return False
    record(today)
    return True


def trend(days=DAYS_SHOWN):
    """[(day, {verdict: citations})] of the last `days` days that were counted, the oldest first; one query."""
    latest = Tally.objects.order_by("-on", "verdict").values_list("on", "verdict", "citation_count")
    rows = list(latest[: days * len(Check.Verdict.values)])
    by_day = [
        (on, {verdict: number for _, verdict, number in of_day}) for on, of_day in groupby(rows, lambda row: row[0])
    ]
    return by_day[::-1]
