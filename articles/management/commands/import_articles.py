"""Import received articles from files and folders."""

import time
from pathlib import Path

from django.core.management.base import CommandError

from articles.core.language.decoding import EncodingError, decode
from articles.core.parsing.numbers import counted
from articles.importing import (
    Delivery,
    EpisodesError,
    KnownEpisodes,
    Outcome,
    ProblemReport,
    files_in,
    read_episodes,
    shown_path,
    why_blocked,
)
from articles.management.options import ImportCommand, acting_user, report_file
from articles.workflow.history import chain


class Command(ImportCommand):
    help = (
        "Import articles from plain text, Markdown with time links, or export_article output. Each becomes a draft; "
        "an unchanged file changes nothing, and a changed file becomes a new revision. Exits with 0 only if every "
        "file was imported."
    )

    def add_arguments(self, parser):
        parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="A file, or a folder with files.")
        parser.add_argument("--title", default="", help="The title of the article (only with a single file).")
        parser.add_argument(
            "--episodes",
            metavar="FILE.json",
            type=Path,
            help="Details of the episodes, such as titles, lengths and chapters: a JSON object or a list of them.",
        )
        parser.add_argument("--publish", action="store_true", help="Publish the imported articles without review.")
        parser.add_argument(
            "--offline", action="store_true", help="Don’t fetch images from other sites; report them instead."
        )
        super().add_arguments(parser)

    def handle(self, **options):
        paths = options["paths"]
        if missing := [shown_path(path) for path in paths if not path.exists()]:
            raise CommandError(f"Not found: {', '.join(missing)}.")
        if options["title"] and (len(paths) > 1 or paths[0].is_dir()):
            raise CommandError("--title works with a single file only.")
        if len(options["title"]) > 200:
            raise CommandError("The title has more than 200 characters. Shorten it.")
        delivery = Delivery(
            by=self._user(options["username"], publish=options["publish"]),
            known=self._known(options["episodes"]),
            title=options["title"].strip(),
            publish=options["publish"],
            dry_run=options["dry_run"],
            offline=options["offline"],
            # What an interrupted run of the task published may still lack its links from other texts.
            **({"started_at": self.task.task.created_at} if self.task else {}),
        )
        with report_file(options["report"]) as file:
            self._run(delivery, paths, ProblemReport(file), verbosity=options["verbosity"])
        self.require_allowed()
        if not delivery.outcomes.total() and not options["episodes"]:
            folders = ", ".join(shown_path(path) for path in paths)
            raise CommandError(f"No files in {folders}. Hidden files and folders aren’t read.", returncode=1)
        if failed := delivery.outcomes[Outcome.FAILED]:
            raise CommandError(f"{failed} of {counted(delivery.outcomes.total(), 'file')} not imported.", returncode=1)

    def _run(self, delivery, paths, report, *, verbosity):
        started = time.monotonic()
        bar = self.progress(delivery.prepare(paths))
        for line in delivery.known.kept:
            self.stderr.write(line)
        with chain.sealed_at_end():
            for done, file in enumerate(self.while_allowed(files_in(paths), delivery.by), 1):
                result = delivery.import_file(file.path, file.refused)
                report.add(result)
                if verbosity > 1:
                    slug = f" as {result.slug}" if result.slug else ""
                    self.stdout.write(f"{shown_path(file.path)}: {result.outcome}{slug}")
                elif verbosity:
                    bar.show(done)
        refreshed = delivery.finish()
        if verbosity:
            counts = delivery.summary(time.monotonic() - started, refreshed)
            self.conclude(report, counts, dry_run=delivery.dry_run)

    def _user(self, username, *, publish):
        self.needed = ["articles.add_article", "articles.change_revision"]
        if publish:
            self.needed.append("articles.import_received")
        user = acting_user(username, self.needed)
        if user is None:
            raise CommandError("There is no superuser. Give the user who imports with --as USER.")
        return user

    def _known(self, path):
        if path is None:
            return KnownEpisodes()
        try:
            text, guess = decode(path.read_bytes())
            known = read_episodes(text.removeprefix("\ufeff"))
        except (EpisodesError, EncodingError) as error:
            raise CommandError(f"{shown_path(path)}: {error}") from error
        except OSError as error:
            raise CommandError(f"Can’t read {shown_path(path)}: {error.strerror}.") from error
        if guess:
            known.kept.append(f"Episodes file, line {guess.line}: {guess.reason}")
        for url in known.audio_urls():
            if reason := why_blocked(url):
                self.stderr.write(f"{url}: {reason}")
        return known
