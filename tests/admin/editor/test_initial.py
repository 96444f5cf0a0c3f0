"""What a new article begins with: an episode's chapters, with working notes that never become text; or a template."""

import re

import lxml.html
import pytest
from django.apps import apps
from django.db.models import JSONField, TextField
from django.db.models.fields import CharField
from django.test import Client
from django.urls import reverse

from articles import workflow
from articles.admin.editor.initial import SECTIONS_MAX
from articles.admin.editor.skeletons import SKELETONS
from articles.admin.evidence import notes
from articles.core.recordings.stretches import Stretch, key_of, stretch_of
from articles.importing import import_transcript
from articles.models import Article, Chapter, Revision
from articles.workflow.content import SectionContent, content_of
from tests.support.clients import messages_of
from tests.support.databases.shared import shared
from tests.support.factories import make_draft, make_episode, make_moderator, make_published
from tests.support.samples.cited import make_talk

from .screen.addresses import change_url

pytestmark = pytest.mark.django_db

CHAPTERS = [(0, "Opening"), (1140, "Receptors"), (1480, "Sponsor: Ropes"), (1500, "Relief")]
OWN = "It acts on one receptor"
PUBLIC = ("article", "article_markdown", "article_json")


@shared
def episode():
    talk = make_talk()
    Chapter.objects.bulk_create(
        Chapter(episode=talk, start_seconds=start, title=title, is_sponsor="Sponsor" in title)
        for start, title in CHAPTERS
    )
    return talk


def begin(client, **query):
    return client.get(reverse("admin:articles_article_add"), query)


def sent(response, button, **changes):
    """What a browser without scripts sends when `button` of the page's form is pressed, read from its HTML."""
    (form,) = (form for form in lxml.html.fromstring(response.content).forms if form.get("data-editor") is not None)
    data = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value.removeprefix("\n"))  # a text area's first one isn't part of its text
    name, _, value = button.partition("=")
    return data | changes | {name: value}


def save(client, response, button="_save", **changes):
    return client.post(reverse("admin:articles_article_add"), sent(response, button, **changes))


def notes_in(response):
    """[(heading, [(mark, text)])] of the working notes on a page."""
    return [
        (group.card.heading, [(note.mark, note.text) for note in group.notes.notes])
        for group in response.context["reading"].panel.groups
        if group.notes
    ]


# From an episode ----------------------------------------------------------------------------------


def test_it_has_a_section_for_each_chapter_and_what_is_said_there_next_to_it(editor_client, episode):
    response = begin(editor_client, episode=episode.pk)

    content = response.context["form"].content()
    assert [(section.heading, section.body, section.level) for section in content.sections] == [
        ("Opening", "", 1),
        ("Receptors", "", 1),
        ("Relief", "", 1),
    ]
    assert [source.episode for source in content.sources] == [episode]
    assert (content.title, content.lead) == ("", "")
    found = dict(notes_in(response))
    assert list(found) == ["Opening", "Receptors", "Relief"]
    assert all(len(passages) == 3 for passages in found.values())
    assert ("[00:19:12]", "What does it do first?") not in found["Receptors"]
    assert any("NMDA receptor antagonist" in text for _, text in found["Receptors"])
    text = response.content.decode()
    assert text.count('data-claim="note"') == 9
    assert re.search(r'<textarea[^>]*name="title"[^>]*autofocus', text)
    assert not Article.objects.exists()


def test_the_notes_cite_the_moment_that_they_were_said_at(editor_client, episode):
    (group,) = (
        g
        for g in begin(editor_client, episode=episode.pk).context["reading"].panel.groups
        if g.card.heading == "Relief"
    )

    for note in group.notes.notes:
        (cue,) = episode.cue_set.filter(start_seconds__lte=note.start_seconds, end_seconds__gt=note.start_seconds)
        assert note.text.split()[0] in cue.text
        assert note.start_seconds >= 1500
    assert group.notes.label == "25:00–1:42:41"
    assert group.notes.title == "Relief"


