"""Wiki links where Markdown is shown as text: comparisons, comments, correction requests, lists; never `[[…|…]]`."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from articles import workflow
from articles.core.revisions import diff
from articles.models import Comment, CorrectionRequest, Notice
from articles.views.diff import runs_to_show
from articles.workflow.collaboration import correction_requests
from articles.workflow.content import SectionContent
from tests.support.clients import logged_in
from tests.support.factories import make_change, make_episode, make_published
from tests.support.scenarios.reviewing import ids_of, page_of, sections_of

pytestmark = pytest.mark.django_db

LINKED = "The [[spring-tide|spring tides]] lift boats [00:06:31]."


def shown(old, new):
    return [(run.op, run.text) for run in runs_to_show(diff.runs_between(old, new))]


def test_a_link_in_a_changed_sentence_is_shown_as_its_label():
    assert shown("The [[moon|Moon]] pulls.", "The [[moon|Moon]] pushes.") == [
        ("equal", "The Moon "),
        ("delete", "pulls"),
        ("insert", "pushes"),
        ("equal", "."),
    ]


def test_another_label_is_shown_as_the_change():
    assert shown("See [[moon|Moon]].", "See [[moon|Luna]].") == [
        ("equal", "See "),
        ("delete", "Moon"),
        ("insert", "Luna"),
        ("equal", "."),
    ]


def test_another_target_is_named_because_nothing_else_differs():
    assert shown("See [[moon|it]].", "See [[sun|it]].") == [
        ("equal", "See "),
        ("delete", "it (moon)"),
        ("insert", "it (sun)"),
        ("equal", "."),
    ]


def test_a_timestamp_in_a_label_changes_inside_the_link():
    pieces = shown("[[moon|It pulls [00:06:31]]] here.", "[[moon|It pulls [00:08:44]]] here.")

    assert "".join(text for op, text in pieces if op != "insert") == "It pulls [00:06:31] here."
    assert "".join(text for op, text in pieces if op != "delete") == "It pulls [00:08:44] here."


@pytest.fixture
def article(editor, moderator):
    sections = (
        SectionContent("On [[spring-tide|springs]]", LINKED),
        SectionContent("Boats", f"{LINKED}\n\nBoats rise."),
    )
    return make_published("tides", by=editor, moderator=moderator, episode=make_episode(), sections=sections)


def test_no_page_about_a_change_shows_link_syntax(article, editor, moderator, client):
    change = make_change(article, by=editor, sections=sections_of(article, Boats=f"Big {LINKED}\n\nBoats rise."))
    reviewer = logged_in(moderator)
    [number] = ids_of(change)
    reviewer.post(
        reverse("admin:articles_revision_comment", args=[change.pk]), {"text": "a", "place": f"change:{number}"}
    )
    heading = change.section_set.first().key
    reviewer.post(
        reverse("admin:articles_revision_comment", args=[change.pk]), {"text": "b", "place": f"section:{heading}"}
    )

    assert "[[" not in reviewer.get(page_of(change)).text
    assert list(Comment.objects.values_list("quote", flat=True)) == [
        "Big The spring tides lift boats [00:06:31].",
        "On springs",
    ]


def test_no_page_about_a_correction_request_shows_link_syntax(article, moderator, client):
    section = article.published_revision.section_set.first()
    correction_requests.receive(
        article.published_revision, "They don’t.", sender="x", section=section, claim="The spring tides lift boats."
    )
    correction_request = CorrectionRequest.objects.get()
    page = client.get(reverse("challenge", args=["tides"]), {"section": section.anchor}).text
    answer = logged_in(moderator).get(reverse("admin:articles_correctionrequest_change", args=[correction_request.pk]))

    assert correction_request.section_heading == "On springs"
    assert "[[" not in page
    assert "[[" not in Notice.objects.filter(kind="challenged").first().text
    assert "On springs" in answer.text
    assert "[[" not in answer.text


@pytest.mark.parametrize("address", ["/search/?q=springs", "/search/?q=boats", "/articles/tides/"])
def test_readers_never_see_link_syntax(article, client, address):
    page = client.get(address).text

    assert "springs" in page
    assert "[[" not in page


def test_the_citation_report_names_sections_without_link_syntax(article, moderator):
    reviewer = logged_in(moderator)

    assert "On springs" in reviewer.get(reverse("admin:evidence_report")).text
    assert "[[" not in reviewer.get(reverse("admin:evidence_report")).text


@pytest.fixture
def written(article, editor, moderator):
    """Pages (user, address) that show a summary, a decision's comment or a public note with a link, and the mails."""
    summary, comment, note = (f"{name} [[spring-tide|springs]]." for name in ("Adds", "Cite", "Corrects"))
    returned = make_change(article, by=editor, edit_summary=summary)
    workflow.request_changes(returned, by=moderator, comment=comment)
    editing = reverse("admin:articles_article_change", args=[article.pk])
    own = [(editor, reverse("admin:index")), (editor, reverse("admin:inbox")), (editor, editing)]
    pages = [(user, page, logged_in(user).get(page).text) for user, page in own]
    change = make_change(article, by=editor, edit_summary=summary, sections=sections_of(article, Boats="Boats sink."))
    reviewing = [page_of(change), reverse("admin:index"), reverse("admin:articles_article_history", args=[article.pk])]
    pages += [(moderator, page, logged_in(moderator).get(page).text) for page in reviewing]
    workflow.approve(change, by=moderator)
    workflow.publish(change, by=moderator, public_note=note)
    public = ["/", "/articles/tides/", "/articles/tides/history/", "/feeds/corrections.atom"]
    return pages + [(None, page, Client().get(page).text) for page in public]


def test_nothing_that_people_write_about_a_text_shows_link_syntax(written, mailoutbox):
    raw = re.compile(r"(?:Adds|Cite|Corrects) \[\[")
    shown = {page for _, page, text in written if re.search(r"(?:Adds|Cite|Corrects) springs", text)}

    assert [page for _, page, text in written if raw.search(text)] == []
    assert shown == {page for _, page, _ in written}
    assert [mail.subject for mail in mailoutbox if "[[" in mail.subject + mail.body] == []
    # To each other, people say which article they mean.
    assert [page for user, page, text in written if user and "Cite springs (spring-tide)." in text] != []
