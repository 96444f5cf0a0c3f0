import uuid

import pytest
from django.http import QueryDict

from articles.admin.editor.forms import ArticleForm, EpisodeField, episode_label
from articles.models import Article, Revision
from articles.workflow.content import MAX_SECTIONS, Content, SectionContent, SourceContent
from tests.support.factories import make_draft, make_episode

pytestmark = pytest.mark.django_db

KEY = uuid.UUID("00000000-0000-4000-8000-000000000001")
OTHER_KEY = uuid.UUID("00000000-0000-4000-8000-000000000002")


def form_data(*sections, sources=(), **fields):
    """What a browser sends for `sections`, each a dict of field values, and further `sources` (key, episode)."""
    data = QueryDict(mutable=True)
    data.update({"title": "Sleep", "slug": "sleep", "lead": "A lead.", "notice": "none"} | fields)
    data.update({"sections-TOTAL_FORMS": len(sections), "sections-INITIAL_FORMS": 0})
    for index, section in enumerate(sections):
        values = {"level": 1, "heading": "", "body": "", "key": ""} | section
        data.update({f"sections-{index}-{name}": value for name, value in values.items()})
    data.update({"sources-TOTAL_FORMS": len(sources), "sources-INITIAL_FORMS": 0})
    for index, (key, episode) in enumerate(sources):
        data.update({f"sources-{index}-key": key, f"sources-{index}-episode": episode})
    return data


def errors_of(form):
    """Every error of the form, by the name of its field."""
    parts = [form.text, *form.sources.forms, *form.sections.forms]
    return {part.add_prefix(name): list(errors) for part in parts for name, errors in part.errors.items()}


def test_content_holds_what_was_typed():
    episode = make_episode()
    data = form_data(
        {"heading": "Why we sleep", "body": "One\r\nTwo [00:06:31].", "key": str(KEY), "level": 2},
        episode="night-talks/on-sleep",
        notice="health",
        edit_summary="First words",
    )

    form = ArticleForm(data)

    assert form.is_valid()
    assert form.content() == Content(
        title="Sleep",
        slug="sleep",
        lead="A lead.",
        notice="health",
        edit_summary="First words",
        sources=(SourceContent(episode, "e1"),),
        sections=(SectionContent("Why we sleep", "One\nTwo [00:06:31].", 2, KEY),),
    )


def test_content_comes_back_from_the_form_as_it_went_in():
    episode, other = make_episode(), make_episode("light")
    content = Content(
        title="Sleep",
        slug="sleep",
        lead="  indented\n\nlead ",
        sources=(SourceContent(episode, "night"), SourceContent(other, "e2")),
        sections=(SectionContent("A", "    code\n", 1, KEY), SectionContent("", "", 3, OTHER_KEY)),
    )
    form = ArticleForm(content=content)
    data = QueryDict(mutable=True)
    for part in [form.text, *form.sources.forms, *form.sections.forms]:
        data.update({field.html_name: "" if field.value() is None else field.value() for field in part})
    for formset in (form.sources, form.sections):
        data.update({field.html_name: field.value() for field in formset.management_form})

    returned = ArticleForm(data)

    assert returned.is_valid(), errors_of(returned)
    assert returned.content() == content


def test_sections_follow_their_numbers_and_new_ones_come_last():
    data = form_data(
        {"heading": "third", "ORDER": 3},
        {"heading": "unnumbered"},
        {"heading": "first", "ORDER": 1},
        {"heading": "gone", "ORDER": 2, "DELETE": "on"},
    )

    headings = [section.heading for section in ArticleForm(data).content().sections]

    assert headings == ["first", "third", "unnumbered"]


def test_untouched_new_section_is_ignored():
    data = form_data({"heading": "  ", "body": "\r\n"}, {"heading": "", "body": "", "key": str(KEY)})

    sections = ArticleForm(data).content().sections

    assert sections == (SectionContent("", "", 1, KEY),)


def test_section_key_sent_twice_is_kept_once():
    data = form_data({"heading": "A", "key": str(KEY)}, {"heading": "B", "key": str(KEY)})

    keys = [section.key for section in ArticleForm(data).content().sections]

    assert keys == [KEY, None]


def test_line_breaks_in_a_title_become_spaces():
    form = ArticleForm(form_data(title="Sleep\r\nand\rnaps\n"))

    assert form.is_valid()
    assert form.content().title == "Sleep and naps"


def test_form_and_model_say_what_an_empty_language_means():
    """It is declared to be unknown (`derived`), not the site’s."""
    said = Revision._meta.get_field("language").help_text

    assert ArticleForm().text.fields["language"].help_text == said
    assert said.endswith("Leave empty if it isn’t known.")


def test_slug_is_made_from_the_title():
    form = ArticleForm(form_data(title="Why we sleep: the long answer", slug=""))

    assert form.is_valid()
    assert form.content().slug == "why-we-sleep-the-long-answer"


