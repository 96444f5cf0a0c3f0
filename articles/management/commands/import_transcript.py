"""Import transcripts: one for an episode, or many that are matched by their names."""

import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.importing import (
    NoEpisodeError,
    Progress,
    TranscriptDelivery,
    TranscriptOutcome,
    TranscriptReport,
    episode_named,
    files_in,
    shown_path,
)
from articles.management.options import acting_user, report_file

NEEDED = ["articles.change_episode", "articles.publish_revision"]


class Command(BaseCommand):
    help = (
        "Import a transcript (WebVTT, SRT, Podcasting 2.0 or Podlove JSON, lines with times) in the place of the one "
        "that the episode has, and check its citations anew. Exits with 0 only if every file was imported."
    )

    def add_arguments(self, parser):
        parser.add_argument("episode", metavar="EPISODE", nargs="?", help="handle/slug, YouTube id, or number.")
        parser.add_argument("file", metavar="FILE", nargs="?", type=Path)
        parser.add_argument(
            "--all",
            metavar="PATH",
            nargs="+",
            type=Path,
            help="Files, or folders with files, matched to episodes by a YouTube id or slug in the name of the file "
            "or of its folder.",
        )
        parser.add_argument("--language", default="", help="The transcript’s language, such as en.")
        parser.add_argument("--as", dest="username", metavar="USER", help="Who imports; else the first superuser.")
        parser.add_argument("--dry-run", action="store_true", help="Report what would be done, and change nothing.")
        parser.add_argument("--report", metavar="FILE.csv", type=Path, help="Write every problem to this file.")

    def handle(self, **options):
        found = list(self._found(options))
        delivery = TranscriptDelivery(acting_user(options["username"], NEEDED), options["language"], options["dry_run"])
        with report_file(options["report"]) as file:
            self._run(delivery, found, TranscriptReport(file), verbosity=options["verbosity"])
        if failed := delivery.outcomes[TranscriptOutcome.FAILED]:
            raise CommandError(f"{failed} of {len(found)} files were not imported.", returncode=1)
        if not found:
            raise CommandError("There is no file in it: nothing was imported.", returncode=1)

    def _found(self, options):
        """(path, episode or None, why it is not to be opened or "") of each file."""
        if options["all"]:
            if options["episode"]:
                raise CommandError("--all finds the episodes itself: give either EPISODE FILE or --all PATH.")
            if missing := [shown_path(path) for path in options["all"] if not path.exists()]:
                raise CommandError(f"There is no {', no '.join(missing)}.")
            return ((one.path, None, one.refused) for one in files_in(options["all"]))
        if not options["file"]:
            raise CommandError("Give an episode and a file, or --all and files.")
        try:
            episode = episode_named(options["episode"])
        except NoEpisodeError as error:
            raise CommandError(str(error)) from error
        if options["file"].is_dir():
            raise CommandError(f"{shown_path(options['file'])} is a folder: --all reads folders.")
        return ((one.path, episode, one.refused) for one in files_in([options["file"]]))

    def _run(self, delivery, found, report, *, verbosity):
        started = time.monotonic()
        progress = Progress(self.stderr, len(found), is_terminal=bool(getattr(self.stderr, "isatty", bool)()))
        for done, (path, episode, refused) in enumerate(found, 1):
            result = delivery.import_file(path, episode, refused)
            report.add(result)
            if verbosity > 1 or (verbosity and len(found) == 1 and result.reference):
                told = f" for {result.reference}" if result.reference else ""
                self.stdout.write(f"{shown_path(path)}: {result.outcome}{told}, {result.cue_count} cues")
            if verbosity and len(found) > 1:
                progress.show(done)
        if verbosity:
            for line in [*report.table(), *delivery.summary(time.monotonic() - started)]:
                self.stdout.write(line)
            if delivery.dry_run:
                self.stdout.write("Nothing was changed: this was a dry run.")
