"""Two people, or one in two windows, who save the same draft."""

from functools import partial

import pytest

from articles import workflow
from articles.admin.editor.forms import ArticleForm
from articles.admin.editor.saving.conflicts import compare
from articles.core.revisions.diff import Run
from articles.models import Revision
from articles.workflow.content import SectionContent, content_of
from tests.admin.editor.screen.addresses import change_url, sent_back
from tests.support.factories import make_content, make_draft, make_published, make_user

pytestmark = pytest.mark.django_db


def test_second_to_save_is_shown_both_texts_and_overwrites_nothing(editor_client, editor):
    rita = make_user("rita", first_name="Rita", last_name="Moreau")
    draft = make_draft(by=editor)
    page = editor_client.get(change_url(draft.article))
    mine = sent_back(page, lead="My lead.", _save="")
    workflow.save_draft(draft, make_content(lead="Her lead."), by=rita, version=1)

    response = editor_client.post(change_url(draft.article), mine)

    draft.refresh_from_db()
    conflict = response.context["conflict"]
    saved = f"{draft.saved_at:%H:%M on %-d %b %Y}"
    assert response.status_code == 409
    assert conflict["message"] == (
        f"Rita Moreau saved this draft at {saved}, after you opened it. Your changes weren’t saved."
    )
    assert [(d.label, d.mine, d.theirs) for d in conflict["differences"] if d.label == "Lead"] == [
        ("Lead", "My lead.", "Her lead.")
    ]
    assert response.context["form"].text["lead"].value() == "My lead."
    assert draft.lead == "Her lead."
    assert response.context["form"].text["loaded_version"].value() == "1"


def test_a_conflict_with_ones_own_other_window_is_called_that(editor_client, editor):
    draft = make_draft(by=editor)
    page = editor_client.get(change_url(draft.article))
    workflow.save_draft(draft, make_content(lead="There."), by=editor, version=1)

    html = editor_client.post(change_url(draft.article), sent_back(page, lead="Here.", _save="")).content.decode()

    assert "you saved another version in the meantime" in html
    for label in ("In this window", "Saved by you in another window", "Use this", "Save this text over it"):
        assert label in html
    assert "Discard this text and open the saved one" in html
    assert "their version" not in html
    assert "heirs</button>" not in html


@pytest.mark.parametrize(
    ("close", "what", "text"),
    [
        (partial(workflow.discard, version=1), "this draft was discarded", "Discarded text"),
        (workflow.submit, "this draft was submitted", "Submitted text"),
    ],
)
def test_a_conflict_with_a_text_that_is_no_draft_any_more_says_so(editor_client, editor, close, what, text):
    draft = make_draft(by=editor, title="Why we nap")
    page = editor_client.get(change_url(draft.article))
    close(draft, by=editor)

    response = editor_client.post(change_url(draft.article), sent_back(page, lead="Here.", _save=""))

    html = response.content.decode()
    assert response.status_code == 409
    assert "<title>Not saved: Why we nap |" in html
    for label in (what, text, "then start a new draft with your text.", "Start a new draft with my text", "Use this"):
        assert label in html
    for label in ("in the meantime", "over it", "another window", "open the saved one"):
        assert label not in html


def test_mine_is_saved_over_theirs_only_when_asked_for(editor_client, editor):
    draft = make_draft(by=editor)
    page = editor_client.get(change_url(draft.article))
    mine = sent_back(page, lead="My lead.")
    workflow.save_draft(draft, make_content(lead="Her lead."), by=make_user("rita"), version=1)
    refused = editor_client.post(change_url(draft.article), mine | {"_save": ""})

    again = editor_client.post(change_url(draft.article), mine | {"_save": ""})
    over = editor_client.post(change_url(draft.article), mine | {"_over": refused.context["conflict"]["over"]})

    draft.refresh_from_db()
    assert (again.status_code, over.status_code) == (409, 302)
    assert (draft.lead, draft.version) == ("My lead.", 3)


def test_mine_over_theirs_is_refused_when_they_saved_once_more(editor_client, editor):
    rita = make_user("rita")
    draft = make_draft(by=editor)
    mine = sent_back(editor_client.get(change_url(draft.article)), lead="My lead.")
    workflow.save_draft(draft, make_content(lead="Her lead."), by=rita, version=1)
    refused = editor_client.post(change_url(draft.article), mine)
    workflow.save_draft(draft, make_content(lead="Her second lead."), by=rita, version=2)

    response = editor_client.post(change_url(draft.article), mine | {"_over": refused.context["conflict"]["over"]})

    draft.refresh_from_db()
    assert response.status_code == 409
    assert draft.lead == "Her second lead."


def test_page_left_open_does_not_begin_a_second_draft(editor_client, editor):
    article = make_published(by=editor)
    page = editor_client.get(change_url(article))
    first = editor_client.post(change_url(article), sent_back(page, lead="First tab.", _save=""))

    second = editor_client.post(change_url(article), sent_back(page, lead="Second tab.", _save=""))

    assert (first.status_code, second.status_code) == (302, 409)
    assert Revision.objects.get(number=2).lead == "First tab."
    assert Revision.objects.count() == 2


def test_text_of_a_draft_that_was_submitted_meanwhile_goes_into_a_new_one(editor_client, editor):
    draft = make_draft(by=editor)
    mine = sent_back(editor_client.get(change_url(draft.article)), lead="My lead.")
    workflow.submit(draft, by=editor)
    refused = editor_client.post(change_url(draft.article), mine | {"_save": ""})

    response = editor_client.post(change_url(draft.article), mine | {"_over": refused.context["conflict"]["over"]})

    new = Revision.objects.get(number=2)
    assert refused.status_code == 409
    assert "Revision 1 was submitted for review (editor, " in refused.context["conflict"]["message"]
    assert response.status_code == 302
    assert (new.base, new.lead, new.status) == (draft, "My lead.", "draft")
    assert Revision.objects.get(pk=draft.pk).lead == "What a night of sleep does."


def test_compare_lists_differences_by_field_and_section(editor):
    kept, gone, moved = SectionContent("Kept", "Old text."), SectionContent("Gone", "x"), SectionContent("Moved", "y")
    draft = make_draft(by=editor, sections=(kept, gone, moved))
    base = content_of(draft)
    form = ArticleForm(content=base, revision=draft)
    first, second, third = base.sections
    theirs = make_content(
        title="Their title",
        sections=(third, SectionContent("Kept", "New text.", 2, first.key), SectionContent("Added", "z")),
    )

    differences = compare(form, base, theirs)

    assert [(d.label, d.field, d.mine, d.theirs) for d in differences] == [
        ("Title", "id_title", "Sleep", "Their title"),
        ("Kept: level", "id_sections-0-level", "1", "2"),
        ("Kept: text", "id_sections-0-body", "Old text.", "New text."),
        ("Gone: section only in this text", "", "Gone\n\nx", None),
        ("Added: section only in the saved text", "", None, "Added\n\nz"),
        ("Section order", "", "Kept\nMoved", "Moved\nKept"),
    ]
    assert differences[2].mine_runs == [Run("delete", "Old"), Run("equal", " text.")]
    assert differences[2].theirs_runs == [Run("insert", "New"), Run("equal", " text.")]
    assert second.key


def test_their_text_is_escaped(editor_client, editor):
    draft = make_draft(by=editor)
    mine = sent_back(editor_client.get(change_url(draft.article)))
    workflow.save_draft(draft, make_content(lead="<script>alert(1)</script>"), by=make_user("rita"), version=1)

    html = editor_client.post(change_url(draft.article), mine).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html.replace("<del>", "").replace("</del>", "")