def test_slug_of_another_article_is_an_error_of_the_field():
    make_draft("sleep")

    form = ArticleForm(form_data())

    assert not form.is_valid()
    reason = "Another article, “Sleep”, already uses the slug “sleep”. Choose a different one."
    assert errors_of(form) == {"slug": [reason]}


def test_slug_that_nobody_typed_gets_a_number():
    article = make_draft("sleep").article
    make_draft("sleep-2", by=article.created_by)

    form = ArticleForm(form_data(slug="", title="Sleep"))
    assert form.is_valid()
    assert form.content().slug == "sleep-3"
    assert form.text.slug_stem == "sleep"

    own = ArticleForm(form_data(slug="", title="Sleep"), article=article)
    assert own.is_valid()
    assert own.content().slug == "sleep"


def test_the_number_of_an_articles_slug_stays():
    make_draft("sleep")
    numbered = make_draft("sleep-7", by=Article.objects.get().created_by).article

    form = ArticleForm(form_data(slug="", title="Sleep"), article=numbered)

    assert form.is_valid()
    assert form.content().slug == "sleep-7"


def test_a_long_slug_is_cut_for_its_number():
    make_draft("s" * 200)

    form = ArticleForm(form_data(slug="", title="s" * 200))

    assert form.is_valid()
    assert form.content().slug == "s" * 198 + "-2"


def test_article_without_title_and_slug_has_no_address():
    form = ArticleForm(form_data(title="", slug=""))

    assert not form.is_valid()
    assert errors_of(form) == {"slug": ["The article needs an address. Enter a title or a slug."]}


def test_invalid_values_are_errors_and_what_was_typed_is_still_read():
    form = ArticleForm(form_data({"heading": "x" * 301, "body": "kept", "level": 9, "key": "no key"}))

    assert not form.is_valid()
    assert errors_of(form) == {
        "sections-0-heading": ["Ensure this value has at most 300 characters (it has 301)."],
        "sections-0-level": ["Select a valid choice. 9 is not one of the available choices."],
        "sections-0-key": ["Enter a valid UUID."],
    }
    assert form.content().sections == (SectionContent("x" * 301, "kept", 1, None),)


def test_additional_source_without_key_gets_the_next_free_one():
    first, second, third = make_episode("a"), make_episode("b"), make_episode("c")
    data = form_data(
        episode=episode_label(first),
        episode_key="e1",
        sources=[("e2", episode_label(second)), ("", episode_label(third)), ("", "")],
    )

    form = ArticleForm(data)

    assert form.is_valid(), errors_of(form)
    assert form.content().sources == (
        SourceContent(first, "e1"),
        SourceContent(second, "e2"),
        SourceContent(third, "e3"),
    )


def test_source_keys_have_to_differ():
    make_episode("a")
    data = form_data(
        episode="night-talks/a", episode_key="e1", sources=[("e1", "night-talks/a"), ("4", "night-talks/a")]
    )

    form = ArticleForm(data)

    assert not form.is_valid()
    assert errors_of(form) == {
        "sources-0-key": ["Another source already uses the key “e1”."],
        "sources-1-key": ["Start the key with a letter, as in [e2 00:06:31]."],
    }


def test_additional_source_needs_a_first_one_and_a_key_needs_an_episode():
    make_episode("a")
    form = ArticleForm(form_data(sources=[("e2", "night-talks/a"), ("e3", "")]))

    assert not form.is_valid()
    assert errors_of(form) == {
        "episode": ["Choose the first source too: timestamps without a key cite it."],
        "sources-0-episode": ["Not saved before the first source is."],
        "sources-1-episode": ["Choose an episode for this key, or clear the key."],
    }


def test_removed_source_is_left_out():
    make_episode("a")
    data = form_data(episode="night-talks/a", sources=[("e2", "night-talks/a")])
    data["sources-0-DELETE"] = "on"

    form = ArticleForm(data)

    assert form.is_valid()
    assert [source.key for source in form.content().sources] == ["e1"]


@pytest.mark.parametrize("text", ["night-talks/on-sleep", "On sleep · night-talks/on-sleep", "on SLEEP"])
def test_episode_is_found_by_address_or_title(text):
    episode = make_episode()

    assert EpisodeField().clean(text) == episode


def test_ambiguous_episode_title_is_refused():
    make_episode()
    make_episode(handle="day-talks")

    form = ArticleForm(form_data(episode="On sleep"))

    assert not form.is_valid()
    assert errors_of(form) == {
        "episode": [
            (
                "Several episodes are called “On sleep”: night-talks/on-sleep, day-talks/on-sleep. "
                "Enter the one you mean as show/episode."
            )
        ]
    }


def test_long_list_of_episodes_with_one_title_is_cut():
    for number in range(12):
        make_episode(handle=f"show-{number:02}")

    (message,) = errors_of(ArticleForm(form_data(episode="On sleep")))["episode"]

    assert message.count("/on-sleep") == 10
    assert ", …. Enter" in message


UNRESOLVED = ["Nobody's talk", "night-talks/nothing", "Twice", ""]


