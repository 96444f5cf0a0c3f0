import pytest

from articles import workflow
from articles.models import Article, LogEntry, PreviousSlug, Revision
from articles.workflow.content import SectionContent, content_of
from tests.support.factories import (
    make_content,
    make_draft,
    make_episode,
    make_moderator,
    make_user,
    publish_by_workflow,
)

pytestmark = pytest.mark.django_db

Status = Revision.Status


def actions(article):
    return [(entry.action, entry.by_name) for entry in LogEntry.objects.filter(article=article)]


def test_create_article_makes_a_first_draft_that_nobody_sees():
    editor = make_user()

    draft = workflow.create_article(make_content(episode=make_episode()), by=editor)

    assert (draft.number, draft.status, draft.version) == (1, Status.DRAFT, 1)
    assert draft.author_name == "editor"
    assert [c.user_name for c in draft.contributor_set.all()] == ["editor"]
    assert not Article.objects.published().exists()
    assert actions(draft.article) == [("created", "editor"), ("started", "editor")]


def test_create_article_refuses_a_slug_that_is_taken():
    editor = make_user()
    make_draft(by=editor)

    with pytest.raises(workflow.InvalidTransition, match="Another article already uses the slug “sleep”"):
        workflow.create_article(make_content(), by=editor)

    assert Article.objects.count() == 1


def test_create_article_refuses_a_former_slug_of_another_article():
    editor = make_user()
    article = publish_by_workflow(by=editor)
    PreviousSlug.objects.create(article=article, slug="dreams")

    with pytest.raises(workflow.InvalidTransition, match="Another article already uses the slug “dreams”"):
        workflow.create_article(make_content("dreams"), by=editor)


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
    assert actions(article) == [
        ("created", "editor"),
        ("started", "editor"),
        ("submitted", "editor"),
        ("approved", "moderator"),
        ("published", "moderator"),
    ]


def test_saving_a_draft_leaves_the_published_text_as_it_is():
    article = publish_by_workflow()
    published = article.published_revision
    editor = published.author

    draft = workflow.start_draft(article, make_content(title="Sleep again"), by=editor, base=published)

    article.refresh_from_db()
    assert article.published_revision == published
    assert (draft.number, draft.title, draft.target) == (2, "Sleep again", published)
    assert article.published_revision.title == "Sleep"


def test_start_draft_refuses_a_second_draft_and_names_the_first():
    article = publish_by_workflow()
    editor = article.published_revision.author
    first = workflow.start_draft(article, make_content(), by=editor, base=article.published_revision)

    with pytest.raises(workflow.StaleDraft) as caught:
        workflow.start_draft(article, make_content(), by=editor, base=article.published_revision)

    assert caught.value.revision == first
    assert article.revision_set.count() == 2


def test_start_draft_refuses_a_revision_of_another_article():
    editor = make_user()
    one = make_draft("one", by=editor).article
    other = make_draft("other", by=editor)

    with pytest.raises(workflow.InvalidTransition, match="same article"):
        workflow.start_draft(one, make_content("one"), by=make_user("second"), base=other)


def test_save_draft_over_a_newer_version_is_refused_and_says_who_saved():
    draft = make_draft()
    second = make_user("second")
    workflow.save_draft(draft, make_content(title="Theirs"), by=second, version=1)

    with pytest.raises(workflow.StaleDraft, match=r"second saved this draft at .* after you opened it") as caught:
        workflow.save_draft(draft, make_content(title="Mine"), by=draft.author, version=1)

    assert caught.value.revision.version == 2
    assert Revision.objects.get(pk=draft.pk).title == "Theirs"
    with pytest.raises(workflow.StaleDraft, match=r"You saved this draft in another window at .* opened it here"):
        workflow.save_draft(draft, make_content(title="Mine"), by=second, version=1)


def test_save_draft_of_a_submitted_revision_is_refused():
    draft = make_draft()
    workflow.submit(draft, by=draft.author)

    with pytest.raises(workflow.InvalidTransition, match=r"Revision 1 was submitted for review \(editor, "):
        workflow.save_draft(draft, make_content(title="Late"), by=draft.author, version=1)

    assert Revision.objects.get(pk=draft.pk).title == "Sleep"


def test_save_draft_keeps_section_keys():
    draft = make_draft()
    content = content_of(draft)
    key = content.sections[0].key
    sections = (SectionContent("New"), SectionContent("Renamed", "Text.", 2, key))

    workflow.save_draft(draft, make_content(sections=sections), by=draft.author, version=1)

    assert [(s.heading, s.level, s.key == key) for s in draft.section_set.all()] == [
        ("New", 1, False),
        ("Renamed", 2, True),
    ]


def test_submit_lists_what_is_missing():
    draft = make_draft(title=" ", lead="", sections=(SectionContent(""), SectionContent("Named")))

    with pytest.raises(workflow.NotReady) as caught:
        workflow.submit(draft, by=draft.author)

    assert caught.value.missing == [
        "Give the article a title.",
        "Write some text: the lead and all sections are empty.",
        "Give section 1 a heading, or merge it into the section above.",
    ]
    assert Revision.objects.get().status == Status.DRAFT


