import re
from dataclasses import replace

import pytest
from django.core.management import call_command

from articles import workflow
from articles.derived import refresh_citing
from articles.models import Chapter, Citation, ImageUse, Link, Rendering, Revision
from articles.workflow.content import SectionContent, SourceContent, content_of
from tests.support.factories import make_draft, make_episode, make_published

pytestmark = pytest.mark.django_db

TEXT = (
    SectionContent("Why we sleep", "The brain clears waste [00:06:31]. Memory settles [00:08:44-00:09:10]."),
    SectionContent("Dreams [00:12:00]", "See [[dreams]] and [[deep sleep|depth]]. Others say so [e2 00:01:00].", 2),
    SectionContent("Why we sleep", "Again [00:06:31]. Past the end [09:54:00].", 1),
)


def rows(revision):
    """Return everything derived from a revision, without the primary keys, which new rows don't share."""
    citations = [
        {name: value for name, value in row.items() if name not in {"id", "section_id"}}
        | {"section": row["section_id"] and Citation.objects.get(pk=row["id"]).section.key}
        for row in Citation.objects.filter(revision=revision).values()
    ]
    links = list(Link.objects.filter(revision=revision).values_list("slug", flat=True))
    counts = Revision.objects.values("citation_count", "problem_count", "sentence_count", "cited_sentence_count").get(
        pk=revision.pk
    )
    anchors = list(revision.section_set.values_list("anchor", flat=True))
    return citations, links, counts, anchors, Rendering.objects.filter(revision=revision).values().get()


def make_text():
    first, second = make_episode(), make_episode("on-dreams", duration_seconds=600)
    return make_draft(
        lead="What sleep does [00:00:10].",
        sections=TEXT,
        sources=(SourceContent(first, "e1"), SourceContent(second, "e2")),
    )


def test_citations_are_stored_in_the_order_of_the_text():
    draft = make_text()

    found = [
        (
            c.position,
            c.anchor,
            c.section and c.section.position,
            c.episode.slug,
            c.start_seconds,
            c.end_seconds,
            c.claim,
        )
        for c in draft.citation_set.select_related("section", "episode")
    ]

    assert found == [
        (1, "c-10", None, "on-sleep", 10, None, "What sleep does."),
        (2, "c-391", 0, "on-sleep", 391, None, "The brain clears waste."),
        (3, "c-524", 0, "on-sleep", 524, 550, "Memory settles."),
        (4, "c-720", 1, "on-sleep", 720, None, "Dreams"),
        (5, "c-e2-60", 1, "on-dreams", 60, None, "Others say so."),
        (6, "c-391-2", 2, "on-sleep", 391, None, "Again."),
    ]


def test_sections_with_the_same_heading_have_different_anchors():
    draft = make_text()

    assert [s.anchor for s in draft.section_set.all()] == ["why-we-sleep", "dreams", "why-we-sleep-2"]


def test_counts_and_links_are_stored_for_lists():
    draft = make_text()

    assert (draft.citation_count, draft.problem_count) == (6, 1)
    assert [link.slug for link in draft.link_set.all()] == ["deep-sleep", "dreams"]


def test_the_uploads_that_a_text_shows_are_stored_for_the_library():
    body = "![A map](/media/uploads/a.webp) ![][b] `![](/media/uploads/code.webp)`\n\n[b]: /media/uploads/b%20c.webp"
    lead = f"![](/media/uploads/a.webp) ![](/media/uploads/{'x' * 100}.webp) ![](/media/uploads/%00.webp) ![](/media/x)"
    draft = make_draft(lead=lead, sections=(SectionContent("Why", body),))
    shown = ["uploads/a.webp", "uploads/b c.webp"]
    assert [use.name for use in draft.imageuse_set.all()] == shown

    ImageUse.objects.filter(name=shown[0]).update(name="uploads/other.webp")
    call_command("rebuild", verbosity=0)
    assert [use.name for use in draft.imageuse_set.all()] == shown

    workflow.save_draft(draft, replace(content_of(draft), lead=""), by=draft.author, version=draft.version)
    assert [use.name for use in draft.imageuse_set.all()] == shown
    workflow.save_draft(draft, replace(content_of(draft), sections=()), by=draft.author, version=draft.version)
    assert not draft.imageuse_set.exists()


def test_sections_are_nested_in_the_stored_page():
    draft = make_text()

    html = draft.rendering.text_html
    outer = html.index('<section id="why-we-sleep" data-level="1">')
    inner = html.index('<section id="dreams" data-level="2">')
    assert outer < inner < html.index("</section>") < html.index('<section id="why-we-sleep-2" data-level="1">')
    assert html.count("<h2") == 2
    assert html.count("<h3") == 1


def test_no_heading_of_the_page_skips_a_level():
    sections = (
        SectionContent("Written with two signs", "## One\n\n#### Two\n\n> # Quoted\n\nThree\n---"),
        SectionContent("Two levels down", "### Four", 3),
        SectionContent("The deepest", "# Five\n\n## Six", 5),
    )
    rendering = make_draft(lead="## In the lead", sections=sections).rendering

    headings = re.findall(r"<h(\d)[^>]*>([\w ]+)", rendering.lead_html + rendering.text_html)
    assert [(int(level), text.strip()) for level, text in headings] == [
        (2, "In the lead"),
        (2, "Written with two signs"),
        (3, "One"),
        (4, "Two"),
        (3, "Quoted"),
        (4, "Three"),
        (3, "Two levels down"),
        (4, "Four"),
        (4, "The deepest"),
        (5, "Five"),
        (6, "Six"),
    ]


def test_plain_text_is_for_search():
    draft = make_draft(episode=make_episode())

    assert draft.rendering.plain_text == (
        "Sleep\nWhat a night of sleep does.\fWhy we sleep\nThe brain clears waste at night."
    )


def test_rebuild_gives_the_same_rows():
    draft = make_text()
    before = rows(draft)

    call_command("rebuild", verbosity=0)

    assert rows(draft) == before


def test_rebuild_restores_deleted_rows():
    draft = make_text()
    before = rows(draft)
    Citation.objects.all().delete()
    Link.objects.all().delete()
    Rendering.objects.all().delete()
    Revision.objects.update(citation_count=0, problem_count=0, sentence_count=0, cited_sentence_count=0)

    call_command("rebuild", "--stale", verbosity=0)

    assert rows(draft) == before


def test_rebuild_stale_skips_pages_of_this_renderer_version(capsys):
    make_draft()

    call_command("rebuild", "--stale")

    assert capsys.readouterr().out == "0 revisions rebuilt.\n"


def test_a_changed_episode_changes_the_texts_that_cite_it():
    episode = make_episode(chapters=[(0, "Start")])
    revision = make_published(episode=episode).published_revision
    assert "Waste" not in revision.rendering.text_html
    Chapter.objects.create(episode=episode, start_seconds=300, title="Waste")

    count = refresh_citing(episode)

    assert count == 1
    assert "Waste" in Rendering.objects.get().text_html
