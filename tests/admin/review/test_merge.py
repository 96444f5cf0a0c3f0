"""Updating an outdated revision in the admin: incoming changes are shown, conflicts are resolved."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.admin.review.merge.form import MergeForm
from articles.core.revisions.merge import Conflict, Written
from articles.models import Revision
from articles.workflow.content import SectionContent, content_of
from tests.support.clients import logged_in, messages_of
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.moderation import bodies
from tests.support.scenarios.reviewing import decide, page_of, sections_of
from tests.support.scenarios.transitions import record

pytestmark = pytest.mark.django_db


def merge_of(revision):
    return reverse("admin:articles_revision_merge", args=[revision.pk])


editor, moderator = shared(make_user), shared(make_moderator)


@shared
def article(editor, moderator):
    sections = (
        SectionContent("Ropes", "A rope holds 5 t [00:06:31]. It is wet.\n\nIt dries."),
        SectionContent("Knots", "Knots hold [00:08:44]."),
    )
    return make_published(
        "ropes", title="Ropes", by=editor, moderator=moderator, episode=make_episode(), sections=sections
    )


def publish_over(article, moderator, **changes):
    """Publishes another person's change."""
    faster = make_change(article, by=make_user("faster"), **changes)
    return workflow.publish(workflow.approve(faster, by=moderator), by=moderator)


@shared
def clean(article, editor, moderator):
    """An outdated submitted change without conflicts."""
    change = make_change(article, by=editor, sections=sections_of(article, Knots="Knots hold [00:09:44]."))
    publish_over(
        article, moderator, sections=sections_of(article, Ropes="A rope holds 6 t [00:06:31]. It is wet.\n\nIt dries.")
    )
    return Revision.objects.get(pk=change.pk)


@shared
def conflicting(article, editor, moderator):
    """An outdated submitted change with conflicts in the title and one sentence; a third change merges automatically."""
    change = make_change(
        article,
        by=editor,
        title="Ropes and lines",
        sections=sections_of(article, Ropes="A rope holds 8 t [00:06:31]. It is wet.\n\nIt dries."),
    )
    publish_over(
        article,
        moderator,
        title="Lines",
        sections=sections_of(
            article, Ropes="A rope holds 6 t [00:06:31]. It is wet.\n\nIt dries.", Knots="Knots slip [00:08:44]."
        ),
    )
    return Revision.objects.get(pk=change.pk)


def words_of(response, **choices):
    """The data that a browser would send from the page, with choices for the conflicts by place."""
    form = response.context["form"]
    words = {"onto": form["onto"].value(), "version": form["version"].value()}
    for conflict in form.conflicts:
        choice = choices.get(conflict.place)
        if choice in {"ours", "theirs"}:
            words[f"choice-{conflict.id}"] = choice
        elif choice is not None:
            words |= {f"choice-{conflict.id}": "own", f"own-{conflict.id}": choice}
    return words


# Without conflicts --------------------------------------------------------------------------------


def test_the_review_page_first_says_that_the_revision_is_outdated(clean, moderator):
    response = logged_in(moderator).get(page_of(clean))

    text = response.text
    assert text.index(">Outdated<") < text.index("1 change")
    assert "by faster was published after this revision was started. The changes don’t conflict." in text
    assert [(c.tags, c.where) for c in response.context["outdated"].shown.changes] == [
        ([("number or unit changed", True)], "Ropes")
    ]


def test_changes_without_conflicts_are_merged_with_one_button(clean, moderator, editor):
    client = logged_in(moderator)
    page = client.get(page_of(clean))

    response = client.post(
        merge_of(clean), {"onto": page.context["published"].pk, "version": page.context["revision"].version}
    )

    merged = Revision.objects.latest("pk")
    clean.refresh_from_db()
    assert (response.status_code, response.url) == (302, page_of(merged))
    assert messages_of(response) == ["Updated to the published text, revision 3. Revision 4 replaces revision 2."]
    assert (clean.status, merged.status, merged.author) == ("withdrawn", "submitted", editor)
    assert bodies(merged) == {
        "Ropes": "A rope holds 6 t [00:06:31]. It is wet.\n\nIt dries.",
        "Knots": "Knots hold [00:09:44].",
    }
    assert decide(client, merged, "approve_and_publish").status_code == 302


