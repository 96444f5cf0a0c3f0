"""Readers send correction requests without an account; moderators answer them or start a draft."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import signing
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from articles import workflow
from articles.admin.correction_requests.forms import AnswerForm
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Article, CorrectionRequest, FollowUp, Notice, Revision
from articles.views.corrections.requests import SALT, sender_of
from articles.workflow.collaboration import correction_requests
from articles.workflow.content import SectionContent, content_of
from tests.support.clients import logged_in
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/sleep/challenge/"
TEXT = "At 06:31 he speaks of something else."
SECTIONS = (
    SectionContent("Why we sleep", "The brain clears waste at night [00:06:31]. It settles memory [00:08:44]."),
    SectionContent("What helps", "Regular hours help."),
)


editor, moderator = shared(make_user), shared(make_moderator)


@shared
def article(editor, moderator):
    episode = make_episode(chapters=[(0, "Opening"), (500, "Night")], youtube_id="abcdefghijk")
    return make_published(
        episode=episode, sections=SECTIONS, lead="What sleep does [00:01:00].", by=editor, moderator=moderator
    )


def token(article, seconds=10):
    """Return the token of a form loaded this long ago."""
    with_past = signing.TimestampSigner(salt=SALT)
    with_past.timestamp = lambda: signing.b62_encode(int(timezone.now().timestamp()) - seconds)
    return with_past.sign_object(article.published_revision_id)


def status_page():
    """The address of the only request's page."""
    return FollowUp.objects.get().get_absolute_url()


def sent(article, **changes):
    """Send a reader's form as a browser does."""
    data = {"token": token(article), "section": "why-we-sleep", "claim": "c-391", "text": TEXT, "website": ""}
    return Client(enforce_csrf_checks=True).post(
        ADDRESS, data | changes, REMOTE_ADDR=changes.pop("address", "192.0.2.1")
    )


def received(article, **changes):
    values = {"sender": "a", "text": TEXT, "claim": "The brain clears waste at night."} | changes
    section = article.published_revision.section_set.first()
    return correction_requests.receive(article.published_revision, section=section, **values)


# The form -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_form_is_public_and_takes_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    text = " ".join(f"Claim number {number} stands [00:0{number}:00]." for number in range(1, count + 1))
    make_published(episode=make_episode(), sections=(SectionContent("Waste", text),), **people)

    with django_assert_num_queries(3):
        response = client.get(ADDRESS, {"section": "waste"})

    assert response.text.count('type="radio"') == count + 1
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response.cookies == {}
    assert "csrf" not in response.text


def test_form_offers_the_claims_of_the_section_and_selects_the_requested_one(client, article):
    text = client.get(ADDRESS, {"section": "why-we-sleep", "claim": "c-524"}).text

    assert '<span dir="auto">06:31 The brain clears waste at night.</span>' in text
    assert '<input type="radio" name="claim" value="c-524" id="id_claim_1" checked>' in text
    assert '<a href="/articles/sleep/#why-we-sleep">' in text


@pytest.mark.parametrize("query", [{}, {"section": "nowhere", "claim": "c-9"}, {"section": "\0"}])
def test_form_without_a_known_section_is_about_the_whole(client, article, query):
    response = client.get(ADDRESS, query)

    assert response.context["section"] is None
    assert '<span dir="auto">01:00 What sleep does.</span>' in response.text
    assert '<input type="radio" name="claim" value="" id="id_claim_1" checked>' in response.text


def test_sections_of_the_article_link_to_the_form(client, article):
    text = client.get("/articles/sleep/").text

    assert (
        '<p class="suggest" lang="en"><a href="/articles/sleep/challenge/?section=why-we-sleep" rel="nofollow" '
        'aria-label="Suggest a correction to Why we sleep">Suggest a correction</a></p>'
    ) in text
    assert text.count("/articles/sleep/challenge/") == 3


def test_unpublished_articles_have_no_correction_form(client, article, people):
    workflow.unpublish(article, by=people["moderator"], reason="Wrong.")

    assert [client.get(ADDRESS).status_code, client.post(ADDRESS).status_code] == [410, 410]
    assert client.put(ADDRESS).status_code == 405


