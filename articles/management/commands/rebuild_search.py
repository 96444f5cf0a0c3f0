"""Make what is searched again from the published texts and the transcripts."""

from django.core.management.base import BaseCommand

from articles.derived import search


class Command(BaseCommand):
    help = (
        "Make the index of the search again: the passages of all published articles and the windows of all "
        "transcripts. It follows by itself; this is for after an upgrade. What is not made yet is not found."
    )

    def handle(self, **options):
        articles = search.rebuild()
        episodes = search.rebuild_transcripts()
        if options["verbosity"]:
            self.stdout.write(
                f"{articles} article{'s' if articles != 1 else ''} and "
                f"{episodes} transcript{'s' if episodes != 1 else ''} can be searched."
            )
