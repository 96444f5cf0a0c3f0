"""Every column of every table says how it is covered, and what it says is tried: with SQL, under the triggers."""

from datetime import timedelta

from django.utils import timezone

from articles import workflow
from articles.derived.pages import related
from articles.models import Article, Episode, Topic
from articles.workflow.content import SectionContent
from articles.workflow.governance.passwords import issue_password
from articles.workflow.history import chain
from tests.support.factories import make_change, make_content, make_episode, make_user, publish_by_workflow
from tests.support.scenarios.full_site import make_everything


def make_site():
    """A site with rows in every table."""
    make_everything()
    root, by = make_user("chief", is_superuser=True), make_user("author")
    moderator = make_user("reviewer", groups=("Moderators",))
    issue_password(by, by=root)
    workflow.change_rank(by, workflow.Rank(("Editors",), is_staff=True, is_active=True), by=root)
    episode = make_episode("cited", title="Cited")
    sections = (SectionContent("Waste", "The brain clears waste at night [00:06:31]. See [[naps]]."),)
    article = publish_by_workflow("waste", by=by, moderator=moderator, episode=episode, sections=sections)
    citation = article.published_revision.citation_set.get()
    confirmation = workflow.confirm_citation(
        article, by=moderator, episode=episode, start_seconds=391, end_seconds=None, claim=citation.claim
    )
    workflow.withdraw_confirmation(confirmation, by=moderator)
    workflow.confirm_citation(
        article, by=moderator, episode=episode, start_seconds=391, end_seconds=None, claim=citation.claim
    )
    workflow.dismiss(
        article, by=moderator, code="lint", subject="a" * 64, text="A text.", reason="other", note="It is fine."
    )
    workflow.exempt(article, by=moderator, section_key=None, reason="A summary.")
    topic = Topic(slug="rest", title="Rest")
    workflow.save_topic(topic)
    workflow.assign_topics(article, [topic], by=moderator)
    episode = Episode.objects.get(pk=episode.pk)
    episode.title = "Cited again"
    workflow.save_episode(episode, ["title"], by=moderator, reason="A better title.")
    change = make_change(Article.objects.get(pk=article.pk), by=by, lead="Another lead.")
    workflow.approve(change, by=moderator)
    later = timezone.now() + timedelta(days=1)
    workflow.schedule(change, by=moderator, publish_at=later, take_down_at=later + timedelta(days=1))
    imported = workflow.create_article(
        make_content("received"), by=root, received_as="night/received.md", received_digest="a" * 64
    )
    workflow.publish_received(imported, by=root)
    related.refresh([imported.article_id])  # as after an import
    chain.seal()
