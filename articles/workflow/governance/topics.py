"""The topics of articles: set by people who can publish, public at once, and logged."""

from django.utils.translation import gettext

from articles.derived import republish, republish_all
from articles.models import Article, Topic
from articles.workflow.history import rows
from articles.workflow.transitions import Action, InvalidTransition, lock_article, record, require, transition


@transition
def assign_topics(article, topics, *, by, seen=None):
    """Set the topics of `article` to exactly `topics`; returns whether that changed anything.

    `seen`, if given, are the topics that the person saw on the page. Raises `InvalidTransition` if they have changed
    since, so that nobody undoes another person's change unnoticed.
    """
    require(by, "articles.publish_revision", gettext("change the topics of articles"))
    lock_article(article)
    before, after = set(article.topics.all()), set(topics)
    if seen is not None and before != set(seen):
        raise InvalidTransition(
            gettext("Someone changed the topics of this article after you opened it. Check them, then try again.")
        )
    if before == after:
        return False
    with rows.recorded(Article, [article.pk]):
        article.topics.set(after)
    record(article, article.published_revision, Action.FILED, by, _note(after - before, before - after))
    republish(article)
    return True


@transition
def save_topic(topic, columns=()):
    """Save these columns of a topic, or all of a new one; a changed title republishes the topic's articles."""
    if topic.pk is None:
        topic.save()
        rows.record_new(topic)
    elif columns:
        with rows.recorded(Topic, [topic.pk]):
            topic.save(update_fields=columns)
        if "title" in columns:
            republish_all(Article.objects.published().filter(topics=topic))


@transition
def delete_topics(topics):
    """Delete `topics`, a query set, which no article has."""
    with rows.recorded(Topic, topics.values_list("pk", flat=True)):
        topics.delete()


def _note(added, removed):
    sentences = []
    if added:
        sentences.append(gettext("Added %(topics)s.") % {"topics": _titles(added)})
    if removed:
        sentences.append(gettext("Removed %(topics)s.") % {"topics": _titles(removed)})
    return " ".join(sentences)


def _titles(topics: set[Topic]) -> str:
    return ", ".join(gettext("“%(title)s”") % {"title": title} for title in sorted(topic.title for topic in topics))
