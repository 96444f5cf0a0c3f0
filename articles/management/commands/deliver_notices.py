"""Mail the notices that wait: those whose mail failed before, or could not be tried."""

from django.core.management.base import BaseCommand

from articles.models import Notice
from articles.workflow import notifications


class Command(BaseCommand):
    help = "Try again to mail the notices that have not gone out. For cron or a timer."

    def handle(self, **options):
        sent = notifications.deliver(Notice.objects.all())
        waiting = Notice.objects.unsent().count()
        if options["verbosity"]:
            self.stdout.write(f"{sent} sent, {waiting} still waiting.")
