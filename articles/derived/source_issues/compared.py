"""What is wrong with several texts' citations of one recording as a whole, with its checks as they are or would be."""

from collections import defaultdict

from django.db.models import Prefetch

from articles.derived.texts import derivation
from articles.models import Dismissal, Source

from .finding import CODE, cited_with, find
from .past_the_end import past_end


def marks_past_the_end(episode, revisions):
    """Return (revision, `PastEnd`) of the marks past the end of `episode` in `revisions`, a query set; four queries."""
    sources = Source.objects.select_related("episode__show").prefetch_related("episode__chapter_set")
    texts = revisions.filter(problem_count__gt=0).order_by("pk")
    found = []
    for revision in texts.prefetch_related("section_set", Prefetch("source_set", sources)):
        episodes = {source.key: source.episode for source in revision.source_set.all()}
        parts = derivation.read(revision.lead, revision.section_set.all(), episodes, known_slugs={})
        found += [(revision, mark) for mark in past_end(parts, revision.lead, episodes) if mark.episode == episode]
    return found


def found_in_texts(citations, statuses, marks, checks):
    """Return {revision: `Found`} of the texts with an issue that nobody has dismissed; one query at most.

    `citations`, in the order of each text, have the `CitationStatus`es `statuses`, and `marks`, as from
    `marks_past_the_end`, the `checks`.
    """
    cited = defaultdict(list)
    for citation, status in zip(citations, statuses, strict=True):
        at = citation.episode, citation.start_seconds
        cited[citation.revision].append(cited_with(*at, status.check, citation.pk, is_settled=status.is_settled))
    for (revision, mark), check in zip(marks, checks, strict=True):
        cited[revision].append(cited_with(mark.episode, mark.citation.start_seconds, check, mark))
    issues = {revision: found for revision, rows in cited.items() for found in find(rows)}
    articles = [revision.article_id for revision in issues]
    active = Dismissal.objects.active().filter(code=CODE, article__in=articles) if issues else Dismissal.objects.none()
    dismissed = set(active.values_list("article", "subject"))
    return {text: found for text, found in issues.items() if (text.article_id, found.subject) not in dismissed}