def test_previous_slugs_redirect_to_the_form_with_the_query(client, article, people):
    change = make_change(article, by=people["by"], slug="nights")
    workflow.approve(change, by=people["moderator"])
    workflow.publish(change, by=people["moderator"])

    moved = client.get(ADDRESS, {"section": "why-we-sleep"})
    response = sent(article)

    assert (moved.status_code, moved.headers["Location"]) == (301, "/articles/nights/challenge/?section=why-we-sleep")
    assert (response.status_code, response.headers["Location"]) == (303, status_page())


# Submitting ---------------------------------------------------------------------------------------


def test_a_correction_request_is_stored_with_what_the_reader_saw(article):
    response = sent(article)

    correction_request = CorrectionRequest.objects.get()
    assert (response.status_code, response.headers["Location"]) == (303, status_page())
    assert response.cookies == {}
    assert (correction_request.article, correction_request.revision) == (article, article.published_revision)
    assert correction_request.section_key == article.published_revision.section_set.first().key
    assert (correction_request.section_heading, correction_request.claim) == (
        "Why we sleep",
        "The brain clears waste at night.",
    )
    assert (correction_request.text, correction_request.outcome) == (TEXT, "open")
    assert "192.0.2.1" not in correction_request.sender
    assert Client().get(response.headers["Location"]).text.count("Thank you") == 2


def test_a_correction_request_belongs_to_the_revision_that_the_reader_saw(article, people):
    seen = article.published_revision
    old = token(article)
    change = make_change(article, by=people["by"], sections=SECTIONS[1:])
    workflow.approve(change, by=people["moderator"])
    workflow.publish(change, by=people["moderator"])

    assert sent(article, token=old).status_code == 303

    assert (CorrectionRequest.objects.get().revision, CorrectionRequest.objects.get().section_heading) == (
        seen,
        "Why we sleep",
    )


def test_moderators_and_the_author_are_notified(article, people):
    make_user("bystander")

    sent(article)

    notices = Notice.objects.filter(kind=Notice.Kind.CHALLENGED).order_by("user__username")
    assert [notice.user.username for notice in notices] == ["editor", "moderator"]
    assert notices[0].text == f"A reader suggests a correction to “Sleep”, “Why we sleep”: {TEXT}"


def test_an_identical_request_is_stored_once(article):
    assert [sent(article).status_code for _ in range(2)] == [303, 303]
    assert CorrectionRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": ""}, "Describe what is wrong, or how it should read."),
        ({"text": "Too short"}, "Write at least 10 characters."),
        ({"text": "x" * 2001}, "Use at most 2,000 characters (currently 2,001)."),
        ({"claim": "c-1"}, "This claim isn’t in the section."),
        ({"address": "me@example"}, "This isn’t a complete email address."),
        ({"address": "me@example.org\r\nBcc: you@example.org"}, "This isn’t a complete email address."),
        ({"address": f"{'x' * 250}@example.org"}, "Use at most 254 characters (currently 262)."),
        ({"website": "https://example.org/"}, "A hidden field was filled in"),
        ({"token": ""}, "This page was open for more than a day."),
        ({"token": "1:forged:x"}, "This page was open for more than a day."),
    ],
)
def test_refusals_say_what_to_do_and_keep_the_text(article, settings, changes, said):
    settings.EMAIL_IS_ON = True
    response = sent(article, **changes)

    assert response.status_code == 400
    assert said in response.text
    assert "no-store" in response.headers["Cache-Control"]
    assert changes.get("text", TEXT) in response.text
    [field] = re.findall(r"<textarea [^>]*>", response.text)
    assert "maxlength" not in field  # with it, browsers cut what is pasted and say nothing
    assert response.context["section"].anchor == "why-we-sleep"
    assert response.context["form"]["website"].value() == ""
    assert escape(changes.get("address", "")) in response.text
    assert not CorrectionRequest.objects.exists()


