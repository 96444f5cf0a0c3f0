"""Says which topics a received file names that its article is not filed under: filing is for who publishes."""

from articles.core.formats import ReceivedProblem
from articles.models import Topic


def topic_problems(received, article):
    """A problem for each of the topics that `received` names and `article` is not filed under."""
    if not received.topics:
        return []
    filed = set(article.topics.values_list("slug", flat=True))
    lacking = [(slug, title) for slug, title in received.topics if slug not in filed]
    here = set(Topic.objects.filter(slug__in=[slug for slug, _ in lacking]).values_list("slug", flat=True))
    problems = []
    for slug, title in lacking:
        if slug in here:
            reason = f"The article is not filed under “{title}”: who publishes it can file it there."
            code = "topic-not-filed"
        else:
            reason = f"There is no topic “{title}” ({slug}) here: add it, then file the article under it."
            code = "topic-unknown"
        problems.append(ReceivedProblem(1, 1, title or slug, reason, code))
    return problems
