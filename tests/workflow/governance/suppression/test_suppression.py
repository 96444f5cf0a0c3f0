"""A suppressed name is left nowhere but in the account, and everything else stays as it was."""

import unicodedata

import pytest
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from articles import workflow
from articles.importing import import_transcript
from articles.models import (
    BackgroundTask,
    Comment,
    CommentedPassage,
    CorrectionRequest,
    Cue,
    FollowUp,
    Notice,
    RecordingChange,
    Transcript,
)
from articles.workflow.collaboration import comments, correction_requests, margin, sharing, suggested_edits
from articles.workflow.content import content_of
from articles.workflow.history import audit_log, verification
from articles.workflow.recordings import decisions
from tests.support.databases.marks import left_in_tables
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

MARK = "Zqxwvjk"
VTT = """WEBVTT

00:04.000 --> 00:06.000
<v Ann>Welcome to the show.

06:31.000 --> 06:35.000
<v {name}>The brain clears waste at night.

20:00.000 --> 20:04.000
<v {name}>Good bey.
"""


def transcript(episode, name="", file_name="talk.vtt", **options):
    """Import a transcript in which `name` speaks."""
    vtt = VTT.format(name=name or f"Nóra {MARK}, guest")
    return import_transcript(episode, vtt.encode(), file_name, language="en", is_confirmed=True, **options)


def correct(episode, start, **options):
    """Correct the end of the cue that starts at this second."""
    cue = Cue.objects.get(episode=episode, start_seconds=start)
    text = cue.text.replace("bey", "bye").replace("night", "nite")
    said = {"speaker": cue.speaker, "text": text, "expected": (cue.speaker, cue.text)}
    return workflow.correct_cue(episode, cue.pk, **said, **options)


def test_a_suppressed_name_is_left_nowhere_but_in_the_account(people, root, client):
    name = "Nóra Zqxwvjk"
    nora = make_user("nora", groups=("Moderators",), first_name="Nóra", last_name="Zqxwvjk")
    article = make_published(**people)
    change = make_change(article, by=people["by"], lead="Another.")
    comment = comments.add(change, by=nora, text="Is it?")
    comments.answer(comment, by=people["by"], text=f"Yes, {name}; ask nóra zqxwvjk.")
    comments.resolve(comment, by=nora)
    passage = margin.choose(margin.fields_of(content_of(change)), "Another")
    thread = suggested_edits.suggest(change, by=nora, text="Who?", passage=passage, replacement=f"{name} says")
    suggested_edits.dismiss(thread, by=nora)
    CommentedPassage.objects.filter(comment=thread).update(prefix=f"{name} says ", suffix=f" to {name}")
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, f"{name} told me.")
        correction_requests.receive(article.published_revision, text, sender=form)
    addresses = [nora.email.upper(), "zqxwvjk_NORA@example.org"]
    for follow_up, address in zip(FollowUp.objects.all(), addresses, strict=True):
        FollowUp.objects.filter(pk=follow_up.pk).update(mail="waiting", address=address)
    link, _ = workflow.share(change, by=nora, days=1, allows_comments=True)
    sharing.comment(link, name=name, text=f"I am {name}.", sender="a")
    sharing.delete_comment(sharing.comment(link, name="A guest", text="Hello.", sender="a"), by=nora)
    workflow.revoke(link, by=nora)
    now = timezone.now()
    task = BackgroundTask.objects.create(
        kind="import", created_at=now, due_at=now, state="failed", by=nora, error=f"{name} lacks permission.",
        arguments={"by": nora.pk, "paths": {"paths": [f"/srv/{name}.md"]}}, result={"lines": [name]},
    )  # fmt: skip
    AdminEntry.objects.create(
        user=root,
        content_type=ContentType.objects.get_for_model(nora),
        object_id=nora.pk,
        object_repr=name,
        action_flag=2,
    )
    workflow.reject(change, by=people["moderator"], comment=f"{name} is right.")

    assert workflow.suppress_name("nora", by=root) > 5
    assert workflow.suppress_name("nora", by=root) == 0

    assert set(left_in_tables(MARK)) == {"auth_user.last_name"}
    texts = list(Comment.objects.filter(passage=None).order_by("pk").values_list("text", "by_name", "resolved_by_name"))
    assert texts == [
        ("Is it?", "name withheld", "name withheld"),
        ("Yes, name withheld; ask name withheld.", "editor", ""),
    ]
    assert Notice.objects.filter(text__contains="name withheld commented on").exists()
    assert change.review_set.get().comment == "Erased"
    assert set(CorrectionRequest.objects.values_list("text", flat=True)) == {"name withheld told me."}
    assert set(FollowUp.objects.values_list("address", "mail")) == {("", "none")}
    assert BackgroundTask.objects.filter(pk=task.pk, by=None, error="Erased").exists()
    assert audit_log.verify(article) is None


def test_speakers_lose_the_name_in_transcripts_and_their_records(people, root, client):
    episode = make_episode(allows_transcript=True)
    transcript(episode, file_name=f"nóra {MARK}.vtt")
    article = make_published(episode=episode, **people)
    corrected = correct(episode, 1200, at_once=True)
    waiting = correct(episode, 391, by=people["by"])
    page = article.published_revision.citation_set.order_by("pk").values_list("finding__verdict", flat=True)
    verdicts = list(page)

    assert workflow.suppress_name(f"Nóra {MARK}", by=root) > 4
    assert workflow.suppress_name(f"Nóra {MARK}", by=root) == 0

    assert left_in_tables(MARK) == []
    stored = list(Cue.objects.order_by("start_seconds").values_list("speaker", "text", "correction"))
    assert stored == [
        ("Ann", "Welcome to the show.", None),
        ("name withheld, guest", "The brain clears waste at night.", None),
        ("name withheld, guest", "Good bye.", corrected.pk),
    ]
    assert "name withheld, guest" in client.get("/shows/night-talks/on-sleep/transcript/").text
    assert Transcript.objects.current().get().file_name == "name withheld.vtt"
    assert list(page) == verdicts
    assert list(verification.recordings.contradictions()) == []
    assert list(verification.rows.contradictions()) == []
    assert audit_log.verify(article) is None
    decisions.accept(RecordingChange.objects.get(pk=waiting.pk), by=make_moderator("second"))
    assert Cue.objects.get(start_seconds=391).text == "The brain clears waste at nite."
    workflow.undo_correction(episode, Cue.objects.get(start_seconds=1200).pk, at_once=True)
    assert Cue.objects.get(start_seconds=1200).text == "Good bey."
    assert list(verification.recordings.contradictions()) == []


def test_a_transcript_that_waits_with_the_name_cannot_be_accepted(people, root):
    episode = make_episode()
    transcript(episode, name="Ann")
    make_published(episode=episode, **people)
    waiting = transcript(episode, by=people["by"]).change
    assert waiting.is_waiting

    workflow.suppress_name(f"Nóra {MARK}", by=root)

    assert left_in_tables(MARK) == []
    with pytest.raises(workflow.InvalidTransition, match="or a name in it was withheld"):
        decisions.accept(RecordingChange.objects.get(pk=waiting.pk), by=make_moderator("second"))
    assert set(Cue.objects.values_list("speaker", flat=True)) == {"Ann"}


def test_a_name_without_letters_is_in_no_address(people, root):
    article = make_published(**people)
    correction_requests.receive(article.published_revision, "Is it?", sender="a")
    FollowUp.objects.update(mail="waiting", address="reader@example.org")

    workflow.suppress_name("_", by=root)

    assert FollowUp.objects.get().address == "reader@example.org"