def test_an_address_is_asked_for_only_if_the_site_sends_mail(article, settings):
    without = [Client().get(ADDRESS).text, sent(article, address="me@example.org")]
    settings.EMAIL_IS_ON = True
    settings.CORRECTION_ADDRESS_DAYS = 30

    shown = Client().get(ADDRESS).text

    assert 'name="address"' not in without[0]
    assert (without[1].status_code, FollowUp.objects.get().address) == (303, "")
    assert 'type="email" name="address" autocomplete="email" aria-describedby="address-help"' in shown
    assert "Only for one mail with the outcome. Nobody sees your address; we delete it" in shown
    assert "after 30 days in any case" in shown


def test_a_form_can_be_too_quick_or_too_old(article):
    quick, old = (sent(article, token=token(article, seconds)) for seconds in (1, 24 * 3600 + 60))

    assert (quick.status_code, "That was very quick." in quick.text) == (400, True)
    assert (old.status_code, "open for more than a day" in old.text) == (400, True)
    fresh = old.context["form"]["token"].value()
    assert signing.loads(fresh, salt=SALT, max_age=60) == article.published_revision_id
    assert not CorrectionRequest.objects.exists()


def test_line_breaks_count_as_one_character(article):
    text = "\n".join(["1234567890"] * 181)  # 1990 characters; a browser sends 2170

    assert sent(article, text=text.replace("\n", "\r\n")).status_code == 303
    assert CorrectionRequest.objects.get().text == text


def test_submitted_text_is_escaped_everywhere(article, people):
    refused = sent(article, text="<script>1</script>", website="x")
    sent(article, text="<script>alert(1)</script>")

    page = logged_in(people["moderator"]).get(page_of(CorrectionRequest.objects.get())).text

    assert "&lt;script&gt;1&lt;/script&gt;" in refused.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def age(hours):
    CorrectionRequest.objects.update(at=timezone.now() - timedelta(hours=hours))


def test_one_address_may_send_five_an_hour(article):
    statuses = [sent(article, text=f"{TEXT} {number}").status_code for number in range(5)]
    refused = sent(article)
    elsewhere = sent(article, address="192.0.2.2")
    age(hours=2)

    assert statuses == [303] * 5
    assert refused.status_code == 429
    assert "More than 5 suggestions an hour came from your network address, so this one wasn’t sent." in refused.text
    assert TEXT in refused.text
    assert elsewhere.status_code == 303
    assert sent(article, text=f"{TEXT} later").status_code == 303


def test_one_address_may_send_twenty_a_day(article):
    for number in range(20):
        assert sent(article, text=f"{TEXT} {number}").status_code == 303
        age(hours=2)

    refused = sent(article)
    age(hours=25)

    assert refused.status_code == 429
    assert "More than 20 suggestions a day came from your network address, so this one wasn’t sent." in refused.text
    assert sent(article).status_code == 303


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("", "", True),
    ],
)
def test_sender_is_an_address_or_an_ipv6_network(rf, one, other, is_same):
    senders = [sender_of(rf.get("/", REMOTE_ADDR=address)) for address in (one, other)]

    assert (senders[0] == senders[1]) is is_same
    assert len(senders[0]) == 64


def test_the_forwarded_address_counts_only_behind_a_proxy(rf):
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.9, 192.0.2.1")
    direct, proxy, client = (rf.get("/", REMOTE_ADDR=a) for a in ("10.0.0.1", "10.0.0.1", "192.0.2.1"))

    assert sender_of(request) == sender_of(direct)
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        assert sender_of(request) == sender_of(client)
        assert sender_of(proxy) == sender_of(direct)


def test_correction_requests_are_never_public(client, article):
    received(article, sender="Zephyrine")
    CorrectionRequest.objects.update(text="Zephyrine says so.", answer="Zephyrine")

    for address in ("/", "/articles/sleep/", "/articles/sleep/history/", "/articles/sleep/revisions/1/", ADDRESS):
        response = client.get(address)
        assert response.status_code == 200
        assert "Zephyrine" not in response.text


# Answering ----------------------------------------------------------------------------------------


def page_of(correction_request, name="change"):
    return reverse(f"admin:articles_correctionrequest_{name}", args=[correction_request.pk])


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
