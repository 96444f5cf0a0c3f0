"""Judgements are written so that the benchmark reads them back and measures the check on them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles import workflow
from articles.models import Episode
from bench import labelled
from tests.support.factories import make_moderator, make_user
from tests.support.samples.cited import make_cited, make_talk

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    editor, moderator = make_user(), make_moderator()
    article = make_cited(episode=make_talk(), by=editor, moderator=moderator)
    here, elsewhere, unheard = article.published_revision.citation_set.order_by("position")
    for citation in (here, elsewhere):
        workflow.confirm_citation(
            article,
            by=moderator,
            episode=citation.episode,
            start_seconds=citation.start_seconds,
            end_seconds=None,
            claim=citation.claim,
        )
    workflow.dismiss(
        article, by=moderator, code="not found", subject=unheard.claim_key, text=unheard.claim, reason="on_screen"
    )
    return article


def run(folder):
    out = StringIO()
    call_command("export_judgements", folder, stdout=out)
    return out.getvalue().strip()


def test_the_benchmark_reads_what_the_site_writes(article, tmp_path, capsys):
    episode = Episode.objects.get()

    said = run(tmp_path / "labels")

    assert said == "3 judgements of 1 episode."
    labels = labelled.read_labels(tmp_path / "labels")
    assert [(label.claim, label.start_seconds, label.label, label.held_out) for label in labels] == [
        ("Relief of depression comes within minutes to hours.", 1505, "supported", True),
        ("It blocks the NMDA receptor.", 541, "supported", True),
        ("Harbour seals hunt herring in winter.", 2400, "too vague", True),
    ]
    assert labelled.tuning_videos(labels) == set()
    cues = labelled.read_transcripts(tmp_path / "labels", labels)
    assert list(cues) == [f"episode-{episode.pk}"]
    stored = episode.cue_set.order_by("start_seconds", "pk").values_list("text", flat=True)
    assert [cue.text for cue in cues[f"episode-{episode.pk}"]] == list(stored)
    assert not labelled.report(tmp_path / "labels")  # one of the two supported ones is flagged
    assert "false alarms 0.50 (1/2), not from 0.0 to 0.1" in capsys.readouterr().out


def test_episodes_without_a_transcript_are_left_out(article, tmp_path):
    Episode.objects.update(transcript_digest="")

    assert run(tmp_path / "labels") == "0 judgements of 0 episodes. 1 episode without a transcript left out."
    assert labelled.read_labels(tmp_path / "labels") == []


def test_a_folder_with_something_in_it_is_left_alone(article, tmp_path):
    (tmp_path / "notes.txt").write_text("Mine")

    with pytest.raises(CommandError, match="isn’t empty"):
        run(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_that_cannot_be_written_is_named(article, tmp_path):
    (tmp_path / "file").write_text("Mine")

    for folder in (tmp_path / "file", tmp_path / "file" / "labels"):
        with pytest.raises(CommandError, match=f"^Can’t write .*{folder.name}: Not a directory.$"):
            run(folder)
