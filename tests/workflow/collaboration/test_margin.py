"""Margin comments: who can write them, how they follow their passage into later texts, and what is recorded."""

from dataclasses import replace

import pytest

from articles import workflow
from articles.models import Article, Comment, CommentedPassage, Notice, Revision
from articles.workflow import InvalidTransition, NotAllowed
from articles.workflow.collaboration import comments, margin
from articles.workflow.content import SectionContent, content_of
from articles.workflow.history import rows
from tests.support.factories import make_draft, make_episode, make_user

pytestmark = pytest.mark.django_db

ROPES = "A rope holds five tons when it is dry [00:06:31]. Wet ropes hold less."


@pytest.fixture
def episode():
    return make_episode()


@pytest.fixture
def draft(editor, episode):
    sections = (SectionContent("Ropes", ROPES), SectionContent("Knots", "Knots hold less [00:08:44]. Ropes wear out."))
    return make_draft("ropes", by=editor, title="Ropes and knots", lead="On ropes.", episode=episode, sections=sections)


def fields(revision):
    return margin.fields_of(content_of(revision))


def comment_on(revision, words, *, by, text="Is it?", **around):
    passage = margin.choose(fields(revision), words, **around)
    return margin.comment(revision, by=by, text=text, passage=passage)


def saved(draft, by, **bodies):
    content = content_of(draft)
    sections = [replace(section, body=bodies.get(section.heading, section.body)) for section in content.sections]
    kept = tuple(section for section in sections if section.body is not None)
    return workflow.save_draft(draft, replace(content, sections=kept), by=by, version=draft.version)


def place(thread, revision):
    located = margin.locate(Comment.objects.get(pk=thread.pk), fields(revision))
    return located.words, located.is_same, located.is_gone


def threads_on(revision):
    return list(Comment.objects.threads().filter(comments.discussion_of(revision), resolved_at=None))


# Who, and on what ---------------------------------------------------------------------------------


def test_a_moderator_comments_on_a_passage_of_a_draft_and_its_author_hears_of_it(draft, editor, moderator):
    thread = comment_on(draft, "five tons when", by=moderator, text=" Says who? ")

    section = draft.section_set.get(heading="Ropes")
    passage = CommentedPassage.objects.get()
    assert (thread.text, thread.quote, thread.section_key) == ("Says who?", "five tons when", section.key)
    assert (passage.prefix, passage.suffix, passage.start) == ("A rope holds ", " it is dry [00:06:31]. Wet ropes", 13)
    assert list(Notice.objects.filter(user=editor).values_list("text", flat=True)) == [
        "moderator commented on “Ropes and knots” (revision 1): Says who?"
    ]
    assert list(rows.not_as_recorded(CommentedPassage)) == []


def test_the_author_comments_too_and_others_do_not(draft, editor):
    assert comment_on(draft, "Wet ropes", by=editor).by == editor
    with pytest.raises(NotAllowed, match="Only moderators and contributors"):
        comment_on(draft, "Wet ropes", by=make_user("other"))


def test_a_comment_on_a_draft_as_a_whole_still_waits_for_its_submission(draft, moderator):
    with pytest.raises(InvalidTransition, match="Comment on a passage"):
        comments.add(draft, by=moderator, text="Hm.")


def test_an_erased_text_takes_no_comments(draft, moderator):
    passage = margin.choose(fields(draft), "Wet ropes")
    Revision.objects.filter(pk=draft.pk).update(erased_at=draft.saved_at)
    draft.refresh_from_db()

    with pytest.raises(InvalidTransition, match="erased"):
        margin.comment(draft, by=moderator, text="Is it?", passage=passage)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "Choose a passage"),
        ("hold less", "2 times. Copy a few more words"),
        ("hold more", "doesn’t have this passage"),
        ("x" * 2_001, "at most 2000 characters"),
    ],
)
def test_a_passage_has_to_be_in_the_text_once(draft, moderator, words, message):
    with pytest.raises(InvalidTransition, match=message):
        comment_on(draft, words, by=moderator)
    assert Comment.objects.count() == 0


def test_what_is_around_the_words_says_which_of_them_are_meant(draft, moderator):
    thread = comment_on(draft, "hold less", by=moderator, before="Knots", after="Ropes wear")

    assert thread.section_key == draft.section_set.get(heading="Knots").key


