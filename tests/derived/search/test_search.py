import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from articles import workflow
from articles.derived import search
from articles.derived.search import highlight, indexing
from articles.derived.search import tokens as folding
from articles.derived.search.articles import LIMITS
from articles.derived.search.query import parse
from articles.importing import import_transcript
from articles.models import Article, Cue, SearchEntry, TranscriptWindow
from articles.workflow import remove_transcript
from articles.workflow.content import SectionContent, SourceContent
from tests.support.factories import make_change, make_draft, make_episode, make_published, make_user
from tests.support.samples import talk

pytestmark = pytest.mark.django_db

SECRET = "Zephyrine"


def slugs(query):
    return [found.article.slug for found in search.find(query).found]


def tokens(text):
    return [word.token for word in folding.words_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sleeping brains don’t", ["sleep", "brain", "dont"]),
        ("the brain's", ["the", "brain"]),
        ("Café naïve Ørsted Straße", ["cafe", "naiv", "orst", "strass"]),
        ("cafe\u0301 co\u00adop", ["cafe", "coop"]),
        ("10,000 0.5 B12", ["10000", "0_5", "b", "12"]),
        ("٣٤", ["34"]),
        ("睡眠时", ["_e79da1e79ca0", "_e79ca0e697b6"]),
        ("睡", ["_e79da1"]),
        ("DNA复制", ["dna", "_e5a48de588b6"]),
        ("мозг Мозг", ["_d0bcd0bed0b7d0b3", "_d0bcd0bed0b7d0b3"]),
        ("हिन्दी", ["_e0a4b9e0a4bfe0a4a8e0a4a6e0a580"]),
        ("— … _ ♪", []),
    ],
)
def test_words_become_tokens(text, expected):
    found = tokens(text)

    assert found == expected


def test_words_have_their_span_and_spelling():
    words = folding.words_of("Two naïve brains.")

    assert [tuple(word) for word in words] == [
        ("two", "two", 0, 3),
        ("naiv", "naive", 4, 9),
        ("brain", "brains", 10, 16),
    ]


def test_english_is_split_the_same_with_and_without_other_scripts():
    text = "It's the GLP-1 dose: 0.5 of 1,000 don't x_y e.g. 3rd"

    assert tokens(text) == tokens(f"{text} é")[:-1]


@pytest.mark.parametrize("text", ["don’t", "don't ’", "re\u0301sume\u0301", "non\u00adlinear é", "naïve"])
def test_a_word_goes_on_after_its_plain_letters_in_texts_with_others(text):
    (word,) = folding.words_of(text)[:1]

    assert text[word.start : word.end] == text.split(" ")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("brain waste", [("brain",), ("wast",)]),
        ('"brain waste" night', [("brain", "wast"), ("night",)]),
        ("GLP-1", [("glp", "1")]),
        ('unclosed "brain waste', [("unclos",), ("brain",), ("wast",)]),
        ("the dose of it", [("dose",)]),
        ("the who", [("the",), ("who",)]),
        ('"the dose"', [("the", "dose")]),
        ("dose doses dose", [("dose",), ("dose",)]),
    ],
)
def test_queries_are_parsed_into_words_and_phrases(text, expected):
    query = parse(text)

    assert [term.words for term in query.terms] == expected


def test_queries_count_the_terms_left_out():
    query = parse(" ".join(f"w{number}" for number in range(20)))

    assert (len(query.terms), query.left_out) == (16, 4)


def test_long_sentences_are_shortened_around_the_match():
    text = f"{'before ' * 100}the brain {'after ' * 100}"

    shown = highlight.shortened(text, parse("brain"))

    assert (shown[:8], shown[-7:]) == ("… before", "after …")
    assert "the brain after" in shown
    assert len(shown) < 330


def test_publishing_replaces_search_results(people):
    article = make_published(title="Sleep", **people)
    change = make_change(article, by=people["by"], title="Rest", sections=(SectionContent("Owls", "They hunt."),))
    before = slugs("sleep"), slugs("owls")

    workflow.publish(workflow.approve(change, by=people["moderator"]), by=people["moderator"])

    assert before == (["sleep"], [])
    assert (slugs("waste"), slugs("owls"), slugs("rest")) == ([], ["sleep"], ["sleep"])


def test_unpublished_articles_are_not_found(people):
    article = make_published(**people)

    workflow.unpublish(article, by=people["moderator"], reason="It is wrong.")

    assert slugs("sleep") == []
    assert search.suggest("sl") == []
    assert SearchEntry.objects.count() == 0


