"""Citation statuses in comparisons: verdicts before and after, confirmations, lapses, and what readers see."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.derived.checks import status
from articles.models import Confirmation
from articles.views import diff
from articles.workflow.content import SectionContent
from tests.support.clients import logged_in, messages_of
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.samples.cited import ELSEWHERE, HERE, UNHEARD, make_cited, make_talk
from tests.support.scenarios.reviewing import page_of, sections_of

pytestmark = pytest.mark.django_db

RETIMED = "It blocks the NMDA receptor [00:19:10]."


editor, moderator = shared(make_user), shared(make_moderator)


@shared
def episode():
    return make_talk(chapters=[(0, "Opening"), (1500, "Relief")])


@shared
def article(editor, moderator, episode):
    return make_cited(episode=episode, by=editor, moderator=moderator, bodies=[HERE, ELSEWHERE, UNHEARD])


@shared
def change(article, editor):
    return make_change(article, by=editor, sections=sections_of(article, Part_2=RETIMED))


def heard(article, position, by, revision=None):
    citation = (revision or article.published_revision).citation_set.select_related("episode").get(position=position)
    return workflow.confirm_citation(
        article,
        by=by,
        episode=citation.episode,
        start_seconds=citation.start_seconds,
        end_seconds=citation.end_seconds,
        claim=citation.claim,
    )


def shown_to(user, revision):
    return logged_in(user).get(page_of(revision))


# Timestamps ---------------------------------------------------------------------------------------


def test_a_changed_timestamp_has_both_verdicts_and_both_excerpts(change, moderator):
    [entry] = shown_to(moderator, change).context["shown"].changes
    [(before, after)] = entry.moments

    assert (before.label, before.details.verdict, before.details.where) == ("09:01", "said elsewhere", "19:06")
    assert (after.label, after.details.verdict, after.details.where) == ("19:10", "said here", "")
    assert "you can picture a seesaw" in before.details.excerpt
    assert "it blocks the NMDA receptor" in after.details.excerpt


def test_a_claim_that_changes_at_its_timestamp_has_both_verdicts(article, editor, moderator):
    sections = sections_of(article, Part_1="Relief of depression comes within 14 days [00:25:05].")
    change = make_change(article, by=editor, sections=sections)

    [entry] = shown_to(moderator, change).context["shown"].changes
    [(before, after)] = entry.kept

    assert entry.moments == []
    assert (before.details.citation.claim, before.details.verdict) == (
        "Relief of depression comes within minutes to hours.",
        "said here",
    )
    assert after.details.citation.claim == "Relief of depression comes within 14 days."
    assert (after.details.verdict, after.details.missing) == ("partly", ("14 days",))


def test_an_unchanged_claim_is_not_shown_twice(article, editor, moderator):
    change = make_change(article, by=editor, sections=sections_of(article, Part_1=f"**{HERE[:6]}**{HERE[6:]}"))

    [entry] = shown_to(moderator, change).context["shown"].changes

    assert (entry.moments, entry.kept) == ([], [])


def test_two_claims_at_one_timestamp_have_their_own_verdicts(article, editor, moderator):
    body = "Relief comes within minutes to hours [00:25:05]. Harbour seals hunt herring [00:25:05]."
    change = make_change(article, by=editor, sections=sections_of(article, Part_3=body))

    changes = shown_to(moderator, change).context["shown"].changes
    after = {
        new.details.citation.claim: new.details.verdict
        for entry in changes
        for _, new in entry.moments
        if new is not None
    }

    assert after == {"Relief comes within minutes to hours.": "said here", "Harbour seals hunt herring.": "not found"}


def test_changes_of_one_kind_are_ordered_by_verdict(article, editor, moderator):
    sections = sections_of(
        article,
        Part_1="Relief of depression comes within minutes to hours [00:25:06].",
        Part_2=RETIMED,
        Part_3="Harbour seals hunt herring in winter [00:41:00].",
    )
    change = make_change(article, by=editor, sections=sections)

    shown = shown_to(moderator, change).context["shown"]

    assert [entry.where for entry in shown.changes] == ["Part 3", "Part 1", "Part 2"]


def test_without_a_transcript_nothing_is_checked(editor, moderator):
    article = make_published(by=editor, moderator=moderator, episode=make_episode())
    change = make_change(article, by=editor, sections=sections_of(article, Why_we_sleep="It cleans [00:07:00]."))

    response = shown_to(moderator, change)

    assert response.context["counts"].is_checked is False
    assert "not checked: the episode has no transcript" in response.text
    assert "Without a transcript they can’t be checked automatically, so listen to them" in response.text


# Counts -------------------------------------------------------------------------------------------


def test_the_head_counts_verdicts_before_and_after(change, moderator):
    response = shown_to(moderator, change)
    counts = response.context["counts"]

    assert counts.verdicts == [("not found", 1), ("said here", 2)]
    assert (counts.said_here_before, counts.said_here, counts.total, counts.flagged) == (1, 2, 3, 1)
    assert "<dd>1 → 2 of 3</dd>" in response.text


def test_confirmations_and_dismissals_are_shown_with_names_and_reasons(article, editor, moderator, change):
    heard(article, 1, moderator)
    citation = article.published_revision.citation_set.get(position=3)
    workflow.dismiss(
        article, by=editor, code="not found", subject=citation.claim_key, text=citation.claim,
        reason="other", note="It is on the slide.",
    )  # fmt: skip
    today = f"{timezone.localdate():%-d %b %Y}"

    counts = shown_to(moderator, change).context["counts"]

    assert [details.confirmed for details in counts.confirmed] == [f"Confirmed by moderator, {today}"]
    assert [one.dismissed for one in counts.dismissed] == [
        f"Dismissed by editor, {today}: another reason “It is on the slide.”"
    ]
    assert counts.flagged == 0


def test_a_confirmation_visibly_lapses_when_the_timestamp_changes(article, editor, moderator):
    heard(article, 2, moderator)
    change = make_change(article, by=editor, sections=sections_of(article, Part_2=RETIMED))

    response = shown_to(moderator, change)
    [(before, after)] = response.context["shown"].changes[0].moments

    assert before.details.confirmed.startswith("Confirmed by moderator, ")
    assert (after.details.confirmed, after.details.lapsed) == (
        "",
        "Confirmed at 09:01 by moderator; the timestamp has changed since",
    )
    assert "19:10: Confirmed at 09:01 by moderator; the timestamp has changed since" in response.text


def test_hearing_one_moment_says_nothing_about_the_moment_before(article, editor, moderator):
    change = make_change(article, by=editor, sections=sections_of(article, Part_2=RETIMED))
    citation = change.citation_set.get(start_seconds=1150)
    hear(moderator, change, citation.pk)

    response = shown_to(moderator, change)
    [(before, after)] = response.context["shown"].changes[0].moments

    assert after.details.confirmed.startswith("Confirmed by moderator, ")
    assert (before.details.confirmed, before.details.lapsed) == ("", "")
    assert "changed since" not in response.text


@pytest.mark.parametrize("words", [("It blocks", "It also blocks"), ("[00:09:01]", "[00:09:01-00:09:40]")])
def test_a_published_citation_is_not_confirmed_earlier_by_hearing_what_shall_replace_it(
    article, editor, moderator, words
):
    body = article.published_revision.section_set.get(heading="Part 2").body
    change = make_change(article, by=editor, sections=sections_of(article, Part_2=body.replace(*words)))
    published = article.published_revision.citation_set.values("claim_key")
    new = change.citation_set.exclude(claim_key__in=published).get()
    hear(moderator, change, new.pk)

    statuses = status.of_revision(article.published_revision)

    assert [one.lapsed for _, one in statuses] == [None] * len(statuses)


def test_a_new_article_shows_the_status_of_each_citation(editor, moderator, episode):
    sections = (SectionContent("One", HERE), SectionContent("Two", UNHEARD))
    draft = workflow.submit(make_draft(by=editor, episode=episode, sections=sections), by=editor)

    response = shown_to(moderator, draft)

    assert [one.moment.details.verdict for one in response.context["citations"]] == ["said here", "not found"]
    assert response.context["counts"].verdicts == [("not found", 1), ("said here", 1)]
    assert response.context["counts"].said_here_before is None


# Confirming ---------------------------------------------------------------------------------------


def hear(user, revision, citation):
    address = reverse("admin:articles_revision_confirm", args=[revision.pk])
    return logged_in(user).post(address, {"citation": citation})


def test_a_moderator_confirms_a_citation_on_the_page(change, moderator):
    citation = change.citation_set.get(start_seconds=1150)

    response = hear(moderator, change, citation.pk)

    assert response.headers["Location"] == page_of(change)
    assert messages_of(response) == ["Confirmed at 19:10."]
    [confirmation] = Confirmation.objects.all()
    assert (confirmation.claim_key, confirmation.by_name) == (citation.claim_key, "moderator")


def test_a_second_confirmation_is_refused_with_a_message(change, moderator):
    citation = change.citation_set.get(start_seconds=1150)
    hear(moderator, change, citation.pk)

    response = hear(moderator, change, citation.pk)

    assert messages_of(response) == ["Someone has already confirmed this citation. Reload the page to see who."]


def test_only_who_confirmed_is_offered_to_take_it_back_and_can(change, moderator):
    citation = change.citation_set.get(start_seconds=1150)
    hear(moderator, change, citation.pk)
    did = f"confirm-{citation.pk}-{Confirmation.objects.get().pk}"
    other = make_moderator("other-moderator")
    assert f'value="{did}"' in shown_to(moderator, change).text
    assert f'value="{did}"' not in shown_to(other, change).text
    address = reverse("admin:articles_revision_confirm", args=[change.pk])

    refused = logged_in(other).post(address, {"did": did})
    assert messages_of(refused) == ["This was already withdrawn."]
    assert Confirmation.objects.active().exists()
    done = logged_in(moderator).post(address, {"did": did})
    assert messages_of(done) == ["Undone. This citation is open again."]
    assert not Confirmation.objects.active().exists()
    assert f'value="{did}"' not in shown_to(moderator, change).text


@pytest.mark.parametrize("given", ["", "x", "99999", "9" * 30])
def test_a_citation_of_another_revision_is_not_found(change, moderator, given):
    assert hear(moderator, change, given).status_code == 404


def test_confirming_needs_the_permission_to_edit(change):
    staff = make_user("clerk", groups=())

    assert hear(staff, change, change.citation_set.first().pk).status_code == 403
    assert Confirmation.objects.count() == 0


def test_confirming_needs_a_post_request(change, moderator):
    address = reverse("admin:articles_revision_confirm", args=[change.pk])

    assert logged_in(moderator).get(address).status_code == 405


# For readers --------------------------------------------------------------------------------------


def publish(change, moderator):
    workflow.approve(change, by=moderator)
    workflow.publish(change, by=moderator)


def test_readers_get_the_status_without_a_transcript(client, article, change, moderator):
    publish(change, moderator)

    text = client.get("/articles/ketamine/revisions/1/").text

    assert "Better match at" in text
    assert "Matches transcript" in text
    assert "you can picture a seesaw" not in text
    assert "antagonist" not in text


def test_readers_get_a_short_excerpt_if_the_episode_allows_it(client, article, change, episode, moderator):
    type(episode).objects.update(allows_excerpts=True)
    publish(change, moderator)

    text = client.get("/articles/ketamine/revisions/1/").text

    assert "NMDA receptor antagonist" in text
    assert "you can picture a seesaw" not in text  # an earlier version's isn't in the share that may be public


@pytest.mark.breaks_integrity("The stored length of excerpts is wrong.")
def test_comparisons_have_excerpts_within_the_share_of_the_transcript(client, article, change, episode, moderator):
    type(episode).objects.update(allows_excerpts=True)
    publish(change, moderator)

    lengths = []
    for length in (60, 0):
        type(episode).objects.update(excerpt_length=length)
        lengths.append(
            [
                len(quote)
                for quote in re.findall(
                    r'<q class="moments__quote"[^>]*>(.*?)</q>', client.get("/articles/ketamine/revisions/1/").text
                )
            ]
        )

    assert len(lengths[0]) == 1
    assert 30 < lengths[0][0] <= 60
    assert lengths[1] == []


def test_excerpts_are_only_included_on_request(article, change):
    [quiet] = diff.compare(article.published_revision, change).changes
    [open_] = diff.compare(article.published_revision, change, excerpts=True).changes

    assert [moment.details.excerpt for moment in quiet.moments[0]] == ["", ""]
    assert all(moment.details.excerpt for moment in open_.moments[0])


@pytest.mark.parametrize("count", [1, 3])
def test_a_comparison_takes_a_constant_number_of_queries(editor, moderator, episode, django_assert_num_queries, count):
    article = make_cited(episode=episode, by=editor, moderator=moderator, bodies=[ELSEWHERE] * count)
    bodies = {f"Part_{number}": RETIMED for number in range(1, count + 1)}
    change = make_change(article, by=editor, sections=sections_of(article, **bodies))

    with django_assert_num_queries(11):
        diff.compare(article.published_revision, change)


# Without a transcript -----------------------------------------------------------------------------


@pytest.mark.parametrize("is_new", [True, False])
def test_chapters_whose_titles_fit_are_offered_without_a_transcript(editor, moderator, is_new):
    silent = make_episode("silent", chapters=[(0, "Opening"), (360, "Sleep and waste"), (1200, "How naps work")])
    section = SectionContent("Why", "A nap in the afternoon is what helps most of the people [00:00:31].")
    text = {"by": editor, "episode": silent, "lead": "", "sections": (section,)}
    if is_new:
        revision = make_draft("naps", **text)
        workflow.submit(revision, by=editor)
    else:
        article = make_published("naps", moderator=moderator, **text)
        sections = sections_of(article, Why="A nap in the afternoon is what helps the people [00:06:31].")
        revision = make_change(article, by=editor, sections=sections)

    before = shown_to(moderator, revision).text
    heard(revision.article, 1, moderator, revision)
    after = shown_to(moderator, revision).text

    assert before.count("<bdi>How naps work</bdi> (start of a chapter with this title, not from a transcript)") == 1
    assert re.search(r'rel="noopener">20:00</a> <bdi>How naps', before)
    assert "<bdi>How naps work</bdi>" not in after