@pytest.mark.parametrize(("words", "heading"), [("Ropes and knots", True), ("On ropes", False)])
def test_title_and_lead_are_passages_too(draft, moderator, words, heading):
    thread = comment_on(draft, words, by=moderator)

    assert (thread.section_key, thread.passage.is_heading) == (None, heading)
    assert place(thread, draft) == (words, True, False)


# Following the text -------------------------------------------------------------------------------


def test_a_comment_follows_its_passage_through_saves(draft, editor, moderator):
    thread = comment_on(draft, "Wet ropes hold less.", by=moderator)

    later = saved(draft, editor, Ropes=f"Much was written before it.\n\n{ROPES} And after.")
    assert place(thread, later) == ("Wet ropes hold less.", True, False)
    assert later.version == 2


def test_an_edited_passage_is_shown_where_it_is_now_and_a_deleted_one_as_gone(draft, editor, moderator):
    thread = comment_on(draft, "five tons", by=moderator)

    later = saved(draft, editor, Ropes=ROPES.replace("five tons", "eight tons"))
    assert place(thread, later) == ("eight tons", False, False)
    gone = saved(later, editor, Ropes="Nothing of this is left in here.")
    assert place(thread, gone) == ("", False, True)
    assert Comment.objects.get().quote == "five tons"


def test_a_passage_that_was_moved_to_another_section_is_found_there(draft, editor, moderator):
    thread = comment_on(draft, "A rope holds five tons when it is dry", by=moderator)

    later = saved(draft, editor, Ropes="Moved.", Knots=f"Knots. {ROPES}")

    located = margin.locate(Comment.objects.get(pk=thread.pk), fields(later))
    assert (located.field.section_key, located.is_same) == (later.section_set.get(heading="Knots").key, True)


def test_a_passage_whose_section_is_gone_is_not_lost(draft, editor, moderator):
    thread = comment_on(draft, "Ropes wear out", by=moderator)

    later = saved(draft, editor, Knots=None)

    assert margin.locate(Comment.objects.get(pk=thread.pk), fields(later)) == margin.Located(None)
    assert threads_on(later) == [thread]


def test_an_open_comment_follows_into_the_draft_that_continues_a_returned_text(draft, editor, moderator):
    thread = comment_on(draft, "five tons", by=moderator)
    workflow.submit(draft, by=editor)
    workflow.request_changes(draft, by=moderator, comment="See the margin.")

    continued = workflow.start_draft(draft.article, content_of(draft), by=editor, base=draft)

    assert threads_on(continued) == [thread]
    assert place(thread, continued) == ("five tons", True, False)


def test_an_open_comment_follows_past_the_approval_and_others_end_there(draft, editor, moderator):
    workflow.submit(draft, by=editor)
    comments.add(draft, by=moderator, text="On the whole.")
    thread = comment_on(draft, "five tons", by=moderator)
    workflow.publish(workflow.approve(draft, by=moderator), by=moderator)
    article = Article.objects.get()

    later = workflow.start_draft(article, content_of(draft), by=editor, base=article.published_revision)
    latest = Revision.objects.get(pk=later.pk)

    assert threads_on(latest) == [thread]
    assert comments.unresolved_numbers([latest]) == {latest.pk: 1}
    comments.resolve(thread, by=moderator, during=latest)
    assert threads_on(latest) == []
    assert comments.unresolved_numbers([latest]) == {latest.pk: 0}
    comments.reopen(thread, by=moderator, during=latest)
    assert threads_on(latest) == [thread]


def test_replies_stay_with_their_comment(draft, editor, moderator):
    thread = comment_on(draft, "five tons", by=moderator)

    reply = comments.answer(thread, by=editor, text="He says so.")

    assert (reply.parent, reply.quote, reply.section_key) == (thread, "five tons", thread.section_key)
    assert list(Notice.objects.filter(user=moderator).values_list("text", flat=True)) == [
        "editor commented on “Ropes and knots” (revision 1): He says so."
    ]


def test_what_is_said_in_the_margin_is_never_public(draft, editor, moderator, client):
    workflow.submit(draft, by=editor)
    comment_on(draft, "five tons", by=moderator, text="zqxwvjk")
    workflow.publish(workflow.approve(draft, by=moderator), by=moderator)

    for address in ("/articles/ropes/", "/articles/ropes/history/", "/articles/ropes.md", "/api/articles/ropes/"):
        response = client.get(address)
        assert (response.status_code, "zqxwvjk" in response.text) == (200, False), address