def test_nothing_of_the_notes_is_saved_or_published_anywhere(editor_client, editor, episode):
    page = begin(editor_client, episode=episode.pk)
    passages = [text.strip(" …") for _, notes in notes_in(page) for _, text in notes]
    assert len(passages) == 9
    before = _rows_with(passages)

    save(editor_client, page, title="Ketamine")
    draft = Revision.objects.get()
    assert [section.body for section in draft.section_set.all()] == ["", "", ""]
    address = change_url(draft.article)
    refused = editor_client.post(address, sent(editor_client.get(address), "_submit", edit_summary="Begun."))
    assert messages_of(refused)[-1].startswith("Saved, but not submitted. Write some text")
    assert _rows_with(passages) == before

    page = editor_client.get(address)
    assert len(notes_in(page)) == 3
    editor_client.post(address, sent(page, "_submit", **{"sections-1-body": f"{OWN} [00:19:12]."}))
    draft.refresh_from_db()
    moderator = make_moderator()
    workflow.approve(draft, by=moderator)
    workflow.publish(draft, by=moderator)

    # What the check finds at the moments that the text cites is stored with it, as for every citation.
    assert _rows_with(passages) - before <= {"articles.check"}
    for name in PUBLIC:
        text = Client().get(reverse(name, args=["ketamine"])).content.decode()
        assert OWN in text, name
        assert not [words for words in passages if words in text], name


def _rows_with(passages):
    """The labels of the tables that hold one of these texts."""
    found = set()
    for model in apps.get_models():
        columns = [
            field.name for field in model._meta.concrete_fields if isinstance(field, CharField | TextField | JSONField)
        ]
        for row in model._base_manager.values_list(*columns) if columns else ():
            text = " ".join(map(str, row))
            if any(words in text for words in passages):
                found.add(model._meta.label_lower)
    return found


def test_a_note_is_cited_without_scripts(editor_client, episode):
    page = begin(editor_client, episode=episode.pk)
    note = next(g for g in page.context["reading"].panel.groups if g.card.heading == "Receptors").notes.notes[0]

    data = {"title": "Ketamine", "sections-1-body": f"{OWN}."}
    answer = editor_client.post(reverse("admin:articles_article_add"), sent(page, f"_evidence={note.action}", **data))

    (_, receptors, _) = answer.context["form"].content().sections
    assert receptors.body == f"{OWN} {note.mark}."
    cited = next(g for g in answer.context["reading"].panel.groups if g.card.heading == "Receptors").notes.notes
    assert [other.is_cited for other in cited] == [True, False, False]
    assert not Article.objects.exists()


def test_the_notes_stay_with_their_section_whatever_its_heading_and_the_chapters_become(editor_client, episode):
    page = begin(editor_client, episode=episode.pk)
    passages = dict(notes_in(page))
    save(editor_client, page, title="Ketamine", **{"sections-1-heading": "One receptor", "sections-1-ORDER": "9"})
    Chapter.objects.filter(episode=episode).delete()

    again = editor_client.get(change_url(Article.objects.get()))

    assert notes_in(again) == [
        ("Opening", passages["Opening"]),
        ("Relief", passages["Relief"]),
        ("One receptor", passages["Receptors"]),
    ]


def test_the_notes_follow_the_transcript(editor_client, editor, episode):
    begin(editor_client, episode=episode.pk)
    cue = episode.cue_set.get(text__contains="NMDA receptor antagonist")
    text = "Herring gather here in winter, herring and more herring."
    expected = (cue.speaker, cue.text)
    workflow.correct_cue(episode, cue.pk, speaker=cue.speaker, text=text, expected=expected, by=make_moderator())

    notes = dict(notes_in(begin(editor_client, episode=episode.pk)))["Receptors"]

    assert any("Herring" in text for _, text in notes)
    assert not any("NMDA receptor antagonist" in text for _, text in notes)


