"""Excerpts together stay within the share of a transcript that may be shown, and pages say how much that is."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from articles import workflow
from articles.derived.recordings import excerpts
from articles.derived.recordings.excerpts import LONGEST, SHORTEST, Excerpts, excerpts_of
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Article, Check, Episode, Rendering, Show
from articles.views import diff
from articles.workflow import integrity
from articles.workflow.content import SectionContent, SourceContent
from articles.workflow.recordings import decisions
from tests.support.factories import make_episode, make_published

TEXTS = st.sets(st.text("abc d", min_size=1, max_size=300), max_size=20)


@given(texts=TEXTS, total=st.integers(0, 20_000), most=st.integers(0, 100))
def test_together_they_are_within_the_limit(texts, total, most):
    ordered = [*sorted(texts), *sorted(texts)]  # a text is cited more than once, and counts once
    found, shown = excerpts_of(texts, total, most, lambda: ordered)

    if found.length is None:
        assert not texts or not total
        return
    lengths = {text: min(len(text), LONGEST) for text in texts}

    def used(texts, length):
        return sum(min(lengths[text], length) for text in texts)

    assert used(shown, found.length) * 100 <= total * most
    assert found.share == -(-used(shown, found.length) * 1000 // total)
    if shown == texts:
        # They are no shorter than the limit asks.
        assert found.length == max(lengths.values()) or used(texts, found.length + 1) * 100 > total * most
        assert found.length >= min(SHORTEST, max(lengths.values()))
    else:
        # Those in front are shown, each as long as says something, until one doesn't fit.
        assert shown == set(sorted(texts)[: len(shown)])
        assert found.length == (SHORTEST if shown else 0)
        assert used({*shown, sorted(texts)[len(shown)]}, SHORTEST) * 100 > total * most


def test_the_examples():
    def of(texts, total):
        return excerpts_of(set(texts), total, 10, lambda: texts)

    a, b, c = "a" * 300, "b" * 100, "c" * 50
    assert of([a, b, c], 10_000) == (Excerpts(160, 31), {a, b, c})
    assert of([a, b, c], 2_400) == (Excerpts(95, 100), {a, b, c})
    assert of([a, b, c], 2_000) == (Excerpts(80, 80), {a, b})
    assert of([b, c, a], 1_200) == (Excerpts(80, 67), {b})
    assert of([a, b], 500) == (Excerpts(0, 0), set())
    assert of(["Short."], 100) == (Excerpts(6, 60), {"Short."})


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


MATTERS = [
    "Apples ripen late in the north, and in most years they are picked by hand before the first frost of autumn.",
    "Bridges of stone outlast those of iron, since nothing in them rusts and every winter only settles their arches.",
    "Candles were taxed in this country for over a century, so that people made their own from rushes and fat.",
    "Deserts grow cold after sunset, because dry air keeps none of the warmth that the sand took up by day.",
    "Eels swim across an ocean to spawn, and nobody has ever watched them do it or found one of their eggs there.",
    "Ferries carried the mail between these islands until an airfield was built on the largest of them.",
]


def claims_of(*numbers):
    claims = " ".join(f"{MATTERS[n].rstrip('.')} [00:{3 * n:02}:00]." for n in numbers)
    return (SectionContent("Why", claims),)


def shown_in(*slugs):
    """Return the first letters of the excerpts on each article's page."""
    return {slug: "".join(quote[0] for quote in quotes(page_of(Client(), slug))) for slug in slugs}


def only_some(episode, people, settings):
    """Publish two articles that each cite three moments, with room for three excerpts of the six."""
    settings.EXCERPTS_MAX_PERCENT = 12
    lines = [f"00:{3 * n:02}:00 {text}" for n, text in enumerate(MATTERS)]
    filler = "After that they only talked about the weather and what they would have for dinner. " * 18
    import_transcript(episode, "\n".join([*lines, f"00:30:00 {filler}"]).encode(), "talk.txt")
    for slug, numbers in [("first", (0, 1, 2)), ("second", (3, 4, 5))]:
        make_published(slug, title=slug.title(), episode=episode, sections=claims_of(*numbers), **people)


def test_rather_than_none_the_first_of_each_article_then_the_second_are_shown(client, people, episode, settings):
    only_some(episode, people, settings)

    assert shown_in("first", "second") == {"first": "AB", "second": "D"}
    row = Episode.objects.get()
    assert (row.excerpt_length, row.excerpt_percent) == (SHORTEST, 12)
    assert list(integrity.check(Article.objects.all())) == []
    client.force_login(people["by"])
    editors = client.get(f"/admin/articles/episode/{row.pk}/transcript/").text
    assert "3 citations have none, because others are riskier and the limit is reached." in editors
    assert "12 % of its transcript is shown as excerpts (at most 12 %)" in Client().get(row.get_absolute_url()).text


