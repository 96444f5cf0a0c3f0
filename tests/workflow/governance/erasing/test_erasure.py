"""Quotations of an erased text are found and redacted, or shown to be decided on, and the record stays intact."""

import unicodedata
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles import workflow
from articles.models import Article, Comment, CorrectionRequest, LogEntry, Notice, Quotation, Review, Revision
from articles.workflow.collaboration import comments as commenting
from articles.workflow.collaboration import correction_requests
from articles.workflow.content import SectionContent, content_of
from articles.workflow.governance.erasing.redaction import ErasedText
from articles.workflow.history import audit_log, verification
from tests.support.databases.shared import shared
from tests.support.factories import make_draft, make_episode, make_moderator, make_user, publish_by_workflow
from tests.support.scenarios.moderation import make_pair, submitted

pytestmark = pytest.mark.django_db

SECRET = "The baker from the corner house told her neighbours about the loan [00:06:31]."
SAID = "The baker from the corner house told her neighbours about the loan."
PUBLIC = "The brain clears waste at night, and that takes about eight hours of it."


@shared
def rejected():
    """A rejected text that contains a secret and is quoted everywhere; its article is public without it."""
    article = publish_by_workflow(episode=make_episode(), sections=(SectionContent("Waste", PUBLIC),))
    base, author, moderator = article.published_revision, make_user("author"), make_moderator("second")
    content = content_of(base)
    sections = (SectionContent("Waste", f"{PUBLIC} {SECRET}", 1, content.sections[0].key),)
    changed = type(content)(**{**content.__dict__, "sections": sections, "edit_summary": "Adds the loan."})
    draft = workflow.start_draft(article, changed, by=author, base=base)
    workflow.submit(draft, by=author)
    commenting.add(draft, by=moderator, text="Is this right?", quote=SAID)
    commenting.add(draft, by=moderator, text="Nothing is quoted here, though the baker is named.")
    commenting.add(draft, by=moderator, text=f"“{PUBLIC}” is public anyway.")
    commenting.add(base, by=moderator, text="Whoever adds the loan should know better.")
    correction_requests.receive(draft, "It is nobody’s business.", sender="x", claim=SAID)
    workflow.reject(draft, by=moderator, comment=f"THE BAKER, from the *corner house* told her neighbours {'…'} no.")
    return draft


def erased(revision, root):
    workflow.erase(revision, by=root, reason="A court says so.")
    return revision


def found(revision):
    return sorted((q.kind, tuple(q.fields)) for q in revision.quotation_set.all())


def page_of(revision):
    return reverse("admin:articles_revision_erase", args=[revision.pk])


def left(revision):
    """The quotation that may be a coincidence: a summary of three words, in a comment on another revision."""
    return revision.quotation_set.get(redacted_at=None)


def test_what_is_about_the_text_is_redacted_and_a_brief_quotation_elsewhere_is_left(rejected, root):
    erased(rejected, root)

    redacted = rejected.quotation_set.exclude(redacted_at=None)
    assert sorted((q.kind, tuple(q.fields)) for q in redacted) == [
        ("challenge", ("claim", "text")),
        ("comment", ("text",)),
        ("comment", ("text",)),
        ("comment", ("text", "quote")),
        ("log", ("note",)),
        ("log", ("note",)),
        ("review", ("comment",)),
    ]
    assert Comment.objects.get(pk=left(rejected).row).text == "Whoever adds the loan should know better."
    assert audit_log.verify(rejected.article) is None


def test_everything_is_redacted_and_the_record_stays_intact(rejected, root, capsys):
    before = LogEntry.objects.count()
    digests = list(LogEntry.objects.order_by("number").values_list("digest", flat=True))

    erased(rejected, root)
    workflow.redact(left(rejected), by=root)
    call_command("verify_history")

    words = [
        *Comment.objects.values_list("text", "quote"),
        *CorrectionRequest.objects.values_list("claim", "text", "answer"),
        *LogEntry.objects.values_list("note"),
        *Review.objects.values_list("comment"),
        *Notice.objects.values_list("text"),
    ]
    assert "corner house" not in str(words)
    assert "the loan" not in str(words)
    assert Comment.objects.order_by("pk").values_list("text", "quote").first() == ("Erased", "Erased")
    assert capsys.readouterr().out == "The history of 1 article is intact.\n"
    logged = LogEntry.objects.filter(action="redacted").order_by("number")
    rejection = LogEntry.objects.get(action="rejected")
    assert logged.count() == LogEntry.objects.count() - before - 1 == rejected.quotation_set.count()
    assert {entry.by_name for entry in logged} == {"root"}
    assert f"log entry {rejection.number}" in [entry.note for entry in logged]
    assert rejection.note == "Erased"
    assert list(LogEntry.objects.order_by("number").values_list("digest", flat=True))[:before] == digests
    assert {q.redacted_by_name for q in rejected.quotation_set.all()} == {"root"}


