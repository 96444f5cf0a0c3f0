"""The editor of an article with the user's own revision in review, and review comments next to their sentences."""

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Revision
from articles.workflow.collaboration import comments
from articles.workflow.content import SectionContent, content_of
from tests.support.clients import logged_in
from tests.support.databases.shared import shared
from tests.support.factories import make_change, make_content, make_moderator, make_user
from tests.support.scenarios.reviewing import ids_of, make_ropes, sections_of

pytestmark = pytest.mark.django_db


editor, moderator = shared(make_user), shared(make_moderator)


@shared
def article(editor, moderator):
    return make_ropes(by=editor, moderator=moderator)


@shared
def change(article, editor):
    body = "Ropes are old. A [[hemp|hemp rope]] holds 8 t [00:06:31]. They rot."
    return make_change(article, by=editor, sections=sections_of(article, Ropes=body))


@shared
def returned(change, moderator):
    [number] = ids_of(change)
    section = change.section_set.get(heading="Ropes").key
    comments.add(
        change, by=moderator, text="Who says 8 t?", change=number, section_key=section,
        quote="A hemp rope holds 8 t [00:06:31].",
    )  # fmt: skip
    comments.add(change, by=moderator, text="Say which knots.", section_key=section_of(change, "Knots"), quote="Knots")
    comments.add(change, by=moderator, text="Nearly there.")
    return workflow.request_changes(change, by=moderator, comment="Two numbers are wrong.")


def section_of(revision, heading):
    return revision.section_set.get(heading=heading).key


def screen(user, article, **query):
    return logged_in(user).get(reverse("admin:articles_article_change", args=[article.pk]), query)


def threads_in(response):
    return {
        item.comment.text: (group.card.heading, item.is_found, item.place.offset)
        for group in response.context["reading"].panel.groups
        for item in group.items
        if hasattr(item, "comment")
    }


def test_a_submitted_revision_is_announced_first_and_can_be_withdrawn(article, change, editor):
    page = screen(editor, article)

    assert page.context["own"] == change
    notice = page.text.index("Your revision 2 is in review.")
    assert notice < page.text.index('id="id_title"')
    assert f'href="{change.get_absolute_url()}"' in page.text
    assert 'form="withdraw" name="act" value="withdraw"' in page.text
    answer = logged_in(editor).post(reverse("admin:articles_revision_decide", args=[change.pk]), {"act": "withdraw"})
    assert answer.url.endswith(f"?revision={change.pk}")
    assert screen(editor, article).context["own"] is None


def test_a_returned_revision_is_announced_with_its_reason_until_it_is_continued(article, returned, editor):
    page = screen(editor, article)

    assert "Your revision 2 was returned to you with changes requested." in page.text
    assert "Two numbers are wrong." in page.text
    assert f"?revision={returned.pk}" in page.text
    workflow.start_draft(article, content_of(returned), by=editor, base=returned)
    assert screen(editor, article).context["own"] is None


def test_a_rejected_revision_is_announced(article, change, editor, moderator):
    workflow.reject(change, by=moderator, comment="Out of scope.")

    page = screen(editor, article)

    assert "Your revision 2 was rejected." in page.text
    assert "Out of scope." in page.text


def test_others_are_not_told_about_it(article, change):
    assert screen(make_user("other"), article).context["own"] is None


def test_review_comments_are_next_to_their_sentences(article, returned, editor):
    page = screen(editor, article, revision=returned.pk)

    assert threads_in(page) == {
        "Nearly there.": ("Lead", True, 0),
        "Who says 8 t?": ("Ropes", True, len("Ropes are old. ")),
        "Say which knots.": ("Knots", True, 0),
    }
    assert "Who says 8 t?" in page.text
    assert "[[" not in page.text.split("claim--comment")[1].split("</article>")[0]


def test_review_comments_follow_into_the_next_drafts(article, returned, editor, moderator):
    content = content_of(returned)
    ropes, _ = content.sections
    edited = SectionContent(
        ropes.heading, "They rot. A [[hemp|hemp rope]] holds 6 t [00:06:31].", ropes.level, ropes.key
    )
    values = {**vars(content), "sections": (edited,)}
    draft = workflow.start_draft(article, make_content(**values), by=editor, base=returned)

    page = screen(editor, article)

    assert page.context["revision"] == draft
    assert threads_in(page) == {
        "Nearly there.": ("Lead", True, 0),
        "Who says 8 t?": ("Ropes", True, len("They rot. ")),
        "Say which knots.": ("Lead", False, 0),  # its section is gone, the comment isn't
    }
    again = workflow.request_changes(workflow.submit(draft, by=editor), by=moderator, comment="Not yet.")
    assert len(threads_in(screen(editor, article, revision=again.pk))) == 3


