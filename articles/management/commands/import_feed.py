"""Import a show and its episodes from a podcast or video feed."""

import time

from django.core.management.base import CommandError

from articles.core.http import FetchError
from articles.core.language.folding import folded_name
from articles.core.parsing.numbers import counted
from articles.core.recordings.feeds import FeedError
from articles.importing import FeedDelivery, FeedReport, Outcome, shown_path
from articles.importing.recordings.episodes_file import show_handle
from articles.importing.recordings.feed_report import differing_recordings
from articles.management.options import ImportCommand, acting_user, report_file

STEP = 25  # items between two plain lines of progress


class Command(ImportCommand):
    help = (
        "Import a show and its episodes from an RSS or Atom feed (including YouTube’s): titles, release dates, "
        "lengths, addresses, chapters and links to transcripts. Missing values are filled in; differing ones are kept "
        "and reported. Exits with 0 only if everything was imported."
    )

    needed = ["articles.add_episode", "articles.change_episode", "articles.publish_revision"]

    def add_arguments(self, parser):
        parser.add_argument("source", metavar="FILE-or-URL", help="A file or an http(s) URL.")
        parser.add_argument(
            "--show",
            metavar="HANDLE",
            help="The show (default: the one with the feed’s title or website, created if there is none).",
        )
        parser.add_argument(
            "--limit", metavar="N", type=int, help="Import only the first N items (the newest in most feeds)."
        )
        parser.add_argument("--chapters", action="store_true", help="Fetch the chapters that the feed links to.")
        parser.add_argument(
            "--transcripts",
            action="store_true",
            help="Fetch the transcripts that the feed links to, and check the citations of their episodes.",
        )
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Replace differing values with the feed’s; with --chapters and --transcripts, fetch those again.",
        )
        parser.add_argument(
            "--replace-recordings",
            action="store_true",
            help="Replace the video or audio file of existing episodes with the feed’s, where they differ. Their "
            "citations then refer to the new recording, so look at the list that --dry-run gives first; it comes before "
            "anything is changed.",
        )
        super().add_arguments(parser)

    def handle(self, **options):
        if options["limit"] is not None and options["limit"] < 1:
            raise CommandError("--limit must be at least 1.")
        named = options["show"]
        handle = show_handle(named or "")
        if named is not None and (not handle or folded_name(handle) != folded_name(named)):
            raise CommandError(f"“{named}” isn’t a valid handle. Use only letters, digits, - and _.")
        delivery = FeedDelivery(
            by=acting_user(options["username"], self.needed),
            handle=handle,
            chapters=options["chapters"],
            transcripts=options["transcripts"],
            overwrite=options["overwrite"],
            replaces_recordings=options["replace_recordings"],
            dry_run=options["dry_run"],
        )
        with report_file(options["report"]) as file:
            self._run(delivery, options["source"], FeedReport(file), options["limit"], verbosity=options["verbosity"])
        self.require_allowed()
        if failed := delivery.outcomes[Outcome.FAILED]:
            items = counted(delivery.outcomes.total(), "item")
            raise CommandError(f"{failed} of {items} not imported.", returncode=1)
        if delivery.losses:
            raise CommandError(f"{counted(delivery.losses, 'linked file')} not imported.", returncode=1)

    def _run(self, delivery, source, report, limit, *, verbosity):
        started = time.monotonic()
        try:
            opened = delivery.open(source)
        except FeedError as error:
            raise CommandError(f"{shown_path(source)}: {error}") from error
        except FetchError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Can’t read {shown_path(source)}: {error.strerror or error}.") from error
        report.add(opened)
        items = delivery.feed.episodes[:limit]
        if verbosity and (changes := differing_recordings(items, delivery.matches)):
            done = "replaced" if delivery.replaces_recordings else "kept"
            self.stdout.write("\n".join([f"Recordings that differ in the feed, and are {done}:", *changes, ""]))
        for result in delivery.unreadable() if limit is None else []:
            report.add(result)
        bar = self.progress(len(items), unit="items", step=STEP)
        for done, item in enumerate(self.while_allowed(items, delivery.by), 1):
            result = delivery.import_item(item)
            report.add(result)
            if verbosity > 1:
                self.stdout.write(f"{result.reference or result.title}: {result.outcome}")
            elif verbosity:
                bar.show(done)
        if verbosity:
            new = " (new show)" if delivery.is_new_show else ""
            self.stdout.write(f"{delivery.feed.title or source}: {delivery.show.handle}{new}")
            self.conclude(report, delivery.summary(time.monotonic() - started), dry_run=delivery.dry_run)
