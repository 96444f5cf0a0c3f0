import re
from itertools import pairwise

import pytest
from django.db.models import F
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from articles import workflow
from articles.admin.recordings.episodes import timeline
from articles.core.recordings.timeline import gaps
from articles.core.recordings.timeline.coverage_gaps import Gap
from articles.models import Citation, Confirmation, Episode
from tests.support.clients import logged_in
from tests.support.factories import make_draft, make_episode, make_published
from tests.support.samples.cited import ELSEWHERE, HERE, UNHEARD, make_cited, make_talk
from tests.support.scenarios.many_citations import copy_citations

# Stretches without citations ----------------------------------------------------------------------


def test_gaps_are_stretches_without_citations():
    found = gaps(1000, [(300, None), (500, 600)], at_least=100)

    assert found == (Gap(0, 300, 0.0, 30.0), Gap(360, 500, 36.0, 14.0), Gap(600, 1000, 60.0, 40.0))


def test_short_gaps_are_ignored():
    assert gaps(1000, [(0, None), (359, 700), (999, None)]) == ()
    assert gaps(1000, [(0, None), (360, 990)]) == (Gap(60, 360, 6.0, 30.0),)


def test_moment_inside_a_range_does_not_end_a_gap():
    assert gaps(1000, [(0, 500), (100, 120)], at_least=100) == (Gap(500, 1000, 50.0, 50.0),)


def test_sponsors_at_the_edge_of_a_gap_are_cut_off():
    assert gaps(1000, [(400, None)], [(0, 120), (900, 1000)], at_least=100) == (
        Gap(120, 400, 12.0, 28.0),
        Gap(460, 900, 46.0, 44.0),
    )


def test_moments_past_the_end_are_ignored():
    assert gaps(1000, [(2000, None)]) == (Gap(0, 1000, 0.0, 100.0),)


def test_a_recording_without_length_has_no_gaps():
    with pytest.raises(ValueError, match="must be positive"):
        gaps(0, [])


moments = st.lists(st.tuples(st.integers(0, 5000), st.none() | st.integers(1, 600)), max_size=20)


@given(moments, st.integers(1, 4000), st.integers(1, 600))
def test_gaps_are_in_order_and_contain_no_start_of_a_moment(lengths, duration, at_least):
    given_moments = [(start, None if length is None else start + length) for start, length in lengths]

    found = gaps(duration, given_moments, at_least=at_least)

    assert all(gap.start_seconds >= 0 and gap.end_seconds - gap.start_seconds >= at_least for gap in found)
    assert all(one.end_seconds <= other.start_seconds for one, other in pairwise(found))
    assert all(gap.end_seconds <= duration for gap in found)
    assert not any(gap.start_seconds <= start < gap.end_seconds for gap in found for start, _ in given_moments)


# The page -----------------------------------------------------------------------------------------


def page_of(episode):
    return f"/admin/articles/episode/{episode.pk}/change/"


def talk(**kwargs):
    chapters = [(0, "Opening"), (900, "Sponsor: beds"), (1200, "Relief"), (3000, "Afterwards")]
    episode = make_talk(chapters=chapters, **kwargs)
    episode.chapter_set.filter(start_seconds=900).update(is_sponsor=True)
    return episode


@pytest.fixture
def article(editor, moderator):
    return make_cited(episode=talk(), by=editor, moderator=moderator, bodies=[HERE, ELSEWHERE, UNHEARD])


def timeline_on(user, episode):
    return logged_in(user).get(page_of(episode)).context["timeline"]


def test_timeline_has_chapters_sponsors_and_a_tick_for_each_citation(article, editor, moderator):
    citation = article.published_revision.citation_set.get(position=1)
    workflow.confirm_citation(
        article, by=moderator, episode=citation.episode, start_seconds=1505, end_seconds=None, claim=citation.claim
    )

    shown = timeline_on(editor, citation.episode)

    assert [(segment.title, segment.is_sponsor, segment.is_used) for segment in shown.segments] == [
        ("Opening", False, True),
        ("Sponsor: beds", True, False),
        ("Relief", False, True),
        ("Afterwards", False, False),
    ]
    assert [(tick.label, tick.x, tick.state) for tick in shown.ticks] == [
        ("09:01", 8.78, "elsewhere"),
        ("25:05", 24.43, "confirmed"),
        ("40:00", 38.95, "missing"),
    ]
    assert (shown.duration, shown.total, shown.past_end) == ("1:42:41", 3, 0)


def test_timeline_lists_the_stretches_without_citations(article, editor):
    episode = article.published_revision.citation_set.first().episode

    shown = timeline_on(editor, episode)

    assert [(stretch.label, stretch.chapters) for stretch in shown.stretches] == [
        ("00:00–09:01", "Opening"),
        ("10:01–25:05", "Opening; Sponsor: beds; Relief"),
        ("26:05–40:00", "Relief"),
        ("41:00–1:42:41", "Relief; Afterwards"),
    ]


