"""Mail the notices that haven't been sent yet, including failed ones."""

from django.core.management.base import BaseCommand

from articles.models import Notice
from articles.workflow import notifications


class Command(BaseCommand):
    help = "Mail unsent notices, including those that failed before. Run it from cron or a timer."

    def handle(self, **options):
        sent = notifications.deliver(Notice.objects.all())
        waiting = Notice.objects.unsent().count()
        if options["verbosity"]:
            self.stdout.write(f"{sent} sent, {waiting} still waiting.")