def test_submit_requires_a_summary_for_a_change_to_a_published_text():
    article = publish_by_workflow()
    base = article.published_revision
    draft = workflow.start_draft(article, make_content(), by=base.author, base=base)

    with pytest.raises(workflow.NotReady, match="Describe your changes in the edit summary"):
        workflow.submit(draft, by=draft.author)


def test_submit_twice_happens_once():
    draft = make_draft()
    workflow.submit(draft, by=draft.author)

    with pytest.raises(workflow.InvalidTransition, match=r"was submitted for review \(editor, "):
        workflow.submit(Revision.objects.get(), by=draft.author)

    assert LogEntry.objects.filter(action="submitted").count() == 1


@pytest.mark.parametrize("is_superuser", [False, True])
def test_contributors_cannot_approve(is_superuser):
    draft = make_draft()
    writer = make_user("writer", groups=("Editors", "Moderators"), is_superuser=is_superuser)
    workflow.save_draft(draft, make_content(title="A letter more"), by=writer, version=1)
    workflow.submit(draft, by=draft.author)

    with pytest.raises(workflow.NotAllowed, match="You contributed to this revision"):
        workflow.approve(draft, by=writer)

    assert Revision.objects.get().status == Status.SUBMITTED


def test_contributors_to_a_returned_text_cannot_approve_its_successor():
    writer = make_user("writer", groups=("Editors", "Moderators"))
    sent_back = make_draft(by=writer)
    workflow.submit(sent_back, by=writer)
    workflow.request_changes(sent_back, by=make_moderator(), comment="Cite it.")
    second = make_user("second")
    draft = workflow.start_draft(sent_back.article, content_of(sent_back), by=second, base=sent_back)
    workflow.submit(draft, by=second)

    with pytest.raises(workflow.NotAllowed):
        workflow.approve(draft, by=writer)


def test_the_author_of_the_published_text_may_approve_a_change_to_it():
    writer = make_user("writer", groups=("Editors", "Moderators"))
    article = publish_by_workflow(by=writer)
    second = make_user("second")
    draft = workflow.start_draft(
        article, make_content(edit_summary="Shorter."), by=second, base=article.published_revision
    )
    workflow.submit(draft, by=second)

    workflow.approve(draft, by=writer)

    assert Revision.objects.get(pk=draft.pk).status == Status.APPROVED


@pytest.mark.parametrize("decide", [workflow.request_changes, workflow.reject])
def test_requesting_changes_and_rejecting_need_a_reason(decide):
    draft = make_draft()
    workflow.submit(draft, by=draft.author)

    with pytest.raises(
        workflow.InvalidTransition, match=r"Tell the author what to change\.|Give the author a reason\."
    ):
        decide(draft, by=make_moderator(), comment="  ")


@pytest.mark.parametrize(
    ("decide", "status"),
    [
        (workflow.approve, Status.APPROVED),
        (workflow.request_changes, Status.CHANGES_REQUESTED),
        (workflow.reject, Status.REJECTED),
    ],
)
def test_a_decision_is_recorded_as_a_review(decide, status):
    draft = make_draft()
    workflow.submit(draft, by=draft.author)

    decide(draft, by=make_moderator(), comment="Listened to it.")

    review = draft.review_set.get()
    assert (review.decision, review.by_name, review.comment) == (status, "moderator", "Listened to it.")
    assert Revision.objects.get().status == status


def test_a_second_decision_is_refused_and_names_the_first():
    draft = make_draft()
    workflow.submit(draft, by=draft.author)
    workflow.reject(draft, by=make_moderator(), comment="Not said there.")

    with pytest.raises(workflow.InvalidTransition, match=r"Revision 1 was rejected \(moderator, "):
        workflow.approve(draft, by=make_moderator("second"))

    assert draft.review_set.count() == 1


def test_only_contributors_can_withdraw():
    draft = make_draft()
    workflow.submit(draft, by=draft.author)

    with pytest.raises(workflow.NotAllowed, match="Only people who contributed to this revision"):
        workflow.withdraw(draft, by=make_user("second"))
    workflow.withdraw(draft, by=draft.author)

    assert Revision.objects.get().status == Status.WITHDRAWN


@pytest.mark.parametrize(
    ("transition", "needs"),
    [
        (lambda d, u: workflow.approve(d, by=u), "review revisions"),
        (lambda d, u: workflow.request_changes(d, by=u, comment="x"), "review revisions"),
        (lambda d, u: workflow.reject(d, by=u, comment="x"), "review revisions"),
        (lambda d, u: workflow.publish(d, by=u), "publish"),
        (lambda d, u: workflow.publish_received(d, by=u), "publish imported texts"),
        (lambda d, u: workflow.unpublish(d.article, by=u, reason="x"), "unpublish articles"),
    ],
)
def test_an_editor_decides_nothing(transition, needs):
    draft = make_draft()
    workflow.submit(draft, by=draft.author)

    with pytest.raises(workflow.NotAllowed, match=f"second isn’t allowed to {needs}"):
        transition(draft, make_user("second"))

    assert Revision.objects.get().status == Status.SUBMITTED


def test_an_inactive_account_does_nothing():
    draft = make_draft()
    draft.author.is_active = False
    draft.author.save()

    with pytest.raises(workflow.NotAllowed):
        workflow.submit(draft, by=draft.author)


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
