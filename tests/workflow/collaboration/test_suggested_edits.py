"""Suggested edits: accepted by a save of the draft, refused if the passage changed, and the words of who suggested them."""

from dataclasses import replace

import pytest

from articles import workflow
from articles.models import Comment, DraftVersion, LogEntry, Notice, Revision, SuggestedEdit
from articles.workflow import InvalidTransition, NotAllowed, StaleDraft
from articles.workflow.collaboration import comments, margin, suggested_edits
from articles.workflow.collaboration.suggested_edits import NotAccepted
from articles.workflow.content import SectionContent, content_of
from articles.workflow.drafts import reopened_edits
from articles.workflow.history import rows
from tests.support.factories import make_draft, make_episode, make_moderator, make_user

pytestmark = pytest.mark.django_db

ROPES = "A rope holds five tons when it is dry [00:06:31]. Wet ropes hold less."


@pytest.fixture
def draft(editor):
    sections = (SectionContent("Ropes", ROPES), SectionContent("Knots", "Knots hold less [00:08:44]."))
    return make_draft("ropes", by=editor, title="Ropes", lead="On ropes.", episode=make_episode(), sections=sections)


def suggestion(revision, words, replacement, *, by, text=""):
    passage = margin.choose(margin.fields_of(content_of(revision)), words)
    thread = suggested_edits.suggest(revision, by=by, passage=passage, replacement=replacement, text=text)
    return Comment.objects.get(pk=thread.pk)


def accept(thread, draft, *, by, version=None):
    def save(content):
        return workflow.save_draft(draft, content, by=by, version=draft.version if version is None else version)

    return suggested_edits.accept(thread, content_of(draft), by=by, save=save)


def body(revision, heading="Ropes"):
    return revision.section_set.get(heading=heading).body


def test_an_accepted_edit_is_saved_credited_and_resolved(draft, editor, moderator):
    thread = suggestion(draft, "five tons", "eight tons", by=moderator)

    saved = accept(thread, draft, by=editor)

    edit = SuggestedEdit.objects.get()
    assert body(saved) == ROPES.replace("five", "eight")
    assert (saved.version, saved.saved_by) == (2, editor)
    assert list(DraftVersion.objects.values_list("number", "is_autosave")) == [(2, False), (1, False)]
    assert (edit.outcome, edit.decided_by_name, edit.accepted_in) == ("accepted", "editor", saved)
    assert Comment.objects.get().resolved_by_name == "editor"
    entry = LogEntry.objects.latest("pk")
    assert (entry.action, entry.note, entry.revision, entry.by) == ("edit_accepted", "by moderator", saved, editor)
    assert Notice.objects.get(user=moderator).text == ("editor accepted your suggested edit in “Ropes” (revision 1).")
    assert [*rows.not_as_recorded(SuggestedEdit), *rows.not_as_recorded(Comment)] == []


def test_nobody_approves_a_text_with_an_edit_of_their_own(draft, editor, moderator):
    accept(suggestion(draft, "five tons", "eight tons", by=moderator), draft, by=editor)
    workflow.submit(Revision.objects.get(), by=editor)

    with pytest.raises(NotAllowed, match="You contributed to this revision"):
        workflow.approve(Revision.objects.get(), by=moderator)
    assert workflow.approve(Revision.objects.get(), by=make_moderator("second")).status == "approved"


def test_who_suggested_what_was_not_accepted_still_approves(draft, editor, moderator):
    suggested_edits.dismiss(suggestion(draft, "five tons", "eight tons", by=moderator), by=editor)
    workflow.submit(draft, by=editor)

    assert workflow.approve(draft, by=moderator).status == "approved"


def test_an_edit_of_what_was_returned_is_accepted_in_the_draft_that_continues_it(draft, editor, moderator):
    workflow.submit(draft, by=editor)
    thread = suggestion(draft, "five tons", "eight tons", by=moderator)
    workflow.request_changes(draft, by=moderator, comment="See the margin.")

    def start(content):
        return workflow.start_draft(draft.article, content, by=editor, base=draft)

    continued = suggested_edits.accept(thread, content_of(draft), by=editor, save=start)

    assert (continued.number, body(continued)) == (2, ROPES.replace("five", "eight"))
    assert set(continued.contributor_set.values_list("user_name", flat=True)) == {"editor", "moderator"}


