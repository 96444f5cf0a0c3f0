"""What the pages of a protected article offer to those who can't edit it: no form or button that would be refused."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.workflow.content import SectionContent, content_of
from tests.support.clients import logged_in
from tests.support.factories import make_change, make_content, make_episode, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db

PROTECTED = "This article is protected. Only moderators can edit it."


@pytest.mark.parametrize(
    ("who", "is_protected", "is_offered"),
    [("editor", True, False), ("editor", False, True), ("moderator", True, True)],
)
def test_who_may_not_edit_a_protected_article_is_offered_nothing_that_edits_it(who, is_protected, is_offered):
    author, people = make_user("author"), {"editor": make_user(), "moderator": make_moderator()}
    article = make_published(by=author, moderator=people["moderator"], episode=make_episode())
    published, user = article.published_revision, people[who]
    sections = (SectionContent("Why we sleep", "The brain clears waste at night [00:07:31]."),)
    change = make_change(article, by=author, sections=sections)
    draft = workflow.start_draft(article, content_of(published), by=user, base=published)
    draft = workflow.save_draft(draft, make_content(title="Own", episode=make_episode("other")), by=user, version=1)
    if is_protected:
        workflow.protect(article, by=people["moderator"], reason="Disputed.")
    client = logged_in(user)

    editor = client.get(reverse("admin:articles_article_change", args=[article.pk]))
    history = client.get(reverse("admin:articles_article_history", args=[article.pk]))
    versions = client.get(reverse("admin:articles_revision_versions", args=[draft.pk]))
    review = client.get(change.get_absolute_url())

    assert {
        "_save": 'name="_save"' in editor.text,
        "fieldset": '<fieldset class="editor__fields">' in editor.text,
        "restore": 'form="restore"' in history.text,
        "restore a version": 'form="restore"' in versions.text,
        "confirm": reverse("admin:articles_revision_confirm", args=[change.pk]) in review.text,
    } == dict.fromkeys(["_save", "fieldset", "restore", "restore a version", "confirm"], is_offered)
    assert [PROTECTED in page.text for page in (editor, history, versions)] == [not is_offered] * 3


def test_what_was_written_before_the_protection_is_shown_again():
    author, moderator = make_user("author"), make_moderator()
    article = make_published(by=author, moderator=moderator, episode=make_episode())
    client, page = logged_in(make_user()), reverse("admin:articles_article_change", args=[article.pk])
    form = client.get(page).context["form"]
    values = {field.html_name: field.value() or "" for field in form.text} | {"title": "Written in vain"}
    for formset in (form.sections, form.sources):
        values |= {field.html_name: field.value() for field in formset.management_form}
        values |= {field.html_name: field.value() or "" for each in formset.forms for field in each}
    workflow.protect(article, by=moderator, reason="Disputed.")

    response = client.post(page, values)

    assert PROTECTED in response.text
    assert "Written in vain</textarea>" in response.text
    assert '<fieldset class="editor__fields">' in response.text