def test_results_link_to_the_new_address(people):
    article = make_published(**people)
    change = make_change(article, by=people["by"], slug="rest")

    workflow.publish(workflow.approve(change, by=people["moderator"]), by=people["moderator"])

    (found,) = search.find("sleep").found
    assert found.article.get_absolute_url() == "/articles/rest/"
    assert search.suggest("sle")[0].address == "/articles/rest/"


def test_unpublished_words_are_never_found(client, people):
    article = make_published(**people)
    make_draft("secret", by=people["by"], title=SECRET, lead=SECRET)
    make_change(article, by=people["by"], title=SECRET, lead=SECRET)

    html = client.get("/search/", {"q": SECRET}).content.decode()

    assert slugs(SECRET) == []
    assert f"No results for “{SECRET}”." in html
    assert client.get("/search/suggest/", {"q": SECRET[:4]}).json() == {"suggestions": []}


def test_a_stale_row_gives_no_result(people):
    article = make_published(**people)
    Article.objects.filter(pk=article.pk).update(published_revision=None)

    results = search.find("sleep")

    assert results.found == []
    assert search.suggest("sleep") == []


def test_an_unchanged_text_is_not_indexed_again(people, django_assert_num_queries):
    article = make_published(episode=make_episode(), **people)
    article = Article.objects.select_related("published_revision__rendering").get(pk=article.pk)

    with django_assert_num_queries(3):
        search.index(article)


def test_rebuild_gives_the_same_rows(people, capsys):
    make_published(episode=make_episode(), **people)
    before = list(SearchEntry.objects.values_list())
    SearchEntry.objects.all().delete()

    call_command("rebuild_search")

    assert list(SearchEntry.objects.values_list()) == before
    assert capsys.readouterr().out == "1 article and 0 transcripts indexed.\n"


def test_rebuilding_what_is_stale_indexes_what_an_earlier_version_did(people, monkeypatch, capsys):
    episode = make_episode()
    import_transcript(episode, b"00:05 The night is really long", "talk.txt", language="en", is_confirmed=True)
    make_published(**people)  # without citations, so that it has no checks that could be of an earlier version
    expected = [list(model.objects.values_list()) for model in (SearchEntry, TranscriptWindow)]
    version = indexing.VERSION
    monkeypatch.setattr(indexing, "VERSION", version - 1)
    search.rebuild()
    SearchEntry.objects.update(words="earlier")
    TranscriptWindow.objects.update(words="earlier")
    monkeypatch.setattr(indexing, "VERSION", version)

    call_command("rebuild", "--stale")
    call_command("rebuild", "--stale")

    assert [list(model.objects.values_list()) for model in (SearchEntry, TranscriptWindow)] == expected
    done, again = (
        "0 revisions rebuilt.\n1 article and 1 transcript indexed for search again.\n",
        "0 revisions rebuilt.\n",
    )
    assert capsys.readouterr().out == done + again


def test_long_sections_are_split_into_rows_without_loss(people, monkeypatch):
    monkeypatch.setattr(indexing, "PIECE", 4)
    make_published(sections=(SectionContent("Why", "One two three four. Five six seven eight. Nine."),), **people)

    texts = list(SearchEntry.objects.filter(kind=SearchEntry.Kind.TEXT, anchor="why").values_list("text", flat=True))

    assert texts == ["One two three four. ", "Five six seven eight. ", "Nine."]
    assert slugs("nine") == ["sleep"]


def test_a_sentence_with_two_moments_is_listed_once(people):
    episode = make_episode(youtube_id="abcdefghijk")
    sections = (SectionContent("Why", "The brain clears waste [00:06:31, 00:08:44]."),)
    make_published(episode=episode, sections=sections, **people)

    (found,) = search.find("waste").found

    (place,) = found.places
    assert [moment.start_seconds for moment in place.moments] == [391, 524]


def test_title_beats_heading_beats_claim_beats_text(people):
    sources = {"sources": (SourceContent(make_episode()),)}
    text = (SectionContent("Why", "Of owls."),)
    make_published("text", sections=text, **sources, **people)
    make_published("claim", sections=(SectionContent("Why", "Of owls [00:01:00]."),), **sources, **people)
    make_published("heading", sections=(SectionContent("Owls", "Of it."),), **sources, **people)
    make_published("long-title", title="Owls and the night", **sources, **people)
    make_published("title", title="Owls", **sources, **people)

    found = slugs("owl")

    assert found == ["title", "long-title", "heading", "claim", "text"]


