"""Mail the notices that are due, including failed ones that are to be tried again."""

from django.core.management.base import BaseCommand

from articles.models import Notice, ScheduledJob
from articles.workflow import tasks
from articles.workflow.notifications import retry_failed
from articles.workflow.scheduling import run_job


class Command(BaseCommand):
    help = (
        "Mail unsent notices. One that failed is tried again after a while, and given up after several attempts. "
        "For cron, without the scheduler; `run_worker` does the same."
    )

    def add_arguments(self, parser):
        parser.add_argument("--retry-failed", action="store_true", help="Also retry mail that was given up.")

    def handle(self, **options):
        if options["retry_failed"]:
            retry_failed(Notice.objects.all())
        sent = run_job(ScheduledJob.Name.MAIL)
        tasks.tidy()  # messages that ask for mail, where no worker reads them
        waiting = Notice.objects.unsent().count()
        failed = Notice.objects.filter(mail=Notice.Mail.FAILED).count()
        if options["verbosity"]:
            self.stdout.write(f"{sent} sent, {waiting} still waiting, {failed} given up.")