def test_timeline_is_also_given_as_text(article, editor):
    episode = article.published_revision.citation_set.first().episode

    text = logged_in(editor).get(page_of(episode)).text

    assert text.count('<svg class="episode-timeline__marker') == 3
    assert "<title>09:01: Better match at 19:06" in text
    assert '<th scope="row"><a href="/admin/articles/episode/' in text
    assert '<td dir="auto">It blocks the NMDA receptor.</td>' in text
    assert "4 stretches of five minutes or more without citations" in text
    assert " style=" not in text.split('<section class="episode-timeline')[1].split("</section>")[0]


def test_citations_of_one_second_with_the_same_status_share_a_tick(editor, moderator):
    episode = make_episode()
    for slug in ("one", "two"):
        make_published(slug, by=editor, moderator=moderator, episode=episode)

    shown = timeline_on(editor, episode)

    assert ([tick.label for tick in shown.ticks], shown.total) == (["06:31"], 2)


def test_unpublished_citations_are_not_on_the_timeline(editor):
    episode = make_episode()
    make_draft(by=editor, episode=episode)

    shown = timeline_on(editor, episode)

    assert (shown.ticks, shown.total) == ([], 0)
    assert [stretch.label for stretch in shown.stretches] == ["00:00–1:00:00"]


def test_citations_past_the_end_are_counted(editor, moderator):
    episode = make_episode()
    make_published(by=editor, moderator=moderator, episode=episode)
    Episode.objects.update(duration_seconds=300)

    shown = timeline_on(editor, episode)

    assert (shown.ticks, shown.total, shown.past_end) == ([], 1, 1)


def test_without_a_length_there_is_a_list_but_no_image(editor, moderator):
    episode = make_episode(duration_seconds=None)
    make_published(by=editor, moderator=moderator, episode=episode)

    response = logged_in(editor).get(page_of(episode))

    assert response.context["timeline"].segments == ()
    assert "Enter the episode’s length to see the timeline." in response.text
    assert "The brain clears waste at night." in response.text


def test_new_episode_has_no_timeline(moderator):
    response = logged_in(moderator).get("/admin/articles/episode/add/")

    assert response.status_code == 200
    assert "episode-timeline__image" not in response.text


def test_long_table_is_cut_and_links_to_the_report(editor, moderator, monkeypatch):
    monkeypatch.setattr(timeline, "ROWS_SHOWN", 1)
    episode = make_episode()
    for slug in ("one", "two"):
        make_published(slug, by=editor, moderator=moderator, episode=episode)

    text = logged_in(editor).get(page_of(episode)).text

    assert "All 2 in the citation report" in text


@pytest.mark.parametrize("count", [1, 3])
def test_timeline_takes_a_constant_number_of_queries(editor, moderator, django_assert_num_queries, count):
    episode = talk()
    for number in range(count):
        make_cited(f"text-{number}", episode=episode, by=editor, moderator=moderator, bodies=[HERE, ELSEWHERE])

    asked = Episode.objects.get(pk=episode.pk)

    with django_assert_num_queries(7):
        timeline.build_timeline(asked)


def test_a_timeline_of_very_many_citations_is_counted_by_the_database(
    editor, moderator, settings, django_assert_num_queries
):
    """Citations in the first 20 minutes of an hour, one of them confirmed, and some past the end."""
    episode = make_episode(duration_seconds=3600)
    article = make_published(episode=episode, by=editor, moderator=moderator)
    copy_citations([article], 3000)
    settings.FOUR_EYES = False  # the copies’ claims are no text’s
    cited = Citation.objects.filter(episode=episode)
    cited.update(start_seconds=F("start_seconds") % 1200)
    cited.filter(position__gt=2990).update(start_seconds=4000)
    first = cited.select_related("episode").earliest("start_seconds", "pk")
    claim = {"start_seconds": first.start_seconds, "end_seconds": None, "claim": first.claim}
    workflow.confirm_citation(article, by=editor, episode=episode, **claim)
    Citation.objects.filter(pk=first.pk).update(claim_key=Confirmation.objects.get().claim_key)

    with django_assert_num_queries(16):
        shown = timeline.build_timeline(episode)

    assert shown.total == 3000
    assert sum(number for _, number, _ in shown.counts) == 3000
    assert {state: number for state, number, _ in shown.counts}["confirmed"] == 1
    assert shown.past_end == 10
    assert 150 < len(shown.ticks) <= 501
    assert max(tick.seconds for tick in shown.ticks) > 1100
    assert [stretch.label for stretch in shown.stretches] == ["20:59–1:00:00"]
    assert (len(shown.rows), shown.unshown) == (200, 2800)


@pytest.mark.django_db
def test_places_have_points_in_languages_that_write_commas(admin_client, settings):
    settings.LANGUAGE_CODE = "de"
    episode = make_episode()
    article = make_published(episode=episode)

    for address in (article.get_absolute_url(), reverse("admin:articles_episode_change", args=[episode.pk])):
        text = admin_client.get(address).text
        assert re.search(r' x="\d+\.\d+%"', text)
        assert not re.search(r'="\d+,\d+%"', text)
