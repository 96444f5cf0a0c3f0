"""Topics for trying the site: two, under which the first article is filed."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from articles import workflow
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
        "File the first article under the topics Mental health and Pharmacology. What is there already stays as it "
        "is: a topic that somebody changed, and an article that somebody filed otherwise."
    )

    def add_arguments(self, parser):
        parser.add_argument("--as", dest="by", required=True, metavar="USER", help="Who files it.")

    @transaction.atomic
    def handle(self, **options):
        try:
            by = get_user_model().objects.get_by_natural_key(options["by"])
        except get_user_model().DoesNotExist as error:
            raise CommandError(f"There is no account “{options['by']}”: make it first.") from error
        made = []
        for slug, title, description in TOPICS:
            if not Topic.objects.filter(slug=slug).exists() and not Topic.objects.filter(title=title).exists():
                made.append(Topic.objects.create(slug=slug, title=title, description=description))
        article = Article.objects.filter(slug=ARTICLE).first()
        if article is not None and made:
            workflow.assign_topics(article, {*article.topics.all(), *made}, by=by)
        if options["verbosity"]:
            said = f"Made: {', '.join(map(str, made))}." if made else "The topics are there."
            self.stdout.write(said)
