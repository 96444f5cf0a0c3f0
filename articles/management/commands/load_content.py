"""The first content: the ketamine article as received, and a revision of it that waits for a moderator."""

from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from articles import importing, workflow
from articles.core import formats
from articles.derived import republish
from articles.models import Revision
from articles.workflow.content import content_of

FOLDER = settings.BASE_DIR / "content"
SUMMARY = (
    "Five moments corrected after reading the transcript of the recording: growth over five to ten years is at "
    "00:08:44 (not 06:31), relief within hours at 00:25:05 (not 24:44), the NMDA receptor at 00:19:10 (not 09:01), "
    "plasticity and the release of BDNF at 00:57:16 (not 36:17), and the harm to work and relationships at 00:08:10 "
    "(beside 06:52)."
)


class Command(BaseCommand):
    help = (
        "Load the first content: the ketamine article, published as received, and a revision of it that waits for a "
        "moderator. What is there already stays as it is."
    )

    def add_arguments(self, parser):
        parser.add_argument("--as", dest="by", required=True, metavar="USER", help="Who publishes it as received.")
        parser.add_argument("--editor", required=True, metavar="USER", help="Who submits the revision.")

    @transaction.atomic
    def handle(self, **options):
        received = self._read("ketamine.md")
        if Revision.objects.filter(received_digest=received.digest()).exists():
            if options["verbosity"]:
                self.stdout.write("The first content is there.")
            return
        known = importing.read_episodes((FOLDER / "episodes.json").read_text(encoding="utf-8"))
        by, editor = self._user(options["by"]), self._user(options["editor"])
        published = importing.import_article(received, by=by, known=known, publish=True).revision
        republish(published.article)
        corrected = self._corrected(published, self._read("ketamine.proposed.md"))
        draft = workflow.start_draft(published.article, corrected, by=editor, base=published)
        workflow.submit(draft, by=editor)
        if options["verbosity"]:
            self.stdout.write(f"Loaded: {published}, published as received; {draft}, submitted by {editor}.")

    def _read(self, name):
        path = FOLDER / name
        return formats.read(path.read_bytes(), Path(name).stem)

    def _user(self, username):
        try:
            return get_user_model().objects.get_by_natural_key(username)
        except get_user_model().DoesNotExist as error:
            raise CommandError(f"There is no account “{username}”: make it first.") from error

    def _corrected(self, published, proposed):
        """The published content with the proposed bodies, so that every section keeps its key."""
        content = content_of(published)
        sections = tuple(
            replace(section, body=received.body)
            for section, received in zip(content.sections, proposed.sections, strict=True)
        )
        return replace(content, lead=proposed.lead, sections=sections, edit_summary=SUMMARY)
