"""Rebuild citations, links, counts and stored HTML from the texts."""

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from articles.core.parsing.numbers import counted
from articles.derived import refresh, search
from articles.derived.pages import related
from articles.derived.rebuilding import recording_lengths, versions
from articles.derived.recordings import excerpts
from articles.derived.responses import stored
from articles.importing import images
from articles.management.options import existing
from articles.models import Article, Episode, Rendering, Revision, with_name

NAMED = 5  # of the files that can't be read


class Command(BaseCommand):
    help = (
        "Rebuild everything derived from the texts: citations with their claims, links, images, counts, HTML, related "
        "articles and the search index; stored responses are deleted, and stored images recorded. It can be run at any time, because "
        "the same text always gives the same result."
    )

    def add_arguments(self, parser):
        parser.add_argument("--article", metavar="SLUG", help="Only the revisions of this article.")
        parser.add_argument(
            "--stale",
            action="store_true",
            help=(
                "Only revisions rendered by an older renderer or not at all, or checked by an older checker, and what "
                "an older version indexed for search."
            ),
        )

    def handle(self, **options):
        revisions = Revision.objects.order_by("pk")
        if (slug := options["article"]) is not None:
            revisions = existing(
                with_name(revisions, article__slug=slug), f"There is no article with the slug “{slug}”."
            )
        if options["stale"]:
            earlier = versions.of_earlier_version(Revision.objects.all())
            revisions = revisions.filter(Q(rendering=None) | Q(pk__in=earlier.values("pk")))
        articles = Article.objects.filter(revision__in=revisions).distinct().order_by()
        articles = list(articles.values_list("pk", flat=True))
        if not options["stale"] and not slug:  # the previous release, which alone reads stored pages, serves no longer
            Rendering.objects.exclude(page_html="").update(page_html="")
            recording_lengths.store(Episode.objects.all())
        count = refresh(revisions)
        if not slug:
            excerpts.store(Episode.objects.all())
        related.refresh(articles)
        stored.forget_all()
        if options["verbosity"]:
            self.stdout.write(f"{counted(count, 'revision')} rebuilt.")
        if not slug:
            self._index(options["verbosity"])
            self._adopt(options["verbosity"])

    def _index(self, verbosity):
        """Index again for search what an earlier version indexed, of texts that needn't be rebuilt, and of transcripts."""
        articles, episodes = search.refresh(Article.objects.published()), search.refresh_transcripts()
        if verbosity and (articles or episodes):
            indexed = f"{counted(articles, 'article')} and {counted(episodes, 'transcript')}"
            self.stdout.write(f"{indexed} indexed for search again.")

    def _adopt(self, verbosity):
        """Record images that were stored before they were recorded."""
        try:
            adopted, unread = images.adopt()
        except OSError as error:
            raise CommandError(
                f"The texts are rebuilt, but the uploads can’t be listed: {error}. Run it again once they can."
            ) from error
        if adopted and verbosity:
            self.stdout.write(f"{counted(adopted, 'image')} recorded in the library.")
        if unread:
            more = ", …" if len(unread) > NAMED else ""
            self.stderr.write(
                f"{counted(len(unread), 'upload')} can’t be read as images: {', '.join(unread[:NAMED])}{more}"
            )
