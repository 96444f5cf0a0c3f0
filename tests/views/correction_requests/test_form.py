"""Readers send correction requests without an account: the form, what is stored, and its limits."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client, override_settings
from django.utils import timezone
from django.utils.html import escape

from articles import workflow
from articles.models import CorrectionRequest, FollowUp, Notice
from articles.views.correction_requests.requests import SALT, sender_of
from articles.workflow.content import SectionContent
from tests.support.clients import logged_in
from tests.support.factories import make_change, make_episode, make_published, make_user
from tests.views.correction_requests.receiving import SECTIONS, TEXT, page_of, received

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/sleep/challenge/"


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
