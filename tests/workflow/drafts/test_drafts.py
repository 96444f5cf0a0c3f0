"""Articles begin as drafts: starting and saving one, and what is refused."""

import pytest

from articles import workflow
from articles.models import Article, LogEntry, PreviousSlug, Revision
from articles.workflow.content import SectionContent, content_of
from tests.support.factories import make_content, make_draft, make_episode, make_user, publish_by_workflow

pytestmark = pytest.mark.django_db

Status = Revision.Status


def test_create_article_makes_a_first_draft_that_nobody_sees():
    editor = make_user()

    draft = workflow.create_article(make_content(episode=make_episode()), by=editor)

    assert (draft.number, draft.status, draft.version) == (1, Status.DRAFT, 1)
    assert draft.author_name == "editor"
    assert [c.user_name for c in draft.contributor_set.all()] == ["editor"]
    assert not Article.objects.published().exists()
    log = LogEntry.objects.filter(article=draft.article)
    assert list(log.values_list("action", "by_name")) == [("created", "editor"), ("started", "editor")]


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
