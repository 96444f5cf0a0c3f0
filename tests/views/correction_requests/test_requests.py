"""Moderators answer correction requests, or start a draft from them."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import translation

from articles import workflow
from articles.admin.correction_requests.forms import AnswerForm
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Article, CorrectionRequest, FollowUp, Revision
from articles.workflow.collaboration import correction_requests
from articles.workflow.content import SectionContent, content_of
from tests.support.clients import logged_in
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user
from tests.views.correction_requests.receiving import SECTIONS, TEXT, page_of, received

pytestmark = pytest.mark.django_db


def corrected(article, people):
    change = make_change(article, by=people["by"], sections=content_of(article.published_revision).sections[:1])
    workflow.approve(change, by=people["moderator"])
    return workflow.publish(change, by=people["moderator"])


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_constant_number_of_queries(client, article, people, count, django_assert_num_queries):
    for number in range(count):
        received(article, sender=str(number))
    client.force_login(people["moderator"])

    with django_assert_num_queries(8):
        response = client.get(reverse("admin:articles_correctionrequest_changelist"))

    assert response.context["cl"].result_count == count


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    text = " ".join(f"Claim number {number} stands [00:0{number}:00]." for number in range(1, count + 1))
    article = make_published(episode=make_episode(), sections=(SectionContent("Waste", text),), **people)
    first, *others = (received(article, sender=str(number), text=f"{TEXT} {number}") for number in range(count))
    client.force_login(people["moderator"])

    with django_assert_num_queries(12 if count == 1 else 13):
        response = client.get(page_of(first))

    assert list(response.context["alike"]) == others


def test_who_may_not_read_drafts_sees_no_requests_about_what_is_no_longer_public(article, people):
    about = received(article)
    viewer = make_user("viewer", groups=())
    viewer.user_permissions.set(Permission.objects.filter(codename="view_correctionrequest"))
    client, listed = logged_in(viewer), reverse("admin:articles_correctionrequest_changelist")
    before = client.get(listed).context["cl"].result_count, client.get(page_of(about)).status_code

    workflow.unpublish(article, by=people["moderator"], reason="By law.")

    assert before == (1, 200)
    assert client.get(listed).context["cl"].result_count == 0
    assert client.get(page_of(about)).status_code == 404
    assert logged_in(people["moderator"]).get(page_of(about)).status_code == 200


def test_list_starts_with_open_requests(article, people):
    first, second = received(article, sender="1"), received(article, sender="2")
    correction_requests.answer(second, by=people["moderator"], outcome="spam")
    client, address = logged_in(people["moderator"]), reverse("admin:articles_correctionrequest_changelist")

    waiting, everything, about = (client.get(address, {**query}) for query in ({}, {"outcome": "all"}, {"article": 0}))

    assert list(waiting.context["cl"].result_list) == [first]
    assert list(everything.context["cl"].result_list) == [first, second]
    assert list(about.context["cl"].result_list) == []


def test_page_shows_the_claim_next_to_the_current_text(article, people):
    correction_request = received(article)
    corrected(article, people)

    text = " ".join(logged_in(people["moderator"]).get(page_of(correction_request)).text.split())

    assert (
        '<blockquote class="correction-request__claim" dir="auto">The brain clears waste at night.</blockquote>' in text
    )
    assert f'<p class="correction-request__text" dir="auto">{TEXT}</p>' in text
    assert f'<p class="comparison__text" dir="auto">{SECTIONS[0].body}</p>' in text
    assert '<time datetime="PT6M31S">06:31</time>' in text
    assert f'href="/admin/articles/article/{article.pk}/compare/?old=1&amp;new=2">Changes since</a>' in text


def test_page_shows_what_is_said_there_and_what_the_check_found(people):
    episode = make_episode("heard", title="Heard")
    words = b"00:06:31 The brain clears waste at night, they say.\n00:06:40 Well, let us talk about tea.\n00:50:00 Bye."
    import_transcript(episode, words, "words.txt")
    article = make_published("heard", episode=episode, sections=SECTIONS, **people)
    correction_request = received(article)
    viewer = make_user("viewer")
    viewer.groups.clear()
    viewer.user_permissions.add(Permission.objects.get(codename="view_correctionrequest"))

    shown, quoteless = (
        " ".join(logged_in(user).get(page_of(correction_request)).text.split())
        for user in (people["moderator"], viewer)
    )

    assert "<q>The brain clears waste at night, they say." in shown
    assert '<p class="status status--said-here">said here <span class="quiet">automatic</span></p>' in shown
    assert f'?source=e1%3A{episode.show.handle}%2Fheard&amp;at=391" target="_blank" rel="noopener">Transcript' in shown
    assert "It settles memory" not in shown.partition('id="moments"')[2]  # another claim
    assert "status--said-here" in quoteless
    assert "they say" not in quoteless


def test_requests_about_the_same_claim_are_one_line_of_the_queue(article, people):
    first, second = received(article, sender="1"), received(article, sender="2", text=f"{TEXT} Again.")
    other = received(article, sender="3", claim="It settles memory.")
    wholes = [received(article, sender=sender, claim="") for sender in "45"]

    response = logged_in(people["moderator"]).get("/admin/?tab=challenges")

    assert list(response.context["review_queue"]["page"]) == [first, other, *wholes]
    assert response.text.count("2 requests about this claim") == 1
    assert response.context["review_queue"]["numbers"]["challenges"] == 4
    correction_requests.answer(first, by=people["moderator"], outcome="spam")
    assert list(CorrectionRequest.objects.one_per_claim().order_by("pk")) == [second, other, *wholes]


def test_requests_about_the_same_claim_are_answered_together(article, people):
    first, second, third = (received(article, sender=str(number), text=f"{TEXT} {number}") for number in range(3))
    client = logged_in(people["moderator"])
    page = client.get(page_of(first)).text

    response = client.post(
        page_of(first, "answer"), {"outcome": "stands", "answer": "It is said.", "together": [second.pk]}, follow=True
    )

    assert f'<input type="checkbox" name="together" value="{second.pk}"' in page
    assert f'<p class="correction-request__text" dir="auto">{TEXT} 1</p>' in page
    assert "2 correction requests answered: no change needed." in response.text
    assert [(row.outcome, row.answer, row.answered_by_name) for row in CorrectionRequest.objects.order_by("pk")] == [
        ("stands", "It is said.", "moderator")
    ] * 2 + [("open", "", "")]
    third.refresh_from_db()
    with pytest.raises(workflow.InvalidTransition, match="already answered this"):
        correction_requests.answer(third, by=people["moderator"], outcome="spam", together=[second])
    assert CorrectionRequest.objects.open().get() == third


def test_only_requests_about_the_same_claim_can_be_answered_together(article, people):
    first, other = received(article), received(article, claim="It settles memory.", sender="b")
    whole, second_whole = (received(article, claim="", sender=sender) for sender in "cd")

    response = logged_in(people["moderator"]).post(
        page_of(first, "answer"), {"outcome": "spam", "together": [other.pk]}
    )

    assert (response.status_code, "One of these requests has been answered meanwhile." in response.text) == (400, True)
    for one, together in ((first, other), (whole, second_whole)):
        with pytest.raises(workflow.InvalidTransition, match="Only requests about the same claim"):
            correction_requests.answer(one, by=people["moderator"], outcome="spam", together=[together])
    assert CorrectionRequest.objects.open().count() == 4


def test_no_change_needed_requires_a_reason(article, people):
    correction_request = received(article)

    response = logged_in(people["moderator"]).post(
        page_of(correction_request, "answer"), {"outcome": "stands", "answer": "It is said at 06:31, word for word."}
    )

    correction_request.refresh_from_db()
    assert response.headers["Location"] == reverse("admin:articles_correctionrequest_changelist")
    assert (correction_request.outcome, correction_request.answered_by, correction_request.answered_by_name) == (
        "stands",
        people["moderator"],
        "moderator",
    )
    assert "It is said at 06:31, word for word." in logged_in(people["moderator"]).get(page_of(correction_request)).text


def test_a_correction_request_is_closed_with_the_correcting_revision(article, people):
    correction_request = received(article)
    revision = corrected(article, people)

    logged_in(people["moderator"]).post(
        page_of(correction_request, "answer"), {"outcome": "corrected", "corrected_in": revision.pk}
    )

    correction_request.refresh_from_db()
    assert (correction_request.outcome, correction_request.corrected_in) == ("corrected", revision)


def test_the_note_of_an_imported_revision_is_offered_in_the_site_s_language(article):
    revision = Revision(number=3, public_note="Imported text.")
    form = AnswerForm(revisions=article.revision_set.all(), alike=CorrectionRequest.objects.none())

    with translation.override("de"):
        assert form.fields["corrected_in"].label_from_instance(revision) == "Version 3: Importierter Text."


def test_an_incomplete_answer_is_refused_and_kept(article, people):
    correction_request, draft = received(article), make_change(article, by=people["by"])
    client = logged_in(people["moderator"])

    answers = [
        client.post(page_of(correction_request, "answer"), data)
        for data in (
            {"answer": "Well."},
            {"outcome": "stands", "answer": " "},
            {"outcome": "corrected", "answer": "Well."},
            {"outcome": "corrected", "corrected_in": draft.pk},
        )
    ]

    assert [answer.status_code for answer in answers] == [400, 409, 409, 400]
    assert "Choose an outcome." in answers[0].text
    assert ">\nWell.</textarea>" in answers[0].text
    assert "Say why no change is needed" in answers[1].text
    assert "Choose the revision of this article that contains the correction." in answers[2].text
    assert CorrectionRequest.objects.get().outcome == "open"


def test_the_workflow_requires_a_published_correction(article, people):
    correction_request, change = received(article), make_change(article, by=people["by"])
    moderator = people["moderator"]

    with pytest.raises(workflow.InvalidTransition, match="Publish the correction first"):
        correction_requests.answer(correction_request, by=moderator, outcome="corrected", corrected_in=change)
    with pytest.raises(workflow.InvalidTransition, match="Publish the correction first"):
        correction_requests.answer(
            correction_request, by=moderator, outcome="corrected", corrected_in=correction_request.revision
        )
    with pytest.raises(workflow.InvalidTransition, match="Choose an outcome"):
        correction_requests.answer(correction_request, by=moderator, outcome="open")


def test_the_answer_says_who_sees_the_reason(article, people):
    correction_request = received(article)
    client, address = logged_in(people["moderator"]), page_of(correction_request, "answer")
    page = client.get(page_of(correction_request)).text
    revision = corrected(article, people)
    told = {"outcome": "stands", "answer": "It is said.", "audience": "public"}

    everyone = client.post(address, told)
    empty = client.post(address, {"outcome": "corrected", "corrected_in": revision.pk, "audience": "public"})
    revision.contributor_set.update(user=people["moderator"])
    writer = client.post(
        address, {"outcome": "corrected", "corrected_in": revision.pk, "answer": "Right.", "audience": "public"}
    )
    reader = client.post(address, told | {"audience": "reader"})

    assert '<input type="radio" name="audience" value="reader" id="id_audience_1" checked>' in page
    assert (everyone.status_code, "only shows answers to corrected requests" in everyone.text) == (409, True)
    assert (empty.status_code, "Write what everyone is to read" in empty.text) == (409, True)
    refusal = (
        "You contributed to revision 2, so someone else has to write what everyone reads of it. Choose who else sees"
    )
    assert (writer.status_code, refusal in writer.text) == (403, True)
    assert reader.status_code == 302
    assert FollowUp.objects.get().audience == "reader"
    assert "Who sees the reason: Also the reader who asked." in " ".join(
        client.get(page_of(correction_request)).text.split()
    )


def test_a_correction_request_is_answered_once_and_the_refusal_names_who_did(article, people):
    correction_request = received(article)
    loaded = CorrectionRequest.objects.get()
    correction_requests.answer(correction_request, by=people["moderator"], outcome="spam")

    response = logged_in(make_moderator("other")).post(
        page_of(loaded, "answer"), {"outcome": "stands", "answer": "It is right."}
    )

    assert response.status_code == 409
    assert "moderator already answered this at" in response.text
    assert CorrectionRequest.objects.get().outcome == "spam"


def test_one_click_makes_a_draft_at_the_section(article, people):
    section = article.published_revision.section_set.last()
    correction_request = correction_requests.receive(article.published_revision, TEXT, sender="a", section=section)

    response = logged_in(people["moderator"]).post(page_of(correction_request, "draft"))

    draft = Revision.objects.get(status="draft")
    assert response.headers["Location"] == (
        f"/admin/articles/article/{article.pk}/change/?revision={draft.pk}#card-sections-1"
    )
    assert draft.edit_summary == f"Correction request no. {correction_request.pk}: {TEXT}"
    assert (draft.base, draft.author) == (article.published_revision, people["moderator"])
    assert CorrectionRequest.objects.get().outcome == "open"


def test_an_open_draft_is_continued(article, people):
    correction_request = received(article)
    client = logged_in(people["moderator"])
    client.post(page_of(correction_request, "draft"))

    again = client.post(page_of(correction_request, "draft"))

    draft = Revision.objects.get(status="draft")
    assert again.headers["Location"].endswith(f"?revision={draft.pk}#card-sections-0")


def test_a_long_suggestion_is_shortened_in_the_summary(article, people):
    correction_request = correction_requests.receive(article.published_revision, "word " * 300, sender="a")

    draft = correction_requests.take_up(correction_request, by=people["moderator"])

    assert len(draft.edit_summary) <= 500
    assert draft.edit_summary.endswith("…")


def test_no_draft_is_started_from_an_unpublished_article(article, people):
    correction_request = received(article)
    workflow.unpublish(Article.objects.get(), by=people["moderator"], reason="Wrong.")

    response = logged_in(people["moderator"]).post(page_of(correction_request, "draft"))

    assert response.status_code == 409
    assert "The article is no longer published" in response.text


def test_only_moderators_see_and_answer_correction_requests(article, people):
    correction_request = received(article)
    addresses = [
        page_of(correction_request),
        page_of(correction_request, "answer"),
        page_of(correction_request, "draft"),
    ]
    editor = logged_in(people["by"])

    assert editor.get(addresses[0]).status_code == 403
    assert [editor.post(address, {"outcome": "spam"}).status_code for address in addresses[1:]] == [403, 403]
    assert [Client().post(address).status_code for address in addresses[1:]] == [403, 403]
    assert [logged_in(people["moderator"]).get(address).status_code for address in addresses[1:]] == [405, 405]
    assert logged_in(people["moderator"]).get("/admin/articles/challenge/999/change/").status_code == 404
    with pytest.raises(workflow.NotAllowed):
        correction_requests.answer(correction_request, by=people["by"], outcome="spam")
    with pytest.raises(workflow.NotAllowed):
        correction_requests.take_up(correction_request, by=people["by"])
