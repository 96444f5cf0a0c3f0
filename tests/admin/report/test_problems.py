"""“Needs fixing”: the riskiest problem first, each decision leads to the next, and the last one can be undone."""

import re

import pytest
from django.urls import reverse

from articles import workflow
from articles.derived.checks import run
from articles.models import Citation, Confirmation, Dismissal, Revision
from tests.support.factories import make_moderator, make_user
from tests.support.samples.cited import ELSEWHERE, HERE, UNHEARD, make_cited, make_talk

pytestmark = pytest.mark.django_db

ADDRESS = reverse("admin:evidence_problem")
SETTLE = reverse("admin:evidence_settle")
UNDO = reverse("admin:evidence_take_back")


@pytest.fixture
def article():
    return make_cited(
        episode=make_talk(), by=make_user("author"), moderator=make_moderator(), bodies=[HERE, ELSEWHERE, UNHEARD]
    )


@pytest.fixture
def other(client):
    user = make_user("other")
    client.force_login(user)
    return user


def cited(article, verdict):
    return article.published_revision.citation_set.get(verdict=verdict)


def shown(response):
    """The claim on the page, "" without one."""
    found = re.search(r'class="change__text"[^>]*>([^<]*)<', response.text)
    return found[1] if found else ""


def press(client, citation, act, query="", **more):
    data = {"citation": citation.pk, "key": citation.claim_key, "act": act, "query": query} | more
    return client.post(SETTLE, data, follow=True)


def test_the_riskiest_is_first_and_each_leads_to_the_next(client, other, article):
    unheard, elsewhere = cited(article, "not found"), cited(article, "said elsewhere")

    first = client.get(ADDRESS)
    assert shown(first) == unheard.claim
    following = re.search(r'href="([^"]*)" rel="next"', first.text)[1].replace("&amp;", "&")
    assert shown(client.get(following)) == elsewhere.claim
    after_all = client.get(f"{ADDRESS}?after={elsewhere.risk}_{elsewhere.pk}")
    assert "That was the last problem of this list." in after_all.text


def did_of(response):
    return re.search(r'name="did" value="([^"]*)"', response.text)[1]


def test_what_is_said_is_next_to_each_moment_to_move_to(client, other, article):
    citation = cited(article, "said elsewhere")
    start = citation.finding.candidates[0][0]

    page = client.get(f"{ADDRESS}?at={citation.pk}").text
    [said] = re.findall(rf'name="to" value="{start}">.*?class="report__said" dir="auto">([^<]+)<', page)

    words = " ".join(cue.text for cue in run.transcript_of(citation.episode).cues)
    assert said.strip("… ") in words
    run._indexes.clear()
    report = client.get(f"{reverse('admin:evidence_report')}?verdict=said+elsewhere").text
    assert re.findall(rf'name="to" value="{start}">.*?class="report__said" dir="auto">([^<]+)<', report) == [said]
    assert run._indexes == {}  # the list would read fifty transcripts


def test_confirming_shows_the_next_one_and_counts(client, other, article):
    unheard = cited(article, "not found")

    response = press(client, unheard, "confirm")

    assert shown(response) == cited(article, "said elsewhere").claim
    assert "1 of 2 looked at today" in response.text
    assert Confirmation.objects.get().by == other
    undone = client.post(UNDO, {"did": did_of(response), "query": ""}, follow=True)
    assert shown(undone) == unheard.claim
    assert "0 of 2 looked at today" in undone.text
    assert not Confirmation.objects.active().exists()


def test_moving_changes_the_users_draft_and_can_be_undone(client, other, article):
    elsewhere = cited(article, "said elsewhere")
    query = f"at={elsewhere.pk}"
    first = client.get(f"{ADDRESS}?{query}")
    second = re.search(r'name="to" value="(\d+)"', first.text)[1]

    response = press(client, elsewhere, "retime", query, to=second)

    draft = Revision.objects.open().get()
    assert draft.author == other
    assert draft.citation_set.filter(start_seconds=second, claim=elsewhere.claim).exists()
    assert "1 of 2 looked at today" in response.text
    # It stays flagged for readers, but the list doesn't ask again what the draft has answered.
    assert shown(client.get(f"{ADDRESS}?{query}")) == ""
    did = did_of(response)
    assert did == f"retime-{elsewhere.pk}-{second}"
    undone = client.post(UNDO, {"did": did, "query": ""}, follow=True)
    assert shown(undone) == elsewhere.claim
    assert "Your draft, revision 2, had no other change, so it was discarded." in undone.text
    draft.refresh_from_db()
    assert draft.status == Revision.Status.DISCARDED


def test_dismissing_needs_a_reason_and_can_be_undone(client, other, article):
    unheard = cited(article, "not found")

    refused = press(client, unheard, "dismiss", f"at={unheard.pk}")
    assert "Choose a reason" in refused.text
    assert shown(refused) == unheard.claim
    done = press(client, unheard, "dismiss", reason="paraphrase")
    assert shown(done) == cited(article, "said elsewhere").claim
    client.post(UNDO, {"did": did_of(done), "query": ""})
    assert not Dismissal.objects.active().exists()


def test_nobody_confirms_their_own_claim_or_one_of_a_protected_article(client, article):
    author = article.published_revision.author
    client.force_login(author)
    unheard = cited(article, "not found")

    own = press(client, unheard, "confirm")
    assert "You helped to write the text that this claim first stood in, so someone else has to confirm it." in own.text
    workflow.protect(article, by=make_moderator("second"), reason="contested")
    client.force_login(make_user("other"))
    protected = press(client, unheard, "confirm")

    assert "report__message--error" in protected.text
    assert not Confirmation.objects.exists()


def test_what_somebody_else_did_is_not_undone(client, other, article):
    unheard = cited(article, "not found")
    did = did_of(press(client, unheard, "confirm"))
    client.force_login(make_user("third"))

    response = client.post(UNDO, {"did": did, "query": ""}, follow=True)

    assert "This was already withdrawn." in response.text
    assert Confirmation.objects.active().count() == 1


def test_the_list_can_be_narrowed_to_own_articles_and_to_a_show(client, other, article):
    show = article.published_revision.source_set.first().episode.show

    assert "Nothing needs fixing here." in client.get(f"{ADDRESS}?mine=on").text
    client.force_login(article.published_revision.author)
    assert shown(client.get(f"{ADDRESS}?mine=on&of_show={show.pk}"))
    kept = press(client, cited(article, "said elsewhere"), "retime", "mine=on", time="19:04")
    assert kept.request["QUERY_STRING"].startswith("mine=on&after=")
    assert "This filter was ignored." in client.get(f"{ADDRESS}?of_show=999").text


def test_the_home_page_lists_them_for_everyone_who_edits(client, article):
    for user in (article.published_revision.author, make_moderator("second")):
        client.force_login(user)
        response = client.get(reverse("admin:index"))
        assert "Needs fixing" in response.text
        assert response.text.count(f"{ADDRESS}?at=") == 2
        assert "0 of 2 looked at today" in response.text
    viewer = make_user("viewer", groups=())
    client.force_login(viewer)
    assert "Needs fixing" not in client.get(reverse("admin:index")).text


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_the_same_number_of_queries(client, other, django_assert_num_queries, count):
    episode = make_talk()
    for number in range(count):
        make_cited(f"a-{number}", episode=episode, by=make_user(f"author-{number}"), moderator=None, bodies=[UNHEARD])
    client.get(ADDRESS)

    with django_assert_num_queries(23):
        client.get(ADDRESS)
    assert Citation.objects.filter(verdict="not found", is_public=True).count() == count