def test_showing_the_merge_changes_nothing(conflicting, moderator):
    before = list(Revision.objects.order_by("pk").values())

    logged_in(moderator).get(merge_of(conflicting))

    assert list(Revision.objects.order_by("pk").values()) == before


def test_an_up_to_date_text_has_nothing_to_merge(article, editor):
    draft = workflow.start_draft(
        article, content_of(article.published_revision), by=editor, base=article.published_revision
    )

    response = logged_in(editor).get(merge_of(draft))

    assert response.url == f"/admin/articles/article/{article.pk}/change/?revision={draft.pk}"
    assert messages_of(response) == ["This revision is already up to date with the published text."]


def test_text_published_in_the_meantime_is_not_merged_unseen(clean, article, moderator):
    client = logged_in(moderator)
    words = words_of(client.get(merge_of(clean)))
    article.refresh_from_db()
    newer = make_change(article, by=make_user("third"), title="Lines")
    workflow.publish(workflow.approve(newer, by=moderator), by=moderator)

    response = client.post(merge_of(clean), words)

    clean.refresh_from_db()
    assert (response.status_code, clean.status) == (409, "submitted")
    assert response.context["refusal"] == (
        "Revision 4 was published in the meantime. Nothing was merged; look at its changes first."
    )
    assert client.post(merge_of(clean), words_of(response)).status_code == 302


# Conflicts ----------------------------------------------------------------------------------------


def test_a_conflict_shows_both_sides_and_nothing_is_preselected(conflicting, moderator):
    client = logged_in(moderator)

    review, page = client.get(page_of(conflicting)), client.get(merge_of(conflicting))

    assert "2 conflicts have to be resolved." in review.text
    assert [(row.place, row.choice.value()) for row in page.context["rows"]] == [
        ("Title", None),
        ("Text of “Ropes”", None),
    ]
    assert [run.text for run in page.context["rows"][1].ours if run.op == "insert"] == ["8"]
    assert [run.text for run in page.context["rows"][1].theirs if run.op == "insert"] == ["6"]
    assert [change.where for change in page.context["outdated"].shown.changes] == ["Knots"]
    assert "Resolving conflicts makes you a contributor, so someone else has to approve the revision." in page.text
    assert 'type="radio"' in page.text
    assert " checked" not in page.text


def test_conflicts_are_resolved_by_a_side_or_new_text(conflicting, moderator):
    client = logged_in(moderator)
    words = words_of(client.get(merge_of(conflicting)), title="theirs", body="A rope holds 6 to 8 t [00:06:31].")

    response = client.post(merge_of(conflicting), words)

    merged = Revision.objects.latest("pk")
    assert response.url == page_of(merged)
    assert merged.title == "Lines"
    assert bodies(merged) == {
        "Ropes": "A rope holds 6 to 8 t [00:06:31]. It is wet.\n\nIt dries.",
        "Knots": "Knots slip [00:08:44].",
    }
    assert [writer.user_name for writer in merged.contributor_set.all()] == ["editor", "moderator"]
    assert decide(client, merged, "approve").status_code == 403


def test_unresolved_conflicts_keep_all_input(conflicting, moderator):
    client = logged_in(moderator)
    words = words_of(client.get(merge_of(conflicting)), body="A rope holds much <b>more</b>.")

    response = client.post(merge_of(conflicting), words)

    conflicting.refresh_from_db()
    title, body = response.context["rows"]
    assert (response.status_code, conflicting.status) == (400, "submitted")
    assert title.choice.errors == ["Choose a side, or write new text."]
    assert (body.choice.value(), body.own.value()) == ("own", "A rope holds much <b>more</b>.")
    assert "A rope holds much &lt;b&gt;more&lt;/b&gt;.</textarea>" in response.text
    assert response.text.count(" checked") == 1