def test_riskier_citations_come_first(people, episode, settings):
    only_some(episode, people, settings)
    claims = "Never take more than 500 mg of salt a day [00:12:00]. Never take more than 50 mg of iodine [00:15:00]."
    sections = (SectionContent("Why", claims),)
    make_published("third", title="Third", episode=episode, sections=sections, **people)

    # Nobody says that there. Both articles that cite these moments have their excerpts, since each counts only once.
    assert shown_in("first", "second", "third") == {"first": "A", "second": "EF", "third": "EF"}
    assert list(integrity.check(Article.objects.all())) == []


def test_where_they_fit_again_all_are_shown(people, episode, settings):
    only_some(episode, people, settings)
    workflow.unpublish(Article.objects.get(slug="second"), by=people["moderator"], reason="Wrong")

    assert shown_in("first") == {"first": "ABC"}
    assert not Check.objects.filter(citation__is_public=True, is_excerpt_left_out=True).exists()


@pytest.mark.breaks_integrity("An excerpt is marked as left out that isn't.")
def test_a_wrong_choice_is_found(people, episode, settings):
    only_some(episode, people, settings)
    Check.objects.update(is_excerpt_left_out=True)

    found = [finding.problem for finding in integrity.check(Article.objects.all())]

    assert found == ["its excerpts aren’t what its public citations and the limit give"]


def test_a_show_allows_them_for_all_its_episodes(client, people):
    episode = make_episode()
    import_transcript(episode, words(12), "talk.txt")
    publish("sleep", episode, people)
    before = quotes(page_of(client, "sleep"))

    show = Show.objects.get()
    show.allows_excerpts = True
    waiting = workflow.save_show(show, ["allows_excerpts"], by=people["by"])
    held = quotes(page_of(client, "sleep"))
    digest = Episode.objects.get().recording_digest
    decisions.accept(waiting, by=people["moderator"])
    given = quotes(page_of(client, "sleep"))

    assert (waiting.after, before, held, len(given)) == ({"allows_excerpts": True}, [], [], 1)
    assert Episode.objects.get().recording_digest != digest
    assert Episode.objects.get().excerpt_share
    show.allows_excerpts = False
    workflow.save_show(show, ["allows_excerpts"], at_once=True)
    assert Episode.objects.get().recording_digest == digest
    assert quotes(page_of(client, "sleep")) == []
    assert list(integrity.check(Article.objects.all())) == []


def test_the_comparison_of_versions_shows_readers_no_more(client, people, episode, settings):
    only_some(episode, people, settings)
    article = Article.objects.get(slug="first")

    [text] = diff.status.texts(article.published_revision, excerpts=False)
    shown = [details.excerpt[:1] for details in text.details]

    assert shown == ["A", "B", ""]
    assert [len(details.excerpt) for details in text.details] == [
        len(quote) for quote in quotes(page_of(client, "first"))
    ] + [0]


def test_each_article_more_leaves_less_for_the_others(client, people, episode, settings):
    settings.EXCERPTS_MAX_PERCENT = 10
    import_transcript(episode, words(18), "talk.txt")
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
    assert "not even one excerpt is within the limit" in editors
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


def test_an_article_on_two_episodes_of_the_show_is_outdated_once(client, people):
    episodes = [make_episode(slug) for slug in ("first", "second")]
    for number, episode in enumerate(episodes):
        import_transcript(episode, words(12 + number), "talk.txt")
    sources = (SourceContent(episodes[0]), SourceContent(episodes[1], "e2"))
    sections = (SectionContent("Why", "The brain clears its waste at night [00:06:31] [e2 00:06:31]."),)
    article = make_published("sleep", sources=sources, sections=sections, **people)
    before = Rendering.objects.get(revision=article.published_revision_id).page_changes

    show = Show.objects.get()
    show.allows_excerpts = show.allows_transcripts = True
    workflow.save_show(show, ["allows_excerpts", "allows_transcripts"], by=None)

    assert Rendering.objects.get(revision=article.published_revision_id).page_changes == before + 1
    assert {bool(row.excerpt_length) for row in Episode.objects.all()} == {True}
    assert len(quotes(page_of(client, "sleep"))) == 2
    assert list(integrity.check(Article.objects.all())) == []
