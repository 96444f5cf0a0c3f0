"""Publishing, unpublishing and addresses: what is public, and when."""

import pytest

from articles import workflow
from articles.models import Article, LogEntry, PreviousSlug, Revision
from articles.workflow.content import SectionContent
from tests.support.factories import make_content, make_draft, make_moderator, make_user, publish_by_workflow

pytestmark = pytest.mark.django_db

Status = Revision.Status


def test_publishing_moves_the_pointer_and_only_then_is_the_text_public():
    draft = make_draft()
    editor, moderator = draft.author, make_moderator()

    workflow.submit(draft, by=editor)
    assert not Article.objects.published().exists()
    workflow.approve(draft, by=moderator, comment="Heard all of it.")
    assert not Article.objects.published().exists()
    workflow.publish(draft, by=moderator)

    article = Article.objects.published().get()
    assert article.published_revision == draft
    assert article.first_published_at == article.published_at == article.logentry_set.last().at
    assert list(article.logentry_set.values_list("action", "by_name")) == [
        ("created", "editor"),
        ("started", "editor"),
        ("submitted", "editor"),
        ("approved", "moderator"),
        ("published", "moderator"),
    ]


def test_publish_needs_an_approval():
    draft = make_draft()
    workflow.submit(draft, by=draft.author)

    with pytest.raises(workflow.InvalidTransition, match="Revision 1 was submitted for review"):
        workflow.publish(draft, by=make_moderator())


def test_publish_is_refused_when_the_published_text_has_moved_on():
    article = publish_by_workflow()
    base = article.published_revision
    moderator = make_moderator("second-moderator")
    drafts = [
        workflow.start_draft(article, make_content(edit_summary="s", title=name), by=make_user(name), base=base)
        for name in ("first", "second")
    ]
    for draft in drafts:
        workflow.submit(draft, by=draft.author)
        workflow.approve(draft, by=moderator)
    workflow.publish(drafts[0], by=moderator)

    with pytest.raises(workflow.InvalidTransition, match="Update this revision to the published text first"):
        workflow.publish(drafts[1], by=moderator)

    assert Article.objects.get().published_revision == drafts[0]
    assert Revision.objects.get(pk=drafts[1].pk).is_outdated is True


def test_publishing_under_another_slug_keeps_the_old_address():
    article = publish_by_workflow()
    base = article.published_revision
    draft = workflow.start_draft(
        article, make_content("sleep-and-waste", edit_summary="Clearer."), by=base.author, base=base
    )
    assert Article.objects.get().slug == "sleep"
    workflow.submit(draft, by=draft.author)
    moderator = make_moderator("second-moderator")
    workflow.approve(draft, by=moderator)

    workflow.publish(draft, by=moderator)

    assert Article.objects.get().slug == "sleep-and-waste"
    assert [p.slug for p in PreviousSlug.objects.all()] == ["sleep"]


def test_an_unpublished_article_follows_the_slug_of_its_draft():
    draft = make_draft()

    workflow.save_draft(draft, make_content("rest"), by=draft.author, version=1)

    assert Article.objects.get().slug == "rest"
    assert not PreviousSlug.objects.exists()


def test_unpublish_keeps_the_revisions():
    article = publish_by_workflow()
    moderator = make_moderator("second-moderator")

    workflow.unpublish(article, by=moderator, reason="The recording was withdrawn.")

    assert not Article.objects.published().exists()
    assert article.revision_set.count() == 1
    assert LogEntry.objects.last().note == "The recording was withdrawn."
    with pytest.raises(workflow.InvalidTransition, match="Reload the page"):
        workflow.unpublish(Article.objects.get(), by=moderator, reason="Again.")


def test_publish_received_requires_an_unedited_imported_text():
    admin = make_user("admin", groups=("Administrators",))
    draft = workflow.create_article(make_content(), by=admin, received_as="show/sleep", received_digest="ab" * 32)
    workflow.save_draft(draft, make_content(title="Touched"), by=admin, version=1)

    with pytest.raises(workflow.InvalidTransition, match="Only an imported text can be published without a review"):
        workflow.publish_received(draft, by=admin)


def test_publish_received_notes_that_the_text_is_not_reviewed():
    admin = make_user("admin", groups=("Administrators",))
    draft = workflow.create_article(make_content(), by=admin, received_as="show/sleep", received_digest="ab" * 32)

    slugs = workflow.publish_received(draft, by=admin)

    published = Article.objects.published().get().published_revision
    assert set(slugs) == {"sleep"}
    assert (published.status, published.public_note) == (
        Status.RECEIVED,
        "Imported text.",
    )
    assert not published.review_set.exists()


def test_links_follow_when_their_target_is_published_and_unpublished():
    editor = make_user()
    sections = (SectionContent("See", "More under [[dreams|dreaming]]."),)
    linking = publish_by_workflow("sleep", by=editor, sections=sections)
    assert 'wiki-link--missing">dreaming</span>' in linking.published_revision.rendering.text_html

    target = publish_by_workflow("dreams", by=editor)
    linking.published_revision.rendering.refresh_from_db()
    assert (
        '<a class="wiki-link" href="/articles/dreams/">dreaming</a>' in linking.published_revision.rendering.text_html
    )

    workflow.unpublish(target, by=make_moderator("second-moderator"), reason="Wrong.")
    linking.published_revision.rendering.refresh_from_db()
    assert 'wiki-link--missing">dreaming</span>' in linking.published_revision.rendering.text_html