def test_new_text_is_not_dropped_because_a_side_is_chosen(conflicting, moderator):
    client = logged_in(moderator)
    page = client.get(merge_of(conflicting))
    words = words_of(page, title="theirs", body="ours")
    own = {conflict.place: f"own-{conflict.id}" for conflict in page.context["form"].conflicts}
    shown = {name: page.context["form"][name].value() for name in own.values()}

    refused = client.post(merge_of(conflicting), words | shown | {own["title"]: "My title"})
    cleared = client.post(
        merge_of(conflicting), words | shown | {own["title"]: " ", own["body"]: shown[own["body"]] + "\r\n"}
    )

    assert refused.status_code == 400
    assert "You wrote new text, but chose a side. Choose “Write new text”, or clear its field." in refused.text
    assert 'value="My title"' in refused.text
    assert cleared.status_code == 302


def test_new_text_for_a_title_cannot_be_empty(conflicting, moderator):
    client = logged_in(moderator)

    response = client.post(merge_of(conflicting), words_of(client.get(merge_of(conflicting)), title=" ", body="ours"))

    assert response.context["rows"][0].own.errors == ["Write the new text."]


def test_new_text_keeps_the_surrounding_blank_lines():
    conflict = Conflict("x", "body", "k", "Ropes", "Old.\n\n", "Mine.\n\n", "Theirs.\n\n")
    form = MergeForm({"onto": 1, "version": 1, "choice-x": "own", "own-x": "Both.\r\nOf them.  "}, conflicts=[conflict])

    assert form.is_valid()
    assert form.choices == {"x": Written("Both.\nOf them.\n\n")}


@pytest.mark.parametrize("place", ["section", "section order", "source", "source order", "level", "notice"])
def test_places_without_text_only_offer_the_sides(place):
    conflict = Conflict("x", place, "k", "Ropes", "a", None, "b")
    form = MergeForm({"onto": 1, "version": 1, "choice-x": "own", "own-x": "c"}, conflicts=[conflict])

    assert not form.is_valid()
    assert [row.own for row in form.rows()] == [None]


def test_a_section_removed_on_one_side_is_a_conflict(article, editor, moderator):
    published = article.published_revision
    change = make_change(article, by=editor, title="Wet ropes", sections=content_of(published).sections[:1])
    publish_over(article, moderator, sections=sections_of(article, Knots="Knots slip [00:08:44]."))
    client = logged_in(moderator)
    change = Revision.objects.get(pk=change.pk)

    page = client.get(merge_of(change))
    client.post(merge_of(change), words_of(page, section="theirs"))

    assert [row.place for row in page.context["rows"]] == ["Whole section “Knots”"]
    assert "Removed in this version." in page.text
    assert bodies(Revision.objects.latest("pk"))["Knots"] == "Knots slip [00:08:44]."


@pytest.mark.parametrize("is_approved", [False, True])
def test_a_result_without_a_change_is_not_submitted(article, editor, moderator, is_approved):
    change = make_change(
        article, by=editor, title="Lines", sections=sections_of(article, Knots="Knots jam [00:08:44].")
    )
    if is_approved:
        workflow.approve(change, by=moderator)
    publish_over(article, moderator, title="Lines", sections=sections_of(article, Knots="Knots slip [00:08:44]."))
    change = Revision.objects.get(pk=change.pk)
    client = logged_in(moderator)

    response = client.post(merge_of(change), words_of(client.get(merge_of(change)), body="theirs"))

    status = change.status
    change.refresh_from_db()
    assert (response.status_code, change.status, Revision.objects.count()) == (409, status, 3)
    assert response.context["refusal"] == (
        "The result would be the same as the published text, revision 3, so there would be nothing to review. Keep "
        "something of what revision 2 changes, or leave it as it is."
        + ("" if is_approved else " Whoever wrote it can withdraw it, and moderators can reject it.")
    )
    assert [row.choice.value() for row in response.context["rows"]] == ["theirs"]


# Drafts -------------------------------------------------------------------------------------------


