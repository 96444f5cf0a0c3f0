"""Write people's judgements of citations as labels, with the transcripts, for the benchmark of the check."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.core.parsing.numbers import counted
from articles.core.recordings import transcripts
from articles.derived.checks import judged
from articles.importing import shown_path
from articles.models import Cue


class Command(BaseCommand):
    help = (
        "Write confirmations, dismissals and published moves of citations to FOLDER/judgements.jsonl, and the "
        "transcripts beside it, so that `make bench-evidence LABELS=FOLDER` can measure the check on them. Transcripts "
        "are their publishers’: keep the folder to yourself."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="An empty or new folder.")

    def handle(self, *, folder, **options):
        try:
            self._write(folder)
        except OSError as error:
            raise CommandError(f"Can’t write {shown_path(folder)}: {error.strerror}.") from error

    def _write(self, folder):
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} isn’t empty. Name a new folder.")
        rows = [one for one in judged.judged() if one.citation.claim]
        episodes = {one.citation.episode for one in rows}
        without = {episode for episode in episodes if not episode.transcript_digest}
        rows = [one for one in rows if one.citation.episode not in without]
        (folder / "transcripts").mkdir(parents=True)
        for episode in episodes - without:
            cues = Cue.objects.filter(episode=episode).order_by("start_seconds", "pk")
            values = cues.values_list("start_seconds", "end_seconds", "speaker", "text")
            text = transcripts.WRITERS["vtt"].write([transcripts.Cue(*cue) for cue in values], "")
            (folder / "transcripts" / f"{judged.video_of(episode)}.vtt").write_text(text)
        lines = [json.dumps(judged.entry(one), ensure_ascii=False) for one in rows]
        (folder / "judgements.jsonl").write_text("".join(f"{line}\n" for line in lines))
        left_out = f" {counted(len(without), 'episode')} without a transcript left out." if without else ""
        self.stdout.write(
            f"{counted(len(rows), 'judgement')} of {counted(len(episodes - without), 'episode')}.{left_out}"
        )
