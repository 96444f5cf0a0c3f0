"""Versions of drafts: every save by hand is kept, autosaves are thinned out, and an erasure covers them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import DraftVersion, Episode, Revision
from articles.workflow.content import SectionContent, SourceContent, content_of
from articles.workflow.drafts import versions
from articles.workflow.history import verification
from tests.support.clients import logged_in
from tests.support.factories import (
    make_change,
    make_content,
    make_draft,
    make_episode,
    make_moderator,
    make_published,
    make_user,
)

pytestmark = pytest.mark.django_db

PRIVATE = "On that night nobody but her brother was at home."


def save(draft, lead, *, by=None, **kwargs):
    content = replace(content_of(draft), lead=lead)
    return workflow.save_draft(draft, content, by=by or draft.author, version=draft.version, **kwargs)


def leads(draft):
    """Return (number, lead, whether it was saved automatically) of each version, oldest first."""
    rows = draft.draftversion_set.order_by("number")
    return [(version.number, version.content["lead"], version.is_autosave) for version in rows]


@pytest.fixture
def clock(monkeypatch):
    """A function that moves the time forward by minutes."""
    now = [timezone.now().replace(minute=1, second=0)]
    monkeypatch.setattr(timezone, "now", lambda: now[0])

    def forward(minutes):
        now[0] += timedelta(minutes=minutes)

    return forward


def test_every_save_by_hand_is_kept():
    draft = make_draft(lead="One.")
    for lead in ("Two.", "Three.", "Two."):
        draft = save(draft, lead)

    assert leads(draft) == [(1, "One.", False), (2, "Two.", False), (3, "Three.", False), (4, "Two.", False)]


def test_saving_the_same_again_adds_nothing():
    draft = make_draft(lead="One.")
    for _ in range(3):
        draft = save(draft, "One.")

    assert (draft.version, leads(draft)) == (4, [(1, "One.", False)])


def test_the_last_autosave_of_ten_minutes_is_kept(clock):
    draft = make_draft(lead="One.")
    for minutes, lead in ((1, "Two."), (1, "Three."), (9, "Four."), (1, "Five."), (20, "Six.")):
        clock(minutes)
        draft = save(draft, lead, is_autosave=True)

    assert leads(draft) == [(1, "One.", False), (3, "Three.", True), (5, "Five.", True), (6, "Six.", True)]


def test_an_autosave_does_not_replace_a_save_by_hand(clock):
    draft = make_draft(lead="One.")
    draft = save(draft, "Two.", is_autosave=True)
    draft = save(draft, "Two.")
    draft = save(draft, "Three.", is_autosave=True)

    assert leads(draft) == [(1, "One.", False), (2, "Two.", False), (4, "Three.", True)]


def test_storage_is_bounded(clock, monkeypatch):
    monkeypatch.setattr(versions, "MANUAL_MAX", 3)
    monkeypatch.setattr(versions, "AUTOSAVES_MAX", 2)
    draft = make_draft(lead="One.")
    for number in range(8):
        clock(11)
        draft = save(draft, f"Lead {number}.", is_autosave=number % 2 == 0)

    assert leads(draft) == [
        (5, "Lead 3.", False),
        (6, "Lead 4.", True),
        (7, "Lead 5.", False),
        (8, "Lead 6.", True),
        (9, "Lead 7.", False),
    ]


def test_submitting_deletes_the_autosaves_only():
    draft = make_draft(lead="One.")
    draft = save(draft, "Two.", is_autosave=True)

    workflow.submit(draft, by=draft.author)

    assert leads(draft) == [(1, "One.", False)]


def test_a_text_saved_before_there_were_versions_is_kept_by_the_next_save():
    draft = make_draft(lead="One.")
    draft.draftversion_set.all().delete()

    draft = save(draft, "Two.")

    assert leads(draft) == [(1, "One.", False), (2, "Two.", False)]


def test_an_imported_text_is_kept_when_someone_edits_it():
    by = make_user()
    draft = workflow.create_article(make_content(lead="As received."), by=by, received_digest="a" * 64)
    assert leads(draft) == []

    draft = save(draft, "Edited.")

    assert leads(draft) == [(1, "As received.", False), (2, "Edited.", False)]


def test_a_version_gives_back_the_whole_content():
    episode, other = make_episode(), make_episode("on-naps")
    draft = make_draft(
        lead="One [00:06:31].",
        language="pt",
        notice="health",
        sources=(SourceContent(episode, "e1"), SourceContent(other, "e2")),
        sections=(SectionContent("Waste", "It goes."), SectionContent("Deeper", "Down [e2 00:01:00].", 2)),
    )
    stored = content_of(draft)

    content, lacking = versions.content_of_version(draft.draftversion_set.get())

    assert (content, lacking) == (stored, [])


def test_a_source_whose_episode_is_gone_is_named():
    draft = make_draft(episode=make_episode())
    draft = workflow.save_draft(draft, replace(content_of(draft), sources=()), by=draft.author, version=1)
    Episode.objects.all().delete()

    content, lacking = versions.content_of_version(draft.draftversion_set.get(number=1))

    assert (content.sources, lacking) == ((), ["e1"])


# Erasure ------------------------------------------------------------------------------------------


def test_an_erasure_covers_the_versions(people):
    article = make_published("sleep", **people)
    change = make_change(article, by=people["by"], lead=PRIVATE)
    workflow.reject(change, by=people["moderator"], comment="No.")
    other = workflow.start_draft(
        article, replace(content_of(change), title="Naps"), by=make_user("second"), base=article.published_revision
    )
    other = save(other, "Something else entirely.")

    workflow.erase(change, by=make_user("root", is_superuser=True), reason="A court.")

    assert not DraftVersion.objects.filter(revision=change).exists()
    assert leads(other) == [(2, "Something else entirely.", False)]


def test_versions_of_a_draft_can_be_deleted_by_its_author_and_by_people_who_can_erase(people):
    draft = make_draft(by=people["by"], lead=PRIVATE)
    draft = save(draft, "Nothing.")

    with pytest.raises(workflow.NotAllowed):
        workflow.discard_versions(draft, by=make_user("second"))
    assert workflow.discard_versions(draft, by=people["by"]) == 1

    assert leads(draft) == [(2, "Nothing.", False)]
    assert draft.logentry_set.last().action == "versions_discarded"
    assert workflow.discard_versions(draft, by=make_user("root", is_superuser=True)) == 0


def test_a_suppressed_name_is_removed_from_versions(people):
    draft = make_draft(by=people["by"])

    workflow.suppress_name(people["by"].username, by=make_user("root", is_superuser=True))

    assert draft.draftversion_set.get().saved_by_name == "name withheld"


# The screen ---------------------------------------------------------------------------------------


def page(draft, act="versions"):
    return reverse(f"admin:articles_revision_{act}", args=[draft.pk])


@pytest.fixture
def draft(people):
    return save(make_draft(by=people["by"], lead="It takes five hours."), "It takes six hours.")


def test_author_and_moderators_see_the_versions_and_others_do_not(draft, people, client):
    for user in people.values():
        assert logged_in(user).get(page(draft)).status_code == 200
    other = logged_in(make_user("second"))
    for response in (
        other.get(page(draft)),
        other.post(page(draft, "restore_version"), {"number": 1}),
        other.post(page(draft, "discard_versions")),
    ):
        assert response.status_code == 403
    assert client.get(page(draft)).status_code == 302
    assert draft.draftversion_set.count() == 2


def test_the_list_takes_a_constant_number_of_queries(people, django_assert_num_queries):
    draft = make_draft(by=people["by"])
    client = logged_in(people["by"])
    client.get(page(draft))
    with django_assert_num_queries(7):
        client.get(page(draft))
    for number in range(5):
        draft = save(draft, f"Lead {number}.")
    with django_assert_num_queries(7):
        assert client.get(page(draft)).text.count('id="version-') == 6


def test_the_list_leads_to_the_comparison_of_two_versions(draft, people):
    text = logged_in(people["by"]).get(page(draft)).text

    assert f'id="compare" action="/admin/articles/article/{draft.article_id}/compare/"' in text
    assert text.count('name="old" value="1.') == text.count('name="new" value="1.') == 2


@pytest.mark.parametrize("number", ["", "3", "x", "9" * 30, "\0"])
def test_an_unknown_version_is_not_found(draft, people, number):
    assert logged_in(people["by"]).post(page(draft, "restore_version"), {"number": number}).status_code == 404


def test_restoring_saves_the_version_again_and_keeps_what_it_replaces(draft, people):
    response = logged_in(people["by"]).post(page(draft, "restore_version"), {"number": 1, "loaded": 2})

    assert response.headers["Location"].endswith(f"/change/?revision={draft.pk}")
    draft = Revision.objects.get(pk=draft.pk)
    assert draft.lead == "It takes five hours."
    assert [number for number, *_ in leads(draft)] == [1, 2, 3]


def test_restoring_over_a_newer_save_is_refused(draft, people):
    save(draft, "It takes seven hours.")

    response = logged_in(people["by"]).post(page(draft, "restore_version"), {"number": 1, "loaded": 2})

    assert response.status_code == 409
    assert Revision.objects.get(pk=draft.pk).lead == "It takes seven hours."


def test_a_version_of_a_submitted_text_is_restored_as_a_draft(draft, people):
    workflow.submit(draft, by=people["by"])

    logged_in(people["by"]).post(page(draft, "restore_version"), {"number": 1})

    restored = Revision.objects.open().get()
    assert (restored.base_id, restored.lead) == (draft.pk, "It takes five hours.")


def test_who_saved_a_version_that_was_never_submitted_cannot_approve_it(draft, people):
    helper, other = make_moderator("helper"), make_moderator("other")
    draft = save(draft, "It takes nine hours.", by=helper)
    draft = save(draft, "It takes six hours.")
    workflow.submit(draft, by=people["by"])
    workflow.publish(workflow.approve(draft, by=other), by=other)
    version = draft.draftversion_set.get(number=3)

    restored, _ = workflow.restore_version(version, by=people["by"], loaded=None)
    summary = replace(content_of(restored), edit_summary="Nine hours again.")
    restored = workflow.save_draft(restored, summary, by=people["by"], version=restored.version)
    workflow.submit(restored, by=people["by"])

    assert restored.lead == "It takes nine hours."
    with pytest.raises(workflow.NotAllowed):
        workflow.approve(restored, by=helper)
    workflow.approve(restored, by=other)
    assert list(verification.verify()) == []


def test_the_editor_links_to_the_versions(draft, people):
    client = logged_in(people["by"])

    assert page(draft) in client.get(reverse("admin:articles_article_change", args=[draft.article_id])).text
    assert page(draft) not in logged_in(make_user("second")).get(
        reverse("admin:articles_article_change", args=[draft.article_id])
    ).text  # fmt: skip


def test_autosaves_are_marked_and_can_be_deleted(draft, people):
    save(draft, "It takes eight hours.", is_autosave=True)
    client = logged_in(people["by"])

    assert "saved automatically" in client.get(page(draft)).text
    assert client.post(page(draft, "discard_versions")).status_code == 302
    assert [number for number, *_ in leads(draft)] == [3]


def test_an_import_over_an_edited_draft_is_kept_when_someone_edits_it_again():
    draft = make_draft(lead="Edited.")
    draft = save(draft, "Received again.", received_digest="b" * 64)
    draft = save(draft, "Edited again.")

    assert [lead for _, lead, _ in leads(draft)] == ["Edited.", "Received again.", "Edited again."]
