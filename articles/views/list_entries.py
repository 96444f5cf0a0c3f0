"""Entries in lists of articles: the recording as a small timeline, and a tally of citation statuses."""

from collections import defaultdict

from django.db.models import Exists, F, OuterRef

from articles.core.recordings import timeline
from articles.derived.checks import labels
from articles.models import Chapter, Citation, LogEntry

CORRECTIONS_SHOWN = 4
CLAIMS_MAX = 2000  # citations loaded for one list; a page of articles usually has a few hundred


def describe(articles):
    """Set `strip` (`timeline.miniature` of the first source, None without a duration) and `tally` on each article.

    `articles` come from `Article.objects.for_list()`. Takes five queries; returns the articles as a list.
    """
    articles = list(articles)
    revisions = [article.published_revision_id for article in articles]
    sources = {article.pk: list(article.published_revision.source_set.all()) for article in articles}
    episodes = {of_article[0].episode_id for of_article in sources.values() if of_article}
    chapters = defaultdict(list)
    for chapter in Chapter.objects.filter(episode__in=episodes).order_by("start_seconds"):
        chapters[chapter.episode_id].append((chapter.start_seconds, chapter.title, chapter.is_sponsor))
    cited = Citation.objects.filter(is_public=True, revision__in=revisions).select_related("finding", "revision")
    cited = cited.defer("context", "text", "finding__candidates", "finding__excerpt", "revision__lead").order_by("pk")
    citations = list(cited[:CLAIMS_MAX]) if revisions else []
    by_revision = defaultdict(list)
    for citation, label in zip(citations, labels.labels_of(citations), strict=True):
        by_revision[citation.revision_id].append((citation, label))
    for article in articles:
        of_article = by_revision[article.published_revision_id]
        article.tally = labels.tally(label for _, label in of_article)
        article.strip = None
        first = sources[article.pk][0].episode if sources[article.pk] else None
        if first is not None and first.duration_seconds:
            moments = [citation.start_seconds for citation, _ in of_article if citation.episode_id == first.pk]
            article.strip = timeline.miniature(first.duration_seconds, chapters[first.pk], moments)
    return articles


def corrections():
    """Return the latest publications that replaced an earlier text and have a public note, newest first; one query."""
    moves = LogEntry.objects.filter(action=LogEntry.Action.PUBLISHED)
    earlier = LogEntry.objects.filter(
        article=OuterRef("article"),
        number__lt=OuterRef("number"),
        action__in=[LogEntry.Action.PUBLISHED, LogEntry.Action.PUBLISHED_AS_RECEIVED],
    )
    changed = moves.filter(
        Exists(earlier),
        article__published_revision__isnull=False,
        article__published_at__gt=F("article__first_published_at"),
        revision__erased_at=None,
    ).exclude(revision__public_note="")
    changed = changed.select_related("article__published_revision", "revision").defer("revision__lead")
    return list(changed.order_by("-pk")[:CORRECTIONS_SHOWN])