@shared
def draft(article, editor, moderator):
    """An outdated draft with a conflict."""
    published = article.published_revision
    content = content_of(published)
    draft = workflow.start_draft(
        article,
        type(content)(**content.__dict__ | {"sections": sections_of(article, Knots="Knots jam [00:08:44].")}),
        by=editor,
        base=published,
    )
    publish_over(article, moderator, sections=sections_of(article, Knots="Knots slip [00:08:44]."))
    return Revision.objects.get(pk=draft.pk)


def test_a_draft_is_updated_from_the_editor_and_opened_there_again(draft, editor):
    client = logged_in(editor)
    screen = f"/admin/articles/article/{draft.article_id}/change/?revision={draft.pk}"

    linked = client.get(screen).text
    page = client.get(merge_of(draft))
    response = client.post(merge_of(draft), words_of(page, body="ours"))

    draft.refresh_from_db()
    assert f'<a href="{merge_of(draft)}">Update to the published text</a>' in linked
    assert "Mine" in page.text
    assert response.url == screen
    assert messages_of(response) == ["Updated to the published text, revision 3."]
    assert (draft.status, draft.is_outdated, bodies(draft)["Knots"]) == ("draft", False, "Knots jam [00:08:44].")
    assert "Update to the published text" not in client.get(screen).text


def test_a_draft_saved_in_the_meantime_is_not_overwritten(draft, editor):
    client = logged_in(editor)
    words = words_of(client.get(merge_of(draft)), body="ours")
    workflow.save_draft(draft, content_of(draft), by=make_user("other"), version=draft.version)

    response = client.post(merge_of(draft), words)

    assert response.status_code == 409
    assert response.context["refusal"].startswith("other saved this draft at ")
    [row] = response.context["rows"]
    assert row.choice.value() == "ours"
    assert client.post(merge_of(draft), words_of(response, body="ours")).status_code == 302


# Permissions and queries --------------------------------------------------------------------------


def test_the_page_needs_the_permission_to_edit(conflicting, client):
    assert client.get(merge_of(conflicting)).url == f"/admin/login/?next={merge_of(conflicting)}"
    assert logged_in(make_user("nobody", groups=())).get(merge_of(conflicting)).status_code == 403
    assert logged_in(make_user("other")).get("/admin/articles/revision/999/merge/").status_code == 404


def test_only_moderators_update_a_protected_article(clean, editor, moderator):
    workflow.protect(clean.article, by=moderator, reason="Too many hands.")
    client = logged_in(editor)

    response = client.post(merge_of(clean), words_of(client.get(merge_of(clean))))

    assert response.status_code == 403
    assert response.context["refusal"].startswith("This article is protected")


@pytest.mark.parametrize("count", [1, 3])
def test_merge_screen_queries(editor, moderator, django_assert_num_queries, count):
    sections = tuple(SectionContent(f"Part {n}", f"Said [00:0{n}:10].") for n in range(count))
    article = make_published(by=editor, moderator=moderator, episode=make_episode(), sections=sections)
    mine, theirs = (
        sections_of(article, **{f"Part_{n}": f"{who} said [00:0{n}:10]." for n in range(count)})
        for who in ("I", "They")
    )
    change = make_change(article, by=editor, sections=mine)
    publish_over(article, moderator, sections=theirs)
    client = logged_in(moderator)

    with django_assert_num_queries(11):
        response = client.get(merge_of(change))

    assert len(response.context["rows"]) == count


def test_a_text_is_updated_once_through_its_page():
    ada, ben, mia = make_user("ada"), make_user("ben"), make_user("mia", groups=("Moderators",))
    article = make_published(by=ada, moderator=mia)
    behind = make_change(article, by=ben, lead="Ben’s.")
    workflow.approve(newer := make_change(article, by=ada, title="Sleep well"), by=mia)
    workflow.publish(newer, by=mia)
    address = reverse("admin:articles_revision_merge", args=[behind.pk])
    values = {"onto": newer.pk, "version": behind.version}
    browser = logged_in(ben)

    looked_at = record()
    assert browser.get(address).status_code == 200
    assert record() == looked_at
    assert browser.post(address, values).status_code == 302
    done = record()
    browser.post(address, values)

    assert record() == done
    assert Revision.objects.get(base=behind).lead == "Ben’s."