@pytest.mark.parametrize("typed", UNRESOLVED)
def test_source_without_an_episode_stays_as_it_is_in_the_draft(typed):
    first, second, third = (make_episode(slug) for slug in ("first", "second", "third"))
    make_episode("x", title="Twice")
    make_episode("y", title="Twice")
    sources = (SourceContent(first), SourceContent(second, "e2"), SourceContent(third, "e3"))
    draft = make_draft(sources=sources)
    data = form_data(
        sources=[("night", typed), ("e3", "night-talks/third"), ("e4", "Nobody's talk")],
        episode=typed,
        loaded_revision=str(draft.pk),
        loaded_version="1",
    )
    data["sources-0-saved_key"] = "e2"  # the key was changed as well

    form = ArticleForm(data, article=draft.article)

    assert not form.is_valid()
    assert form.can_be_saved()
    assert list(form.episode_errors()) == ["episode", "sources-0-episode", "sources-2-episode"]
    assert form.content().sources == (SourceContent(first), SourceContent(second, "night"), SourceContent(third, "e3"))
    assert (form.text["episode"].value(), form.sources.forms[0]["episode"].value()) == (typed, typed)


def test_no_other_source_takes_the_place_of_a_first_that_is_not_found():
    make_episode()

    form = ArticleForm(form_data(sources=[("e2", "night-talks/on-sleep")], episode="Nobody"))

    assert form.can_be_saved()
    assert form.content().sources == ()
    assert form.episode_errors()["sources-0-episode"] == "Not saved before the first source is."


def test_key_typed_for_an_episode_that_is_not_found_is_not_given_to_another_source():
    make_episode("first")
    make_episode("second")
    data = form_data(sources=[("e2", "Nobody"), ("", "night-talks/second")], episode="night-talks/first")

    assert [source.key for source in ArticleForm(data).content().sources] == ["e1", "e3"]


def test_removed_source_says_nothing_and_is_not_kept():
    draft = make_draft(sources=(SourceContent(make_episode("first")), SourceContent(make_episode("second"), "e2")))
    data = form_data(sources=[("e2", "Nobody")], episode="night-talks/first", loaded_revision=str(draft.pk))
    data["sources-0-DELETE"] = "on"

    form = ArticleForm(data, article=draft.article)

    assert form.is_valid()
    assert form.episode_errors() == {}
    assert [source.key for source in form.content().sources] == ["e1"]


@pytest.mark.django_db
def test_a_text_in_the_field_of_the_episode_is_no_name():
    form = ArticleForm(form_data(episode="A transcript. " * 5000))

    assert not form.is_valid()
    [[error]] = errors_of(form).values()
    assert error.startswith("There is no episode “A transcript. A")
    assert len(error) < 400


def test_unknown_episode_is_reported():
    form = ArticleForm(form_data(episode="Nobody's talk"))

    assert not form.is_valid()
    assert errors_of(form) == {
        "episode": ["There is no episode “Nobody's talk”. Choose one from the list, or enter show/episode."]
    }


def test_summary_of_another_revision_is_not_taken_over():
    submitted = Revision(pk=7, version=4, status=Revision.Status.SUBMITTED)
    content = Content(title="Sleep", slug="sleep", edit_summary="what I did then")

    form = ArticleForm(content=content, revision=submitted)

    assert form.content().edit_summary == ""
    assert form.text["edit_summary"].value() == ""
    assert form.text["loaded_as"].value() == "base"


@pytest.mark.parametrize("count", [MAX_SECTIONS - 1, MAX_SECTIONS, MAX_SECTIONS + 1])
def test_form_shows_every_section_of_a_long_text(count):
    content = Content("Sleep", "sleep", sections=tuple(SectionContent(f"Part {n}") for n in range(count)))

    cards = ArticleForm(content=content).cards

    assert tuple(card.section for card in cards if card.section) == content.sections


def test_form_accepts_as_many_sections_as_an_article_has():
    sections = [{"heading": f"Part {number}", "body": "Words."} for number in range(MAX_SECTIONS)]

    form = ArticleForm(form_data(*sections))
    longer = ArticleForm(form_data(*sections, {"heading": "One more"}))

    assert form.is_valid()
    assert len(form.content().sections) == MAX_SECTIONS
    assert not longer.is_valid()


@pytest.mark.parametrize(
    ("levels", "is_refused"), [((1, 2), True), ((1, 1), False), ((2, 1), False)], ids=["child", "sibling", "parent"]
)
def test_a_section_is_not_removed_from_above_its_subsections(levels, is_refused):
    sections = [{"heading": name, "level": level} for name, level in zip(("Tides", "Moon"), levels, strict=True)]
    form = ArticleForm(form_data(sections[0] | {"DELETE": "on"}, sections[1]))

    assert form.is_valid() is not is_refused
    assert errors_of(form) == (
        {"sections-1-heading": ["Its section is removed. Remove this one too, or give it another level."]}
        if is_refused
        else {}
    )
