"""Readers hear what came of their correction requests, and their addresses are kept no longer than that."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles import workflow
from articles.models import CorrectionRequest, FollowUp
from articles.workflow.collaboration import correction_requests, follow_ups
from tests.support.factories import make_change, make_episode, make_published

pytestmark = pytest.mark.django_db

ADDRESS = "reader@example.org"


@pytest.fixture
def article(people, settings):
    settings.EMAIL_IS_ON = True
    return make_published(episode=make_episode(), **people)


def received(article, text="He says eight hours.", **values):
    values = {"sender": "a", "claim": "It takes seven hours."} | values
    return correction_requests.receive(article.published_revision, text, **values)


def corrected(article, people, **values):
    change = make_change(article, by=people["by"], lead="Corrected.", **values)
    return workflow.publish(workflow.approve(change, by=people["moderator"]), by=people["moderator"])


def test_every_request_has_a_page_and_an_address_until_it_expires(article, settings):
    settings.CORRECTION_ADDRESS_DAYS = 30
    without, with_address = received(article), received(article, sender="b", address=ADDRESS)

    kept = with_address.follow_up
    assert (kept.mail, kept.address, kept.mail_due_at) == ("waiting", ADDRESS, None)
    assert abs(kept.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    assert (without.follow_up.mail, without.follow_up.address, without.follow_up.expires_at) == ("none", "", None)
    assert without.follow_up.get_absolute_url() != kept.get_absolute_url()


def test_the_same_request_again_keeps_its_page_and_adds_a_forgotten_address(article):
    first = received(article)
    again = received(article, address=ADDRESS)
    received(article, address="other@example.org")

    follow_up = FollowUp.objects.get()
    assert (first.pk, again.follow_up.address) == (again.pk, ADDRESS)
    assert (follow_up.get_absolute_url(), follow_up.address) == (first.follow_up.get_absolute_url(), ADDRESS)


def test_no_address_is_kept_where_the_site_sends_no_mail(article, settings):
    settings.EMAIL_IS_ON = False

    assert received(article, address=ADDRESS).follow_up.address == ""


def test_an_answer_makes_the_mail_due(article, people):
    request = received(article, address=ADDRESS)

    correction_requests.answer(
        request, by=people["moderator"], outcome="stands", answer="It is said.", audience="reader"
    )

    follow_up = FollowUp.objects.get()
    assert (follow_up.mail, follow_up.audience) == ("waiting", "reader")
    assert abs(follow_up.mail_due_at - timezone.now()) < timedelta(minutes=1)


def test_spam_is_told_to_nobody_and_its_address_is_deleted(article, people):
    request = received(article, address=ADDRESS)

    correction_requests.answer(request, by=people["moderator"], outcome="spam", answer="An advert.", audience="reader")

    follow_up = FollowUp.objects.get()
    assert (follow_up.mail, follow_up.address, follow_up.audience) == ("none", "", "team")
    assert received(article, address=ADDRESS).follow_up.address == ""  # sent again after the answer


def test_requests_from_before_get_their_follow_up_with_the_answer(article, people):
    request = received(article)
    FollowUp.objects.all().delete()

    correction_requests.answer(
        CorrectionRequest.objects.get(), by=people["moderator"], outcome="stands", answer="It is.", audience="reader"
    )

    assert FollowUp.objects.get(correction_request=request).audience == "reader"


def test_what_everyone_reads_comes_from_a_second_person(article, people, moderator):
    request = received(article)
    revision = corrected(article, people)
    revision.contributor_set.update(user=moderator)
    answer = {"outcome": "corrected", "corrected_in": revision, "answer": "He does say eight."}

    with pytest.raises(workflow.NotAllowed, match="You contributed to revision 2, so someone else has to write"):
        correction_requests.answer(request, by=moderator, audience="public", **answer)
    with pytest.raises(workflow.InvalidTransition, match="Choose who sees the reason"):
        correction_requests.answer(request, by=moderator, audience="nobody", **answer)

    correction_requests.answer(request, by=moderator, audience="reader", **answer)
    assert follow_ups.public_answers([revision.pk]) == {revision.pk: ()}


def test_public_answers_are_those_marked_as_public_each_once(article, people, moderator, django_assert_num_queries):
    requests = [received(article, sender=str(number), text=f"He says eight hours {number}.") for number in range(4)]
    revision = corrected(article, people)
    for request, audience in zip(requests, ("team", "reader", "public", "public"), strict=True):
        correction_requests.answer(
            request, by=moderator, outcome="corrected", corrected_in=revision, answer="Eight.", audience=audience
        )

    with django_assert_num_queries(1):
        answers = follow_ups.public_answers([revision.pk, article.published_revision_id])

    assert answers == {revision.pk: ("Eight.",)}


def test_readers_can_delete_their_address(article):
    follow_up = received(article, address=ADDRESS).follow_up

    follow_ups.forget_address(follow_up)

    assert (follow_up.address, follow_up.mail, follow_up.expires_at) == ("", "none", None)


def test_the_database_keeps_no_address_that_nothing_waits_for(article):
    received(article, address=ADDRESS)

    for values in ({"mail": "sent"}, {"address": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FollowUp.objects.update(**values)


@pytest.mark.parametrize("token", ["", "x", "0" * 32, f"{'0' * 32}.x", "\0"])
def test_only_a_signed_key_finds_a_page(article, token):
    received(article)

    assert FollowUp.objects.with_token(token) is None


def test_an_address_is_in_no_text_of_its_row(article):
    follow_up = received(article, address=ADDRESS).follow_up

    assert ADDRESS not in f"{follow_up} {follow_up!r}"
