"""Reports topics in a received file that its article doesn't have. Only people who can publish can assign topics."""

from articles.core.formats import FileProblem
from articles.core.language.messages import lazy_message
from articles.models import Topic


def topic_problems(received, article):
    """Return a problem for each topic that `received` names but `article` doesn't have."""
    if not received.topics:
        return []
    assigned = set(article.topics.values_list("slug", flat=True))
    missing = [(slug, title) for slug, title in received.topics if slug not in assigned]
    existing = set(Topic.objects.filter(slug__in=[slug for slug, _ in missing]).values_list("slug", flat=True))
    problems = []
    for slug, title in missing:
        if slug in existing:
            reason = lazy_message(
                "The article doesn’t have the topic “%(title)s”. Whoever publishes it can add it.", title=title
            )
            code = "topic-not-filed"
        else:
            reason = lazy_message(
                "The topic “%(title)s” (%(slug)s) doesn’t exist. Create it, then add it to the article.",
                title=title,
                slug=slug,
            )
            code = "topic-unknown"
        problems.append(FileProblem(1, 1, title or slug, reason, code))
    return problems
