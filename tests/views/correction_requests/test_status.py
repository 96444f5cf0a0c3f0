"""The page of a correction request, which only the reader who sent it knows."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles import workflow
from articles.models import Article, CorrectionRequest, FollowUp
from articles.workflow.collaboration import correction_requests
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

TEXT = "He says <eight> hours."
editor, moderator = shared(make_user), shared(make_moderator)


@shared
def article(editor, moderator):
    return make_published(episode=make_episode(), by=editor, moderator=moderator)


def received(article, text=TEXT, **values):
    values = {"sender": "a", "claim": "It takes seven hours."} | values
    return correction_requests.receive(article.published_revision, text, **values)


def page(request, **headers):
    return Client().get(request.follow_up.get_absolute_url(), **headers)


def corrected(article, by, moderator):
    change = make_change(article, by=by, lead="Corrected.")
    return workflow.publish(workflow.approve(change, by=moderator), by=moderator)


def test_the_page_of_an_open_request_says_where_it_is_and_nothing_of_others(article, settings):
    settings.SITE_URL = "https://talks.example.org"
    other = received(article, "Zephyrine says so, too.", sender="b")
    request = received(article)

    response = page(request)

    assert "Thank you" in response.text
    assert "He says &lt;eight&gt; hours." in response.text
    assert "It takes seven hours." in response.text
    assert f">https://talks.example.org{request.follow_up.get_absolute_url()}</a>" in response.text
    assert "Zephyrine" not in response.text
    assert other.follow_up.get_absolute_url() not in response.text
    assert re.fullmatch(r"/suggestions/[0-9a-f]{32}\.[\w-]{43}/", request.follow_up.get_absolute_url())  # no number


def test_the_page_is_kept_and_told_nowhere(article):
    response = page(received(article))

    assert response.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in response.text
    assert response.cookies == {}


@pytest.mark.parametrize("change", [str.upper, lambda path: path[:-2] + "/", lambda path: path.replace(".", ":")])
def test_only_the_exact_address_is_a_page(article, change):
    path = received(article).follow_up.get_absolute_url()
    prefix, _, token = path.rpartition("suggestions/")

    response = Client().get(f"{prefix}suggestions/{change(token)}")

    assert response.status_code == 404
    assert "eight" not in response.text


@pytest.mark.parametrize(("audience", "is_shown"), [("team", False), ("reader", True)])
def test_the_outcome_is_shown_with_the_answer_if_it_is_for_the_reader(article, moderator, audience, is_shown):
    request = received(article)
    correction_requests.answer(
        request, by=moderator, outcome="stands", answer="Said <b>at</b> 06:31.", audience=audience
    )

    text = page(request).text

    assert "A moderator decided that no change is needed." in text
    assert ("Said &lt;b&gt;at&lt;/b&gt; 06:31." in text) is is_shown
    assert "moderator" not in text.replace("A moderator decided", "")


def test_the_correcting_revision_is_linked(article, editor, moderator):
    request = received(article)
    revision = corrected(article, editor, moderator)
    correction_requests.answer(request, by=moderator, outcome="corrected", corrected_in=revision)

    text = page(request).text

    assert "The text was corrected, in revision 2." in text
    assert '<a href="/articles/sleep/revisions/2/">Read revision 2</a>' in text


CORRECTED = "The text was corrected, in revision 2."
TAKEN_BACK = "Since then an earlier text has been published again: revision 1 isn’t based on the correction."


def test_the_page_says_that_a_correction_was_taken_back(article, editor, moderator):
    request = received(article)
    revision = corrected(article, editor, moderator)
    correction_requests.answer(request, by=moderator, outcome="corrected", corrected_in=revision)
    workflow.revert(request.revision, by=moderator, reason="A wrong dose.")

    assert f"{CORRECTED} {TAKEN_BACK}" in page(request).text
    workflow.revert(revision, by=moderator, reason="It was right.")
    assert CORRECTED in page(request).text
    assert "Since then" not in page(request).text


def test_a_correction_lasts_through_later_revisions_and_rebasing(article, editor, moderator):
    request = received(article)
    older = make_change(article, by=make_user("other"), title="Sleeping")
    revision = corrected(article, editor, moderator)
    correction_requests.answer(request, by=moderator, outcome="corrected", corrected_in=revision)
    rebased = workflow.rebase(older, by=older.author)
    workflow.publish(workflow.approve(rebased, by=moderator), by=moderator)
    corrected(Article.objects.get(), editor, moderator)

    assert "The text was corrected, in revision 3." in page(request).text
    assert "Since then" not in page(request).text


def test_spam_is_closed_without_a_word(article, moderator):
    request = received(article)
    correction_requests.answer(request, by=moderator, outcome="spam", answer="An advert.", audience="reader")

    text = page(request).text

    assert "It was closed without an answer." in text
    assert ("spam" in text.lower(), "An advert." in text) == (False, False)


def test_an_unpublished_article_is_not_named(article, moderator):
    request = received(article)
    workflow.unpublish(article, by=moderator, reason="Wrong.")

    response = page(request)

    assert response.status_code == 200
    assert ("Sleep" in response.text, "It takes seven hours." in response.text) == (False, False)
    correction_requests.answer(request, by=moderator, outcome="stands", answer="It is said.")
    assert "The article isn’t public at the moment." in page(request).text
    assert "He says &lt;eight&gt; hours." in response.text


def test_readers_delete_their_address_there(article, settings):
    settings.EMAIL_IS_ON = True
    request = received(article, address="reader@example.org")
    path = request.follow_up.get_absolute_url()
    before = page(request).text

    response = Client(enforce_csrf_checks=True).post(path)

    assert "You also get the outcome by mail; then your address is deleted." in before
    assert "reader@example.org" not in before
    assert (response.status_code, response.headers["Location"]) == (303, path)
    assert (FollowUp.objects.get().address, "by mail" in page(request).text) == ("", False)
    assert Client().put(path).status_code == 405


@pytest.mark.parametrize(
    ("mail", "said"), [("sent", "You got the outcome by mail"), ("failed", "couldn’t be delivered")]
)
def test_the_page_says_what_became_of_the_mail(article, mail, said):
    request = received(article)
    FollowUp.objects.update(mail=mail)

    assert said in page(request).text


def test_the_page_takes_one_query(article, django_assert_num_queries):
    path = received(article).follow_up.get_absolute_url()

    with django_assert_num_queries(1):
        Client().get(path)


def test_the_address_in_the_mail_shows_the_outcome_and_nothing_that_the_sender_wrote(article, moderator, settings):
    settings.EMAIL_IS_ON = True
    request = received(article, address="third@example.org")
    correction_requests.answer(
        request, by=moderator, outcome="stands", answer="Said at 06:31.", audience=FollowUp.Audience.READER
    )
    address = FollowUp.objects.get().get_mailed_url()

    mailed, own = Client().get(address), page(request)

    assert "Said at 06:31." in mailed.text
    assert "eight" not in mailed.text
    assert request.follow_up.get_absolute_url() not in mailed.text
    assert "What you wrote is only shown on the page that you saw after sending it" in mailed.text
    assert "eight" in own.text
    assert address not in own.text
    response = Client().post(address)
    assert (response.status_code, response.headers["Location"]) == (303, address)
    assert FollowUp.objects.get().address == ""


def test_what_the_sender_wrote_is_shown_until_some_time_after_the_outcome(article, moderator):
    request = received(article)
    correction_requests.answer(request, by=moderator, outcome="stands", answer="Said at 06:31.", audience="reader")
    day = timedelta(days=1)

    shown = []
    for age in (89 * day, 90 * day):
        CorrectionRequest.objects.update(answered_at=timezone.now() - age)
        shown.append("eight" in page(request).text)

    assert shown == [True, False]
    assert "Said at 06:31." in page(request).text