def test_a_text_that_was_erased_in_review_is_no_longer_reviewed_or_published(root):
    article, moderator = make_pair()
    waiting, approved = submitted(article, "first"), submitted(article, "second", waste="Hours [00:06:31].")
    workflow.approve(approved, by=moderator)
    workflow.schedule(approved, by=moderator, publish_at=timezone.now() + timedelta(days=1))

    for revision in (waiting, approved):
        workflow.erase(revision, by=root, reason="The law.")

        revision = Revision.objects.get(pk=revision.pk)
        assert (revision.status, revision.publish_at) == ("withdrawn", None)
        for refused in (workflow.approve, workflow.publish, workflow.approve_again):
            with pytest.raises(workflow.InvalidTransition):
                refused(revision, by=moderator)
    assert not Revision.objects.filter(status="submitted").exists()
    assert audit_log.verify(Article.objects.get()) is None
    assert list(verification.verify()) == []


def test_an_erased_text_no_longer_waits_for_its_second_review(root, client):
    article, moderator = make_pair()
    revision = submitted(article, "first")
    workflow.publish(workflow.approve(revision, by=root, override_reason="Urgent."), by=root)
    other = submitted(Article.objects.get(), "second", waste="Hours [00:06:31].")
    workflow.publish(workflow.approve(other, by=moderator), by=moderator)
    assert list(Revision.objects.awaiting_review()) == [revision]

    workflow.erase(Revision.objects.get(pk=revision.pk), by=root, reason="The law.")

    assert not Revision.objects.awaiting_review().exists()
    assert list(verification.verify()) == []
    client.force_login(moderator)
    page = client.get(reverse("admin:articles_revision_change", args=[revision.pk])).text
    assert "without a second review. Review it" not in page
    assert 'value="confirm"' not in page


def test_an_erased_text_that_still_waits_for_a_review_is_not_approved(root):
    """Earlier releases left it in review."""
    article, moderator = make_pair()
    revision = submitted(article, "first")
    workflow.erase(revision, by=root, reason="The law.")
    Revision.objects.filter(pk=revision.pk).update(status="submitted")
    revision = Revision.objects.get(pk=revision.pk)

    with pytest.raises(workflow.InvalidTransition, match="there is nothing to approve"):
        workflow.approve(revision, by=moderator)
    with pytest.raises(workflow.InvalidTransition, match="there is nothing to approve"):
        workflow.accept_in_part(revision, ["0"], by=moderator, comment="Some.")
    workflow.reject(revision, by=moderator, comment="It was erased.")


def test_a_quotation_is_found_however_its_accents_are_written(people, root):
    article = publish_by_workflow(episode=make_episode(), **people)
    said = "Die Bäckerin vom Eck erzählte dem Nachbarn früh von der Schuld."
    draft = make_draft(
        "loan", by=people["by"], episode=make_episode("loan"), sections=(SectionContent("Eck", f"{said} [00:06:31]"),)
    )
    workflow.reject(workflow.submit(draft, by=people["by"]), by=people["moderator"], comment="No.")
    for form in ("NFC", "NFD", "NFKD"):
        correction_requests.receive(article.published_revision, unicodedata.normalize(form, said), sender=form)

    workflow.erase(Revision.objects.get(pk=draft.pk), by=root, reason="A court.")

    assert set(CorrectionRequest.objects.values_list("text", flat=True)) == {"Erased"}


def test_a_tombstone_that_no_entry_names_is_a_break(rejected, root, capsys):
    rejection = LogEntry.objects.get(action="rejected")
    LogEntry._base_manager.filter(pk=rejection.pk).update(note="Erased")

    with pytest.raises(CommandError, match="1 of 1 article is broken"):
        call_command("verify_history")

    assert capsys.readouterr().err == f"sleep: log entry {rejection.number}: it differs from what was recorded\n"


