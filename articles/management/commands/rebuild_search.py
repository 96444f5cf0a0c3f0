"""Rebuild the search index from the published articles and the transcripts."""

from django.core.management.base import BaseCommand

from articles.core.parsing.numbers import counted
from articles.derived import search


class Command(BaseCommand):
    help = (
        "Rebuild the search index: the passages of all published articles and the windows of all transcripts. The "
        "index updates itself, and `rebuild --stale` brings it in line after an upgrade, so this is only needed if it is "
        "damaged. Search finds only what has been rebuilt."
    )

    def handle(self, **options):
        articles = search.rebuild()
        episodes = search.rebuild_transcripts()
        if options["verbosity"]:
            self.stdout.write(f"{counted(articles, 'article')} and {counted(episodes, 'transcript')} indexed.")
