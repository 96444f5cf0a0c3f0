"""Scheduled publishing, the jobs that the scheduler repeats, and whether it still runs."""

from .due import publish_due
from .health import check_health
from .jobs import run_job, run_jobs
from .schedules import schedule, unschedule