def test_other_words_in_place_of_a_redacted_note_are_a_break(rejected, root, without_triggers):
    erased(rejected, root)
    rejection = LogEntry.objects.get(action="rejected")

    with without_triggers():
        LogEntry._base_manager.filter(pk=rejection.pk).update(note="Approved of")

    assert audit_log.verify(rejected.article).place == f"log entry {rejection.number}"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE articles_logentry SET note = 'Other words'",
        "UPDATE articles_logentry SET note = 'Erased', action = 'approved'",
        "UPDATE articles_review SET comment = 'Other words'",
        "UPDATE articles_review SET comment = 'Erased', decision = 'approved', at = '2000-01-01 00:00:00+00:00'",
        "DELETE FROM articles_review",
    ],
)
def test_the_database_permits_only_a_tombstone(rejected, statement):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_redacting_requires_permission_to_erase_and_happens_once(rejected, root):
    erased(rejected, root)
    quotation = left(rejected)

    with pytest.raises(workflow.NotAllowed):
        workflow.redact(quotation, by=make_moderator("third"))
    workflow.redact(quotation, by=root)

    with pytest.raises(workflow.InvalidTransition, match="already been redacted"):
        workflow.redact(quotation, by=root)


def test_other_revisions_with_the_same_words_are_named_and_erased_on_their_own(rejected, root):
    again = workflow.start_draft(rejected.article, content_of(rejected), by=rejected.author, base=rejected)
    erased(rejected, root)
    quotation = rejected.quotation_set.get(kind="revision")

    assert quotation.row == again.pk
    with pytest.raises(workflow.InvalidTransition, match="another revision"):
        workflow.redact(quotation, by=root)


def test_a_quotation_under_another_article_is_logged_there(rejected, root):
    other = make_draft("naps", by=make_user("third"))
    workflow.submit(other, by=other.author)
    commenting.add(other, by=root, text=f"As in the other one: {SAID}")
    erased(rejected, root)
    quotation = next(
        q for q in rejected.quotation_set.filter(kind="comment") if Comment.objects.get(pk=q.row).revision == other
    )

    entry = LogEntry.objects.get(action="redacted", article=other.article)
    assert (entry.article, entry.revision, entry.note) == (other.article, None, f"comment {quotation.row}")
    assert [audit_log.verify(article) for article in Article.objects.all()] == [None, None]


def test_quotations_that_no_longer_exist_are_reported_and_not_shown(rejected, root, client):
    erased(rejected, root)
    quotation = left(rejected)
    Comment.objects.filter(pk=quotation.row).delete()
    client.force_login(root)

    with pytest.raises(workflow.InvalidTransition, match="no longer exists"):
        workflow.redact(quotation, by=root)
    assert client.get(page_of(rejected)).context["left"] == []


# The page -----------------------------------------------------------------------------------------


def test_a_moderator_erases_sees_what_is_left_and_redacts_it(client, rejected, root):
    client.force_login(root)
    asked = client.get(page_of(rejected))
    refused = client.post(page_of(rejected), {"reason": " "})
    done = client.post(page_of(rejected), {"reason": "A court <says> so."}, follow=True)
    quotation = left(rejected)
    address = reverse("admin:articles_revision_redact", args=[rejected.pk, quotation.pk])
    redacted = client.post(address, follow=True)
    twice = client.post(address)

    assert "Erase permanently" in asked.text
    assert (refused.status_code, refused.context["refusal"]) == (
        409,
        "Give a reason; it is shown in place of the text.",
    )
    assert "A court &lt;says&gt; so." in done.text
    assert done.redirect_chain == [(page_of(rejected), 302)]
    base = rejected.base_id
    assert f'href="/admin/articles/revision/{base}/change/#comment-{quotation.row}"' in done.text
    assert f'formaction="{address}"' in done.text
    assert quotation in [place.quotation for place in redacted.context["redacted"]]
    assert redacted.context["left"] == []
    assert "Redacted by root on" in redacted.text
    assert (twice.status_code, twice.context["refusal"]) == (409, "This quotation has already been redacted.")


def test_text_on_the_page_is_escaped(client, rejected, root):
    Comment.objects.update(text="<script>adds the loan</script>")
    erased(rejected, root)
    client.force_login(root)

    page = client.get(page_of(rejected)).text

    assert "&lt;script&gt;adds the loan&lt;/script&gt;" in page
    assert "<script>adds" not in page


