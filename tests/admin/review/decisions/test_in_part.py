"""Accepting only a part of a revision's changes, and what happens to the rest."""

import pytest

from articles import workflow
from articles.models import Notice, Revision
from articles.workflow.collaboration import comments
from articles.workflow.content import SourceContent, content_of
from tests.support.clients import logged_in, messages_of
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_draft, make_episode, make_user
from tests.support.scenarios.reviewing import decide, ids_of, page_of, refusals, sections_of

pytestmark = pytest.mark.django_db


@shared
def new_article(editor):
    return workflow.submit(make_draft(by=editor, episode=make_episode()), by=editor)


def bodies(revision):
    return [section.body for section in revision.section_set.all()]


# In part ------------------------------------------------------------------------------------------


def test_all_changes_are_selected_by_default(change, reviewer):
    response = reviewer.get(page_of(change))

    assert [entry.is_ticked for entry in response.context["shown"].changes] == [True, True, True]
    assert response.text.count('name="accept"') == 3
    assert ">Approve and publish</button>" in response.text


def test_selecting_everything_publishes_the_revision_itself(change, reviewer):
    decide(reviewer, change, "approve_and_publish", parts="1", accept=ids_of(change))

    change.refresh_from_db()
    assert change.article.published_revision == change
    assert Revision.objects.count() == 2


def test_a_selection_is_published_and_the_rest_returned(change, reviewer, editor):
    number, retimed = ids_of(change, "number or unit changed"), ids_of(change, "citation re-timed")

    response = decide(
        reviewer,
        change,
        "approve_and_publish",
        parts="1",
        accept=number + retimed,
        comment="Which sails?",
        note="correction",
    )

    part, rest = Revision.objects.filter(number__gt=2).order_by("number")
    change.refresh_from_db()
    assert (response.status_code, response.url) == (302, "/admin/")
    assert bodies(part) == ["A rope holds 8 t [00:06:31].", "Knots hold [00:09:44].", "Sails pull."]
    assert change.article.published_revision == part
    assert (change.status, part.status, part.public_note) == ("changes_requested", "approved", "Correction")
    assert (rest.status, rest.author, bodies(rest)[2]) == ("draft", editor, "Big sails pull.")
    assert messages_of(response) == [
        (
            f'Published in part: “Ropes”. <a href="{page_of(part)}">Revision 3</a> has the changes that you accepted '
            'from revision 2. <a href="/articles/ropes/">View page</a>. The rest was returned to editor with your '
            f'comment, as draft <a href="/admin/articles/article/{change.article_id}/change/?revision={rest.pk}">revision 4</a>.'
        )
    ]


def test_the_rest_stays_in_the_revision_if_the_author_has_another_draft(change, reviewer, article, editor):
    published = article.published_revision
    workflow.start_draft(article, content_of(published), by=editor, base=published)

    response = decide(
        reviewer,
        change,
        "approve_and_publish",
        parts="1",
        accept=ids_of(change, "wording"),
        comment="The number is not said.",
    )

    assert Revision.objects.filter(status="draft").count() == 1
    assert messages_of(response)[0].endswith(
        f'The rest stays in <a href="{page_of(change)}">revision 2</a>, returned to editor with your comment.'
    )


def test_a_selection_without_a_comment_is_refused_and_kept(change, reviewer):
    accepted = ids_of(change, "wording")

    response = decide(reviewer, change, "approve_and_publish", parts="1", accept=accepted, comment=" ")

    change.refresh_from_db()
    assert (response.status_code, change.status) == (409, "submitted")
    assert refusals(response) == ["Tell the author what to change in the rest."]
    assert [entry.id for entry in response.context["shown"].changes if entry.is_ticked] == accepted
    assert ">Publish 1 of 3</button>" in response.text
    assert "kept below" not in response.text