@pytest.mark.parametrize(
    ("words", "replacement", "expected"),
    [
        (" when it is dry", "", ROPES.replace(" when it is dry", "")),
        (
            "five tons when it is dry [00:06:31]",
            "eight [00:06:35]",
            "A rope holds eight [00:06:35]. Wet ropes hold less.",
        ),
    ],
)
def test_an_edit_deletes_and_changes_timestamps(draft, editor, moderator, words, replacement, expected):
    thread = suggestion(draft, words.strip(), replacement, by=moderator, text="Shorter.")

    assert " ".join(body(accept(thread, draft, by=editor)).split()) == " ".join(expected.split())
    assert thread.text == "Shorter."


def test_titles_leads_and_headings_are_edited_too(draft, editor, moderator):
    for words, new in (("Ropes", "Cords"), ("On ropes.", "Of cords."), ("Knots", "Hitches")):
        fields = margin.fields_of(content_of(draft))
        field = next(field for field in fields if field.text == words)
        thread = suggested_edits.suggest(draft, by=moderator, passage=margin.choose([field], words), replacement=new)
        draft = accept(thread, draft, by=editor)

    draft = Revision.objects.get()
    assert (draft.title, draft.lead) == ("Cords", "Of cords.")
    assert list(draft.section_set.values_list("heading", flat=True)) == ["Ropes", "Hitches"]


def test_an_edit_whose_passage_changed_is_refused_with_what_it_says_now(draft, editor, moderator):
    thread = suggestion(draft, "five tons", "eight tons", by=moderator)
    content = content_of(draft)
    sections = (replace(content.sections[0], body=ROPES.replace("five", "six")), content.sections[1])
    changed = workflow.save_draft(draft, replace(content, sections=sections), by=editor, version=draft.version)

    with pytest.raises(InvalidTransition, match="It now says: six tons"):
        accept(thread, changed, by=editor)
    gone = workflow.save_draft(changed, replace(content, sections=()), by=editor, version=changed.version)
    with pytest.raises(InvalidTransition, match="no longer has the passage"):
        accept(thread, gone, by=editor)
    assert SuggestedEdit.objects.get().is_open
    assert Comment.objects.unresolved().count() == 1
    assert not LogEntry.objects.filter(action="edit_accepted").exists()
    assert not draft.contributor_set.filter(user=moderator).exists()


def test_an_edit_over_a_draft_that_somebody_saved_meanwhile_is_refused(draft, editor, moderator):
    thread = suggestion(draft, "five tons", "eight tons", by=moderator)
    workflow.save_draft(draft, content_of(draft), by=editor, version=draft.version)

    with pytest.raises(StaleDraft):
        accept(thread, draft, by=editor, version=1)
    assert SuggestedEdit.objects.get().is_open


def test_an_edit_is_decided_once(draft, editor, moderator):
    thread = suggestion(draft, "five tons", "eight tons", by=moderator)
    saved = accept(thread, draft, by=editor)

    with pytest.raises(InvalidTransition, match="editor has already decided on this edit: accepted"):
        accept(thread, saved, by=editor)
    with pytest.raises(InvalidTransition, match="already decided"):
        suggested_edits.dismiss(thread, by=moderator)
    assert LogEntry.objects.filter(action="edit_accepted").count() == 1


def test_only_who_may_edit_accepts_and_only_who_may_discuss_dismisses(draft, moderator):
    thread = suggestion(draft, "five tons", "eight tons", by=moderator)
    reader = make_user("reader", groups=())

    with pytest.raises(NotAllowed):
        accept(thread, draft, by=reader)
    with pytest.raises(NotAllowed):
        suggested_edits.dismiss(thread, by=make_user("other"))
    assert SuggestedEdit.objects.get().is_open


@pytest.mark.parametrize(
    ("words", "replacement", "message"),
    [
        ("five tons", "five tons", "what the passage says already"),
        ("five tons", "x" * 5_001, "at most 5000 characters"),
        ("Knots", "Two\nlines", "single line"),
        ("Knots", "x" * 301, "at most 300 characters"),
    ],
)
def test_an_edit_has_to_fit_its_place(draft, moderator, words, replacement, message):
    field = next(field for field in margin.fields_of(content_of(draft)) if words in field.text)

    with pytest.raises(InvalidTransition, match=message):
        suggested_edits.suggest(draft, by=moderator, passage=margin.choose([field], words), replacement=replacement)
    assert Comment.objects.count() == 0


