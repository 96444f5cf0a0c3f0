"""Excerpts together stay within the share of a transcript that may be shown, and pages say how much that is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import workflow
from articles.derived import excerpts
from articles.derived.excerpts import LONGEST, SHORTEST, Excerpts, excerpts_of
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Article, Episode
from articles.workflow import integrity
from articles.workflow.content import SectionContent
from tests.support.factories import make_episode, make_published

TEXTS = st.sets(st.text("abc d", min_size=1, max_size=300), max_size=20)


@given(texts=TEXTS, total=st.integers(0, 20_000), most=st.integers(0, 100))
def test_together_they_are_within_the_limit(texts, total, most):
    found = excerpts_of(texts, total, most)

    if found.length is None:
        assert not texts or not total
        return
    shown = sum(min(len(text), LONGEST, found.length) for text in texts)
    assert shown * 100 <= total * most
    assert found.share == -(-shown * 1000 // total)
    longer = sum(min(len(text), LONGEST, found.length + 1) for text in texts)
    longest = max(min(len(text), LONGEST) for text in texts)
    # They are no shorter than the limit asks, and not shown at all if they would say nothing.
    assert found.length == longest or found.length == 0 or longer * 100 > total * most
    assert found.length >= min(SHORTEST, longest) or found.length == 0


def test_the_examples():
    assert excerpts_of({"a" * 300, "b" * 100, "c" * 50}, 10_000, 10) == Excerpts(160, 31)
    assert excerpts_of({"a" * 300, "b" * 100, "c" * 50}, 2_000, 10) == Excerpts(75, 100)
    assert excerpts_of({"a" * 300, "b" * 100}, 500, 10) == Excerpts(0, 0)
    assert excerpts_of({"Short."}, 100, 10) == Excerpts(6, 60)


SAID = "The brain clears its waste at night, while we sleep and know nothing of it, as it does in all who sleep."
OTHER = "Salt is another matter that was spoken of at length on this evening, with no end in sight, by everyone."


def words(other_count):
    lines = [f"00:{n % 60:02}:{n // 60:02} {OTHER} {n}" for n in range(other_count)]
    return "\n".join(sorted([*lines, f"00:06:31 {SAID}", f"00:20:10 {SAID} Again."])).encode()


def page_of(client, slug):
    return client.get(f"/articles/{slug}/").text


def quotes(text):
    return [part.partition("</q>")[0] for part in text.split('<q class="moments__quote" dir="auto">')[1:]]


@pytest.fixture
def episode(db):
    return make_episode(allows_excerpts=True)


def publish(slug, episode, people, mark="00:06:31"):
    sections = (SectionContent("Why", f"The brain clears its waste at night [{mark}]."),)
    return make_published(slug, title=slug.title(), episode=episode, sections=sections, **people)


def test_each_article_more_leaves_less_for_the_others(client, people, episode, settings):
    settings.EXCERPTS_MAX_PERCENT = 10
    import_transcript(episode, words(12), "talk.txt")
    publish("sleep", episode, people)
    alone = quotes(page_of(client, "sleep"))

    second = publish("rest", episode, people, "00:20:10")
    both = quotes(page_of(client, "sleep"))
    workflow.unpublish(second, by=people["moderator"], reason="Wrong")
    again = quotes(page_of(client, "sleep"))

    assert len(alone[0]) > len(both[0]) >= SHORTEST
    assert again == alone
    assert Episode.objects.get().excerpt_share <= 100
    assert list(integrity.check(Article.objects.all())) == []


def test_the_share_is_displayed_and_none_is_shown_beyond_the_limit(client, people, episode, settings):
    transcript_page = f"/admin/articles/episode/{episode.pk}/transcript/"
    settings.EXCERPTS_MAX_PERCENT = 10
    import_transcript(episode, words(30), "talk.txt")
    publish("sleep", episode, people)
    shown = client.get(episode.get_absolute_url()).text

    settings.EXCERPTS_MAX_PERCENT = 1
    excerpts.store(Episode.objects.all())
    hidden = client.get(episode.get_absolute_url()).text
    client.force_login(people["moderator"])
    editors = client.get(transcript_page).text

    assert "Public excerpts: 0 % of the text, at most 1 %." in editors
    assert "so none is shown" in editors
    assert "of its transcript is shown as excerpts (at most 10 %)" in shown
    assert quotes(page_of(client, "sleep")) == []
    assert "as excerpts" not in hidden


def test_what_is_not_allowed_has_no_share(people, episode):
    import_transcript(episode, words(30), "talk.txt")
    publish("sleep", episode, people)
    before = Episode.objects.get().excerpt_length

    row = Episode.objects.get()
    row.allows_excerpts = False
    workflow.save_episode(row, ["allows_excerpts"], at_once=True)

    after = Episode.objects.get()
    assert (before, after.excerpt_length, after.excerpt_share) == (before, None, None)
    assert before


@pytest.mark.breaks_integrity("The stored length is wrong.")
def test_a_wrong_length_is_found(people, episode):
    import_transcript(episode, words(30), "talk.txt")
    publish("sleep", episode, people)
    Episode.objects.update(excerpt_length=159)

    found = [finding.problem for finding in integrity.check(Article.objects.all())]

    assert found == ["its excerpts aren’t what its public citations and the limit give"]