def test_only_editors_of_a_text_that_was_never_published_see_notes(editor_client, editor, episode):
    page = begin(editor_client, episode=episode.pk)
    save(editor_client, page, title="Ketamine", **{"sections-1-body": f"{OWN} [00:19:12]."})
    draft = Revision.objects.get()
    moderator = make_moderator()
    workflow.submit(draft, by=editor)
    workflow.approve(draft, by=moderator)
    workflow.publish(draft, by=moderator)

    assert notes_in(editor_client.get(change_url(draft.article))) == []


def test_another_episode_in_the_settings_takes_the_notes_away(editor_client, episode):
    other = make_episode("other")
    page = begin(editor_client, episode=episode.pk)
    save(editor_client, page, title="Ketamine", episode=other.reference)

    assert notes_in(editor_client.get(change_url(Article.objects.get()))) == []


def test_a_second_source_is_cited_by_its_key(editor_client, episode):
    other = make_episode("other")
    page = begin(editor_client, episode=episode.pk)
    sources = {"episode": other.reference, "sources-0-episode": episode.reference, "sources-0-key": "talk"}
    save(editor_client, page, title="Ketamine", **sources)

    ((_, notes), *_) = notes_in(editor_client.get(change_url(Article.objects.get())))

    assert all(re.fullmatch(r"\[talk 00:\d\d:\d\d\]", mark) for mark, _ in notes)


def test_without_a_transcript_the_sections_say_so(editor_client):
    silent = make_episode(chapters=[(0, "Opening"), (313, "Why")])

    response = begin(editor_client, episode=silent.pk)

    assert notes_in(response) == [("Opening", []), ("Why", [])]
    assert response.content.decode().count("Without a transcript, nothing of what is said can be shown here.") == 2


def test_where_the_transcript_has_a_gap_that_section_says_so(editor_client):
    partial = make_episode(chapters=[(0, "Opening"), (313, "Why"), (900, "After")], duration_seconds=3600)
    vtt = b"WEBVTT\n\n00:00:05.000 --> 00:00:10.000\nHerring gather here in winter, many of them.\n"
    import_transcript(partial, vtt, "part.vtt")

    response = begin(editor_client, episode=partial.pk)

    assert [len(notes) for _, notes in notes_in(response)] == [1, 0, 0]
    assert response.content.decode().count("The transcript has nothing characteristic here.") == 2


def test_without_chapters_it_is_divided_into_parts_whose_headings_are_still_to_be_written(editor_client):
    talk = make_talk()

    response = begin(editor_client, episode=talk.pk)

    sections = response.context["form"].content().sections
    assert [section.heading for section in sections] == [""] * 11
    assert [stretch_of(section.key)[1].start_seconds for section in sections] == list(range(0, 6161, 600))
    assert all(len(notes) == 3 for _, notes in notes_in(response))
    assert response.context["reading"].missing[2:] == [
        "Give 11 sections a heading, or merge them into those above. The first is section 1."
    ]


def test_with_neither_chapters_nor_a_length_only_the_source_is_set(editor_client):
    bare = make_episode(duration_seconds=None)

    content = begin(editor_client, episode=bare.pk).context["form"].content()

    assert ([source.episode for source in content.sources], content.sections) == ([bare], ())


def test_of_hundreds_of_chapters_some_are_to_be_chosen(editor_client):
    long = make_episode(chapters=[(start, f"Chapter {start}") for start in range(0, 3000, 10)])
    chooser = reverse("admin:begin_from_episode", args=[long.pk])

    assert begin(editor_client, episode=long.pk).url == chooser
    assert begin(editor_client, episode=long.pk, chapter=range(0, 10 * SECTIONS_MAX + 10, 10)).url == chooser
    chosen = begin(editor_client, episode=long.pk, chapter=["20", "40", "nothing"])

    assert [section.heading for section in chosen.context["form"].content().sections] == ["Chapter 20", "Chapter 40"]
    sections = begin(editor_client, episode=long.pk, chapter=range(0, 10 * SECTIONS_MAX, 10)).context["form"].content()
    assert len(sections.sections) == SECTIONS_MAX


