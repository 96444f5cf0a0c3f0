"""Create two topics for trying the site and add them to the sample article."""

from django.core.management.base import BaseCommand
from django.db import transaction

from articles import workflow
from articles.management.options import account
from articles.models import Article, Topic

ARTICLE = "ketamine"
TOPICS = [
    (
        "mental-health",
        "Mental health",
        "Depression, trauma and other conditions of the mind, and what is tried against them.",
    ),
    ("pharmacology", "Pharmacology", "How substances act in the body, at which doses, and at what risk."),
]


class Command(BaseCommand):
    help = (
        "Add the topics Mental health and Pharmacology to the sample article. Topics that already exist and topics "
        "that somebody has changed on the article are left alone."
    )

    def add_arguments(self, parser):
        parser.add_argument("--as", dest="by", required=True, metavar="USER", help="The user who adds the topics.")

    @transaction.atomic
    def handle(self, **options):
        by = account(options["by"], advice=" Create it first.")
        created = []
        for slug, title, description in TOPICS:
            if not Topic.objects.filter(slug=slug).exists() and not Topic.objects.filter(title=title).exists():
                created.append(Topic(slug=slug, title=title, description=description))
                workflow.save_topic(created[-1])
        article = Article.objects.filter(slug=ARTICLE).first()
        if article is not None and created:
            workflow.assign_topics(article, {*article.topics.all(), *created}, by=by)
        if options["verbosity"]:
            self.stdout.write(f"Created: {', '.join(map(str, created))}." if created else "The topics already exist.")
