"""A form that is refused because somebody else was faster, and that the page no longer offers, leaves what was typed there."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from articles import workflow
from articles.models import RecordingChange
from articles.workflow.collaboration import correction_requests
from articles.workflow.recordings import decisions
from tests.support.clients import logged_in
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_episode, make_moderator, make_published, make_user
from tests.support.scenarios.reviewing import decide as decide_on
from tests.support.scenarios.reviewing import page_of

pytestmark = pytest.mark.django_db

TYPED = "Nobody <b>says</b> so."
KEPT = "Nobody &lt;b&gt;says&lt;/b&gt; so."
editor, moderator, other = shared(make_user), shared(make_moderator), shared(lambda: make_moderator("other"))
episode = shared(make_episode)


@shared
def article(editor, moderator, episode):
    return make_published(by=editor, moderator=moderator, episode=episode)


@shared
def administrator():
    return make_user("ada", groups=["Administrators"])


def published_over(article, moderator, **changes):
    change = make_change(article, by=make_user("faster"), **changes)
    return workflow.publish(workflow.approve(change, by=moderator), by=moderator)


def sent(user, name, key, **values):
    return logged_in(user).post(reverse(f"admin:articles_{name}", args=[key]), values)


def reverted(article, moderator, other):
    first, seen = article.published_revision, published_over(article, moderator, lead="Other words.").pk
    workflow.revert(first, by=other, reason="Wrong.")
    return sent(moderator, "article_revert", article.pk, number="1", seen=seen, reason=TYPED)


def answered(article, moderator, other):
    request = correction_requests.receive(article.published_revision, "Eight.", sender="a")
    correction_requests.answer(request, by=other, outcome="spam")
    return sent(moderator, "correctionrequest_answer", request.pk, outcome="stands", answer=TYPED)


def decided(article, moderator, other):
    episode = article.published_revision.source_set.get().episode
    episode.title = "Renamed"
    workflow.save_episode(episode, ["title"], by=article.published_revision.author)
    change = RecordingChange.objects.get()
    decisions.accept(change, by=other, comment="")
    return sent(moderator, "recordingchange_decide", change.pk, act="reject", comment=TYPED)


def erased(article, moderator, other):
    first = article.published_revision
    published_over(article, moderator, lead="Other words.")
    workflow.revert(first, by=other, reason="Wrong.")
    return sent(User.objects.get(username="ada"), "revision_erase", first.pk, reason=TYPED)


def overridden(article, moderator, other):
    change = make_change(article, by=User.objects.get(username="ada"), lead="Other words.")
    workflow.reject(change, by=other, comment="No.")
    return decide_on(logged_in(User.objects.get(username="ada")), change, "override", reason=TYPED)


@pytest.mark.parametrize("refuse", [reverted, answered, decided, erased, overridden])
def test_what_was_typed_is_on_the_page(article, moderator, other, administrator, refuse):
    response = refuse(article, moderator, other)

    assert response.status_code == 409
    assert KEPT in response.text


def test_texts_for_conflicts_that_are_gone_are_on_the_page(article, editor, moderator):
    change = make_change(article, by=editor, lead="One.")
    published_over(article, moderator, lead="Two.")
    client = logged_in(editor)
    page = client.get(reverse("admin:articles_revision_merge", args=[change.pk]))
    (conflict,) = page.context["form"].conflicts
    values = {"onto": page.context["published"].pk, "version": change.version}
    values |= {f"choice-{conflict.id}": "own", f"own-{conflict.id}": TYPED}
    workflow.unpublish(type(article).objects.get(), by=moderator, reason="Wrong.")

    response = client.post(reverse("admin:articles_revision_merge", args=[change.pk]), values)

    assert (response.status_code, KEPT in response.text) == (409, True)
    assert page_of(change) in response.text
