"""Comments by moderators and authors on a submitted revision, in the workflow and on its page."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Comment, Notice, Revision
from articles.workflow.collaboration import comments
from articles.workflow.content import SectionContent
from tests.support.clients import logged_in, messages_of
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.reviewing import ids_of, page_of, sections_of

pytestmark = pytest.mark.django_db


editor, moderator = shared(make_user), shared(make_moderator)


@shared
def article(editor, moderator):
    sections = (
        SectionContent("Ropes", "A rope holds 5 t [00:06:31]."),
        SectionContent("Knots", "Knots hold [00:08:44]."),
    )
    return make_published(
        "ropes", title="Ropes", by=editor, moderator=moderator, episode=make_episode(), sections=sections
    )


@shared
def change(article, editor):
    return make_change(article, by=editor, sections=sections_of(article, Ropes="A rope holds 8 t [00:06:31]."))


def add(client, revision, text, place=""):
    return client.post(reverse("admin:articles_revision_comment", args=[revision.pk]), {"text": text, "place": place})


def answer(client, thread, text):
    address = reverse("admin:articles_comment_answer", args=[thread.revision_id, thread.pk])
    return client.post(address, {"text": text})


def close(client, thread, act):
    return client.post(reverse("admin:articles_comment_close", args=[thread.revision_id, thread.pk, act]))


def told(user):
    return list(Notice.objects.filter(user=user, kind="commented").order_by("pk").values_list("text", flat=True))


# Threads ------------------------------------------------------------------------------------------


def test_a_comment_on_a_change_is_shown_with_it_and_quotes_it(change, moderator):
    [number] = ids_of(change)
    client = logged_in(moderator)

    response = add(client, change, "  Where is that said?  ", f"change:{number}")

    comment = Comment.objects.get()
    page = client.get(page_of(change))
    assert response.url == f"{page_of(change)}#comment-{comment.pk}"
    assert (comment.text, comment.by_name, comment.change, comment.quote) == (
        "Where is that said?",
        "moderator",
        number,
        "A rope holds 8 t [00:06:31].",
    )
    assert str(comment.section_key) == page.context["shown"].changes[0].section_key
    assert page.context["shown"].changes[0].threads == [comment]
    assert page.context["discussion"].apart == []
    assert "1 open comment</a>" in page.text


def test_a_comment_on_a_section_is_shown_in_it(change, moderator):
    section = change.section_set.get(heading="Knots")
    client = logged_in(moderator)

    add(client, change, "Say which knots.", f"section:{section.key}")

    comment = Comment.objects.get()
    page = client.get(page_of(change))
    [of_knots] = [
        s for fold in page.context["shown"].sections for s in getattr(fold, "sections", []) if s.name == "Knots"
    ]
    assert (comment.section_key, comment.quote, of_knots.threads) == (section.key, "Knots", [comment])


def test_a_general_comment_is_shown_separately(change, moderator):
    client = logged_in(moderator)

    add(client, change, "Good work.")

    assert client.get(page_of(change)).context["discussion"].apart == [Comment.objects.get()]


def test_sections_of_a_new_article_can_be_commented_on(editor, moderator):
    draft = workflow.submit(make_draft(by=editor, episode=make_episode()), by=editor)
    section = draft.section_set.get()
    client = logged_in(moderator)

    targets = client.get(page_of(draft)).context["comment_targets"]
    add(client, draft, "Who says so?", f"section:{section.key}")

    assert targets == [(f"section:{section.key}", "Why we sleep")]
    assert '<blockquote class="thread__quote" dir="auto">Why we sleep</blockquote>' in client.get(page_of(draft)).text


def test_threads_stay_visible_in_another_comparison(change, article, moderator):
    [number] = ids_of(change)
    client = logged_in(moderator)
    add(client, change, "Where is that said?", f"change:{number}")
    workflow.request_changes(change, by=moderator, comment="See below.")

    page = client.get(page_of(change), {"against": change.number})

    assert page.context["discussion"].apart == [Comment.objects.get()]
    assert "A rope holds 8 t [00:06:31].</blockquote>" in page.text


def test_the_author_replies_and_a_thread_is_resolved_and_reopened(change, editor, moderator):
    reviewer, screen = logged_in(moderator), logged_in(editor)
    add(reviewer, change, "Where is that said?")
    thread = Comment.objects.get()

    answer(screen, thread, "A minute later.")
    [shown] = reviewer.get(page_of(change)).context["discussion"].threads
    close(reviewer, thread, "resolve")
    resolved = screen.get(page_of(change))
    close(screen, thread, "reopen")

    assert [reply.text for reply in shown.replies] == ["A minute later."]
    assert "Resolved by moderator, " in resolved.text
    assert resolved.context["discussion"].unresolved == []
    thread.refresh_from_db()
    assert (thread.resolved_at, thread.resolved_by_name) == (None, "")


def test_comments_are_escaped(change, moderator):
    client = logged_in(moderator)

    add(client, change, "<script>alert(1)</script> & more")

    text = client.get(page_of(change)).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text
    assert "<script>alert" not in text


# Permissions and refusals -------------------------------------------------------------------------


def test_a_reply_to_a_thread_that_somebody_resolved_meanwhile_says_so(change, editor, moderator):
    thread = comments.add(change, by=moderator, text="Who says so?")

    before = answer(logged_in(editor), thread, "He does.")
    comments.resolve(thread, by=moderator)
    after = answer(logged_in(editor), thread, "And she.")

    assert messages_of(before) == []
    assert messages_of(after) == [
        "moderator has resolved this thread. Your reply is in it; reopen it if something is left to do."
    ]


def test_other_editors_can_reply_but_not_open_or_resolve_threads(change, moderator):
    thread = comments.add(change, by=moderator, text="Where is that said?")
    other = logged_in(make_user("other"))

    opened = add(other, change, "I think so, too.")
    closed = close(other, thread, "resolve")
    answered = answer(other, thread, "At the end.")

    assert opened.status_code == 403
    assert "Only moderators and contributors to this revision can open and resolve threads on it." in opened.text
    assert messages_of(closed) == [
        "Only moderators and contributors to this revision can open and resolve threads on it."
    ]
    assert answered.status_code == 302
    assert [comment.text for comment in Comment.objects.all()] == ["Where is that said?", "At the end."]
    assert Comment.objects.unresolved().count() == 1


@pytest.mark.parametrize("name", ["comment", "answer", "close"])
def test_comments_need_the_permission_to_edit(change, moderator, client, name):
    thread = comments.add(change, by=moderator, text="Where is that said?")
    calls = {
        "comment": lambda who: add(who, change, "x"),
        "answer": lambda who: answer(who, thread, "x"),
        "close": lambda who: close(who, thread, "resolve"),
    }

    assert calls[name](client).status_code == 403
    assert calls[name](logged_in(make_user("nobody", groups=()))).status_code == 403
    assert Comment.objects.count() == Comment.objects.unresolved().count() == 1


def test_an_empty_comment_is_refused_and_a_long_one_is_kept_in_the_form(change, moderator):
    [number] = ids_of(change)
    client = logged_in(moderator)

    empty = add(client, change, "  ", f"change:{number}")
    long = add(client, change, "x" * 5001, f"change:{number}")

    assert (empty.status_code, long.status_code) == (400, 400)
    assert "x" * 5001 + "</textarea>" in long.text
    assert "Comment not added: " in long.text
    assert ["Your comment is kept below." in response.text for response in (empty, long)] == [False, True]
    assert not Comment.objects.exists()


def test_a_refused_reply_is_kept_in_the_form(change, moderator):
    thread = comments.add(change, by=moderator, text="Where is that said?")

    response = answer(logged_in(moderator), thread, "y" * 5001)

    assert response.status_code == 400
    assert response.text.count("y" * 5001) == 1


@pytest.mark.parametrize("place", ["change:nothing", "section:nothing", "elsewhere"])
def test_an_unknown_place_is_not_found(change, moderator, place):
    assert add(logged_in(moderator), change, "x", place).status_code == 404


def test_a_thread_of_another_revision_is_not_found(change, article, moderator):
    other = make_change(article, by=make_user("other"), title="Lines")
    thread = comments.add(other, by=moderator, text="x")
    client = logged_in(moderator)

    assert (
        client.post(reverse("admin:articles_comment_answer", args=[change.pk, thread.pk]), {"text": "y"}).status_code
        == 404
    )
    assert (
        client.post(reverse("admin:articles_comment_close", args=[change.pk, thread.pk, "resolve"])).status_code == 404
    )
    assert close(client, thread, "delete").status_code == 404


def test_drafts_cannot_be_commented_on(editor):
    draft = make_draft(by=editor)

    with pytest.raises(workflow.InvalidTransition, match="Drafts can’t be commented on"):
        comments.add(draft, by=editor, text="Hm.")


def test_a_resolved_thread_cannot_be_resolved_again(change, moderator):
    thread = comments.resolve(comments.add(change, by=moderator, text="Hm."), by=moderator)

    with pytest.raises(workflow.InvalidTransition, match="already resolved"):
        comments.resolve(thread, by=moderator)
    comments.reopen(thread, by=moderator)
    with pytest.raises(workflow.InvalidTransition, match="already open"):
        comments.reopen(thread, by=moderator)


# Notices and queries ------------------------------------------------------------------------------


def test_authors_and_participants_get_notices_but_not_the_commenter(change, editor, moderator):
    second = make_moderator("second")
    thread = comments.add(change, by=moderator, text="Where is that said?")
    comments.answer(thread, by=editor, text="At the end.")
    comments.answer(thread, by=second, text="It is.")

    assert told(editor) == [
        "moderator commented on “Ropes” (revision 2): Where is that said?",
        "second commented on “Ropes” (revision 2): It is.",
    ]
    assert told(moderator) == [
        "editor commented on “Ropes” (revision 2): At the end.",
        "second commented on “Ropes” (revision 2): It is.",
    ]
    assert told(second) == []


def test_the_queue_counts_open_threads(change, article, moderator):
    comments.resolve(comments.add(change, by=moderator, text="a"), by=moderator)
    thread = comments.add(change, by=moderator, text="b")
    comments.answer(thread, by=moderator, text="c")
    comments.add(change, by=moderator, text="d")

    revisions = Revision.objects.order_by("number")

    assert list(comments.unresolved_numbers(revisions).values()) == [0, 2]


@pytest.mark.parametrize("count", [1, 3])
def test_threads_cost_one_query(change, moderator, django_assert_num_queries, count):
    [number] = ids_of(change)
    for _ in range(count):
        thread = comments.add(change, by=moderator, text="a", change=number)
        for _ in range(count):
            comments.answer(thread, by=moderator, text="b")
    client = logged_in(moderator)

    # Seven of them load the citation statuses of both texts.
    with django_assert_num_queries(38):
        client.get(page_of(change))