def test_a_resolved_comment_keeps_its_edit_open_until_it_is_reopened(draft, editor, moderator):
    thread = suggestion(draft, "five tons", "eight tons", by=moderator)
    comments.resolve(thread, by=editor)

    comments.reopen(thread, by=editor)

    assert body(accept(thread, draft, by=editor)) == ROPES.replace("five", "eight")


# What is in review, undone or discarded --------------------------------------------------------------


def test_no_edit_is_accepted_elsewhere_while_the_text_in_review_lacks_it(draft, editor, moderator):
    workflow.submit(draft, by=editor)
    thread = suggestion(draft, "five tons", "eight tons", by=moderator)
    other = make_user("other")

    def start(content):
        return workflow.start_draft(draft.article, content, by=other, base=draft)

    for by in (other, moderator, editor):
        with pytest.raises(NotAccepted, match="Revision 1 is in review without this edit"):
            suggested_edits.accept(thread, content_of(draft), by=by, save=start)
    assert Revision.objects.count() == 1
    assert (SuggestedEdit.objects.get().outcome, Comment.objects.unresolved().count()) == ("open", 1)

    workflow.withdraw(draft, by=editor)
    continued = suggested_edits.accept(thread, content_of(draft), by=other, save=start)
    assert (continued.number, body(continued)) == (2, ROPES.replace("five", "eight"))


def test_a_thread_is_in_review_with_the_text_that_continues_its_own(draft, editor, moderator):
    workflow.submit(draft, by=editor)
    thread = suggestion(draft, "five tons", "eight tons", by=moderator)
    workflow.request_changes(draft, by=moderator, comment="See the margin.")
    returned = Revision.objects.get()
    again = workflow.start_draft(draft.article, content_of(draft), by=editor, base=returned)
    workflow.submit(again, by=editor)
    other = make_user("other")
    apart = workflow.start_draft(draft.article, content_of(draft), by=other, base=returned)

    with pytest.raises(NotAccepted, match="Revision 2 is in review without this edit"):
        accept(thread, apart, by=other)
    for close in (comments.resolve, suggested_edits.dismiss):
        with pytest.raises(NotAllowed, match="Only moderators and contributors"):
            close(thread, by=other, during=apart)
    assert Comment.objects.unresolved().count() == 1
    comments.resolve(thread, by=editor, during=again)
    with pytest.raises(NotAllowed, match="Only moderators and contributors"):
        comments.reopen(thread, by=other, during=apart)


@pytest.mark.parametrize(
    ("words", "replacement"),
    [
        ("five tons", "eight tons"),
        ("ropes hold less", "ropes hold much less"),
        ("Wet ropes", "ropes"),
        ("Wet ropes hold less.", ""),
        ("A rope", "The rope"),
    ],
)
def test_an_edit_that_is_undone_can_be_accepted_again(draft, editor, moderator, words, replacement):
    before = content_of(draft)
    thread = suggestion(draft, words, replacement, by=moderator)
    saved = accept(thread, draft, by=editor)
    other_words = replace(content_of(saved), lead="Of ropes.")
    saved = workflow.save_draft(saved, other_words, by=editor, version=saved.version)
    assert SuggestedEdit.objects.get().outcome == "accepted"

    undone = workflow.save_draft(saved, before, by=editor, version=saved.version, is_autosave=True)

    edit = SuggestedEdit.objects.get()
    assert (edit.outcome, edit.accepted_in, edit.decided_at, edit.decided_by_name) == ("open", None, None, "")
    assert Comment.objects.unresolved().count() == 1
    assert Notice.objects.filter(user=moderator).latest("pk").text == (
        "“Ropes” (revision 1) no longer has your suggested edit: it can be accepted again."
    )
    assert [*rows.not_as_recorded(SuggestedEdit), *rows.not_as_recorded(Comment)] == []
    accept(thread, undone, by=editor)
    assert SuggestedEdit.objects.get().outcome == "accepted"