def test_resolved_threads_and_those_of_an_approved_text_end(article, returned, editor, moderator):
    for thread in returned.comment_set.all():
        comments.resolve(thread, by=moderator)

    assert threads_in(screen(editor, article, revision=returned.pk)) == {}


def test_the_remainder_of_a_partial_approval_has_the_comments(article, editor, moderator):
    bodies = {"Ropes": "Ropes are old. A rope holds 8 t [00:06:31]. They rot.", "Knots": "Knots slip [00:08:44]."}
    change = make_change(article, by=editor, sections=sections_of(article, **bodies))
    accepted, refused = ids_of(change)
    comments.add(change, by=moderator, text="Nobody says so.", change=refused)

    _, rest = workflow.accept_in_part(change, [accepted], by=moderator, comment="")

    assert rest.status == Revision.Status.DRAFT
    assert list(threads_in(screen(editor, article))) == ["Nobody says so."]


def test_the_live_check_has_the_comments(article, returned, editor):
    page = screen(editor, article, revision=returned.pk)
    data = {"article": article.pk, "is_change": "1", "loaded_revision": returned.pk, "loaded_version": returned.version}
    form = page.context["form"]
    data |= {
        "sections-TOTAL_FORMS": 0, "sections-INITIAL_FORMS": 0, "source_set-TOTAL_FORMS": 0,
        "source_set-INITIAL_FORMS": 0, form.sections.management_form.add_prefix("TOTAL_FORMS"): 0,
        form.sources.management_form.add_prefix("TOTAL_FORMS"): 0,
        form.sources.management_form.add_prefix("INITIAL_FORMS"): 0,
    }  # fmt: skip

    answer = logged_in(editor).post(reverse("admin:articles_check"), data)

    assert "Who says 8 t?" in answer.text


def test_a_draft_says_what_was_returned_that_it_continues_until_it_is_submitted(article, returned, editor, moderator):
    """Through a withdrawn round, too: nobody has decided since."""
    draft = workflow.start_draft(article, content_of(returned), by=editor, base=returned)
    shown = screen(editor, article)

    assert shown.context["revision"] == draft
    assert "This draft continues revision 2, which was returned with changes requested." in shown.text
    assert "Two numbers are wrong." in shown.text
    assert f"<b>{moderator}</b>" in shown.text
    assert f'href="{returned.get_absolute_url()}"' in shown.text

    workflow.submit(draft, by=editor)
    assert screen(editor, article, revision=draft.pk).context["returned"] is None
    withdrawn = workflow.withdraw(draft, by=editor)
    again = workflow.start_draft(article, content_of(withdrawn), by=editor, base=withdrawn)
    assert screen(editor, article, revision=again.pk).context["returned"].revision == returned


def test_a_draft_that_continues_a_rejected_text_says_so(article, change, editor, moderator):
    workflow.reject(change, by=moderator, comment="Out of scope.")
    workflow.start_draft(article, content_of(change), by=editor, base=change)

    page = screen(editor, article)

    assert "This draft continues revision 2, which was rejected." in page.text
    assert "Out of scope." in page.text


def test_a_draft_from_the_published_text_continues_nothing_returned(article, returned, editor):
    workflow.start_draft(article, content_of(returned), by=editor, base=article.published_revision)

    assert screen(editor, article).context["returned"] is None


def test_the_rest_of_a_text_accepted_in_part_says_why_it_came_back(article, editor, moderator):
    bodies = {"Ropes": "Ropes are old. A rope holds 8 t [00:06:31]. They rot.", "Knots": "Knots slip [00:08:44]."}
    change = make_change(article, by=editor, sections=sections_of(article, **bodies))
    accepted, _ = ids_of(change)
    _, rest = workflow.accept_in_part(change, [accepted], by=moderator, comment="This softens too much.")

    page, home = screen(editor, article), logged_in(editor).get("/admin/")

    assert page.context["revision"] == rest
    assert "Revision 2 was accepted in part. This draft has the rest of it." in page.text
    for shown in (page.text, home.text):
        assert "This softens too much." in shown
    assert home.context["work"].drafts == [rest]
    assert "accepted in part" in home.text