def test_the_page_requires_permission_to_erase(client, rejected):
    client.force_login(make_moderator("third"))
    quotation = Quotation.objects.create(revision=rejected, kind="comment", row=1, fields=["text"])
    redact = reverse("admin:articles_revision_redact", args=[rejected.pk, quotation.pk])

    statuses = [client.get(page_of(rejected)), client.post(page_of(rejected), {"reason": "x"}), client.post(redact)]
    history_page = client.get(reverse("admin:articles_article_history", args=[rejected.article_id])).text

    assert [response.status_code for response in statuses] == [403, 403, 403]
    assert "/erase/" not in history_page
    rejected.refresh_from_db()
    assert rejected.erased_at is None


def test_ids_from_elsewhere_are_not_found(client, rejected, root):
    client.force_login(root)
    other = make_draft("naps", by=make_user("third"))
    quotation = Quotation.objects.create(revision=other, kind="comment", row=1, fields=["text"])

    assert client.get("/admin/articles/revision/999999/erase/").status_code == 404
    assert client.post(reverse("admin:articles_revision_redact", args=[rejected.pk, quotation.pk])).status_code == 404


def test_the_history_links_there_except_for_the_public_text(client, rejected, root):
    client.force_login(root)
    public = rejected.article.published_revision

    listed = client.get(reverse("admin:articles_article_history", args=[rejected.article_id])).text
    page = client.get(page_of(public))

    assert f'href="{page_of(rejected)}"' in listed
    assert f'href="{page_of(public)}"' not in listed
    assert "This is the published text." in page.text
    assert '<form method="post" class="erasure__form">' not in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_a_constant_number_of_queries_for_quotations(
    client, rejected, root, count, django_assert_num_queries
):
    comments = [
        Comment(revision=rejected.base, text="It adds the loan.", at=rejected.submitted_at, by=root, by_name="root")
        for _ in range(count)
    ]
    Comment.objects.bulk_create(comments)
    erased(rejected, root)
    client.force_login(root)

    with django_assert_num_queries(10):
        client.get(page_of(rejected))


def test_the_command_names_what_is_left(rejected, root, capsys):
    call_command("erase_revision", "sleep", 2, by="root", reason="A court says so.")

    out = capsys.readouterr().out.splitlines()
    assert out[1] == f"Left for you to decide: comment {left(rejected).row}."
    assert out[2] == f"Redact or erase them at: {page_of(rejected)}"


def test_the_command_names_another_revision_by_its_number(rejected, root, capsys):
    third = make_user("third")
    make_draft("naps", by=third)  # so that the next revision's key isn't its number
    other = workflow.start_draft(rejected.article, content_of(rejected), by=third, base=rejected)

    call_command("erase_revision", "sleep", 2, by="root", reason="A court says so.")

    names = capsys.readouterr().out.splitlines()[1].removeprefix("Left for you to decide: ")
    assert f"revision {other.number}" in names.rstrip(".").split(", ")
    assert other.number != other.pk
    assert "another revision" not in names


# Passages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("erased_text", "other", "is_said"),
    [
        ("one two three four five six seven eight nine", "… two three four five six seven eight nine!", True),
        ("one two three four five six seven eight nine", "one two three four five six seven", False),
        ("One two. [00:06:31] Three four five six seven eight", "ONE TWO three, four five six seven “eight”", True),
        ("a private matter here", "That is a private matter here, is it not?", True),
        ("too short this", "too short this", False),
        ("彼女は隣人に借金のことを話した", "「隣人に借金のことを話した」", True),
        ("", "", False),
    ],
)
def test_a_passage_is_a_run_of_eight_words_or_a_short_piece(erased_text, other, is_said):
    assert ErasedText([erased_text]).are_in(other) is is_said


WORDS = st.lists(st.sampled_from(["a", "Bär", "[1:00]", "_", "\n", "借", "é́"]), max_size=30).map(" ".join)


@given(text=WORDS, other=WORDS)
def test_passages_of_a_text_exclude_public_ones(text, other):
    passages = ErasedText([text])

    assert passages.are_in(text) is bool(passages.runs)
    assert passages.are_in(f"{other} {text} {other}") is bool(passages.runs)
    assert not passages.without([other]).are_in(other)
