"""Export an article in a format that import_articles can read back."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.core.formats import plain_holds, write_json, write_markdown, write_text
from articles.importing import export_value
from articles.management.options import existing
from articles.models import Article, with_name

WRITERS = {"markdown": write_markdown, "text": write_text, "json": write_json}


class Command(BaseCommand):
    help = (
        "Export an article as Markdown, plain text or JSON. Importing the result changes nothing. "
        "Exports the published revision by default, or the newest one if none is published."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--format", choices=sorted(WRITERS), default="markdown")
        parser.add_argument("--revision", metavar="NUMBER", type=int, help="The number of the revision to export.")
        parser.add_argument("--output", metavar="FILE", type=Path, help="The file to write (default: standard output).")

    def handle(self, **options):
        slug = options["slug"]
        article = existing(
            with_name(Article.objects, slug=slug), f"There is no article with the slug “{slug}”."
        ).first()
        revisions = article.revision_set.order_by("-number")
        if options["revision"] is not None:
            revision = revisions.filter(number=options["revision"]).first()
        else:
            revision = article.published_revision or revisions.first()
        if revision is None:
            number = "" if options["revision"] is None else f" {options['revision']}"
            raise CommandError(f"“{slug}” has no revision{number}.")
        value = export_value(revision)
        text = WRITERS[options["format"]](value)
        if options["format"] == "text" and not plain_holds(value):
            self.stderr.write(
                "Plain text can’t represent all of this article. Use markdown or json to export it without loss."
            )
        if options["output"] is None:
            self.stdout.write(text, ending="")
            return
        try:
            options["output"].write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"Can’t write {options['output']}: {error.strerror}.") from error
