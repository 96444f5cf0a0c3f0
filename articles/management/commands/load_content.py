"""Load the sample content: the imported ketamine article, and a revision of it that awaits review."""

from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from articles import importing, workflow
from articles.core import formats
from articles.derived import republish
from articles.management.options import account
from articles.models import Revision
from articles.workflow.content import content_of

FOLDER = settings.BASE_DIR / "content"
SUMMARY = (
    "Five timestamps corrected against the transcript of the recording: growth over five to ten years is at "
    "00:08:44 (not 06:31), relief within hours at 00:25:05 (not 24:44), the NMDA receptor at 00:19:10 (not 09:01), "
    "plasticity and the release of BDNF at 00:57:16 (not 36:17), and the harm to work and relationships at 00:08:10 "
    "(in addition to 06:52)."
)


class Command(BaseCommand):
    help = (
        "Load the sample content: the ketamine article, published without review, and a revision of it that awaits "
        "review. Existing content is left alone."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--as", dest="by", required=True, metavar="USER", help="The user who publishes the article."
        )
        parser.add_argument("--editor", required=True, metavar="USER", help="The user who submits the revision.")

    @transaction.atomic
    def handle(self, **options):
        received = self._read("ketamine.md")
        if Revision.objects.filter(received_digest=received.digest()).exists():
            if options["verbosity"]:
                self.stdout.write("The sample content already exists.")
            return
        known = importing.read_episodes((FOLDER / "episodes.json").read_text(encoding="utf-8"))
        by, editor = (account(options[name], advice=" Create it first.") for name in ("by", "editor"))
        published = importing.import_article(received, by=by, known=known, publish=True).revision
        republish(published.article)
        corrected = self._corrected(published, self._read("ketamine.proposed.md"))
        draft = workflow.start_draft(published.article, corrected, by=editor, base=published)
        workflow.submit(draft, by=editor)
        if options["verbosity"]:
            self.stdout.write(f"Loaded: {published}, published without review; {draft}, submitted by {editor}.")

    def _read(self, name):
        path = FOLDER / name
        return formats.read(path.read_bytes(), Path(name).stem)

    def _corrected(self, published, proposed):
        """Return the published content with the proposed bodies, so that every section keeps its key."""
        content = content_of(published)
        sections = tuple(
            replace(section, body=received.body)
            for section, received in zip(content.sections, proposed.sections, strict=True)
        )
        return replace(content, lead=proposed.lead, sections=sections, edit_summary=SUMMARY)