@pytest.mark.parametrize("place", ["change", "section", "whole"])
def test_an_open_thread_on_what_is_left_out_is_the_reason(change, reviewer, editor, moderator, place):
    accepted = ids_of(change, "wording")
    [number, *_] = ids_of(change, "number or unit changed")
    section = change.section_set.get(heading="Ropes").key
    about = {"change": {"change": number, "section_key": section}, "section": {"section_key": section}, "whole": {}}
    comments.add(change, by=moderator, text="Nobody says 8 t.", **about[place])

    decide(reviewer, change, "approve_and_publish", parts="1", accept=accepted, comment="")

    change.refresh_from_db()
    assert change.status == "changes_requested"
    assert change.review_set.get().comment == "Nobody says 8 t."
    notice = Notice.objects.get(user=editor, kind="decided", revision=change)
    assert notice.text.endswith(": Nobody says 8 t.")


@pytest.mark.parametrize("why", ["resolved", "accepted", "by the author"])
def test_other_threads_are_no_reason(change, reviewer, editor, moderator, why):
    accepted = ids_of(change, "wording")
    by = editor if why == "by the author" else moderator
    about = accepted[0] if why == "accepted" else ids_of(change, "number or unit changed")[0]
    thread = comments.add(change, by=by, text="Really?", change=about)
    if why == "resolved":
        comments.resolve(thread, by=moderator)

    response = decide(reviewer, change, "approve_and_publish", parts="1", accept=accepted, comment="")

    assert refusals(response) == ["Tell the author what to change in the rest."]


@pytest.mark.parametrize(
    ("act", "accept", "message"),
    [
        ("approve_and_publish", [], "No change is selected. Select the changes to publish, or request changes."),
        ("approve_and_publish", ["nonsense"], "No such change: nonsense. The text has changed since it was compared:"),
        (
            "approve",
            ["first"],
            "A selection can only be published now. Select all changes, or publish the selected ones.",
        ),
        (
            "approve_for_later",
            ["first"],
            "A selection can only be published now. Select all changes, or publish the selected ones.",
        ),
    ],
)
def test_an_impossible_selection_is_refused_with_a_message(change, reviewer, act, accept, message):
    accept = [ids_of(change)[0] if name == "first" else name for name in accept]

    response = decide(reviewer, change, act, parts="1", accept=accept, comment="Why.")

    change.refresh_from_db()
    assert (response.status_code, change.status) == (409, "submitted")
    assert refusals(response)[0].startswith(message)
    assert Revision.objects.count() == 2


def test_a_change_that_cites_a_new_source_needs_the_source(article, editor, reviewer):
    sources = (
        SourceContent(article.published_revision.source_set.get().episode),
        SourceContent(make_episode("two"), "e2"),
    )
    change = make_change(
        article, by=editor, sources=sources, sections=sections_of(article, Sails="Sails pull [e2 00:01:00].")
    )
    source, cited = ids_of(change, "title, slug, notice or source changed"), ids_of(change, "citation added")

    page = reviewer.get(page_of(change))
    response = decide(reviewer, change, "approve_and_publish", parts="1", accept=cited, comment="Why.")

    assert page.context["shown"].changes[0].needs == {source[0]: "e2"}
    assert f'Cites the new source <a href="#change-{source[0]}">e2</a>. Both are accepted together.' in page.text
    assert response.status_code == 409
    assert refusals(response) == [
        "The accepted changes cite the new source e2. Accept the source too, or leave out the changes that cite it."
    ]
    decide(reviewer, change, "approve_and_publish", parts="1", accept=source, comment="Not said there.")
    assert sorted(bodies(Revision.objects.get(number=3))) == sorted(bodies(article.published_revision))


def test_a_new_article_cannot_be_accepted_in_part(new_article, reviewer):
    text = reviewer.get(page_of(new_article)).text

    assert 'name="accept"' not in text
    assert 'name="parts"' not in text


def test_there_are_no_checkboxes_without_the_permission_to_approve(change, article, editor, moderator, reviewer):
    own = make_change(article, by=moderator, title="Ropes and lines")

    assert 'name="accept"' not in reviewer.get(page_of(own)).text
    assert 'name="accept"' not in logged_in(editor).get(page_of(change)).text


def test_there_are_no_checkboxes_in_another_comparison(change, article, moderator, reviewer):
    other = make_change(article, by=make_user("other"), title="Lines")

    response = reviewer.get(page_of(change), {"against": other.number})

    assert response.context["ticks"] is False
    assert 'name="accept"' not in response.text