def test_timestamps_in_a_chapters_title_do_not_become_citations(editor_client):
    odd = make_episode(chapters=[(0, "Recap of [00:05:00] and [e2 00:01:00-00:02:00] more"), (60, "[00:01:00]")])

    sections = begin(editor_client, episode=odd.pk).context["form"].content().sections

    assert [section.heading for section in sections] == ["Recap of and more", ""]


@pytest.mark.parametrize("count", [2, 30])
def test_the_page_takes_as_many_queries_however_many_chapters_there_are(
    editor_client, count, django_assert_num_queries
):
    talk = make_talk()
    Chapter.objects.bulk_create(
        Chapter(episode=talk, start_seconds=100 * n, title=f"Chapter {n}") for n in range(count)
    )
    begin(editor_client, episode=talk.pk)

    with django_assert_num_queries(8):
        begin(editor_client, episode=talk.pk)


def test_only_so_many_sections_have_notes(editor_client, editor, episode):
    keys = [key_of(episode.pk, Stretch(n, n + 1)) for n in range(notes.SECTIONS_MAX + 1)]
    sections = tuple(SectionContent(f"Part {n}", key=key) for n, key in enumerate(keys))
    draft = make_draft(by=editor, episode=episode, sections=sections)

    assert len(notes_in(editor_client.get(change_url(draft.article)))) == notes.SECTIONS_MAX


# From a template ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SKELETONS)
def test_a_built_in_template_gives_headings_and_nothing_else(editor_client, name):
    content = begin(editor_client, template=name, title="Naps").context["form"].content()

    assert [section.heading for section in content.sections] == [str(heading) for heading in SKELETONS[name].headings]
    assert {(section.body, section.level, section.key) for section in content.sections} == {("", 1, None)}
    assert (content.title, content.lead, content.sources) == ("Naps", "", ())


def test_any_article_is_a_template_by_its_headings(editor_client, editor):
    sections = (
        SectionContent("Why [00:06:31]", "Words of the other article [00:06:31]."),
        SectionContent("How", "More words.", 2),
    )
    article = make_published(by=editor, episode=make_episode(), sections=sections)

    response = begin(editor_client, like=article.pk)

    content = response.context["form"].content()
    assert [(section.heading, section.level, section.body, section.key) for section in content.sections] == [
        ("Why", 1, "", None),
        ("How", 2, "", None),
    ]
    assert (content.title, content.slug, content.sources) == ("", "", ())
    assert "Words of the other article" not in response.content.decode()


def test_a_draft_is_a_template_for_those_who_may_read_it(editor_client, editor):
    draft = make_draft(by=editor)

    content = begin(editor_client, like=draft.article.pk).context["form"].content()

    assert [section.heading for section in content.sections] == [s.heading for s in content_of(draft).sections]


@pytest.mark.parametrize(
    "query", [{"episode": "0"}, {"episode": "x"}, {"episode": ""}, {"template": "none"}, {"like": "0"}, {"like": "é"}]
)
def test_what_does_not_exist_is_not_found(editor_client, query):
    assert begin(editor_client, **query).status_code == 404


def test_an_empty_article_offers_what_to_begin_from_and_has_the_focus_in_its_title(editor_client, editor):
    text = begin(editor_client).content.decode()

    assert reverse("admin:begin_article") in text
    assert re.search(r'<textarea[^>]*name="title"[^>]*autofocus', text)
    saved = editor_client.get(change_url(make_draft(by=editor).article)).content.decode()
    assert "autofocus" not in saved
    assert f"{reverse('admin:articles_article_add')}?like=" in saved
