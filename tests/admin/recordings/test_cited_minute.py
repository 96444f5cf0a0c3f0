import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles import workflow
from articles.admin.recordings.episodes.cited_minute import seconds_of
from articles.models import Episode
from tests.support.clients import logged_in
from tests.support.factories import make_change, make_draft, make_episode, make_published, make_user
from tests.support.samples.cited import ELSEWHERE, HERE, UNHEARD, make_cited, make_talk
from tests.support.scenarios.many_citations import copy_citations
from tests.support.scenarios.reviewing import sections_of


@pytest.fixture(scope="module")
def talk(module_rows):
    return make_talk(chapters=[(0, "Opening"), (1500, "Relief")])


@pytest.fixture
def episode(db, talk):
    return Episode.objects.get(pk=talk.pk)  # an object of its own, for tests that change it


def ask(user, episode, **query):
    return logged_in(user).get(reverse("admin:articles_episode_moment", args=[episode.pk]), query)


def listed(response):
    """(claim, whether it is published, numbers of the open revisions that contain it) of each sentence."""
    return [
        (sentence.row.citation.claim, sentence.is_published, [revision.number for revision in sentence.revisions])
        for sentence in response.context["sentences"]
    ]


@pytest.mark.parametrize("text", ["391", "06:31", "00:06:31", "0:06:31", " [00:06:31] ", "6m31s", "391.5"])
def test_timestamp_is_read_from_text_or_seconds(text):
    assert seconds_of(text) == 391


@pytest.mark.parametrize("text", ["", "soon", "00:75:12", "-5", "9999999"])
def test_invalid_timestamp_is_refused_with_a_reason(text):
    with pytest.raises(ValueError, match="Enter a timestamp as 00:06:31 or in seconds"):
        seconds_of(text)


def test_anonymous_has_to_log_in(episode):
    response = Client().get(reverse("admin:articles_episode_moment", args=[episode.pk]))

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")


def test_it_is_refused_to_staff_who_may_not_edit(episode):
    staff = User.objects.create_user("clerk", is_staff=True)

    assert ask(staff, episode, t="391").status_code == 403


def test_unknown_episode_is_404(editor):
    assert logged_in(editor).get(reverse("admin:articles_episode_moment", args=[7])).status_code == 404


def test_it_lists_the_sentences_of_the_minute_and_no_others(editor, moderator, episode):
    make_cited(episode=episode, by=editor, moderator=moderator, bodies=[HERE, ELSEWHERE, UNHEARD])
    make_cited(
        "other", episode=episode, by=editor, moderator=moderator, bodies=["So it is [00:25:59].", "No [00:26:00]."]
    )
    elsewhere = make_episode("on-dreams")
    make_cited("dreams", episode=elsewhere, by=editor, moderator=moderator, bodies=["A dream [00:25:05]."])

    response = ask(editor, episode, t="00:25:30")

    assert listed(response) == [
        ("Relief of depression comes within minutes to hours.", True, []),
        ("So it is.", True, []),
    ]
    assert (response.context["start"], response.context["end"], response.context["chapter"]) == (1500, 1560, "Relief")


def test_a_range_is_cited_in_every_minute_that_it_reaches(editor, moderator, episode):
    make_cited(episode=episode, by=editor, moderator=moderator, bodies=["At length [00:24:30-00:26:10]."])

    counts = [len(listed(ask(editor, episode, t=str(minute * 60)))) for minute in (23, 24, 25, 26, 27)]

    assert counts == [0, 1, 1, 1, 0]


def test_drafts_and_submitted_texts_are_marked_and_old_ones_left_out(editor, moderator, episode):
    article = make_cited(episode=episode, by=editor, moderator=moderator, bodies=[HERE])
    bodies = sections_of(article, Part_1="Relief of depression takes weeks [00:25:05].")
    workflow.reject(make_change(article, by=make_user("third"), sections=bodies), by=moderator, comment="No.")
    make_change(article, by=editor, sections=bodies)
    make_draft("new", by=make_user("second"), episode=episode, lead="It eases quickly [00:25:10].", sections=())

    response = ask(editor, episode, t="1505")

    assert listed(response) == [
        ("Relief of depression comes within minutes to hours.", True, []),
        ("Relief of depression takes weeks.", False, [3]),
        ("It eases quickly.", False, [1]),
    ]
    assert "not published" in response.text
    assert "revision 3</a> (submitted, editor)" in response.text


def test_sentence_unchanged_in_a_draft_is_listed_once(editor, moderator, episode):
    article = make_cited(episode=episode, by=editor, moderator=moderator, bodies=[HERE])
    make_change(article, by=editor, lead="Another lead.")

    assert listed(ask(editor, episode, t="1505")) == [
        ("Relief of depression comes within minutes to hours.", True, [2])
    ]


def test_page_shows_the_cues_and_the_status_of_each_citation(editor, moderator, episode):
    make_cited(episode=episode, by=editor, moderator=moderator, bodies=[ELSEWHERE])

    response = ask(editor, episode, t="09:01")
    [sentence] = response.context["sentences"]

    labels = [cue.label for cue in response.context["cues"]]
    assert labels == ["08:56", "09:04", "09:12", "09:20", "09:28", "09:36", "09:44", "09:52"]
    assert (sentence.row.details.verdict, sentence.row.details.where) == ("said elsewhere", "19:06")


def test_without_a_transcript_it_says_so(editor, moderator):
    episode = make_episode()
    make_published(by=editor, moderator=moderator, episode=episode)

    text = ask(editor, episode, t="391").text

    assert "This episode has no transcript." in text
    assert "not checked: the episode has no transcript" in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, "Enter a timestamp, such as 00:06:31"),
        ({"t": "soon"}, "Enter a timestamp as 00:06:31 or in seconds."),
        ({"t": "02:00:00"}, "The recording ends at 1:42:41; this timestamp is past the end."),
    ],
)
def test_page_explains_missing_and_invalid_timestamps(editor, episode, query, sentence):
    assert sentence in ask(editor, episode, **query).text


def test_page_links_to_the_previous_and_next_minute(editor, episode):
    first, last = ask(editor, episode, t="10"), ask(editor, episode, t="1:42:30")

    assert (first.context["previous"], first.context["next"]) == (None, 60)
    assert (last.context["previous"], last.context["next"]) == (6060, None)


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_a_constant_number_of_queries(editor, moderator, episode, django_assert_num_queries, count):
    for number in range(count):
        make_cited(f"text-{number}", episode=episode, by=editor, moderator=moderator, bodies=[HERE])
    client = logged_in(editor)

    with django_assert_num_queries(13):
        client.get(reverse("admin:articles_episode_moment", args=[episode.pk]), {"t": "1505"})


def test_a_crowded_minute_is_cut_and_leads_to_the_report(editor, moderator):
    episode = make_episode()
    copy_citations([make_published(episode=episode, by=editor, moderator=moderator)], 20_000)

    response = ask(editor, episode, t="10:05")

    assert len(listed(response)) == 200
    address = re.search(r'<a href="([^"]+)">All published ones in the citation report', response.text)[1]
    report = logged_in(editor).get(address.replace("&amp;", "&"))
    assert report.context["rows"][0].citation.start_seconds == 600
    assert "Only the first citations" not in ask(editor, episode, t="99:00").text
