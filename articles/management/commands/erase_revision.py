"""Erase the text of a revision for legal reasons, leaving a tombstone."""

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from articles import workflow
from articles.management.options import account
from articles.models import Quotation, Revision


class Command(BaseCommand):
    help = (
        "Erase the text of one revision for legal reasons, and what was written about it. "
        "Its digest, dates and decisions are kept."
    )

    def add_arguments(self, parser):
        parser.add_argument("article", metavar="SLUG")
        parser.add_argument("number", type=int)
        parser.add_argument("--as", dest="by", required=True, metavar="USER", help="The user who erases it.")
        parser.add_argument("--reason", required=True, help="The legal ground, shown in place of the text.")

    def handle(self, **options):
        try:
            revision = Revision.objects.get(article__slug=options["article"], number=options["number"])
            workflow.erase(revision, by=account(options["by"]), reason=options["reason"])
        except Revision.DoesNotExist as error:
            raise CommandError(f"“{options['article']}” has no revision {options['number']}.") from error
        except workflow.WorkflowError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Erased: revision {revision.number} of “{options['article']}”.")
        quotations = list(revision.quotation_set.filter(redacted_at=None))
        if quotations:
            self.stdout.write(f"Left for you to decide: {', '.join(map(_name, quotations))}.")
            self.stdout.write(
                f"Redact or erase them at: {reverse('admin:articles_revision_erase', args=[revision.pk])}"
            )


def _name(quotation):
    """Return what quotes the text: a revision by its number, and its article if that isn't the same one."""
    if quotation.kind != Quotation.Kind.REVISION:
        return str(quotation)
    other = Revision.objects.select_related("article").get(pk=quotation.row)
    name = f"revision {other.number}"
    return name if other.article_id == quotation.revision.article_id else f"{name} of “{other.article.slug}”"
