"""What quotes an erased text among the changes to recordings, and in what only editors read of the published text."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.importing import import_transcript
from articles.models import Cue, Quotation, RecordingChange
from articles.workflow.history import audit_log, verification
from articles.workflow.recordings import decisions
from articles.workflow.recordings.cue_history import unplaced
from tests.support.databases.marks import left_in_tables
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

MARK = "zqxwvjk"
SECRET = f"the baker from the corner house told {MARK} about the loan"
WORDS = """00:00:04 the baker from the corner house told everyone about the moon
00:06:31 At night the brain clears its waste, and that is why we sleep.
00:40:00 Thank you all for listening to this.
"""


@pytest.fixture
def episode():
    episode = make_episode()
    import_transcript(episode, WORDS.encode(), "words.txt")
    return episode


@pytest.fixture
def rejected(people, episode):
    """A rejected text that contains the secret, of an article that is public without it."""
    article = make_published(episode=episode, **people)
    change = make_change(article, by=people["by"], lead=f"They say that {SECRET}.")
    return workflow.reject(change, by=people["moderator"], comment="No.")


def correct(episode, start, text, **options):
    cue = Cue.objects.get(episode=episode, start_seconds=start)
    expected = (cue.speaker, cue.text)
    return workflow.correct_cue(episode, cue.pk, speaker="", text=text, expected=expected, **options)


def quoting(revision):
    """Return (key of the recording change, whether it was redacted) of each."""
    of_recordings = revision.quotation_set.filter(kind=Quotation.Kind.RECORDING).order_by("row")
    return [(quotation.row, quotation.redacted_at is not None) for quotation in of_recordings]


def erase_page(revision):
    return reverse("admin:articles_revision_erase", args=[revision.pk])


def test_a_rejected_correction_that_quotes_the_text_is_redacted(rejected, episode, root, people):
    change = correct(episode, 391, SECRET, by=people["by"])
    decisions.reject(change, by=people["moderator"], comment="Nobody says that.")

    workflow.erase(rejected, by=root, reason="A court.")

    assert quoting(rejected) == [(change.pk, True)]
    change.refresh_from_db()
    assert change.after["cue"]["text"] == "Erased"
    assert change.before["cue"]["text"].startswith("At night")
    assert left_in_tables(MARK) == []
    assert list(verification.rows.contradictions()) == []
    assert audit_log.verify(rejected.article) is None


def test_what_the_transcript_says_by_now_is_left_until_it_is_corrected(rejected, episode, root, client):
    change = correct(episode, 4, SECRET, at_once=True)

    workflow.erase(rejected, by=root, reason="A court.")

    assert quoting(rejected) == [(change.pk, False)]
    quotation = rejected.quotation_set.get(kind="recording")
    client.force_login(root)
    page = client.get(erase_page(rejected)).text
    assert SECRET in page
    assert reverse("admin:articles_recordingchange_change", args=[change.pk]) in page
    with pytest.raises(workflow.InvalidTransition, match="The recording still says this"):
        workflow.redact(quotation, by=root)
    workflow.undo_correction(episode, Cue.objects.get(start_seconds=4).pk, at_once=True)
    client.post(reverse("admin:articles_revision_redact", args=[rejected.pk, quotation.pk]))
    assert quoting(rejected) == [(change.pk, True)]
    assert left_in_tables(MARK) == []  # not in the record of undoing it either
    assert list(verification.rows.contradictions()) == []
    assert list(verification.recordings.contradictions()) == []
    assert Cue.objects.get(start_seconds=4).text in WORDS


def test_what_was_erased_does_not_come_back_as_the_words_of_a_cue(rejected, episode, root):
    correct(episode, 4, SECRET, at_once=True)
    correct(episode, 4, "the baker from the corner house told us about the moon", at_once=True)
    lost = correct(episode, 391, f"{SECRET} at night", at_once=True)
    other = WORDS.replace("At night the brain clears its waste, and that is why we sleep.", "Something else.")
    import_transcript(episode, other.encode(), "words.txt")
    workflow.erase(rejected, by=root, reason="A court.")
    lost.refresh_from_db()
    assert lost.after["cue"]["text"] == "Erased"

    with pytest.raises(workflow.InvalidTransition, match="was erased"):
        workflow.undo_correction(episode, Cue.objects.get(start_seconds=4).pk, at_once=True)
    import_transcript(episode, WORDS.encode(), "words.txt")

    assert unplaced(episode) == []
    assert not Cue.objects.filter(text="Erased").exists()
    assert Cue.objects.get(start_seconds=391).text in WORDS


def test_what_waits_is_left_until_it_is_decided(rejected, episode, root, people):
    episode.people = SECRET
    workflow.save_episode(episode, ["people"], by=people["by"])
    change = RecordingChange.objects.waiting().get()

    workflow.erase(rejected, by=root, reason="A court.")

    quotation = rejected.quotation_set.get(kind="recording")
    with pytest.raises(workflow.InvalidTransition, match="still waits"):
        workflow.redact(quotation, by=root)
    decisions.reject(change, by=people["moderator"], comment="Not a name.")
    workflow.redact(quotation, by=root)
    assert left_in_tables(MARK) == []


def test_a_proposed_transcript_that_replaces_the_words_is_decided_first(rejected, episode, root, people):
    change = correct(episode, 4, SECRET, at_once=True)
    other = WORDS.replace("everyone", "somebody")
    waiting = import_transcript(episode, other.encode(), "words.txt", by=people["by"], is_confirmed=True).change
    assert SECRET in str(waiting.before)
    workflow.undo_correction(episode, Cue.objects.get(start_seconds=4).pk, at_once=True)

    workflow.erase(rejected, by=root, reason="A court.")

    quotation = rejected.quotation_set.get(kind="recording", row=change.pk)
    with pytest.raises(workflow.InvalidTransition, match="Another proposed change"):
        workflow.redact(quotation, by=root)
    decisions.reject(RecordingChange.objects.get(pk=waiting.pk), by=people["moderator"], comment="No.")
    workflow.redact(quotation, by=root)
    assert left_in_tables(MARK) == []
    assert list(verification.rows.contradictions()) == []


def test_what_a_file_says_is_not_a_quotation(people, root):
    episode = make_episode()
    import_transcript(episode, f"00:00:04 {SECRET}\n00:40:00 Thank you.\n".encode(), "words.txt")
    article = make_published(episode=episode, **people)
    change = make_change(article, by=people["by"], lead=f"They say that {SECRET}.")
    rejected = workflow.reject(change, by=people["moderator"], comment="No.")
    correct(episode, 4, f"{SECRET} today", at_once=True)
    correct(episode, 4, SECRET.replace(MARK, "everyone"), at_once=True)

    workflow.erase(rejected, by=root, reason="A court.")

    [first, second] = RecordingChange.objects.filter(after__has_key="cue").order_by("pk")
    assert quoting(rejected) == [(first.pk, True), (second.pk, True)]  # what was typed in between
    assert first.before["cue"]["original"] == ["", SECRET]
    assert RecordingChange.objects.get(pk=second.pk).before["cue"]["original"] == ["", SECRET]
    assert import_transcript(episode, f"00:00:04 {SECRET}\n00:40:00 Thank you.\n".encode(), "words.txt").is_unchanged


def test_words_in_the_summary_of_the_published_text_are_not_public(rejected, root, people):
    summary = f"No longer says that {SECRET}."
    change = make_change(rejected.article, by=people["by"], lead="Nothing of it.", edit_summary=summary)
    workflow.publish(workflow.approve(change, by=people["moderator"]), by=people["moderator"])
    other = make_published("other", by=make_user("w"), moderator=make_moderator("m"), episode=make_episode("on-tea"))
    noted = make_change(other, by=people["by"], lead="Something else.")
    workflow.reject(noted, by=make_moderator("third"), comment=f"Here they said: {SECRET}")

    workflow.erase(rejected, by=root, reason="A court.")

    left = rejected.quotation_set.filter(redacted_at=None)
    assert [(quotation.kind, quotation.row) for quotation in left] == [("revision", change.pk)]
    assert noted.review_set.get().comment == "Erased"
    assert left_in_tables(MARK) == ["articles_revision.edit_summary"]
