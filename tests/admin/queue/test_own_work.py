"""Each user’s own work on the admin’s home page."""

import pytest

from articles import workflow
from articles.admin.queue.own_work import SHOWN
from articles.workflow.recordings import decisions
from tests.admin.queue.submitting import QUEUE, make_submitted
from tests.support.clients import logged_in
from tests.support.factories import (
    make_change,
    make_content,
    make_draft,
    make_published,
    make_user,
)

pytestmark = pytest.mark.django_db


def make_work(author, moderator, episode, number):
    """One revision by `author` in each state."""
    make_draft(f"draft-{number}", by=author, title=f"Draft {number}")
    make_submitted(f"waiting-{number}", by=author, title=f"Waiting {number}", episode=episode)
    back = make_submitted(f"back-{number}", by=author, title=f"Back {number}", episode=episode)
    workflow.request_changes(back, by=moderator, comment=f"Give the moment of claim {number}.")
    approved = make_submitted(f"approved-{number}", by=author, title=f"Approved {number}", episode=episode)
    workflow.approve(approved, by=moderator)
    make_published(f"public-{number}", by=author, moderator=moderator, title=f"Public {number}", episode=episode)
    return back


@pytest.mark.parametrize("count", [1, 3])
def test_my_work_takes_a_constant_number_of_queries(editor, moderator, episode, django_assert_num_queries, count):
    for number in range(count):
        make_work(editor, moderator, episode, number)
        propose_title(episode, f"Title {number}", by=editor)
    client = logged_in(editor)

    with django_assert_num_queries(25):
        client.get(QUEUE)


def propose_title(episode, title, *, by):
    episode.title = title
    change = workflow.save_episode(episode, ["title"], by=by)
    assert change.is_waiting
    return change


def test_my_work_shows_what_became_of_ones_recording_changes(editor, moderator, episode):
    make_submitted("sleep", by=editor, episode=episode)
    rejected = propose_title(episode, "Wrong title", by=editor)
    decisions.reject(rejected, by=moderator, comment="The show didn’t rename it.")
    waiting = propose_title(episode, "Right title", by=editor)
    decisions.withdraw(propose_title(episode, "No title", by=editor), by=editor)

    response = logged_in(editor).get(QUEUE)

    assert response.context["work"].recording_changes == [waiting, rejected]
    assert "The show didn’t rename it." in response.text
    assert f"/admin/articles/recordingchange/{waiting.pk}/change/" in response.text
    assert logged_in(moderator).get(QUEUE).context["work"].recording_changes == []


def test_my_work_shows_only_the_editors_own_texts(editor, moderator, episode):
    make_work(editor, moderator, episode, 1)
    make_draft("foreign", by=make_user("second"), title="Foreign")

    response = logged_in(editor).get(QUEUE)
    work = response.context["work"]

    parts = (work.drafts, work.waiting, work.sent_back, work.approved, work.published)
    assert [[revision.title for revision in part] for part in parts] == [
        ["Draft 1"],
        ["Waiting 1"],
        ["Back 1"],
        ["Approved 1"],
        ["Public 1"],
    ]
    assert "Give the moment of claim 1." in response.text
    assert "Foreign" not in response.text


def test_a_returned_revision_disappears_once_a_draft_is_based_on_it(editor, moderator, episode):
    back = make_work(editor, moderator, episode, 1)
    workflow.start_draft(back.article, make_content("back-1", title="Taken up"), by=editor, base=back)

    response = logged_in(editor).get(QUEUE)
    work = response.context["work"]

    assert work.sent_back == []
    assert [revision.title for revision in work.drafts] == ["Taken up", "Draft 1"]
    # The draft keeps saying what was wrong, and where.
    assert [draft.returned and draft.returned.revision for draft in work.drafts] == [back, None]
    assert "Give the moment of claim 1." in response.text
    assert back.get_absolute_url() in response.text


def test_my_work_marks_outdated_drafts(editor, moderator, episode):
    article = make_published(by=editor, moderator=moderator, episode=episode)
    draft = workflow.start_draft(
        article, make_content(title="My view", episode=episode), by=editor, base=article.published_revision
    )
    quick = make_change(article, by=make_user("second"), lead="Quite other words.")
    workflow.approve(quick, by=moderator)
    workflow.publish(quick, by=moderator)

    shown = logged_in(editor).get(QUEUE).text

    assert "The published text has changed since:" in shown
    assert f"/admin/articles/revision/{draft.pk}/" in shown


def test_long_lists_link_to_the_rest(editor):
    for number in range(SHOWN + 1):
        make_draft(f"draft-{number}", by=editor, title=f"Draft {number}")

    response = logged_in(editor).get(QUEUE)

    assert len(response.context["work"].drafts) == SHOWN
    assert "Showing the newest. See the" in response.text


def test_an_empty_page_explains_how_to_start(editor):
    shown = logged_in(editor).get(QUEUE).text

    assert '<a href="/admin/articles/article/">Edit an article</a> or' in shown
    assert '<a href="/admin/articles/article/add/">write a new one</a>' in shown


def test_user_input_is_escaped(editor, moderator, episode):
    texts = {"title": "<b>Sleep</b>", "edit_summary": "<script>1</script>"}
    make_submitted("sleep", by=editor, episode=episode, **texts)

    for user in (editor, moderator):
        shown = logged_in(user).get(QUEUE).text
        assert "&lt;b&gt;Sleep&lt;/b&gt;" in shown
        assert "&lt;script&gt;1&lt;/script&gt;" in shown
        assert "<script>1" not in shown