def test_an_article_with_the_word_itself_comes_first_even_if_too_many_have_another_form_of_it(people, monkeypatch):
    episode = make_episode()
    texts = ["Minds matter, mindful minds.", "My mind on minds.", "Rest and mindfulness."]
    for number, lead in enumerate(texts):
        make_published(
            f"article-{number}", title="Minds" if number < 2 else "Rest", lead=lead, episode=episode, **people
        )
    monkeypatch.setattr("articles.derived.search.articles.LIMITS", dict.fromkeys(LIMITS, 1))

    results = search.find("mindfulness")

    assert [found.article.slug for found in results.found] == ["article-2", "article-0"]
    assert results.is_more


def test_the_sentence_with_the_word_itself_is_shown(people):
    lead = "Minds wander. Much mindfulness helps. The mind rests."
    make_published("rest", title="Rest", lead=lead, sections=(SectionContent("Waste", "Night."),), **people)

    (found,) = search.find("mindfulness").found

    assert ["".join(run.text for run in place.runs) for place in found.places] == ["Much mindfulness helps."]


@pytest.mark.parametrize("count", [1, 3])
def test_results_take_a_constant_number_of_queries(client, people, count, django_assert_num_queries):
    episode = make_episode()
    for number in range(count):
        make_published(f"sleep-{number}", title=f"Sleep {number}", episode=episode, **people)

    with django_assert_num_queries(11):
        html = client.get("/search/", {"q": "brain waste"}).content.decode()

    assert html.count('<li class="result">') == count


def test_results_link_to_sentence_section_and_moment(client, people):
    make_published(episode=make_episode(youtube_id="abcdefghijk"), **people)

    response = client.get("/search/", {"q": "brains sleep"})

    html = response.content.decode()
    assert '<h2 class="result__title" dir="auto"><a href="/articles/sleep/"><mark>Sleep</mark></a></h2>' in html
    assert '<a href="/articles/sleep/#c-391">The <mark>brain</mark> clears waste at night.</a>' in html
    assert (
        '<a class="result__time" href="https://www.youtube.com/watch?v=abcdefghijk&amp;t=391s" '
        'aria-label="Listen at 06:31"><time datetime="PT6M31S">06:31</time></a>'
    ) in html
    assert "1 article." in html
    assert '<link rel="canonical" href="http://testserver/search/">' in html
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response.cookies == {}


def test_results_list_the_sections_with_matching_headings(client, people):
    make_published(**people)

    html = client.get("/search/", {"q": "sleeping"}).content.decode()

    assert '<a href="/articles/sleep/#why-we-sleep">Why we <mark>sleep</mark></a>' in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Results contain all of your words, English ones in any form."),
        ("?!", "“?!” contains no words. Enter at least one letter or number."),
        ("x" * 201, "Searches are limited to 200 characters."),
        ("owls", "No results for “owls”. Check the spelling"),
        ("owls sleep", "No results for “owls sleep”. No section contains all of these words. Remove a word"),
        ("\0", "“\ufffd” contains no words"),
        ("<script>owl", "No results for “&lt;script&gt;owl”."),
        (
            "slee",
            "No exact results for “slee”. These titles and headings contain words that start with it: 1 article.",
        ),
    ],
)
def test_the_page_suggests_what_to_do(client, people, query, words):
    make_published(**people)

    response = client.get("/search/", {"q": query})

    html = response.content.decode()
    assert response.status_code == 200
    assert words in html
    assert "<script>owl" not in html


def test_texts_are_escaped(client, people):
    sections = (SectionContent("Why", "Brains `<b>waste</b>` & time."),)
    make_published(title="Sleep <i>", sections=sections, **people)

    html = client.get("/search/", {"q": "waste"}).content.decode()

    assert "Sleep &lt;i&gt;" in html
    assert "&lt;b&gt;<mark>waste</mark>&lt;/b&gt; &amp; time." in html


def test_results_are_paginated(client, people):
    for number in range(11):
        make_published(f"sleep-{number}", **people)

    first = client.get("/search/", {"q": "sleep"}).content.decode()
    second = client.get("/search/", {"q": "sleep", "page": "2"}).content.decode()
    beyond = client.get("/search/", {"q": "sleep", "page": "99"}).content.decode()
    odd = client.get("/search/", {"q": "sleep", "page": "-1x"}).content.decode()

    assert "11 articles, page 1 of 2." in first
    assert '<a href="?q=sleep&amp;page=2" rel="next">More results</a>' in first
    assert (first.count('<li class="result">'), second.count('<li class="result">')) == (10, 1)
    assert second == beyond
    assert first == odd