def test_an_edit_accepted_in_a_discarded_draft_can_be_accepted_again(draft, editor, moderator):
    workflow.submit(draft, by=editor)
    thread = suggestion(draft, "five tons", "eight tons", by=moderator)
    workflow.request_changes(draft, by=moderator, comment="See the margin.")
    returned = Revision.objects.get()

    def start(content):
        return workflow.start_draft(draft.article, content, by=editor, base=returned)

    continued = suggested_edits.accept(thread, content_of(draft), by=editor, save=start)
    own = suggestion(continued, "Knots hold less", "Knots hold more", by=moderator)
    continued = accept(own, continued, by=editor)

    workflow.discard(continued, by=editor, version=continued.version)

    outcomes = dict(SuggestedEdit.objects.values_list("comment", "outcome"))
    assert outcomes == {thread.pk: "open", own.pk: "accepted"}
    assert [comment.pk for comment in Comment.objects.unresolved()] == [thread.pk]


def test_a_reopened_thread_offers_its_edit_unless_the_text_has_it(draft, editor, moderator):
    accepted = suggestion(draft, "five tons", "eight tons", by=moderator)
    dismissed = suggestion(draft, "Knots hold less", "Knots hold more", by=moderator)
    suggested_edits.dismiss(dismissed, by=editor)
    saved = accept(accepted, draft, by=editor)

    for thread in (accepted, dismissed):
        comments.reopen(Comment.objects.get(pk=thread.pk), by=moderator, during=saved)

    outcomes = dict(SuggestedEdit.objects.values_list("comment", "outcome"))
    assert outcomes == {accepted.pk: "accepted", dismissed.pk: "open"}
    assert Comment.objects.unresolved().count() == 2
    assert [*rows.not_as_recorded(SuggestedEdit), *rows.not_as_recorded(Comment)] == []


@pytest.mark.parametrize(("words", "most"), [("Ropes on board", 200), ("Knots and hitches", 300)])
def test_no_edit_makes_a_title_or_heading_too_long(editor, moderator, words, most):
    sections = (SectionContent("Knots and hitches", "Knots hold less [00:08:44]."),)
    draft = make_draft("ropes", by=editor, title="Ropes on board", lead="", episode=make_episode(), sections=sections)
    last = words.split()[-1]
    fitting = suggestion(draft, last, "x" * (most - len(words) + len(last)), by=moderator)
    thread = suggestion(draft, last, "x" * (most - len(words) + len(last) + 1), by=moderator)

    with pytest.raises(NotAccepted, match=f"would have {most + 1} characters with the edit; at most {most}"):
        accept(thread, draft, by=editor)
    assert Revision.objects.get().version == 1
    accept(fitting, draft, by=editor)
    assert Revision.objects.get().version == 2


def test_an_edit_that_a_later_draft_has_is_not_open_again_on_the_page_of_the_earlier_text(draft, editor, moderator):
    workflow.submit(draft, by=editor)
    thread = suggestion(draft, "five tons", "eight tons", by=moderator)
    returned = workflow.request_changes(draft, by=moderator, comment="Look again.")

    def start(content):
        return workflow.start_draft(draft.article, content, by=editor, base=returned)

    suggested_edits.accept(thread, content_of(draft), by=editor, save=start)

    comments.reopen(Comment.objects.get(pk=thread.pk), by=moderator, during=returned)

    assert SuggestedEdit.objects.get().outcome == "accepted"


@pytest.mark.parametrize("is_reopened", [False, True])
def test_an_edit_that_is_undone_in_the_draft_that_continues_the_text_can_be_accepted_again(
    draft, editor, moderator, is_reopened, monkeypatch
):
    before = content_of(draft)
    thread = suggestion(draft, "five tons", "eight tons", by=moderator)
    accept(thread, draft, by=editor)
    workflow.submit(draft, by=editor)
    returned = workflow.request_changes(draft, by=moderator, comment="Look again.")
    continued = workflow.start_draft(draft.article, content_of(returned), by=editor, base=returned)
    assert SuggestedEdit.objects.get().outcome == "accepted"

    if is_reopened:  # after a save by an earlier release, which didn't look for edits in the text that this continues
        monkeypatch.setattr(reopened_edits, "open_undone", lambda *args, **kwargs: 0)
    continued = workflow.save_draft(continued, before, by=editor, version=continued.version)
    if is_reopened:
        comments.reopen(Comment.objects.get(pk=thread.pk), by=editor, during=continued)

    assert SuggestedEdit.objects.get().outcome == "open"
    continued = accept(thread, Revision.objects.get(pk=continued.pk), by=editor)
    assert (body(continued), SuggestedEdit.objects.get().accepted_in) == (ROPES.replace("five", "eight"), continued)


# What was erased --------------------------------------------------------------------------------------

SECRET = "the clinic of doctor Nobody sells these vials to anybody without any prescription"
ERASED = "What this edit suggests was erased"


