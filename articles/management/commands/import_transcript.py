"""Import a transcript for an episode, or many transcripts that are matched to episodes by name."""

import time
from pathlib import Path

from django.core.management.base import CommandError

from articles.core.parsing.numbers import counted
from articles.importing import (
    NoEpisodeError,
    TranscriptDelivery,
    TranscriptOutcome,
    TranscriptReport,
    episode_named,
    files_in,
    shown_path,
)
from articles.management.options import ImportCommand, acting_user, report_file


class Command(ImportCommand):
    help = (
        "Import a transcript (WebVTT, SRT, SBV, SubViewer, TTML, JSON, a table, or lines with times), replacing the "
        "episode’s current one, and recheck its citations. Exits with 0 only if every file was imported."
    )

    needed = ["articles.change_episode", "articles.publish_revision"]

    def add_arguments(self, parser):
        parser.add_argument("episode", metavar="EPISODE", nargs="?", help="handle/slug, YouTube id, or number.")
        parser.add_argument("file", metavar="FILE", nargs="?", type=Path)
        parser.add_argument(
            "--all",
            metavar="PATH",
            nargs="+",
            type=Path,
            help="Files or folders, matched to episodes by a YouTube id or slug in the name of the file or its folder.",
        )
        parser.add_argument("--language", default="", help="The transcript’s language, such as en.")
        parser.add_argument(
            "--confirm",
            action="store_true",
            help="Also import transcripts that look wrong as a whole, such as one that is longer than the episode.",
        )
        super().add_arguments(parser)

    def handle(self, **options):
        files = list(self._files(options))
        by = acting_user(options["username"], self.needed)
        delivery = TranscriptDelivery(by, options["language"], options["dry_run"], options["confirm"])
        with report_file(options["report"]) as file:
            self._run(delivery, files, TranscriptReport(file), verbosity=options["verbosity"])
        self.require_allowed()
        if failed := delivery.outcomes[TranscriptOutcome.FAILED]:
            raise CommandError(f"{failed} of {counted(len(files), 'file')} not imported.", returncode=1)
        if not files:
            raise CommandError("No files found; nothing was imported.", returncode=1)

    def _files(self, options):
        """Return (path, episode or None, the reason why it must not be opened or "") for each file."""
        if options["all"]:
            if options["episode"]:
                raise CommandError("--all finds the episodes itself. Give either EPISODE FILE or --all PATH.")
            if missing := [shown_path(path) for path in options["all"] if not path.exists()]:
                raise CommandError(f"Not found: {', '.join(missing)}.")
            return ((file.path, None, file.refused) for file in files_in(options["all"]))
        if not options["file"]:
            raise CommandError("Give an episode and a file, or --all with files or folders.")
        try:
            episode = episode_named(options["episode"])
        except NoEpisodeError as error:
            raise CommandError(str(error)) from error
        if options["file"].is_dir():
            raise CommandError(f"{shown_path(options['file'])} is a folder. Use --all to import folders.")
        return ((file.path, episode, file.refused) for file in files_in([options["file"]]))

    def _run(self, delivery, files, report, *, verbosity):
        started = time.monotonic()
        bar = self.progress(len(files))
        for done, (path, episode, refused) in enumerate(self.while_allowed(files, delivery.by), 1):
            result = delivery.import_file(path, episode, refused)
            report.add(result)
            if verbosity > 1 or (verbosity and len(files) == 1 and result.reference):
                target = f" for {result.reference}" if result.reference else ""
                self.stdout.write(f"{shown_path(path)}: {result.outcome}{target}, {counted(result.cue_count, 'cue')}")
            if self.task or (verbosity and len(files) > 1):
                bar.show(done)
        if verbosity:
            self.conclude(report, delivery.summary(time.monotonic() - started), dry_run=delivery.dry_run)