def test_suggestions_are_public_json(client, people):
    make_published(**people)

    response = client.get("/search/suggest/", {"q": "why"})

    assert response.json() == {
        "suggestions": [{"title": "Sleep", "heading": "Why we sleep", "address": "/articles/sleep/#why-we-sleep"}]
    }
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.cookies == {}


def test_every_public_page_has_one_search_field(client, people):
    make_published(**people)

    pages = [client.get(address).content.decode() for address in ["/", "/articles/sleep/", "/shows/", "/search/"]]

    assert [html.count('role="search" action="/search/"') for html in pages] == [1, 1, 1, 1]


def test_transcripts_are_found_by_words_said_close_together():
    episode = make_episode(duration_seconds=talk.DURATION, youtube_id="abcdefghijk")
    import_transcript(episode, talk.as_vtt())

    results = search.find_spoken("NMDA receptors blocking")

    (found,) = results.found
    assert found.episode == episode
    assert abs(found.start_seconds - 1150) < 20
    assert "NMDA" in [run.text for run in found.runs if run.is_found]
    assert found.href == f"https://www.youtube.com/watch?v=abcdefghijk&t={found.start_seconds}s"
    assert search.find_spoken('"receptor NMDA"').found == []


def test_phrases_are_found_across_cues():
    episode = make_episode()
    lines = [(0, 12, "We speak of the"), (12, 24, "night shift of"), (24, 36, "the brain"), (36, 48, "and of owls")]
    for start, end, text in lines:
        Cue.objects.create(episode=episode, start_seconds=start, end_seconds=end, text=text)

    search.index_transcript(episode)

    assert len(search.find_spoken('"night shift of the brain"').found) == 1
    assert search.find_spoken("speak owls").found != []


def test_a_new_transcript_replaces_search_results():
    episode = make_episode()
    import_transcript(episode, b"0:00:01 Owls hunt at night.\n0:00:09 They do.")
    import_transcript(episode, b"0:00:01 Gulls hunt by day.\n0:00:09 They do.")
    found = [len(search.find_spoken(word).found) for word in ("owls", "gulls")]

    remove_transcript(episode)

    assert found == [0, 1]
    assert TranscriptWindow.objects.count() == 0


def test_transcript_search_is_for_editors(client, people):
    episode = make_episode(youtube_id="abcdefghijk")
    import_transcript(episode, f"0:00:01 {SECRET} hunts 2 < 3.\n0:00:09 They do.".encode())
    address = reverse("admin:search_transcripts")
    outside = client.get(address, {"q": SECRET})
    client.force_login(make_user("nobody", groups=()))
    without = client.get(address, {"q": SECRET})
    client.force_login(people["by"])

    response = client.get(address, {"q": SECRET})

    html = response.content.decode()
    assert address == "/admin/search/transcripts/"
    assert (outside.status_code, without.status_code, response.status_code) == (302, 403, 200)
    assert f"<mark>{SECRET}</mark> hunts 2 &lt; 3." in html
    assert "1 result." in html
    assert SECRET not in client.get("/search/", {"q": SECRET}).content.decode().replace(f"“{SECRET}”", "").replace(
        f'value="{SECRET}"', ""
    )


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("L’océan monte.", "ocean", ["océan"]),
        ("L’océan monte.", "l'océan", ["océan"]),
        ("大潮は月に従う。", "月", ["月"]),
        ("大潮は月に従う。月", "月 う", ["月", "う", "月"]),
        ("大潮は月に従う", "う", ["う"]),
        ("大潮は月に従う", "月に", ["月に"]),
        ("月", "月", ["月"]),
        ("がか", "が", ["がか"]),  # without accents, both are the same
    ],
)
def test_elided_words_and_single_characters_are_highlighted(text, query, found):
    runs = highlight.runs(text, parse(query))

    assert [run.text for run in runs if run.is_found] == found
    assert "".join(run.text for run in runs) == text


def test_the_title_has_the_quotation_marks_of_the_language(client):
    with translation.override("de"):
        assert "<title>„xx“ · " in client.get("/search/", {"q": "xx"}).text