@pytest.fixture
def bad(moderator):
    """A rejected revision of another author."""
    other = make_user("other")
    revision = make_draft("vials", by=other, title="Vials", lead=f"They say {SECRET}.", episode=make_episode("vials"))
    workflow.submit(revision, by=other)
    return workflow.reject(revision, by=moderator, comment="No.")


def erase(revision):
    workflow.erase(Revision.objects.get(pk=revision.pk), by=make_user("root", is_superuser=True), reason="The law.")


def test_nobody_accepts_an_edit_whose_words_were_erased(draft, bad, editor, moderator):
    thread = suggestion(draft, "five tons", f"what {SECRET}", by=moderator)
    deletion = suggestion(draft, "Wet ropes hold less.", "", by=moderator)
    erase(bad)

    with pytest.raises(NotAccepted, match=ERASED):
        accept(Comment.objects.get(pk=thread.pk), draft, by=editor)
    assert Comment.objects.get(pk=thread.pk).edit.replacement == "Erased"
    suggested_edits.dismiss(thread, by=editor)
    comments.reopen(Comment.objects.get(pk=thread.pk), by=editor)
    assert (SuggestedEdit.objects.get(comment=thread).outcome, Comment.objects.unresolved().count()) == ("dismissed", 2)
    saved = accept(deletion, Revision.objects.get(pk=draft.pk), by=editor)
    assert body(saved) == "A rope holds five tons when it is dry [00:06:31]. "
    assert [*rows.not_as_recorded(SuggestedEdit), *rows.not_as_recorded(Comment)] == []


def test_nobody_accepts_an_edit_with_a_withheld_name(draft, editor, moderator):
    make_user("nobody", first_name="Nora", last_name="Nobody")
    thread = suggestion(draft, "five tons", "what Nora Nobody says", by=moderator)
    workflow.suppress_name("nobody", by=make_user("root", is_superuser=True))

    with pytest.raises(NotAccepted, match=ERASED):
        accept(Comment.objects.get(pk=thread.pk), draft, by=editor)
    assert body(Revision.objects.get()) == ROPES


@pytest.mark.parametrize("replacement", ["eight tons", ""])
def test_an_edit_accepted_in_an_erased_text_is_not_opened_again(draft, editor, moderator, replacement):
    thread = suggestion(draft, "five tons", replacement, by=moderator)
    before = content_of(draft)
    accept(thread, draft, by=editor)
    workflow.submit(draft, by=editor)
    returned = workflow.request_changes(draft, by=moderator, comment="Look again.")
    continued = workflow.start_draft(draft.article, content_of(returned), by=editor, base=returned)
    erase(returned)

    continued = workflow.save_draft(continued, before, by=editor, version=continued.version)
    comments.reopen(Comment.objects.get(pk=thread.pk), by=moderator, during=continued)

    edit = SuggestedEdit.objects.get()
    assert (edit.outcome, edit.replacement) == ("accepted", "Erased" if replacement else "")
    workflow.discard(continued, by=editor, version=continued.version)
    assert SuggestedEdit.objects.get().outcome == "accepted"


def test_the_word_erased_in_a_text_is_not_the_passage_whose_words_were_erased(draft, editor, moderator):
    thread = suggestion(draft, "five tons", "eight tons", by=moderator)
    Comment._base_manager.filter(pk=thread.pk).update(quote="Erased")
    thread.passage.prefix = thread.passage.suffix = "Erased"
    thread.passage.save()
    lead = replace(content_of(draft), lead="Erased")

    with pytest.raises(NotAccepted, match=ERASED):
        suggested_edits.accept(Comment.objects.get(pk=thread.pk), lead, by=editor, save=None)


@pytest.mark.parametrize(
    ("words", "replacement", "placeholder"),
    [
        ("five tons", "Erased", "Erased"),
        ("five tons", "name withheld says", "name withheld"),
        ("Erased", "x", "Erased"),
    ],
)
def test_nobody_suggests_what_stands_for_erased_words(draft, editor, moderator, words, replacement, placeholder):
    draft = workflow.save_draft(draft, replace(content_of(draft), lead="Erased"), by=editor, version=draft.version)

    with pytest.raises(InvalidTransition, match=f"“{placeholder}” replaces text that was erased"):
        suggestion(draft, words, replacement, by=moderator)
    assert Comment.objects.count() == 0
