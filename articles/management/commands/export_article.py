"""Write an article out, so that import_articles can read it back."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.core.formats import plain_holds, write_json, write_markdown, write_text
from articles.importing import export_value
from articles.models import Article

WRITERS = {"markdown": write_markdown, "text": write_text, "json": write_json}


class Command(BaseCommand):
    help = (
        "Write an article as Markdown, plain text or JSON. Importing what was written changes nothing. "
        "Without --revision it is the published revision, or the newest one where none is published."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--format", choices=sorted(WRITERS), default="markdown")
        parser.add_argument("--revision", metavar="NUMBER", type=int, help="The number of the revision.")
        parser.add_argument("--output", metavar="FILE", type=Path, help="Where to write it; else it is printed.")

    def handle(self, **options):
        slug = options["slug"]
        article = Article.objects.filter(slug=slug).first()
        if article is None:
            raise CommandError(f"There is no article with the slug “{slug}”.")
        revisions = article.revision_set.order_by("-number")
        if options["revision"] is not None:
            revision = revisions.filter(number=options["revision"]).first()
        else:
            revision = article.published_revision or revisions.first()
        if revision is None:
            raise CommandError(f"“{slug}” has no revision {options['revision'] or ''}".rstrip() + ".")
        value = export_value(revision)
        text = WRITERS[options["format"]](value)
        if options["format"] == "text" and not plain_holds(value):
            self.stderr.write("Plain text cannot hold all of this article exactly: use markdown or json to keep it.")
        if options["output"] is None:
            self.stdout.write(text, ending="")
            return
        try:
            options["output"].write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror}.") from error
