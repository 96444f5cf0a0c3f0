"""Files articles under topics: who publishes says so, readers see it at once, the log keeps it."""

from django.utils.translation import gettext

from articles.derived.pages import article as pages
from articles.derived.pages import related
from articles.models import Article, Topic
from articles.workflow.transitions import Action, InvalidTransition, lock_article, record, require, transition


@transition
def assign_topics(article, topics, *, by, seen=None):
    """File `article` under `topics` and no others; whether that changed anything.

    `seen` are the topics that the person saw it filed under, where they saw any: if it is filed otherwise by now,
    nothing is done and `InvalidTransition` says so. Otherwise what somebody else just did would be undone unnoticed.
    """
    require(by, "articles.publish_revision", gettext("file articles under topics"))
    lock_article(article)
    before, after = set(article.topics.all()), set(topics)
    if seen is not None and before != set(seen):
        raise InvalidTransition(
            gettext("Somebody changed the topics of this article after you opened it: look at them, then change them.")
        )
    if before == after:
        return False
    article.topics.set(after)
    record(article, article.published_revision, Action.FILED, by, _note(after - before, before - after))
    related.refresh_around([article.pk])
    pages.render(article)
    return True


@transition
def save_topic(topic, columns=()):
    """Save these columns of a topic, a new one as a whole; pages name a topic by its title."""
    if topic.pk is None:
        topic.save()
    elif columns:
        topic.save(update_fields=columns)
        if "title" in columns:
            render_filed_under(topic)


def render_filed_under(topic):
    """Store the pages of all published articles that name `topic` anew, one after the other; how many."""
    count = 0
    for article in Article.objects.published().filter(topics=topic).iterator(chunk_size=100):
        pages.render(article)
        count += 1
    return count


def _note(come, gone):
    sentences = []
    if come:
        sentences.append(gettext("Filed under %(topics)s.") % {"topics": _named(come)})
    if gone:
        sentences.append(gettext("No longer filed under %(topics)s.") % {"topics": _named(gone)})
    return " ".join(sentences)


def _named(topics: set[Topic]) -> str:
    return ", ".join(gettext("“%(title)s”") % {"title": title} for title in sorted(topic.title for topic in topics))
