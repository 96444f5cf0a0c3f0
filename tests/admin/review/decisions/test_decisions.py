"""Accepting in part, scheduling, publishing without a second review, and confirming afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import LogEntry, Notice, Revision
from articles.workflow.collaboration import comments
from articles.workflow.content import SectionContent, SourceContent, content_of
from articles.workflow.recordings import review_digest
from tests.support.clients import logged_in, messages_of
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.reviewing import acts_of, decide, ids_of, page_of, sections_of

pytestmark = pytest.mark.django_db

NOT_LOOKED_AT = (
    "The text or a recording that it cites has changed since you opened it, so nothing was approved. Reload the page and "
    "review it."
)


editor, moderator = shared(make_user), shared(make_moderator)


@pytest.fixture
def reviewer(moderator):
    return logged_in(moderator)


@shared
def article(editor, moderator):
    sections = (
        SectionContent("Ropes", "A rope holds 5 t [00:06:31]."),
        SectionContent("Knots", "Knots hold [00:08:44]."),
        SectionContent("Sails", "Sails pull."),
    )
    return make_published(
        "ropes", title="Ropes", by=editor, moderator=moderator, episode=make_episode(), sections=sections
    )


@shared
def change(article, editor):
    """Three changes: a number, a timestamp, a word."""
    return make_change(
        article,
        by=editor,
        sections=sections_of(
            article,
            Ropes="A rope holds 8 t [00:06:31].",
            Knots="Knots hold [00:09:44].",
            Sails="Big sails pull.",
        ),
    )


@shared
def new_article(editor):
    return workflow.submit(make_draft(by=editor, episode=make_episode()), by=editor)


def bodies(revision):
    return [section.body for section in revision.section_set.all()]


def refusals(response):
    return response.context["form"].non_field_errors()


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


# The text that the page showed --------------------------------------------------------------------


@pytest.mark.parametrize("digest", ["", "0" * 64])
@pytest.mark.parametrize("words", [{}, {"parts": "1", "accept": "some", "comment": "Why."}])
def test_only_the_text_that_the_page_showed_can_be_approved(change, reviewer, digest, words):
    words = words | ({"accept": ids_of(change)[:1]} if "accept" in words else {})

    response = decide(reviewer, change, "approve_and_publish", digest=digest, **words)

    change.refresh_from_db()
    assert (response.status_code, change.status) == (409, "submitted")
    assert refusals(response) == [NOT_LOOKED_AT]
    assert ("Your comment is kept below." in response.text) is ("comment" in words)


def test_the_page_carries_the_digest(change, reviewer):
    assert f'name="digest" value="{review_digest(change)}"' in reviewer.get(page_of(change)).text


# The public note ----------------------------------------------------------------------------------


def test_the_public_note_is_suggested_from_the_changes(change, article, editor, reviewer):
    form = reviewer.get(page_of(change)).context["form"]

    assert form["note"].value() == "correction"
    assert [label for _, label in form.fields["note"].choices] == [
        "None",
        "Correction",
        "Clarification",
        "Timestamps changed",
        "Minor",
        "Custom:",
    ]


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ({"note": "re-timed citations"}, "Timestamps changed"),
        ({"note": "own", "public_note": "Eight, not five."}, "Eight, not five."),
        ({"note": "minor", "public_note": "Eight, not five."}, "Eight, not five."),
        ({"note": ""}, ""),
    ],
)
def test_the_public_note_is_chosen_or_written(change, reviewer, words, note):
    decide(reviewer, change, "approve_and_publish", **words)

    change.refresh_from_db()
    assert (change.article.published_revision, change.public_note) == (change, note)


def test_a_note_that_is_given_with_the_approval_is_published_later(change, reviewer):
    decide(reviewer, change, "approve", note="own", public_note="Eight, not five.")
    change.refresh_from_db()
    assert change.public_note == "Eight, not five."

    decide(reviewer, change, "publish", note="own", public_note=change.public_note)

    change.refresh_from_db()
    assert (change.article.published_revision, change.public_note) == (change, "Eight, not five.")


@pytest.mark.parametrize("act", ["publish", "schedule"])
def test_whoever_wrote_a_text_does_not_write_its_public_note(article, moderator, act):
    writer = make_moderator("writer")
    change = make_change(article, by=writer, lead="Another lead.")
    workflow.approve(change, by=moderator, public_note="Eight, not five.")
    client, when = logged_in(writer), {"publish_at": "2045-03-01T09:00"} if act == "schedule" else {}
    assert 'name="public_note"' not in client.get(page_of(change)).text

    refused = decide(client, change, act, note="own", public_note="Take more of it.", **when)
    forged_none = decide(client, change, act, note="", **when)

    assert [response.status_code for response in (refused, forged_none)] == [403, 403]
    assert refusals(refused) == ["You contributed to this revision, so someone else has to approve it."]
    assert decide(client, change, act, **when).status_code == 302
    change.refresh_from_db()
    assert change.public_note == "Eight, not five."
    assert (change.article.published_revision == change) is (act == "publish")


@pytest.mark.parametrize("act", ["approve_and_publish", "approve_for_later"])
def test_a_custom_note_without_words_is_refused(change, reviewer, act):
    response = decide(reviewer, change, act, note="own", public_note=" ", publish_at="2045-03-01T09:00")

    change.refresh_from_db()
    assert (response.status_code, change.status) == (400, "submitted")
    assert response.context["form"].errors == {"public_note": ["Write the custom note, or choose another one."]}
    assert "Write the custom note, or choose another one." in response.text


def test_a_custom_note_without_words_matters_only_where_the_note_is_stored(change, reviewer):
    decide(reviewer, change, "request_changes", note="own", comment="Who said eight?")

    change.refresh_from_db()
    assert change.status == "changes_requested"


# Scheduling ---------------------------------------------------------------------------------------


def test_approving_and_scheduling(change, reviewer, settings):
    settings.TIME_ZONE = "Europe/Zurich"
    with timezone.override("Europe/Zurich"):
        response = decide(
            reviewer,
            change,
            "approve_for_later",
            publish_at="2045-03-01T09:00",
            take_down_at="2045-04-01T09:00",
            note="correction",
        )

    change.refresh_from_db()
    assert change.publish_at == datetime(2045, 3, 1, 8, tzinfo=UTC)
    assert (change.status, change.public_note) == ("approved", "Correction")
    assert change.article.published_revision.number == 1
    assert messages_of(response) == [
        (
            "Approved and scheduled: “Ropes”, revision 2. It will be published at 09:00 on 1 Mar 2045 "
            "and unpublished at 09:00 on 1 Apr 2045."
        )
    ]


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        ({}, 409, "Enter a time to publish at."),
        (
            {"publish_at": "2001-01-01T09:00"},
            409,
            "09:00 on 1 Jan 2001 has passed. Publish now, or choose a later time.",
        ),
        (
            {"publish_at": "2045-03-01T09:00", "take_down_at": "2045-02-01T09:00"},
            409,
            "The unpublish time must be after the publish time.",
        ),
    ],
)
def test_an_impossible_time_is_refused_and_nothing_is_approved(change, reviewer, words, status, message):
    response = decide(reviewer, change, "approve_for_later", **words)

    change.refresh_from_db()
    assert (response.status_code, change.status, change.publish_at) == (status, "submitted", None)
    assert refusals(response) == [message]
    assert response.context["wants_time"] is True


def test_an_invalid_time_is_refused_at_its_field(change, reviewer):
    response = decide(reviewer, change, "approve_for_later", publish_at="tomorrow")

    assert response.status_code == 400
    assert response.context["form"].errors == {"publish_at": ["Enter a date and time, such as 2030-01-31 09:00."]}
    assert 'value="tomorrow"' in response.text


def test_a_schedule_is_set_and_cancelled(change, moderator, reviewer):
    workflow.approve(change, by=moderator)

    available = reviewer.get(page_of(change)).context["available"]
    decide(reviewer, change, "schedule", publish_at="2045-03-01T09:00")
    scheduled = reviewer.get(page_of(change))
    decide(reviewer, change, "unschedule")

    change.refresh_from_db()
    assert ([act.name for act in available.buttons], available.scheduling.name) == (["publish"], "schedule")
    assert acts_of(scheduled) == ["publish", "unschedule"]
    assert "Publish at <time" in scheduled.text
    assert (change.status, change.publish_at) == ("approved", None)


def test_the_page_names_the_time_zone(change, reviewer, settings):
    with timezone.override("Europe/Zurich"):
        assert "Times are in Europe/Zurich" in reviewer.get(page_of(change)).text


# Without a second review --------------------------------------------------------------------------


@pytest.fixture
def own(article, root):
    return make_change(article, by=root, title="Ropes and lines")


def test_override_publishes_with_a_reason_and_needs_confirmation(own, root):
    client = logged_in(root)

    page = client.get(page_of(own))
    refused = decide(client, own, "override", reason=" ")
    decide(client, own, "override", reason="A wrong load was public.")

    own.refresh_from_db()
    assert page.context["available"].override.name == "override"
    assert refusals(refused) == ["Give a reason for publishing without a second review. Everyone can see it."]
    assert (own.article.published_revision, own.needs_second_review) == (own, True)
    assert (own.review_set.get().is_override, own.review_set.get().comment) == (True, "A wrong load was public.")


def test_override_needs_the_permission_and_authorship(own, change, root, moderator, reviewer):
    assert reviewer.get(page_of(own)).context["available"].override is None
    assert logged_in(root).get(page_of(change)).context["available"].override is None

    wrote = make_change(change.article, by=moderator, title="Lines")
    response = decide(reviewer, wrote, "override", reason="I want to.")

    assert reviewer.get(page_of(wrote)).context["available"].override is None
    assert response.status_code == 403
    assert Revision.objects.get(pk=wrote.pk).status == "submitted"


def test_publication_without_a_second_review_is_confirmed_by_someone_else(own, root, reviewer):
    workflow.publish(workflow.approve(own, by=root, override_reason="Wrong load."), by=root)

    of_author = logged_in(root).get(page_of(own))
    available = acts_of(reviewer.get(page_of(own)))
    decide(reviewer, own, "confirm", comment="Heard it.")

    own.refresh_from_db()
    assert acts_of(of_author) == ["unpublish"]
    assert "You contributed to it, so someone else has to review it." in of_author.context["available"].notes[0]
    assert available == ["confirm", "unpublish"]
    assert own.needs_second_review is False
    assert own.review_set.last().decision == "confirmed"


def test_the_page_says_that_four_eyes_review_is_off(own, root, settings):
    settings.FOUR_EYES = False

    response = logged_in(root).get(page_of(own))

    assert acts_of(response) == ["approve_and_publish", "approve", "request_changes", "reject", "withdraw"]
    assert response.context["available"].notes == [
        "Four-eyes review is off on this site (FOUR_EYES), so you can approve your own text."
    ]
    assert decide(logged_in(root), own, "approve_and_publish").status_code == 302


@pytest.mark.parametrize("act", ["approve_for_later", "schedule", "unschedule", "override", "confirm"])
def test_editors_cannot_use_these_actions(change, act):
    before = Revision.objects.values().get(pk=change.pk), LogEntry.objects.count()

    response = decide(
        logged_in(make_user("other")), change, act, publish_at="2045-03-01T09:00", reason="I say so.", comment="Why."
    )

    assert response.status_code == 403
    assert (Revision.objects.values().get(pk=change.pk), LogEntry.objects.count()) == before


def test_the_scheduled_time_passes_while_the_page_is_open(change, moderator, reviewer):
    workflow.approve(change, by=moderator)
    workflow.schedule(change, by=moderator, publish_at=timezone.now() + timedelta(hours=1))
    workflow.publish_due(timezone.now() + timedelta(hours=2))

    response = decide(reviewer, change, "unschedule")

    assert (response.status_code, refusals(response)) == (409, ["This revision is no longer scheduled."])


# What is typed for another button -----------------------------------------------------------------

LATER = "2100-01-31T09:00"


@pytest.mark.parametrize(
    ("act", "typed", "is_refused"),
    [
        ("approve_and_publish", {"publish_at": LATER}, True),
        ("approve", {"take_down_at": LATER}, True),
        ("approve_for_later", {"publish_at": LATER, "comment": "Good."}, False),
        ("request_changes", {"publish_at": LATER, "comment": "Listen again."}, False),
        ("approve_and_publish", {"comment": "Good.", "reason": " "}, False),
    ],
)
def test_what_a_decision_would_drop_is_refused(change, reviewer, act, typed, is_refused):
    response = decide(reviewer, change, act, **typed)

    change.refresh_from_db()
    assert (response.status_code == 400, change.status == "submitted") == (is_refused, is_refused)
    if is_refused:
        assert "doesn’t use what you entered under" in response.text
        assert next(iter(typed.values())) in response.text


def test_a_reason_that_is_not_sent_is_refused_too(article, reviewer, moderator):
    administrator = make_user("ada", groups=["Administrators"])
    change = make_change(article, by=administrator, title="Lines")

    response = decide(logged_in(administrator), change, "withdraw", reason="It can’t wait.")

    assert (
        "“Withdraw” doesn’t use what you entered under “Reason for publishing without a second review”."
        in response.text
    )
    assert (response.status_code, Revision.objects.get(pk=change.pk).status) == (400, "submitted")


def test_a_planned_time_is_no_obstacle_to_publishing_at_once(change, moderator, reviewer):
    change = workflow.approve(change, by=moderator)
    workflow.schedule(change, by=moderator, publish_at=datetime(2100, 1, 31, 9, 0, 30, tzinfo=UTC))
    shown = reviewer.get(page_of(change)).context["form"]["publish_at"].value()

    assert decide(reviewer, change, "publish", publish_at="2100-02-01T09:00").status_code == 400
    assert decide(reviewer, change, "publish", publish_at=f"{shown:%Y-%m-%dT%H:%M}").status_code == 302


@pytest.mark.parametrize(
    ("back", "address"),
    [
        ("", "/admin/"),
        ("{page}", "/admin/"),
        ("{page}?queue=sort%3Dtitle%26q%3Dal%2520dente%26page%3D2&against=1", "/admin/?sort=title&q=al%20dente&page=2"),
        ("{page}?queue=%23x%0D%0A%C3%BC", "/admin/?%23x%0D%0A%C3%BC"),
        ("//elsewhere.example/?queue=sort%3Dtitle", "/admin/"),
    ],
)
def test_a_decision_leads_to_the_queue_as_it_was_filtered(change, reviewer, back, address):
    response = decide(reviewer, change, "request_changes", comment="Why?", back=back.format(page=page_of(change)))

    assert (response.status_code, response.url) == (302, address)
