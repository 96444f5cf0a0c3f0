"""Runs the checks, article by article."""

from itertools import islice

from articles.models import Episode

from . import accounts, derived, record, responses, saves, site
from .types import RESTORE, STALE, Finding

# Cheap: they only compare rows.
QUICK = [
    record.check_log,
    record.check_published,
    saves.check_versions,
    accounts.check_reviewers,
    site.check_schedule,
    site.check_uploads,
]
# They derive the texts again.
ARTICLE_CHECKS = [
    *QUICK,
    derived.check_citations,
    derived.check_pages,
    derived.check_published_rows,
    derived.check_source_issues,
    responses.check_page_responses,
]
SITE_CHECKS = [
    record.check_chain,
    record.check_empty,
    accounts.check_ranks,
    accounts.check_groups,
    site.check_late,
    site.check_orphans,
    responses.check_responses,
]
EPISODE_CHECKS = [site.check_transcript, site.check_checks, site.check_excerpts]
BATCH = 100


def check(articles, *, quick=False, is_whole_site=True, seen=lambda: None):
    """Yield a `Finding` for everything that isn't as it should be with `articles`, a query set, and with the site.

    Calls `seen` before each article. `quick` leaves out deriving texts again and reading all
    signatures and transcripts; without `is_whole_site` only the articles are checked.
    """
    rows = articles.order_by("pk").select_related("published_revision").iterator(chunk_size=BATCH)
    for batch in iter(lambda: list(islice(rows, BATCH)), []):
        for article in batch:
            seen()
            yield from _lasting(QUICK if quick else ARTICLE_CHECKS, article, refresh=article.refresh_from_db)
        if not quick:
            yield from _lasting([derived.check_related], batch)
    if not is_whole_site:
        return
    for run in SITE_CHECKS:
        yield from _lasting([run], quick=quick)
    for episode in Episode.objects.select_related("show").order_by("pk").iterator(chunk_size=BATCH):
        yield from _lasting(EPISODE_CHECKS, episode, refresh=episode.refresh_from_db, quick=quick)


def _lasting(checks, *of, refresh=lambda: None, **options):
    """Yield what each check finds twice: people go on working, and a check reads one table after the other.

    A row of an earlier version says so itself, so what is only stale isn't read twice.
    """
    for run in checks:
        found = _findings(run, *of, **options)
        if any(finding.check != STALE for finding in found):
            refresh()
            again = set(_findings(run, *of, **options))
            found = [finding for finding in found if finding.check == STALE or finding in again]
        yield from found


def _findings(run, *of, **options):
    """Return what a check finds; if rows are so broken that it can't go on, that is a finding, too."""
    found = []
    try:
        found.extend(run(*of, **options))
    except Exception as error:
        place = ", ".join(map(str, of[0] if isinstance(of[0], list) else of)) if of else "the site"
        problem = f"{run.__name__} can’t go on: {type(error).__name__}: {error}"
        found.append(Finding("broken", place, problem, f"Correct the other findings first. {RESTORE}"))
    return found
