"""Whether the site works, for monitoring: database and scheduler, without anything private."""

from django.db import DatabaseError
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.workflow.scheduling import check_health


@never_cache
@require_safe
def health(request):
    """`status` ("ok", "late", "scheduler not running" or "no database"), `last_run` (ISO 8601), `late_revisions`.

    503 if the database can't be read or publishing hasn't run without an error for some time.
    """
    try:
        found = check_health()
    except DatabaseError:
        return JsonResponse({"status": "no database", "last_run": None, "late_revisions": None}, status=503)
    status = "late" if found.late_count else "ok"
    return JsonResponse(
        {
            "status": status if found.is_running else "scheduler not running",
            "last_run": found.last_run and found.last_run.isoformat(timespec="seconds"),
            "late_revisions": found.late_count,
        },
        status=200 if found.is_running else 503,
    )
