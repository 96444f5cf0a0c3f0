"""Reports topics in a received file that its article doesn't have. Only people who can publish can assign topics."""

from articles.core.formats import FileProblem
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
            reason = f"The article doesn’t have the topic “{title}”. Whoever publishes it can add it."
            code = "topic-not-filed"
        else:
            reason = f"The topic “{title}” ({slug}) doesn’t exist. Create it, then add it to the article."
            code = "topic-unknown"
        problems.append(FileProblem(1, 1, title or slug, reason, code))
    return problems
